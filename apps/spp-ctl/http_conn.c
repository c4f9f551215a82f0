/* SPDX-License-Identifier: BSD-3-Clause */
/* Limits of REST connections that evhttp does not know. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "http_conn.h"

#define SWEEP_S 1
/* How long a request may take from its first byte to its last, and a client between requests. */
#define ARRIVAL_S 10
#define IDLE_S 60

enum http_conn_state { HTTP_CONN_IDLE, HTTP_CONN_ARRIVING, HTTP_CONN_WORKING };

struct http_conn {
	TAILQ_ENTRY(http_conn) link;
	struct bufferevent *bev; /* holds a reference, so that it outlives evhttp's connection */
	enum http_conn_state state;
	time_t since; /* when the state began; monotonic seconds */
};
TAILQ_HEAD(http_conn_list, http_conn);

static struct {
	struct http_conn_list list; /* oldest first */
	unsigned int nb;
	struct event *sweep;
} conns;

static time_t
now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void
http_conn_enter(struct http_conn *conn, enum http_conn_state state)
{
	conn->state = state;
	conn->since = now_s();
}

static void
http_conn_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
	struct http_conn *conn = arg;

	(void)input;
	if (info->n_added > 0 && conn->state == HTTP_CONN_IDLE)
		http_conn_enter(conn, HTTP_CONN_ARRIVING);
}

static void
http_conn_free(struct http_conn *conn)
{
	TAILQ_REMOVE(&conns.list, conn, link);
	conns.nb--;
	evbuffer_remove_cb(bufferevent_get_input(conn->bev), http_conn_input, conn);
	bufferevent_decref(conn->bev);
	free(conn);
}

/* evhttp takes its callbacks away when it gives a connection up.  Nothing else tells that the
 * connection is gone. */
static bool
http_conn_is_gone(struct http_conn *conn)
{
	bufferevent_data_cb readcb, writecb;
	bufferevent_event_cb eventcb;
	void *arg;

	bufferevent_getcb(conn->bev, &readcb, &writecb, &eventcb, &arg);
	return eventcb == NULL;
}

/* evhttp owns the connection: it reads the end of the stream and closes. */
static void
http_conn_shutdown(struct http_conn *conn)
{
	shutdown(bufferevent_getfd(conn->bev), SHUT_RDWR);
}

/* Frees a struct http_conn within SWEEP_S of the end of its connection: no callback tells of the
 * end. */
static void
sweep(evutil_socket_t fd, short what, void *arg)
{
	struct http_conn *conn = TAILQ_FIRST(&conns.list), *next, *idlest = NULL;
	time_t now = now_s();

	(void)fd;
	(void)what;
	(void)arg;
	for (; conn != NULL; conn = next) {
		next = TAILQ_NEXT(conn, link);
		if (http_conn_is_gone(conn)) {
			http_conn_free(conn);
			continue;
		}
		if (conn->state == HTTP_CONN_WORKING)
			continue;
		if (now - conn->since >= (conn->state == HTTP_CONN_IDLE ? IDLE_S : ARRIVAL_S))
			http_conn_shutdown(conn);
		else if (idlest == NULL || conn->since < idlest->since)
			idlest = conn;
	}
	if (conns.nb > HTTP_CONN_MAX && idlest != NULL)
		http_conn_shutdown(idlest);
}

struct bufferevent *
http_conn_accept(struct event_base *base, void *arg)
{
	struct bufferevent *bev = bufferevent_socket_new(base, -1, 0);
	struct http_conn *conn = calloc(1, sizeof(*conn));

	(void)arg;
	if (bev == NULL || conn == NULL) {
		free(conn);
		return bev;
	}
	conn->bev = bev;
	bufferevent_incref(bev);
	/* Before the new connection is listed: it has no callbacks yet and would seem gone. */
	if (conns.nb >= HTTP_CONN_MAX)
		sweep(-1, 0, NULL);
	http_conn_enter(conn, HTTP_CONN_IDLE);
	evbuffer_add_cb(bufferevent_get_input(bev), http_conn_input, conn);
	TAILQ_INSERT_TAIL(&conns.list, conn, link);
	conns.nb++;
	return bev;
}

/* The connection of a request.  NULL when the client has hung up, which leaves the request without
 * a connection, and when there was no memory for a struct http_conn. */
static struct http_conn *
http_conn_find(struct evhttp_request *http)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(http);
	const struct bufferevent *bev;
	struct http_conn *conn;

	if (connection == NULL)
		return NULL;
	bev = evhttp_connection_get_bufferevent(connection);
	TAILQ_FOREACH (conn, &conns.list, link)
		if (conn->bev == bev)
			return conn;
	return NULL;
}

static void
http_conn_change(struct evhttp_request *http, enum http_conn_state state)
{
	struct http_conn *conn = http_conn_find(http);

	if (conn != NULL)
		http_conn_enter(conn, state);
}

void
http_conn_request_arrived(struct evhttp_request *http)
{
	http_conn_change(http, HTTP_CONN_WORKING);
}

void
http_conn_request_answered(struct evhttp_request *http)
{
	http_conn_change(http, HTTP_CONN_IDLE);
}

void
http_conn_init(struct event_base *base)
{
	struct timeval tv = {.tv_sec = SWEEP_S};

	TAILQ_INIT(&conns.list);
	conns.sweep = event_new(base, -1, EV_PERSIST, sweep, NULL);
	if (conns.sweep != NULL)
		event_add(conns.sweep, &tv);
}

void
http_conn_fini(void)
{
	struct http_conn *conn;

	while ((conn = TAILQ_FIRST(&conns.list)) != NULL)
		http_conn_free(conn);
	if (conns.sweep != NULL)
		event_free(conns.sweep);
	conns.sweep = NULL;
}
