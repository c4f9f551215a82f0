/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests that are the same for every kind of process, and free commands for plugins' verbs. */
#ifndef ROUTE_GENERIC_H
#define ROUTE_GENERIC_H

#include "route.h"

char *generic_status(const struct route_args *args, const json_t *body, struct response *r);
char *generic_exit(const struct route_args *args, const json_t *body, struct response *r);
char *generic_verbs(const struct route_args *args, const json_t *body, struct response *r);
char *generic_commands(const struct route_args *args, const json_t *body, struct response *r);
void generic_answer_reply(const struct outcome *outcome, struct response *r);
void generic_answer_verbs(const struct outcome *outcome, struct response *r);

#endif
