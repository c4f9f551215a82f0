/* SPDX-License-Identifier: BSD-3-Clause */
/* Claims: which process and component uses a port in one direction, and how much went through it,
 * over all processes of the panel.  [main] */
#ifndef REGISTRY_CLAIMS_H
#define REGISTRY_CLAIMS_H

#include <stdint.h>

#include "stats.h"

/* Packets through one end of one port, over all its users so far. */
struct registry_totals {
	uint64_t packets;
	uint64_t dropped;
};

/* Claim one direction of a port (and queue) for a component.  *stats lies in shared memory and
 * belongs to the claim; only the worker of the component writes it, until registry_release().
 * -EBUSY with fail_arg("port rxtx") naming the holder. */
int registry_claim(const char *res_uid, uint16_t dir, const char *component,
		   struct attachment_stats **stats);
/* Give a claim back, once no worker can write its counters any more; the counters are added to the
 * port's totals. */
void registry_release(const char *res_uid, uint16_t dir);

/* The sum of all claims, past and present, of one direction of a port, over all its queues.  When
 * places run out, the past of a port that no claim uses is forgotten: first of one whose sum is
 * zero, then of the one claimed longest ago. */
void registry_totals(const char *type, uint32_t id, uint16_t dir, struct registry_totals *totals);
/* Primary: from now on registry_totals() counts from zero. */
void registry_clear_totals(void);

/* Under the lock: give back all claims of a process. */
void registry_release_all(int id);

#endif
