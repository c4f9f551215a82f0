/* SPDX-License-Identifier: BSD-3-Clause */
/* A thread of a secondary that looks at the primary ten times a second. */

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "eal_peers.h"
#include "error.h"
#include "guard.h"

#define STEP_MS 100
/* A start that lasts so long is said. */
#define LONG_START_STEPS 100
/* How long [main] may stay away from its loop without a primary. */
#define SILENT_STEPS 30

static const char gone_while_starting[] =
	"the primary process has gone while this process was starting; start spp_primary again, "
	"then this process";

static struct {
	pthread_t thread;
	bool is_there;
	sem_t stop;
	const char *program, *runtime_dir;
	struct eal_peer primary;
	struct event *event;
	/* Both written by [main], read by the thread, which has nothing else to see: relaxed. */
	bool is_serving;
	uint32_t nb_beats;
} guard;

static bool
is_told_to_stop(void)
{
	struct timespec next;

	clock_gettime(CLOCK_MONOTONIC, &next);
	next.tv_nsec += STEP_MS * 1000000L;
	next.tv_sec += next.tv_nsec / 1000000000L;
	next.tv_nsec %= 1000000000L;
	return sem_clockwait(&guard.stop, CLOCK_MONOTONIC, &next) == 0;
}

/* Without stdio, whose locks [main] may hold, and without the log, which waits for DPDK's start. */
static void
say(const char *sentence)
{
	char text[512];
	ssize_t written;

	snprintf(text, sizeof(text), "%s: %s\n", guard.program, sentence);
	written = write(STDERR_FILENO, text, strlen(text));
	(void)written;
}

static void __attribute__((noreturn)) leave(const char *why)
{
	say(why);
	_exit(EXIT_FAILURE);
}

static bool
has_primary(void)
{
	struct eal_peer now;

	return eal_peers_find_primary(guard.runtime_dir, &now) && now.pid == guard.primary.pid;
}

static void
look_at_start(unsigned int nb_steps)
{
	if (!has_primary())
		leave(gone_while_starting);
	if (nb_steps == LONG_START_STEPS)
		say("still starting: if a process has died inside DPDK, this process waits "
		    "for it; the primary notices that, and ends to start the panel again");
}

/* Steps are counted, not the time: a process that was stopped for a while was not silent. */
static void
look_at_main(uint32_t *seen, unsigned int *nb_silent)
{
	uint32_t now = __atomic_load_n(&guard.nb_beats, __ATOMIC_RELAXED);

	*nb_silent = now == *seen && !has_primary() ? *nb_silent + 1 : 0;
	*seen = now;
	if (*nb_silent == SILENT_STEPS)
		leave("the primary process has gone, and the main lcore of this process waits for "
		      "something that went with it: ending; start spp_primary again, then this "
		      "process");
}

static void *
run(void *arg)
{
	unsigned int nb_steps = 0, nb_silent = 0;
	uint32_t seen = 0;

	(void)arg;
	while (!is_told_to_stop()) {
		if (__atomic_load_n(&guard.is_serving, __ATOMIC_RELAXED))
			look_at_main(&seen, &nb_silent);
		else
			look_at_start(nb_steps++);
	}
	return NULL;
}

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	__atomic_add_fetch(&guard.nb_beats, 1, __ATOMIC_RELAXED);
}

int
guard_start(const char *program, const char *runtime_dir)
{
	sigset_t all, before;
	int rc;

	guard.program = program;
	guard.runtime_dir = runtime_dir;
	guard.is_serving = false;
	eal_peers_find_primary(runtime_dir, &guard.primary);
	sem_init(&guard.stop, 0, 0);
	/* Signals are for [main]. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&guard.thread, NULL, run, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc != 0)
		return fail(-rc, "cannot start the thread that watches the primary process: %s",
			    strerror(rc));
	pthread_setname_np(guard.thread, "guard");
	guard.is_there = true;
	return 0;
}

void
guard_stop(void)
{
	if (!guard.is_there)
		return;
	sem_post(&guard.stop);
	pthread_join(guard.thread, NULL);
	sem_destroy(&guard.stop);
	guard.is_there = false;
}

int
guard_check(void)
{
	return guard.is_there && !has_primary() ? fail(-ENOENT, "%s", gone_while_starting) : 0;
}

int
guard_serve(struct event_base *base)
{
	const struct timeval step = {.tv_usec = STEP_MS * 1000};

	guard.event = event_new(base, -1, EV_PERSIST, on_step, NULL);
	if (guard.event == NULL || event_add(guard.event, &step) != 0) {
		guard_unserve();
		return fail(-ENOMEM, "no memory to watch the primary process");
	}
	__atomic_store_n(&guard.is_serving, true, __ATOMIC_RELAXED);
	return 0;
}

void
guard_unserve(void)
{
	if (guard.event != NULL)
		event_free(guard.event);
	guard.event = NULL;
}
