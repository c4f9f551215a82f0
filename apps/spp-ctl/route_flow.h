/* SPDX-License-Identifier: BSD-3-Clause */
/* Flow rules of the primary: JSON into the words of the command `flow`. */
#ifndef ROUTE_FLOW_H
#define ROUTE_FLOW_H

#include "route.h"

char *flow_validate(const struct route_args *args, const json_t *body, struct response *r);
char *flow_create(const struct route_args *args, const json_t *body, struct response *r);
char *flow_destroy(const struct route_args *args, const json_t *body, struct response *r);

#endif
