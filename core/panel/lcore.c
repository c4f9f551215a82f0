/* SPDX-License-Identifier: BSD-3-Clause */
/* The lcores of this process and their workers. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "error.h"
#include "lcore.h"
#include "log.h"
#include "txn.h"
#include "worker.h"

#define CAP_US_DEFAULT 200
#define CAP_US_MAX 1000000
#define STOP_TIMEOUT_MS 5000

uint32_t lcore_quiesce_ms = 2000;

static struct worker *workers[RTE_MAX_LCORE];

/* `200us`, `200`, `1ms` */
static int
parse_cap(const char *text, uint32_t *cap_us)
{
	char *end;
	unsigned long n;

	if (*text < '0' || *text > '9' || strlen(text) > 9)
		return -EINVAL;
	n = strtoul(text, &end, 10);
	if (strcmp(end, "ms") == 0)
		n *= 1000;
	else if (*end != '\0' && strcmp(end, "us") != 0)
		return -EINVAL;
	if (n < 1 || n > CAP_US_MAX)
		return -EINVAL;
	*cap_us = n;
	return 0;
}

int
idle_parse(const char *text, struct idle_policy *policy)
{
	static const char adaptive[] = "adaptive";
	uint32_t cap_us = CAP_US_DEFAULT;

	if (strcmp(text, "busy") == 0) {
		*policy = (struct idle_policy){.kind = IDLE_BUSY};
		return 0;
	}
	if (strcmp(text, "yield") == 0) {
		*policy = (struct idle_policy){.kind = IDLE_YIELD};
		return 0;
	}
	if (strncmp(text, adaptive, strlen(adaptive)) != 0)
		return -EINVAL;
	text += strlen(adaptive);
	if (*text != '\0' && (*text != ':' || parse_cap(text + 1, &cap_us) != 0))
		return -EINVAL;
	*policy = (struct idle_policy){.kind = IDLE_ADAPTIVE, .cap_us = cap_us};
	return 0;
}

char *
idle_format(const struct idle_policy *policy, char *out, size_t size)
{
	if (policy->kind == IDLE_ADAPTIVE)
		snprintf(out, size, "adaptive:%uus", policy->cap_us);
	else
		snprintf(out, size, "%s", policy->kind == IDLE_BUSY ? "busy" : "yield");
	return out;
}

/* True if another lcore of this process may run on one of this lcore's CPUs. */
static bool
shares_cpu(unsigned int lcore)
{
	rte_cpuset_t mine = rte_lcore_cpuset(lcore);

	for (unsigned int other = 0; other < RTE_MAX_LCORE; other++) {
		rte_cpuset_t theirs, both;

		if (other == lcore || !rte_lcore_is_enabled(other))
			continue;
		theirs = rte_lcore_cpuset(other);
		CPU_AND(&both, &mine, &theirs);
		if (CPU_COUNT(&both) > 0)
			return true;
	}
	return false;
}

static int
start_worker(unsigned int lcore)
{
	struct idle_policy policy = {.kind = IDLE_BUSY};

	if (shares_cpu(lcore))
		policy = (struct idle_policy){.kind = IDLE_ADAPTIVE, .cap_us = CAP_US_DEFAULT};
	workers[lcore] = worker_create(lcore, rte_lcore_to_socket_id(lcore), &policy);
	if (workers[lcore] == NULL)
		return fail(-ENOMEM, "no memory for the worker on core %u", lcore);
	if (rte_eal_remote_launch(worker_loop, workers[lcore], lcore) != 0)
		return fail(-EBUSY, "cannot start the worker on core %u: it runs something else",
			    lcore);
	return 0;
}

int
lcore_init(void)
{
	unsigned int lcore;

	RTE_LCORE_FOREACH_WORKER(lcore)
	{
		int rc = start_worker(lcore);

		if (rc != 0) {
			lcore_fini();
			return rc;
		}
	}
	return 0;
}

static bool
stopped_in_time(unsigned int lcore, uint64_t deadline)
{
	while (rte_eal_get_lcore_state(lcore) == RUNNING) {
		if (rte_get_timer_cycles() > deadline)
			return false;
		rte_delay_us_sleep(50);
	}
	return true;
}

int
lcore_fini(void)
{
	uint64_t deadline = rte_get_timer_cycles() + STOP_TIMEOUT_MS * (rte_get_timer_hz() / 1000);
	int rc = 0;

	for (int l = lcore_next(-1); l >= 0; l = lcore_next(l))
		__atomic_store_n(&workers[l]->stop, true, __ATOMIC_RELAXED);
	for (int l = lcore_next(-1); l >= 0; l = lcore_next(l)) {
		if (!stopped_in_time(l, deadline)) {
			rc = fail(-ETIMEDOUT, "the worker on core %d has not stopped within %u ms",
				  l, STOP_TIMEOUT_MS);
			continue;
		}
		rte_eal_wait_lcore(l);
		worker_destroy(workers[l]);
		workers[l] = NULL;
	}
	return rc;
}

struct worker *
lcore_worker(unsigned int lcore)
{
	return lcore < RTE_MAX_LCORE ? workers[lcore] : NULL;
}

int
lcore_next(int lcore)
{
	for (lcore++; lcore < RTE_MAX_LCORE; lcore++)
		if (workers[lcore] != NULL)
			return lcore;
	return -1;
}

int
lcore_fail(unsigned int lcore)
{
	char list[512] = "";
	size_t used = 0;

	if (lcore < RTE_MAX_LCORE && lcore == rte_get_main_lcore())
		return fail_arg("core",
				"core %u is the main lcore, which runs commands; choose a worker",
				lcore);
	for (int l = lcore_next(-1); l >= 0 && used < sizeof(list); l = lcore_next(l))
		used += snprintf(list + used, sizeof(list) - used, "%s%d", used ? ", " : "", l);
	return fail_arg("core", "core %u is no worker of this process; its workers are: %s", lcore,
			used > 0 ? list : "none");
}

struct idle_change {
	unsigned int lcore;
	struct idle_policy old;
};

static void
idle_undo(void *arg)
{
	struct idle_change *change = arg;

	worker_set_idle(workers[change->lcore], &change->old);
}

int
lcore_set_idle(unsigned int lcore, const struct idle_policy *policy)
{
	struct idle_change *change;
	int rc;

	if (lcore_worker(lcore) == NULL)
		return lcore_fail(lcore);
	change = malloc(sizeof(*change));
	if (change == NULL)
		return fail(-ENOMEM, "no memory to change the idle policy of core %u", lcore);
	change->lcore = lcore;
	worker_get_idle(workers[lcore], &change->old);
	rc = txn_defer(free, change);
	if (rc != 0) {
		free(change);
		return rc;
	}
	rc = txn_undo(idle_undo, change);
	if (rc == 0)
		worker_set_idle(workers[lcore], policy);
	return rc;
}
