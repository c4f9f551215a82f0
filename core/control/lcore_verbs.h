/* SPDX-License-Identifier: BSD-3-Clause */
/* What commands change of the workers. [main] */
#ifndef LCORE_VERBS_H
#define LCORE_VERBS_H

#include <stdbool.h>

#include "idle.h"

/* Set the idle policy of a worker: in force at once, put back if the open transaction is refused.
 * -EINVAL for an lcore that is no worker, or -ENOMEM, with fail(). */
int lcore_set_idle(unsigned int lcore, const struct idle_policy *policy);

/* True if somebody has set the policy of that worker: it is not only the default. */
bool lcore_idle_is_set(unsigned int lcore);

/* Register the verb idle with the dispatcher.  -errno with fail(). */
int lcore_verbs_add(void);

#endif
