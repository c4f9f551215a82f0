/* SPDX-License-Identifier: BSD-3-Clause */
/* What a secondary does without its primary: nothing, until somebody wants its place. */

#include <event2/event.h>
#include <time.h>

#include "component.h"
#include "deadline.h"
#include "error.h"
#include "life.h"
#include "log.h"
#include "loop.h"
#include "orphan.h"
#include "panel.h"
#include "registry.h"

#define POLL_MS 100
/* What stops components may wait for a lock that died with the primary. */
#define STOP_LIMIT_S 3

static struct {
	struct event *poll;
	unsigned int grace_s;
	struct timespec since;
} orphan;

static unsigned int
seconds_since(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned int)(now.tv_sec - since->tv_sec);
}

static void
on_poll(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (life_is_asked_to_leave())
		loop_fail("the primary process has died and a new one starts: ending for it; "
			  "start this process again");
	else if (orphan.grace_s > 0 && seconds_since(&orphan.since) >= orphan.grace_s)
		loop_fail("the primary process has died, and no new one has started within %u s",
			  orphan.grace_s);
}

/* Nothing that the primary made may be touched any more: its NICs belong to nobody. */
static void
stop_all(void)
{
	int rc;

	deadline_begin(STOP_LIMIT_S,
		       "the primary process has died, and the components of this process cannot be "
		       "stopped, because it died inside DPDK: ending; start spp_primary again");
	rc = component_stop_all();
	deadline_end();
	if (rc != 0)
		log_err("%s", error_sentence(rc));
}

static const char *
why_gone(void)
{
	if (registry_is_blocked())
		return "the primary process has ended, because another process had died inside "
		       "DPDK's memory allocator; start spp_primary again: this process then ends "
		       "by itself, and is to be started again";
	return "the primary process has died; start spp_primary again: this process then ends by "
	       "itself, and is to be started again";
}

void
orphan_begin(struct event_base *base, unsigned int grace_s)
{
	const char *why = why_gone();
	const struct timeval interval = {.tv_usec = POLL_MS * 1000};

	log_err("%s", why);
	panel_close(why);
	stop_all();
	orphan.grace_s = grace_s;
	clock_gettime(CLOCK_MONOTONIC, &orphan.since);
	orphan.poll = event_new(base, -1, EV_PERSIST, on_poll, NULL);
	if (orphan.poll == NULL || event_add(orphan.poll, &interval) != 0)
		loop_fail("%s", why);
}

void
orphan_end(void)
{
	if (orphan.poll != NULL)
		event_free(orphan.poll);
	orphan.poll = NULL;
}
