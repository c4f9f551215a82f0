/* SPDX-License-Identifier: BSD-3-Clause */
/* Swap a plan in, wait for quiescence. */

#include <time.h>

#include <rte_cycles.h>

#include "error.h"
#include "lcore.h"
#include "publish.h"

/* Between two looks at a worker that has not answered yet. */
#define POLL_NS 20000

struct plan *
publish_swap(struct worker *worker, struct plan *plan)
{
	/* Release: the worker that reads the pointer sees a complete plan.  Pairs with the acquire
	 * in worker_pass().  What the worker does with the old plan ends before a quiescent state:
	 * see publish_wait(). */
	return __atomic_exchange_n(&worker->plan, plan, __ATOMIC_ACQ_REL);
}

int
publish_wait(struct worker *worker, uint32_t timeout_ms)
{
	uint64_t deadline = rte_get_timer_cycles() + timeout_ms * (rte_get_timer_hz() / 1000);
	uint64_t token = rte_rcu_qsbr_start(worker->qsbr);
	const struct timespec poll = {.tv_nsec = POLL_NS};

	/* The check acquires; pairs with the release in rte_rcu_qsbr_quiescent() of worker_pass()
	 * and in worker_offline(): reads of the worker through an old plan come before a release of
	 * that plan here. */
	while (rte_rcu_qsbr_check(worker->qsbr, token, false) == 0) {
		if (rte_get_timer_cycles() > deadline)
			return -ETIMEDOUT;
		nanosleep(&poll, NULL);
	}
	return 0;
}

int
publish_wait_all(uint32_t timeout_ms, unsigned int *stuck)
{
	for (int lcore = lcore_next(-1); lcore >= 0; lcore = lcore_next(lcore)) {
		int rc = publish_wait(lcore_worker(lcore), timeout_ms);

		if (rc != 0) {
			*stuck = lcore;
			return rc;
		}
	}
	return 0;
}
