/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Limits of REST connections that evhttp does not know: how many there are, and how long a request
 * may take to arrive, however slowly its bytes trickle.
 */
#ifndef HTTP_CONN_H
#define HTTP_CONN_H

#include <stdbool.h>

struct bufferevent;
struct event_base;
struct evhttp_request;

/* At most max connections are kept; a new one takes the place of another, see
 * http_conn_make_room(). -ENOMEM. */
int http_conn_init(struct event_base *base, unsigned int max);
void http_conn_fini(void);

/* For a callback of evhttp_set_bevcb(): watch the bufferevent of a new connection, which evhttp
 * owns. Returns bev, which may be NULL. */
struct bufferevent *http_conn_add(struct bufferevent *bev);

/* Close the connection that matters least: of a client that is not admitted, or has asked for
 * nothing yet, or has been idle longest; of several, one of the peer that has most.  False if a
 * request is under way on each. */
bool http_conn_make_room(void);

/* Tell that a request has arrived completely, and that its answer has been handed over.  No limit
 * applies to the time in between: processes have their own. */
void http_conn_request_arrived(struct evhttp_request *http);
void http_conn_request_answered(struct evhttp_request *http, bool is_admitted);

#endif
