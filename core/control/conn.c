/* SPDX-License-Identifier: BSD-3-Clause */
/* One peer that sends commands and reads replies. */

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "conn.h"
#include "dispatch.h"
#include "error.h"
#include "line.h"
#include "log.h"
#include "reply.h"

#define INPUT_MAX (64 * 1024)
/* How many requests of one peer run before the other peers get their turn. */
#define TURN_MAX 16

struct conn {
	struct bufferevent *bev;
	struct event *turn;    /* the next turn of this peer */
	struct event *silence; /* the end of a request without newline */
	struct conn_limits limits;
	void (*closed)(struct conn *conn, void *arg);
	void *arg;
	uint64_t served_ms; /* when the last request had run, or the connection was made */
	bool has_ended;     /* nothing more is taken from the peer */
	bool is_running;
	bool is_stopped;
	struct line_buffer line;
	char request[LINE_MAX_BYTES];
};

static struct timeval
ms(uint32_t n)
{
	return (struct timeval){.tv_sec = n / 1000, .tv_usec = n % 1000 * 1000};
}

static uint64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ull + now.tv_nsec / 1000000;
}

static size_t
nb_pending(const struct conn *conn)
{
	return evbuffer_get_length(bufferevent_get_output(conn->bev));
}

static void
end(struct conn *conn)
{
	conn->closed(conn, conn->arg);
	conn_destroy(conn);
}

/* Requests and replies */

static char *
too_long(void)
{
	struct spp_reply reply;
	char *text;

	if (reply_init(&reply) != 0)
		return NULL;
	text = reply_text(&reply, "Wrong message format: the request is longer than 4095 bytes");
	reply_fini(&reply);
	return text;
}

static void
free_text(const void *data, size_t len, void *arg)
{
	(void)len;
	(void)arg;
	free((void *)(uintptr_t)data);
}

/* Run a complete request and queue its reply.  The text of the reply is handed over, not copied. */
static int
answer(struct conn *conn, enum line_result result)
{
	struct evbuffer *output = bufferevent_get_output(conn->bev);
	char *text;

	if (result == LINE_NONE)
		return 0;
	conn->is_running = true;
	text = result == LINE_COMPLETE ? dispatch_run(conn->request) : too_long();
	conn->is_running = false;
	/* The loop keeps the time of its last turn.  A long command would count as a silence of the
	 * peer. */
	event_base_update_cache_time(bufferevent_get_base(conn->bev));
	conn->served_ms = now_ms();
	if (text == NULL)
		return -ENOMEM;
	if (evbuffer_add_reference(output, text, strlen(text), free_text, NULL) != 0) {
		free(text);
		return -ENOMEM;
	}
	return 0;
}

/* Take the next request out of the bytes received. */
static enum line_result
next_request(struct conn *conn)
{
	struct evbuffer *input = bufferevent_get_input(conn->bev);
	enum line_result result = LINE_NONE;

	while (result == LINE_NONE && evbuffer_get_length(input) > 0) {
		struct evbuffer_iovec piece;
		size_t used;

		evbuffer_peek(input, -1, NULL, &piece, 1);
		result =
			line_push(&conn->line, piece.iov_base, piece.iov_len, &used, conn->request);
		evbuffer_drain(input, used);
	}
	return result;
}

static bool
may_run(const struct conn *conn)
{
	return !conn->is_stopped && nb_pending(conn) <= conn->limits.output_max;
}

/* Run what has arrived, a turn at most; end the connection when nothing is left to do. */
static void
serve(struct conn *conn)
{
	struct evbuffer *input = bufferevent_get_input(conn->bev);
	const struct timeval at_once = {0}, silence = ms(conn->limits.silence_ms);
	int rc = 0;

	for (int i = 0; rc == 0 && i < TURN_MAX && may_run(conn); i++)
		rc = answer(conn, next_request(conn));
	if (rc != 0) {
		log_err("connection closed: no memory for a reply");
		end(conn);
	} else if (evbuffer_get_length(input) > 0) {
		if (may_run(conn))
			evtimer_add(conn->turn, &at_once);
	} else if (conn->has_ended) {
		if (nb_pending(conn) == 0)
			end(conn);
	} else if (conn->limits.silence_ms > 0) {
		evtimer_add(conn->silence, &silence);
	}
}

