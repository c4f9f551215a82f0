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

/* A request that has arrived, its route found among routes.  NULL with the answer in response,
 * unsent. */
struct request *request_create(struct evhttp_request *http, const struct route *routes,
			       struct response *response);

/* Carry the request out; body is the text of its body.  The request ends in request_reply(), which
 * may be long after this returns, or before. */
void request_run(struct request *request, const char *body, size_t len);

/* Send the answer.  Frees the request and finishes the response: the caller uses neither
 * afterwards. */
void request_reply(struct request *request, struct response *response);

#endif
