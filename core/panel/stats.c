/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of the core's drop reasons. */

#include "stats.h"

const char *
stats_core_drop_name(enum core_drop reason)
{
	static const char *const names[CORE_DROP_MAX] = {
		[CORE_DROP_TX_FULL] = "tx-full",
		[CORE_DROP_NO_OUTPUT] = "no-output",
		[CORE_DROP_NO_HEADROOM] = "no-headroom",
		[CORE_DROP_NO_MBUF] = "no-mbuf",
		[CORE_DROP_RUNT] = "runt",
		[CORE_DROP_REFERENCES] = "too-many-references",
	};

	return names[reason];
}
