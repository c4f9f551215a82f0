/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One REST request, from its arrival to its answer.
 *
 * A request lives from request_create() to request_reply(), which every route reaches exactly once:
 * at once, or from the callback of a command, which ends also when the process goes away.  A client
 * that hangs up does not end its request.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "proc.h"
#include "route.h"

struct evhttp_request;

struct request {
	struct evhttp_request *http;
	const struct route *route;
	struct route_args args;
	struct proc *proc;        /* the process of the route or NULL; holds no reference */
	char *command;            /* freed with the request; NULL until it is written */
	json_t *told;             /* what the reply says of lines, see model.h; mostly NULL */
	struct response response; /* what waits for the disk, see request.c */
};

/* A new request of http, which stays evhttp's, with its route among routes.  NULL with the answer,
 * which is not sent yet, in response. */
struct request *request_create(struct evhttp_request *http, const struct route *routes,
			       struct response *response);

/* Carry the request out; body is the text of its body, valid until this returns.  From here on the
 * request belongs to its route: it ends in request_reply(), maybe before this returns. */
void request_run(struct request *request, const char *body, size_t len);

/* Send the command to request->proc; its outcome becomes the answer as the route says. */
void request_send(struct request *request, const char *command);

/* Free the request, whose answer somebody else sends. */
void request_forget(struct request *request);

/* Send the answer.  Frees the request and finishes the response: the caller uses neither
 * afterwards. */
void request_reply(struct request *request, struct response *response);

#endif
