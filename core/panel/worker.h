/* SPDX-License-Identifier: BSD-3-Clause */
/* The lcore loop and nothing else. */
#ifndef WORKER_H
#define WORKER_H

#include <rte_rcu_qsbr.h>
#include <stdbool.h>
#include <stdint.h>

#include "idle.h"
#include "plan.h"

struct worker {
	struct plan *plan; /* written by [main] with release, read by the worker with acquire */
	struct rte_rcu_qsbr *qsbr; /* one reader: this worker, thread id 0 */
	uint64_t idle;             /* policy in force, packed; written by [main], relaxed */
	bool stop;                 /* written by [main], relaxed */
	unsigned int lcore;
	int numa_node;
} __rte_cache_aligned;

/* Make a worker with an empty plan; NULL without memory. [main] */
struct worker *worker_create(unsigned int lcore, int numa_node, const struct idle_policy *idle);
void worker_destroy(struct worker *worker);

/* Set and read the policy in force.  [main] */
void worker_set_idle(struct worker *worker, const struct idle_policy *policy);
void worker_get_idle(const struct worker *worker, struct idle_policy *policy);

/* The loop, for rte_eal_remote_launch(): runs until worker->stop. [worker] */
int worker_loop(void *worker);

/* One pass over the plan, then quiescent: the body of the loop, also for benchmarks and tests.
 * Returns packets received. [worker] */
uint32_t worker_pass(struct worker *worker);

/* Let [main], tests or a benchmark stand in for the lcore around calls of worker_pass(). */
void worker_online(struct worker *worker);
void worker_offline(struct worker *worker);

#endif
