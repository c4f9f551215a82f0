/* SPDX-License-Identifier: BSD-3-Clause */
/* Swap a plan in, wait for quiescence.  Plan -> publish -> quiescence -> retire. */
#ifndef PUBLISH_H
#define PUBLISH_H

#include "plan.h"
#include "worker.h"

/* Make plan the worker's, return the one it replaces; that may be in use until the worker has
 * passed a quiescent state. [main] */
struct plan *publish_swap(struct worker *worker, struct plan *plan);

/* Wait until the worker has passed a quiescent state, at most timeout_ms.  0 or -ETIMEDOUT. [any]
 */
int publish_wait(struct worker *worker, uint32_t timeout_ms);

/* The same for all workers of the process; the sentence of fail() names the stuck lcore only when
 * called on [main].  *stuck is its lcore id. [any] */
int publish_wait_all(uint32_t timeout_ms, unsigned int *stuck);

#endif
