/* SPDX-License-Identifier: BSD-3-Clause */
/* Limits of REST connections that evhttp does not know. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "admission.h"
#include "crowd.h"
#include "ctl_log.h"
#include "http_conn.h"
#include "tls.h"

#define SWEEP_S 1
/* How long a request may take from its first byte to its last, and a client between requests. */
#define ARRIVAL_S 10
#define IDLE_S 60

enum http_conn_state { HTTP_CONN_IDLE, HTTP_CONN_ARRIVING, HTTP_CONN_WORKING };

struct http_conn {
	struct crowd_seat seat;       /* in the crowd, once the peer is known */
	TAILQ_ENTRY(http_conn) fresh; /* until then */
	bool is_fresh;
	struct bufferevent *bev; /* holds a reference, so that it outlives evhttp's connection */
	enum http_conn_state state;
	time_t since; /* when the state began; monotonic seconds */
};
TAILQ_HEAD(http_conn_list, http_conn);

/* Who goes first when there are too many connections: a client that is not admitted by its user,
 * one that has not been served yet, one that has. */
enum { RANK_STRANGER, RANK_ADMITTED, RANK_SERVED };

static struct {
	struct crowd crowd;
	struct http_conn_list fresh; /* accepted in this turn of the loop */
	struct event *sweep;
	struct event *identify;
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
	if (conn->is_fresh)
		TAILQ_REMOVE(&conns.fresh, conn, fresh);
	crowd_leave(&conns.crowd, &conn->seat);
	evbuffer_remove_cb(bufferevent_get_input(conn->bev), http_conn_input, conn);
	tls_release(conn->bev);
	free(conn);
}

