/* SPDX-License-Identifier: BSD-3-Clause */
/* What a worker does for one component: the data path. */
#ifndef BURST_H
#define BURST_H

#include "plan.h"

/* Pick the run function of each component of the plan, by what the component does: none of them
 * branches on configuration.  A plan is published only after this. [main] */
void burst_resolve(struct plan *plan);

#endif
