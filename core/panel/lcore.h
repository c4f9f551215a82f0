/* SPDX-License-Identifier: BSD-3-Clause */
/* The lcores of this process: one main lcore that runs commands, and workers.  [main] */
#ifndef LCORE_H
#define LCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct worker;

enum idle_kind {
	IDLE_BUSY,     /* never yields the CPU */
	IDLE_YIELD,    /* sched_yield() after an empty pass */
	IDLE_ADAPTIVE, /* pause, then yield, then sleep 1, 2, 4 ... us up to the cap */
};

struct idle_policy {
	enum idle_kind kind;
	uint32_t cap_us; /* of IDLE_ADAPTIVE, 1..1000000 */
};

/* `busy`, `yield`, `adaptive:200us` (or `adaptive:200`, `adaptive:1ms`).  0 or -EINVAL. */
int idle_parse(const char *text, struct idle_policy *policy);
/* Writes `adaptive:200us`; returns out. */
char *idle_format(const struct idle_policy *policy, char *out, size_t size);

/* After rte_eal_init(): make a worker of every lcore but the main one, with the default policy
 * (busy when no other lcore shares a CPU with it, else adaptive:200us), and start their loops. */
int lcore_init(void);
/* Stop the loops and wait; -ETIMEDOUT with fail() naming the lcore that did not stop in time. */
int lcore_fini(void);

/* The worker of an lcore, NULL if it is none of this process's workers. */
struct worker *lcore_worker(unsigned int lcore);

/* Explain why that lcore cannot carry a component: fail_arg("core", ...), returns -EINVAL. */
int lcore_fail(unsigned int lcore);

/* Workers in ascending order of lcore id: first with lcore_next(-1); returns -1 after the last. */
int lcore_next(int lcore);

/* Policy of a worker: in force at once, put back if the open transaction is refused. */
int lcore_set_idle(unsigned int lcore, const struct idle_policy *policy);

/* How long a command waits for a worker, ms (default 2000). */
extern uint32_t lcore_quiesce_ms;

#endif
