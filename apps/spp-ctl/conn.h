/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Limits of REST connections that evhttp has not: how many there are, and how long a request may
 * take to arrive, however slowly its bytes trickle.
 */
#ifndef CONN_H
#define CONN_H

struct bufferevent;
struct event_base;
struct evhttp_request;

/* Most connections at a time; beyond, the one that is idle longest is closed. */
#define CONN_MAX 128

void conn_init(struct event_base *base);
void conn_fini(void);

/* For evhttp_set_bevcb(). */
struct bufferevent *conn_accept(struct event_base *base, void *arg);

/* A request has arrived completely; its answer has been handed over. */
void conn_request_arrived(struct evhttp_request *http);
void conn_request_answered(struct evhttp_request *http);

#endif
