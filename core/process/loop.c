/* SPDX-License-Identifier: BSD-3-Clause */
/* The event loop of a process: signals, the look at workers once a second, the end. */

#include <errno.h>
#include <event2/event.h>
#include <signal.h>

#include "controller.h"
#include "error.h"
#include "health.h"
#include "log.h"
#include "loop.h"
#include "pool_level.h"
#include "socket.h"
#include "txn.h"
#include "worker_watch.h"

#define REAP_S 1
/* The last replies may take so long to go out, ms. */
#define DRAIN_MS 500

static struct {
	struct event_base *base;
	struct event *events[4];
	unsigned int nb_events;
	bool is_leaving;
} loop;

static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	(void)what;
	(void)arg;
	log_info("signal %d: leaving", (int)number);
	loop_leave();
}

/* Often the terminal is gone; nothing depends on it. */
static void
on_hangup(evutil_socket_t number, short what, void *arg)
{
	(void)number;
	(void)what;
	(void)arg;
	log_info("SIGHUP: ignored");
}

static void
on_reap(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	txn_reap();
	health_look();
	pool_level_look();
	worker_watch();
}

static int
add_event(evutil_socket_t fd, short what, event_callback_fn fn, const struct timeval *interval)
{
	struct event *event = event_new(loop.base, fd, what, fn, NULL);

	if (event == NULL)
		return -ENOMEM;
	loop.events[loop.nb_events++] = event;
	return event_add(event, interval) == 0 ? 0 : -EIO;
}

void
loop_stop(void)
{
	while (loop.nb_events > 0)
		event_free(loop.events[--loop.nb_events]);
	event_base_free(loop.base);
	loop.base = NULL;
}

void
loop_ignore_signals(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
}

int
loop_start(void)
{
	const struct timeval reap = {.tv_sec = REAP_S};

	loop.base = event_base_new();
	if (loop.base == NULL)
		return fail(-ENOMEM, "cannot make an event loop");
	if (add_event(SIGINT, EV_SIGNAL | EV_PERSIST, on_signal, NULL) == 0 &&
	    add_event(SIGTERM, EV_SIGNAL | EV_PERSIST, on_signal, NULL) == 0 &&
	    add_event(SIGHUP, EV_SIGNAL | EV_PERSIST, on_hangup, NULL) == 0 &&
	    add_event(-1, EV_PERSIST, on_reap, &reap) == 0)
		return 0;
	loop_stop();
	return fail(-EIO, "cannot watch for signals");
}

struct event_base *
loop_base(void)
{
	return loop.base;
}

bool
loop_is_leaving(void)
{
	if (loop.base != NULL)
		event_base_loop(loop.base, EVLOOP_NONBLOCK);
	return loop.is_leaving;
}

void
loop_leave(void)
{
	loop.is_leaving = true;
	event_base_loopexit(loop.base, NULL);
}

static void
on_drain_end(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	*(bool *)arg = true;
}

/* Let the last replies go out, above all the reply to exit. */
static int
drain(void)
{
	const struct timeval limit = {.tv_usec = DRAIN_MS * 1000};
	bool is_over = false;
	struct event *end = evtimer_new(loop.base, on_drain_end, &is_over);
	int rc = 0;

	if (end == NULL)
		return -ENOMEM;
	evtimer_add(end, &limit);
	while (rc == 0 && !(socket_drain() & controller_drain()) && !is_over)
		rc = event_base_loop(loop.base, EVLOOP_ONCE);
	event_free(end);
	return rc;
}

int
loop_run(void)
{
	int rc = event_base_dispatch(loop.base);

	if (rc == 0)
		rc = drain();
	return rc == 0 ? 0 : fail(-EIO, "the event loop failed");
}
