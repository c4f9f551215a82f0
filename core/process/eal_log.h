/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines that DPDK prints while it starts, kept back until it is known whether they matter.
 * [main] */
#ifndef EAL_LOG_H
#define EAL_LOG_H

#include <stdbool.h>

/* From now on keep back all that DPDK prints, except critical messages. */
void eal_log_hold(void);

/* The first line kept back, without the name of its subsystem: the cause of a failure; "" when no
 * line was kept back. */
const char *eal_log_cause(void);

/* Stop keeping lines back.  With say set, print the lines kept back, except those known to be
 * harmless. */
void eal_log_release(bool say);

#endif
