/* SPDX-License-Identifier: BSD-3-Clause */
/* What DPDK prints while it starts, kept back until it is known whether that matters.  [main] */
#ifndef EAL_LOG_H
#define EAL_LOG_H

#include <stdbool.h>

/* Keep back all that DPDK prints from now on, except what is critical. */
void eal_log_hold(void);

/* The first line kept back, without who said it: the cause of a failure; "" without one. */
const char *eal_log_cause(void);

/* Print as before.  With say set, also the lines kept back, but not what is known to be harmless.
 */
void eal_log_release(bool say);

#endif
