/* SPDX-License-Identifier: BSD-3-Clause */
/* DPDK's environment: its options, its failures in our words, the removal of its files.  [main] */
#ifndef EAL_H
#define EAL_H

#include "config.h"
#include "process.h"

/* EAL's own prefix, of a panel that was given none. */
#define EAL_PREFIX_DEFAULT "rte"

/* rte_eal_init() with the options of the configuration, which are first, then those of the command
 * line.  Options that DPDK has renamed are translated, with a warning.  For a process that runs
 * alone, prefix is the --file-prefix unless one of them gives another.  A primary ends those that
 * have outlived an earlier one, a secondary looks for a living primary, before DPDK starts.
 * Afterwards this thread touches no mempool cache.  -errno with fail(): also when a --vdev did not
 * come up. */
int eal_init(const struct process_options *options, const char *prefix,
	     const struct config_strings *first);

/* The --file-prefix in force, after eal_init(). */
const char *eal_prefix(void);

/* Undo it, the runtime directory included.  A secondary only removes its own files there: DPDK's
 * clean-up would remove devices that the primary owns. */
void eal_fini(void);

#endif
