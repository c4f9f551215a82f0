/* SPDX-License-Identifier: BSD-3-Clause */
/* One REST request, from its arrival to its answer. */
#ifndef REQUEST_H
#define REQUEST_H

#include "proc.h"
#include "route.h"

struct evhttp_request;

struct request {
	struct evhttp_request *http;
	const struct route *route;
	struct route_args args;
	struct proc *proc; /* the route's target, in the table; NULL if the route has none */
	char *command;     /* sent to proc, NULL before */
};

/* Send the answer; request and response are gone afterwards. */
void request_reply(struct request *request, struct response *response);

/* Carry out a request whose path, method and origin were found good; body is its text. */
void request_run(struct request *request, const char *body, size_t len);

#endif
