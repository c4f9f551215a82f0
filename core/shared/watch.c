/* SPDX-License-Identifier: BSD-3-Clause */
/* Deaths of other processes, by pidfd. */

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "error.h"
#include "log.h"
#include "registry.h"
#include "watch.h"

/* How often the primary looks for processes that have joined. */
#define SCAN_MS 100
#define DEATHS_MAX 8
#define DEATH_SIZE 192

struct watched {
	struct registry_process process;
	struct event *event; /* NULL: nobody with this id */
	int fd;
};

static struct {
	struct event_base *base;
	struct event *scan;
	struct watched watched[REGISTRY_ID_MAX + 1];
	void (*on_primary_death)(void);
	unsigned int nb_deaths;
	char deaths[DEATHS_MAX][DEATH_SIZE];
} watch;

const char *
watch_death(unsigned int i)
{
	return i < watch.nb_deaths ? watch.deaths[i] : NULL;
}

static char *
next_death_text(void)
{
	if (watch.nb_deaths == DEATHS_MAX) {
		memmove(watch.deaths[0], watch.deaths[1], (DEATHS_MAX - 1) * DEATH_SIZE);
		watch.nb_deaths--;
	}
	return watch.deaths[watch.nb_deaths++];
}

static void
forget(struct watched *w)
{
	if (w->event == NULL)
		return;
	event_free(w->event);
	close(w->fd);
	w->event = NULL;
}

static bool
is_registered(const struct registry_process *process)
{
	struct registry_process now;

	return registry_next(process->id - 1, &now) && now.id == process->id &&
	       now.pid == process->pid && now.start_time == process->start_time;
}

static void
reap(const struct registry_process *process)
{
	char *text;

	/* One that left in good order has no entry any more. */
	if (!is_registered(process))
		return;
	text = next_death_text();
	registry_reap(process->id, text, DEATH_SIZE);
	log_warning("%s", text);
}

static void
on_secondary_death(evutil_socket_t fd, short what, void *arg)
{
	struct watched *w = arg;

	(void)fd;
	(void)what;
	reap(&w->process);
	forget(w);
}

static int
watch_pid(struct watched *w, const struct registry_process *process, event_callback_fn fn)
{
	w->process = *process;
	w->fd = pidfd_open(process->pid, 0);
	if (w->fd < 0)
		return -errno;
	w->event = event_new(watch.base, w->fd, EV_READ, fn, w);
	if (w->event != NULL && event_add(w->event, NULL) == 0)
		return 0;
	if (w->event != NULL)
		event_free(w->event);
	w->event = NULL;
	close(w->fd);
	return -ENOMEM;
}

static void
look_at(const struct registry_process *process)
{
	struct watched *w = &watch.watched[process->id];

	if (w->event != NULL && w->process.pid == process->pid &&
	    w->process.start_time == process->start_time)
		return;
	forget(w);
	/* The pid may be somebody else's by now: then its owner is dead as well. */
	if (!registry_is_alive(process))
		reap(process);
	else if (watch_pid(w, process, on_secondary_death) == 0)
		log_notice("%s, client id %d, process %d has joined", process->program, process->id,
			   (int)process->pid);
}

static void
on_scan(evutil_socket_t fd, short what, void *arg)
{
	struct registry_process process;

	(void)fd;
	(void)what;
	(void)arg;
	for (int id = REGISTRY_PRIMARY; registry_next(id, &process); id = process.id)
		look_at(&process);
}

int
watch_secondaries(struct event_base *base)
{
	const struct timeval interval = {.tv_usec = SCAN_MS * 1000};

	watch.base = base;
	watch.scan = event_new(base, -1, EV_PERSIST, on_scan, NULL);
	if (watch.scan == NULL || event_add(watch.scan, &interval) != 0) {
		watch_fini();
		return fail(-ENOMEM, "cannot watch for secondary processes");
	}
	return 0;
}

static void
on_primary_death(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	forget(arg);
	watch.on_primary_death();
}

int
watch_primary(struct event_base *base, void (*on_death)(void))
{
	struct registry_process primary;
	int rc;

	watch.base = base;
	watch.on_primary_death = on_death;
	if (!registry_next(-1, &primary) || primary.id != REGISTRY_PRIMARY)
		return fail(-ESRCH, "the primary process has gone");
	rc = watch_pid(&watch.watched[REGISTRY_PRIMARY], &primary, on_primary_death);
	return rc == 0 ? 0 : fail(rc, "cannot watch the primary process: %s", strerror(-rc));
}

void
watch_fini(void)
{
	for (unsigned int id = 0; id <= REGISTRY_ID_MAX; id++)
		forget(&watch.watched[id]);
	if (watch.scan != NULL)
		event_free(watch.scan);
	watch.scan = NULL;
}
