/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests to spp_vf, and to spp_mirror where they are the same. */
#ifndef ROUTE_VF_H
#define ROUTE_VF_H

#include "route.h"

char *vf_component_start(const struct route_args *args, const json_t *body, struct response *r);
char *mirror_component_start(const struct route_args *args, const json_t *body, struct response *r);
char *vf_component_stop(const struct route_args *args, const json_t *body, struct response *r);
char *vf_ports(const struct route_args *args, const json_t *body, struct response *r);
char *mirror_ports(const struct route_args *args, const json_t *body, struct response *r);
char *vf_classifier_table(const struct route_args *args, const json_t *body, struct response *r);
/* A new object of what a status (`info`) shows, without the table.  NULL when the status lacks a
 * list that clients rely on: vf_lacks_member() is the answer to that. */
json_t *vf_status(const json_t *info);
void vf_lacks_member(struct response *r);
void vf_answer_status(const struct outcome *outcome, struct response *r);
void mirror_answer_status(const struct outcome *outcome, struct response *r);

#endif
