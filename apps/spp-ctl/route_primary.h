/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests to spp_primary that no other process takes. */
#ifndef ROUTE_PRIMARY_H
#define ROUTE_PRIMARY_H

#include "route.h"

char *primary_clear(const struct route_args *args, const json_t *body, struct response *r);
char *primary_ports(const struct route_args *args, const json_t *body, struct response *r);

#endif
