/* SPDX-License-Identifier: BSD-3-Clause */
/* The lcores of this process: one main lcore that runs commands, and workers.  [main] */
#ifndef LCORE_H
#define LCORE_H

#include <stdint.h>

struct worker;

/* After rte_eal_init(): make a worker of every lcore but the main one, with the default policy
 * (busy when no other lcore shares a CPU with it, else adaptive:200us), and start their loops. */
int lcore_init(void);
/* Stop the loops and wait; -ETIMEDOUT with fail() naming the lcore that did not stop in time. */
int lcore_fini(void);

/* The worker of an lcore; NULL if that lcore is no worker of this process. */
struct worker *lcore_worker(unsigned int lcore);

/* Explain why that lcore cannot carry a component: fail_arg("core", ...), returns -EINVAL. */
int lcore_fail(unsigned int lcore);

/* Workers in ascending order of lcore id: first with lcore_next(-1); returns -1 after the last. */
int lcore_next(int lcore);

/* How long a command waits for a worker, ms (default LIMIT_QUIESCE_MS). */
extern uint32_t lcore_quiesce_ms;

#endif
