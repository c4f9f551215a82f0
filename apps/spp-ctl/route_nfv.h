/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests to spp_nfv (the primary's forwarder takes the same) and to spp_pcap. */
#ifndef ROUTE_NFV_H
#define ROUTE_NFV_H

#include "route.h"

char *nfv_forward(const struct route_args *args, const json_t *body, struct response *r);
char *nfv_ports(const struct route_args *args, const json_t *body, struct response *r);
char *nfv_patches(const struct route_args *args, const json_t *body, struct response *r);
char *nfv_patches_reset(const struct route_args *args, const json_t *body, struct response *r);
char *pcap_capture(const struct route_args *args, const json_t *body, struct response *r);
void pcap_answer_status(const struct outcome *outcome, struct response *r);

#endif
