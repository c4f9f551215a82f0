/* SPDX-License-Identifier: BSD-3-Clause */
/* Swap a plan in, wait for quiescence.  Plan -> publish -> quiescence -> retire. */
#ifndef PUBLISH_H
#define PUBLISH_H

#include "plan.h"
#include "worker.h"

/* Make plan the worker's and return the plan before, which may be in use until the worker has
 * passed a quiescent state.  [main] */
struct plan *publish_swap(struct worker *worker, struct plan *plan);

/* Wait until the worker has passed a quiescent state, at most timeout_ms.  0 or -ETIMEDOUT. [any]
 */
int publish_wait(struct worker *worker, uint32_t timeout_ms);

/* Wait for all workers of the process, one after the other, at most timeout_ms for each.  0, or
 * -ETIMEDOUT with the lcore id of the worker that is late in *stuck; fail() is not called.
 * [any] */
int publish_wait_all(uint32_t timeout_ms, unsigned int *stuck);

#endif
