/* SPDX-License-Identifier: BSD-3-Clause */
/* The event loop of a process: signals, the look at workers once a second, the end. */

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>

#include "activity.h"
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

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

static struct {
	struct event_base *base;
	struct event *events[2];
	unsigned int nb_events;
	bool is_leaving;
	bool is_serving;
	int pipe[2];      /* from the signal handler to the loop: numbers of signals */
	uint64_t told_ns; /* when the first signal to end came */
	struct sigaction before[RTE_DIM(signals)];
	char failure[512]; /* "" or why the process cannot go on */
} loop;

/* Signals.  The handler is ours, not the event library's: a thread that watches [main] has to know
 * that the process was told to end while [main] is stuck. */

static void
note_signal(int number)
{
	unsigned char byte = (unsigned char)number;
	int saved = errno;

	if (number != SIGHUP && loop_told_ns() == 0)
		__atomic_store_n(&loop.told_ns, activity_clock_ns(), __ATOMIC_RELAXED);
	/* A full pipe has a signal to end in it, or so many SIGHUPs that one more does not matter
	 * to anybody. */
	if (write(loop.pipe[1], &byte, 1) < 0)
		errno = saved;
}

uint64_t
loop_told_ns(void)
{
	return __atomic_load_n(&loop.told_ns, __ATOMIC_RELAXED);
}

static void
take_signal(int number)
{
	/* Often the terminal is gone; nothing depends on it. */
	if (number == SIGHUP) {
		log_info("SIGHUP: ignored");
		return;
	}
	log_info("signal %d: leaving", number);
	loop_leave();
}

static void
on_signals(evutil_socket_t fd, short what, void *arg)
{
	unsigned char byte;

	(void)what;
	(void)arg;
	while (read(fd, &byte, 1) == 1)
		take_signal(byte);
}

static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};

	for (unsigned int i = 0; i < RTE_DIM(signals); i++)
		sigaction(signals[i], &action, &loop.before[i]);
}

static void
release_signals(void)
{
	for (unsigned int i = 0; i < RTE_DIM(signals); i++)
		sigaction(signals[i], &loop.before[i], NULL);
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

static void
free_events(void)
{
	while (loop.nb_events > 0)
		event_free(loop.events[--loop.nb_events]);
	event_base_free(loop.base);
	loop.base = NULL;
	close(loop.pipe[0]);
	close(loop.pipe[1]);
}

void
loop_stop(void)
{
	release_signals();
	free_events();
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

	memset(&loop, 0, sizeof(loop));
	if (pipe2(loop.pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return fail(-errno, "cannot make a pipe for signals: %s", strerror(errno));
	loop.base = event_base_new();
	if (loop.base == NULL) {
		close(loop.pipe[0]);
		close(loop.pipe[1]);
		return fail(-ENOMEM, "cannot make an event loop");
	}
	if (add_event(loop.pipe[0], EV_READ | EV_PERSIST, on_signals, NULL) == 0 &&
	    add_event(-1, EV_PERSIST, on_reap, &reap) == 0) {
		catch_signals();
		return 0;
	}
	free_events();
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

void
loop_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(loop.failure, sizeof(loop.failure), fmt, ap);
	va_end(ap);
	loop_leave();
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

bool
loop_is_serving(void)
{
	return __atomic_load_n(&loop.is_serving, __ATOMIC_RELAXED);
}

int
loop_run(void)
{
	int rc;

	__atomic_store_n(&loop.is_serving, true, __ATOMIC_RELAXED);
	rc = event_base_dispatch(loop.base);
	if (rc == 0)
		rc = drain();
	__atomic_store_n(&loop.is_serving, false, __ATOMIC_RELAXED);
	if (rc != 0)
		return fail(-EIO, "the event loop failed");
	return loop.failure[0] == '\0' ? 0 : fail(-ECANCELED, "%s", loop.failure);
}