/* Events */

static void
on_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	serve(arg);
}

/* Called once few enough replies are waiting: requests that were held back may run. */
static void
on_written(struct bufferevent *bev, void *arg)
{
	(void)bev;
	serve(arg);
}

static void
on_turn(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	serve(arg);
}

static void
on_silence(evutil_socket_t fd, short what, void *arg)
{
	struct conn *conn = arg;

	(void)fd;
	(void)what;
	if (conn->is_stopped)
		return;
	if (answer(conn, line_flush(&conn->line, conn->request)) != 0)
		end(conn);
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct conn *conn = arg;

	(void)bev;
	if ((what & BEV_EVENT_EOF) == 0) {
		if (what & BEV_EVENT_TIMEOUT)
			log_warning("connection closed: the peer does not read its replies");
		end(conn);
		return;
	}
	/* The peer may still read: each complete request is answered, an incomplete one is not
	 * run. */
	conn->has_ended = true;
	evtimer_del(conn->silence);
	serve(conn);
}

/* Life */

static int
conn_open(struct conn *conn, struct event_base *base, evutil_socket_t fd)
{
	struct timeval stall = ms(conn->limits.stall_ms);

	conn->bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (conn->bev == NULL) {
		evutil_closesocket(fd);
		return -ENOMEM;
	}
	conn->turn = evtimer_new(base, on_turn, conn);
	conn->silence = evtimer_new(base, on_silence, conn);
	if (conn->turn == NULL || conn->silence == NULL)
		return -ENOMEM;
	bufferevent_setcb(conn->bev, on_read, on_written, on_event, conn);
	bufferevent_set_timeouts(conn->bev, NULL, &stall);
	bufferevent_setwatermark(conn->bev, EV_READ, 0, INPUT_MAX);
	bufferevent_setwatermark(conn->bev, EV_WRITE, conn->limits.output_max / 2, 0);
	/* Peers that do not frame expect a reply in one piece. */
	bufferevent_set_max_single_write(conn->bev, EV_SSIZE_MAX);
	return bufferevent_enable(conn->bev, EV_READ | EV_WRITE) == 0 ? 0 : -ENOMEM;
}

struct conn *
conn_create(struct event_base *base, evutil_socket_t fd, const struct conn_limits *limits,
	    void (*closed)(struct conn *conn, void *arg), void *arg)
{
	struct conn *conn = calloc(1, sizeof(*conn));

	if (conn == NULL) {
		evutil_closesocket(fd);
		return NULL;
	}
	conn->limits = *limits;
	conn->served_ms = now_ms();
	conn->closed = closed;
	conn->arg = arg;
	if (conn_open(conn, base, fd) != 0) {
		conn_destroy(conn);
		return NULL;
	}
	return conn;
}

void
conn_destroy(struct conn *conn)
{
	if (conn->turn != NULL)
		event_free(conn->turn);
	if (conn->silence != NULL)
		event_free(conn->silence);
	if (conn->bev != NULL)
		bufferevent_free(conn->bev);
	free(conn);
}

bool
conn_is_running(const struct conn *conn)
{
	return conn->is_running;
}

uint64_t
conn_idle_since_ms(const struct conn *conn)
{
	return conn->is_running || nb_pending(conn) > 0 ? UINT64_MAX : conn->served_ms;
}

void
conn_turn_away(struct conn *conn, const char *text)
{
	send(bufferevent_getfd(conn->bev), text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
	end(conn);
}

void
conn_hang_up(struct conn *conn)
{
	conn->has_ended = true;
	bufferevent_disable(conn->bev, EV_READ);
}

void
conn_stop(struct conn *conn)
{
	conn->is_stopped = true;
	bufferevent_disable(conn->bev, EV_READ);
}

bool
conn_is_drained(const struct conn *conn)
{
	return nb_pending(conn) == 0;
}
