/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Limits of REST connections that evhttp has not: how many there are, and how long a request may
 * take to arrive, however slowly its bytes trickle.
 */
#ifndef HTTP_CONN_H
#define HTTP_CONN_H

struct bufferevent;
struct event_base;
struct evhttp_request;

/* Most connections at a time; beyond, the one that is idle longest is closed. */
#define HTTP_CONN_MAX 128

void http_conn_init(struct event_base *base);
void http_conn_fini(void);

/* For evhttp_set_bevcb(). */
struct bufferevent *http_conn_accept(struct event_base *base, void *arg);

/* A request has arrived completely; its answer has been handed over. */
void http_conn_request_arrived(struct evhttp_request *http);
void http_conn_request_answered(struct evhttp_request *http);

#endif
