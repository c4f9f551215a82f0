/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Limits of REST connections that evhttp does not know: how many there are, and how long a request
 * may take to arrive, however slowly its bytes trickle.
 */
#ifndef HTTP_CONN_H
#define HTTP_CONN_H

struct bufferevent;
struct event_base;
struct evhttp_request;

/* Most connections at a time.  When there are more, the one that has been idle longest is
 * closed. */
#define HTTP_CONN_MAX 128

void http_conn_init(struct event_base *base);
void http_conn_fini(void);

/* A callback for evhttp_set_bevcb(): make the bufferevent of a new connection, which evhttp
 * owns. */
struct bufferevent *http_conn_accept(struct event_base *base, void *arg);

/* Tell that a request has arrived completely, and that its answer has been handed over.  No limit
 * applies to the time in between: processes have their own. */
void http_conn_request_arrived(struct evhttp_request *http);
void http_conn_request_answered(struct evhttp_request *http);

#endif
