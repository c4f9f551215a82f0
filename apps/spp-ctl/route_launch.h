/* SPDX-License-Identifier: BSD-3-Clause */
/* Launching a secondary through the primary: options as JSON into the words of `launch`. */
#ifndef ROUTE_LAUNCH_H
#define ROUTE_LAUNCH_H

#include "route.h"

char *primary_launch(const struct route_args *args, const json_t *body, struct response *r);

#endif
