/* SPDX-License-Identifier: BSD-3-Clause */
/* A listening socket beside other work of the loop. */

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>
#include <event2/event.h>

#include "listener.h"

#define BATCH_DEFAULT 16
/* How long a listener rests after a failure: the waiting client would wake the loop at once. */
#define REST_MS 100
#define SAY_MS 1000
#define NAME_SIZE 160

struct listener {
	LIST_ENTRY(listener) link;
	struct evconnlistener *lev;
	struct event *wake; /* accepting again after a rest */
	struct listener_ops ops;
	void *arg;
	char name[NAME_SIZE];
	unsigned int nb_batch;
	unsigned int nb_failed; /* since the last sentence */
	uint64_t said_ms;       /* 0: never */
	bool is_given, is_stopped;
};

/* The error callback of libevent gets the argument of whoever accepts, so it looks here. */
static LIST_HEAD(listener_list, listener) listeners = LIST_HEAD_INITIALIZER(listeners);

static uint64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ull + now.tv_nsec / 1000000;
}

static void
take_rest(struct listener *listener, unsigned int ms)
{
	const struct timeval tv = {.tv_usec = ms * 1000};

	evconnlistener_disable(listener->lev);
	evtimer_add(listener->wake, &tv);
}

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct listener *listener = arg;

	(void)fd;
	(void)what;
	listener->nb_batch = 0;
	evconnlistener_enable(listener->lev);
}

void
listener_accepted(struct listener *listener)
{
	if (++listener->nb_batch >= listener->ops.batch_max && !listener->is_stopped)
		take_rest(listener, 0);
}

static void
on_accept(struct evconnlistener *lev, evutil_socket_t fd, struct sockaddr *address, int len,
	  void *arg)
{
	struct listener *listener = arg;

	(void)lev;
	(void)len;
	listener_accepted(listener);
	listener->ops.accepted(fd, address, listener->arg);
}

static void
say_failure(struct listener *listener, int err)
{
	uint64_t now = now_ms();
	char sentence[512];

	listener->nb_failed++;
	if (listener->said_ms != 0 && now - listener->said_ms < SAY_MS)
		return;
	snprintf(sentence, sizeof(sentence),
		 "%s: cannot accept: %s (%u times); a client waits or loses its connection",
		 listener->name, strerror(err), listener->nb_failed);
	listener->nb_failed = 0;
	listener->said_ms = now;
	listener->ops.say(sentence);
}

/* True for what fewer connections cure. */
static bool
is_shortage(int err)
{
	return err == EMFILE || err == ENFILE || err == ENOBUFS || err == ENOMEM;
}

static bool
has_client(struct evconnlistener *lev)
{
	struct pollfd poll_fd = {.fd = evconnlistener_get_fd(lev), .events = POLLIN};

	return poll(&poll_fd, 1, 0) == 1;
}

static void
on_error(struct evconnlistener *lev, void *arg)
{
	struct listener *listener;
	int err = errno;

	(void)arg;
	LIST_FOREACH(listener, &listeners, link)
	if (listener->lev == lev)
		break;
	/* The kernel looks for a descriptor before it looks for a client. */
	if (listener == NULL || !has_client(lev))
		return;
	/* Those that have just been accepted are read from before one of them is closed. */
	if (is_shortage(err) && listener->nb_batch > 0) {
		take_rest(listener, 0);
		return;
	}
	say_failure(listener, err);
	/* With room the next turn of the loop accepts the client. */
	if (is_shortage(err) && listener->ops.make_room(listener->arg))
		take_rest(listener, 0);
	else
		take_rest(listener, REST_MS);
}

struct listener *
listener_create(struct event_base *base, int fd, const char *name, const struct listener_ops *ops,
		void *arg)
{
	struct listener *listener = calloc(1, sizeof(*listener));

	if (listener == NULL) {
		close(fd);
		return NULL;
	}
	listener->ops = *ops;
	if (listener->ops.batch_max == 0)
		listener->ops.batch_max = BATCH_DEFAULT;
	listener->arg = arg;
	snprintf(listener->name, sizeof(listener->name), "%s", name);
	listener->wake = evtimer_new(base, on_wake, listener);
	listener->lev = evconnlistener_new(base, ops->accepted == NULL ? NULL : on_accept, listener,
					   LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	if (listener->wake == NULL || listener->lev == NULL) {
		if (listener->lev == NULL)
			close(fd);
		listener_destroy(listener);
		return NULL;
	}
	evconnlistener_set_error_cb(listener->lev, on_error);
	LIST_INSERT_HEAD(&listeners, listener, link);
	return listener;
}

void
listener_destroy(struct listener *listener)
{
	if (listener->lev != NULL && listener->wake != NULL)
		LIST_REMOVE(listener, link);
	if (listener->lev != NULL && !listener->is_given)
		evconnlistener_free(listener->lev);
	if (listener->wake != NULL)
		event_free(listener->wake);
	free(listener);
}

struct evconnlistener *
listener_give(struct listener *listener)
{
	listener->is_given = true;
	return listener->lev;
}

void
listener_stop(struct listener *listener)
{
	listener->is_stopped = true;
	evtimer_del(listener->wake);
	evconnlistener_disable(listener->lev);
}
