/* SPDX-License-Identifier: BSD-3-Clause */
/* The REST server: HTTP in, HTTP out. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdbool.h>

struct event_base;
struct listener;
struct route;

/* Serve REST clients of listener, which is taken over, with the requests that routes lists.  With
 * has_tls they speak TLS.  Needs http_conn_init(), and tls_init() for TLS.  -ENOMEM. */
int http_server_listen(struct event_base *base, struct listener *listener, bool has_tls,
		       const struct route *routes);
/* Close all listeners and connections. */
void http_server_fini(void);

#endif
