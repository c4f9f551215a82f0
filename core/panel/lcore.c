/* SPDX-License-Identifier: BSD-3-Clause */
/* The lcores of this process and their workers. */

#include <errno.h>
#include <stdio.h>

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "error.h"
#include "lcore.h"
#include "log.h"
#include "time_limits.h"
#include "worker.h"

#define STOP_TIMEOUT_MS 5000

uint32_t lcore_quiesce_ms = LIMIT_QUIESCE_MS;

static struct worker *workers[RTE_MAX_LCORE];

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
		policy = (struct idle_policy){.kind = IDLE_ADAPTIVE, .cap_us = IDLE_CAP_US_DEFAULT};
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
