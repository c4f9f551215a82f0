/* SPDX-License-Identifier: BSD-3-Clause */
/* A thread that looks at [main] four times within the time that a call may last. */

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_common.h>

#include "activity.h"
#include "error.h"
#include "log.h"
#include "loop.h"
#include "main_watch.h"

#define NS_PER_MS UINT64_C(1000000)

uint32_t main_watch_hang_ms = 1000;
uint32_t main_watch_leave_ms = 5000;

static struct {
	const char *program;
	enum process_role role;
	pthread_t thread;
	sem_t stop;
	struct activity said; /* the hang that the log has named; depth 0: none */
} watch;

/* A reader that has stopped reading may be what holds [main] up; it must not hold up this thread as
 * well. */
static bool
is_stderr_writable(void)
{
	struct pollfd fd = {.fd = STDERR_FILENO, .events = POLLOUT};

	return poll(&fd, 1, 0) > 0;
}

static const char *
describe(const struct activity *activity, char *out, size_t size)
{
	unsigned int depth = activity->depth;

	if (depth == 0)
		snprintf(out, size, "no command");
	else if (depth == 1)
		snprintf(out, size, "%s", activity->text[0]);
	else
		snprintf(out, size, "%s, in %s", activity->text[depth - 1], activity->text[0]);
	return out;
}

/* Hangs */

static void
say_hang(const struct activity *activity)
{
	char where[2 * ACTIVITY_TEXT_SIZE + 8];

	log_err("the main lcore is stuck: it has not come back within %u ms from %s",
		main_watch_hang_ms, describe(activity, where, sizeof(where)));
	watch.said = *activity;
}

static void
say_over(void)
{
	log_notice("the main lcore is not stuck any more: it has come back from %s",
		   watch.said.text[0]);
	watch.said.depth = 0;
}

static void
look_at_hang(const struct activity *activity, uint64_t now_ns)
{
	uint64_t age_ns = activity->depth > 0 ? now_ns - activity->since_ns : 0;
	bool is_said = watch.said.depth > 0;

	if (!is_stderr_writable())
		return;
	if (is_said && (activity->depth == 0 || activity->id != watch.said.id)) {
		say_over();
		is_said = false;
	}
	if (!is_said && activity->is_whole && age_ns >= main_watch_hang_ms * NS_PER_MS)
		say_hang(activity);
}

/* The end without [main] */

static const char *
consequence(void)
{
	switch (watch.role) {
	case PROCESS_PRIMARY:
		return "secondaries stop their components, as after a death";
	case PROCESS_SECONDARY:
		return "the primary takes back its ports and ring ends, as after a death";
	default:
		return "nothing it uses was closed";
	}
}

/* Without stdio, whose locks [main] may hold. */
static void __attribute__((noreturn)) leave(const struct activity *activity)
{
	char where[2 * ACTIVITY_TEXT_SIZE + 8], text[1024];

	snprintf(text, sizeof(text),
		 "%s: told to end, but the main lcore has not come back within %u ms from %s; left "
		 "without closing what it holds: %s\n",
		 watch.program, main_watch_leave_ms, describe(activity, where, sizeof(where)),
		 consequence());
	if (is_stderr_writable() && write(STDERR_FILENO, text, strlen(text)) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

static void
look_at_end(const struct activity *activity, uint64_t now_ns)
{
	uint64_t since_ns = loop_told_ns();

	if (since_ns == 0 || (activity->depth == 0 && !loop_is_serving()))
		return;
	/* Of several calls on the way out each has its time. */
	if (!loop_is_serving())
		since_ns = RTE_MAX(since_ns, activity->since_ns);
	if (now_ns > since_ns && now_ns - since_ns >= main_watch_leave_ms * NS_PER_MS)
		leave(activity);
}

/* The thread */

static bool
is_told_to_stop(void)
{
	uint64_t next_ns = activity_clock_ns() + main_watch_hang_ms * NS_PER_MS / 4;
	struct timespec next = {.tv_sec = next_ns / (1000 * NS_PER_MS),
				.tv_nsec = next_ns % (1000 * NS_PER_MS)};

	return sem_clockwait(&watch.stop, CLOCK_MONOTONIC, &next) == 0;
}

static void *
run(void *arg)
{
	struct activity activity;

	(void)arg;
	while (!is_told_to_stop()) {
		activity_read(&activity);
		look_at_end(&activity, activity_clock_ns());
		look_at_hang(&activity, activity_clock_ns());
	}
	/* The end of the last hang is said, too. */
	activity_read(&activity);
	look_at_hang(&activity, activity_clock_ns());
	return NULL;
}

/* The signals that the loop takes are for the other threads. */
static int
create_thread(void)
{
	sigset_t loops, before;
	int rc;

	sigemptyset(&loops);
	sigaddset(&loops, SIGINT);
	sigaddset(&loops, SIGTERM);
	sigaddset(&loops, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &loops, &before);
	rc = pthread_create(&watch.thread, NULL, run, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -rc;
}

int
main_watch_start(const char *program, enum process_role role)
{
	int rc;

	watch.program = program;
	watch.role = role;
	watch.said.depth = 0;
	sem_init(&watch.stop, 0, 0);
	rc = create_thread();
	if (rc == 0)
		pthread_setname_np(watch.thread, "main-watch");
	else
		sem_destroy(&watch.stop);
	return rc == 0 ? 0
		       : fail(rc, "cannot start the thread that watches the main lcore: %s",
			      strerror(-rc));
}

void
main_watch_stop(void)
{
	sem_post(&watch.stop);
	pthread_join(watch.thread, NULL);
	sem_destroy(&watch.stop);
}
