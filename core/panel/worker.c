/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop of an lcore, and what it does when nothing arrives. */

#include <sched.h>
#include <sys/prctl.h>
#include <time.h>

#include <rte_lcore.h>
#include <rte_pause.h>

#include "mem.h"
#include "worker.h"

/* Empty passes of IDLE_ADAPTIVE before it yields, and before it sleeps. */
#define IDLE_SPINS 64
#define IDLE_YIELDS 64

uint32_t
worker_pass(struct worker *worker)
{
	/* Pairs with the release in publish_swap(). */
	const struct plan *plan = __atomic_load_n(&worker->plan, __ATOMIC_ACQUIRE);
	uint32_t received = 0;

	for (uint32_t i = 0; i < plan->nb_components; i++)
		received += plan->components[i].run(&plan->components[i]);
	/* Pairs with the check in publish_wait(). */
	rte_rcu_qsbr_quiescent(worker->qsbr, 0);
	return received;
}

/* Idle policy */

static uint64_t
idle_word(const struct idle_policy *policy)
{
	return (uint64_t)policy->kind << 32 | policy->cap_us;
}

void
worker_set_idle(struct worker *worker, const struct idle_policy *policy)
{
	__atomic_store_n(&worker->idle, idle_word(policy), __ATOMIC_RELAXED);
}

void
worker_get_idle(const struct worker *worker, struct idle_policy *policy)
{
	uint64_t word = __atomic_load_n(&worker->idle, __ATOMIC_RELAXED);

	policy->kind = (enum idle_kind)(word >> 32);
	policy->cap_us = (uint32_t)word;
}

/* Sleep 1, 2, 4 ... us with the number of empty passes, at most the cap. */
static void
idle_sleep(uint32_t nb_sleeps, uint32_t cap_us)
{
	uint32_t us = nb_sleeps < 20 ? 1u << nb_sleeps : cap_us;
	struct timespec ts;

	us = RTE_MIN(us, cap_us);
	ts.tv_sec = us / 1000000;
	ts.tv_nsec = us % 1000000 * 1000L;
	nanosleep(&ts, NULL);
}

/* What the worker does after the nb_empty-th empty pass in a row.  The worker is offline while it
 * gives the CPU away: a worker that does not run must not keep a command waiting. */
static void
idle(struct worker *worker, uint32_t nb_empty)
{
	struct idle_policy policy;

	worker_get_idle(worker, &policy);
	if (policy.kind == IDLE_BUSY)
		return;
	if (policy.kind == IDLE_ADAPTIVE && nb_empty < IDLE_SPINS) {
		rte_pause();
		return;
	}
	worker_offline(worker);
	if (policy.kind == IDLE_YIELD || nb_empty < IDLE_SPINS + IDLE_YIELDS)
		sched_yield();
	else
		idle_sleep(nb_empty - IDLE_SPINS - IDLE_YIELDS, policy.cap_us);
	worker_online(worker);
}

int
worker_loop(void *arg)
{
	struct worker *worker = arg;
	uint32_t nb_empty = 0;

	/* Without this the kernel stretches each sleep by up to 50 us. */
	prctl(PR_SET_TIMERSLACK, 1UL);
	worker_online(worker);
	while (!__atomic_load_n(&worker->stop, __ATOMIC_RELAXED)) {
		if (worker_pass(worker) > 0) {
			nb_empty = 0;
			continue;
		}
		idle(worker, nb_empty);
		nb_empty += nb_empty < UINT32_MAX;
	}
	worker_offline(worker);
	return 0;
}

/* Control */

void
worker_online(struct worker *worker)
{
	rte_rcu_qsbr_thread_online(worker->qsbr, 0);
}

void
worker_offline(struct worker *worker)
{
	rte_rcu_qsbr_thread_offline(worker->qsbr, 0);
}

struct worker *
worker_create(unsigned int lcore, int numa_node, const struct idle_policy *policy)
{
	struct worker *worker = mem_zalloc(sizeof(*worker), numa_node);

	if (worker == NULL)
		return NULL;
	worker->lcore = lcore;
	worker->numa_node = numa_node;
	worker_set_idle(worker, policy);
	worker->qsbr = mem_zalloc(rte_rcu_qsbr_get_memsize(1), numa_node);
	worker->plan = plan_build(NULL, lcore, numa_node);
	if (worker->qsbr == NULL || worker->plan == NULL) {
		worker_destroy(worker);
		return NULL;
	}
	rte_rcu_qsbr_init(worker->qsbr, 1);
	rte_rcu_qsbr_thread_register(worker->qsbr, 0);
	return worker;
}

void
worker_destroy(struct worker *worker)
{
	if (worker == NULL)
		return;
	plan_free(worker->plan);
	mem_free(worker->qsbr);
	mem_free(worker);
}
