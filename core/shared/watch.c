/* SPDX-License-Identifier: BSD-3-Clause */
/* Deaths of other processes: by their locks, looked at when a pidfd says so, and now and then. */

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

/* How often processes that have joined, and deaths that no pidfd tells, are looked for. */
#define SCAN_MS 100
#define DEATHS_MAX 8
#define DEATH_SIZE 192

/* A process whose life is looked at.  The lock on its record is the truth; the pidfd, where there
 * is one, says at once when to look. */
struct watched {
	struct registry_process process;
	bool is_watched;
	struct event *event; /* NULL: no pidfd, the scan has to do */
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

static bool
is_registered(const struct registry_process *process)
{
	struct registry_process now;

	return registry_next(process->id - 1, &now) && now.id == process->id &&
	       now.generation == process->generation;
}

static void
drop_event(struct watched *w)
{
	if (w->event == NULL)
		return;
	event_free(w->event);
	close(w->fd);
	w->event = NULL;
}

static void
forget(struct watched *w)
{
	drop_event(w);
	w->is_watched = false;
}

/* Without a pidfd a death is noticed by the next scan. */
static void
add_pidfd(struct watched *w, event_callback_fn fn)
{
	if (!registry_is_pid_ours(&w->process))
		return;
	w->fd = pidfd_open(w->process.pid, 0);
	if (w->fd < 0)
		return;
	w->event = event_new(watch.base, w->fd, EV_READ, fn, w);
	if (w->event != NULL && event_add(w->event, NULL) == 0)
		return;
	if (w->event == NULL)
		close(w->fd);
	drop_event(w);
}

/* The pidfd comes before the first look at the lock: if the process lives at that look, the pid was
 * its own when the pidfd was opened. */
static void
begin(struct watched *w, const struct registry_process *process, event_callback_fn fn)
{
	forget(w);
	w->process = *process;
	w->is_watched = true;
	add_pidfd(w, fn);
}

static int
start_scan(struct event_base *base, event_callback_fn fn)
{
	const struct timeval interval = {.tv_usec = SCAN_MS * 1000};

	watch.base = base;
	watch.scan = event_new(base, -1, EV_PERSIST, fn, NULL);
	if (watch.scan != NULL && event_add(watch.scan, &interval) == 0)
		return 0;
	watch_fini();
	return fail(-ENOMEM, "no memory to watch for the death of processes");
}

/* Secondaries */

static void
reap(const struct registry_process *process)
{
	char *text;

	/* A process that left in good order has no entry any more. */
	if (!is_registered(process))
		return;
	text = next_death_text();
	registry_reap(process->id, text, DEATH_SIZE);
	log_warning("%s", text);
}

static void
look_whether_dead(struct watched *w)
{
	if (registry_is_alive(&w->process))
		return;
	reap(&w->process);
	forget(w);
}

static void
on_secondary_pidfd(evutil_socket_t fd, short what, void *arg)
{
	struct watched *w = arg;

	(void)fd;
	(void)what;
	/* It says this once; a child of the dead may keep the lock a little longer. */
	drop_event(w);
	look_whether_dead(w);
}

static void
look_at(const struct registry_process *process)
{
	struct watched *w = &watch.watched[process->id];
	bool is_new = !w->is_watched || w->process.generation != process->generation;

	if (is_new)
		begin(w, process, on_secondary_pidfd);
	look_whether_dead(w);
	if (is_new && w->is_watched)
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
	return start_scan(base, on_scan);
}

/* The primary */

static void
look_at_primary(void)
{
	struct watched *w = &watch.watched[REGISTRY_PRIMARY];

	if (!w->is_watched || registry_is_alive(&w->process))
		return;
	forget(w);
	event_del(watch.scan);
	watch.on_primary_death();
}

static void
on_primary_pidfd(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	drop_event(arg);
	look_at_primary();
}

static void
on_primary_scan(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	look_at_primary();
}

int
watch_primary(struct event_base *base, void (*on_death)(void))
{
	struct registry_process primary;
	int rc;

	watch.on_primary_death = on_death;
	if (!registry_next(-1, &primary) || primary.id != REGISTRY_PRIMARY ||
	    !registry_is_alive(&primary))
		return fail(-ESRCH, "the primary process has gone");
	rc = start_scan(base, on_primary_scan);
	if (rc == 0)
		begin(&watch.watched[REGISTRY_PRIMARY], &primary, on_primary_pidfd);
	return rc;
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
