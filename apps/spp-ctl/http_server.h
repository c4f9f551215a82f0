/* SPDX-License-Identifier: BSD-3-Clause */
/* The REST server: HTTP in, HTTP out. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

struct event_base;
struct evconnlistener;
struct route;

/* Serve REST clients of listener, which is taken over, with the requests that routes lists.
 * -ENOMEM. */
int http_server_init(struct event_base *base, struct evconnlistener *listener,
		     const struct route *routes);
void http_server_fini(void);

#endif