static struct http_conn *
http_conn_of(struct crowd_seat *seat)
{
	return (struct http_conn *)(void *)((char *)seat - offsetof(struct http_conn, seat));
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

/* evhttp owns the connection: it is told that time is up, and closes at once.  The end of the
 * stream would not do: evhttp takes it for the end of a body without a length, and runs the
 * request. */
static void
http_conn_close(struct http_conn *conn)
{
	bufferevent_trigger_event(conn->bev, BEV_EVENT_TIMEOUT | BEV_EVENT_READING, 0);
	if (http_conn_is_gone(conn))
		http_conn_free(conn);
}

static bool
is_overdue(const struct http_conn *conn, time_t now)
{
	return conn->state != HTTP_CONN_WORKING &&
	       now - conn->since >= (conn->state == HTTP_CONN_IDLE ? IDLE_S : ARRIVAL_S);
}

/* Frees a struct http_conn within SWEEP_S of the end of its connection: no callback tells of the
 * end. */
static void
sweep(evutil_socket_t fd, short what, void *arg)
{
	struct crowd_seat *seat = TAILQ_FIRST(&conns.crowd.seats), *next;
	time_t now = now_s();

	(void)fd;
	(void)what;
	(void)arg;
	for (; seat != NULL; seat = next) {
		struct http_conn *conn = http_conn_of(seat);

		next = TAILQ_NEXT(seat, link);
		if (http_conn_is_gone(conn))
			http_conn_free(conn);
		else if (is_overdue(conn, now))
			http_conn_close(conn);
	}
}

/* A request under way is not given up, nor is its answer while the client may still read it. */
static bool
may_go(const struct crowd_seat *seat)
{
	const struct http_conn *conn = http_conn_of((struct crowd_seat *)(uintptr_t)seat);

	if (conn->state == HTTP_CONN_WORKING)
		return false;
	return evbuffer_get_length(bufferevent_get_output(conn->bev)) == 0 ||
	       now_s() - conn->since >= ARRIVAL_S;
}

bool
http_conn_make_room(void)
{
	struct crowd_seat *seat;

	sweep(-1, 0, NULL);
	seat = crowd_next_to_go(&conns.crowd, may_go);
	if (seat == NULL)
		return false;
	http_conn_close(http_conn_of(seat));
	return true;
}

static bool
has_room(void)
{
	if (conns.crowd.nb >= conns.crowd.max)
		sweep(-1, 0, NULL);
	return conns.crowd.nb < conns.crowd.max || http_conn_make_room();
}

/* Every connection carries a request under way. */
static void
turn_away(struct http_conn *conn)
{
	static const char text[] = "HTTP/1.1 503 Service Unavailable\r\n"
				   "Content-Type: text/plain\r\n"
				   "Content-Length: 52\r\n"
				   "Connection: close\r\n"
				   "\r\n"
				   "spp-ctl has too many requests under way, try again";
	static struct ctl_log_limit limit = CTL_LOG_LIMIT("REST clients turned away");

	if (ctl_log_may(&limit))
		ctl_log_line("a REST client is turned away: %u requests are under way",
			     conns.crowd.max);
	if (!tls_is_used(conn->bev))
		send(bufferevent_getfd(conn->bev), text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
	http_conn_close(conn);
}

static void
join(struct http_conn *conn)
{
	int fd = bufferevent_getfd(conn->bev);
	char text[ADMISSION_TEXT_SIZE];

	TAILQ_REMOVE(&conns.fresh, conn, fresh);
	conn->is_fresh = false;
	if (http_conn_is_gone(conn)) {
		http_conn_free(conn);
		return;
	}
	if (!has_room()) {
		turn_away(conn);
		return;
	}
	conn->seat.rank = admission_check(fd, NULL, text) ? RANK_ADMITTED : RANK_STRANGER;
	if (crowd_join(&conns.crowd, &conn->seat, fd) != 0)
		http_conn_close(conn);
}

/* Runs in the turn of the loop that has accepted the connections, before their bytes are read. */
static void
identify(evutil_socket_t fd, short what, void *arg)
{
	struct http_conn *conn;

	(void)fd;
	(void)what;
	(void)arg;
	while ((conn = TAILQ_FIRST(&conns.fresh)) != NULL)
		join(conn);
}

struct bufferevent *
http_conn_add(struct bufferevent *bev)
{
	struct http_conn *conn = bev == NULL ? NULL : calloc(1, sizeof(*conn));

	if (conn == NULL)
		return bev;
	conn->bev = bev;
	bufferevent_incref(bev);
	http_conn_enter(conn, HTTP_CONN_IDLE);
	evbuffer_add_cb(bufferevent_get_input(bev), http_conn_input, conn);
	conn->is_fresh = true;
	TAILQ_INSERT_TAIL(&conns.fresh, conn, fresh);
	/* The new connection has neither its socket nor callbacks before this returns. */
	event_active(conns.identify, EV_TIMEOUT, 0);
	return bev;
}

/* The connection of a request.  NULL when the client has hung up, which leaves the request without
 * a connection, and when there was no memory for a struct http_conn. */
static struct http_conn *
http_conn_find(struct evhttp_request *http)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(http);
	const struct bufferevent *bev;
	struct crowd_seat *seat;

	if (connection == NULL)
		return NULL;
	bev = evhttp_connection_get_bufferevent(connection);
	TAILQ_FOREACH (seat, &conns.crowd.seats, link)
		if (http_conn_of(seat)->bev == bev)
			return http_conn_of(seat);
	return NULL;
}

void
http_conn_request_arrived(struct evhttp_request *http)
{
	struct http_conn *conn = http_conn_find(http);

	if (conn != NULL)
		http_conn_enter(conn, HTTP_CONN_WORKING);
}

void
http_conn_request_answered(struct evhttp_request *http, bool is_admitted)
{
	struct http_conn *conn = http_conn_find(http);

	if (conn == NULL)
		return;
	http_conn_enter(conn, HTTP_CONN_IDLE);
	crowd_renew(&conns.crowd, &conn->seat);
	if (is_admitted)
		conn->seat.rank = RANK_SERVED;
}

int
http_conn_init(struct event_base *base, unsigned int max)
{
	struct timeval tv = {.tv_sec = SWEEP_S};

	crowd_init(&conns.crowd, max);
	TAILQ_INIT(&conns.fresh);
	conns.sweep = event_new(base, -1, EV_PERSIST, sweep, NULL);
	conns.identify = event_new(base, -1, 0, identify, NULL);
	if (conns.sweep == NULL || conns.identify == NULL || event_add(conns.sweep, &tv) != 0)
		return -ENOMEM;
	return 0;
}

void
http_conn_fini(void)
{
	struct crowd_seat *seat;
	struct http_conn *conn;

	while ((conn = TAILQ_FIRST(&conns.fresh)) != NULL)
		http_conn_free(conn);
	while ((seat = TAILQ_FIRST(&conns.crowd.seats)) != NULL)
		http_conn_free(http_conn_of(seat));
	if (conns.sweep != NULL)
		event_free(conns.sweep);
	if (conns.identify != NULL)
		event_free(conns.identify);
	conns.sweep = NULL;
	conns.identify = NULL;
}
