/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Counters of components and attachments.  One worker writes each, anybody reads: aligned 64-bit
 * values, written with relaxed stores.
 *
 * The balance, at every quiescent moment of a component:
 *	sum of rx packets + copies = sum of tx packets + sum of all drops
 *
 * where the sums include attachments that are gone (component->nb_detached).
 */
#ifndef STATS_H
#define STATS_H

#include <rte_common.h>
#include <stdint.h>

#include <spp/component.h>

/* Reasons for which the core itself drops a packet; their names: stats_core_drop_name(). */
enum core_drop {
	CORE_DROP_TX_FULL,     /* the tx port did not accept it */
	CORE_DROP_NO_OUTPUT,   /* its output has no port, or its group is empty */
	CORE_DROP_NO_HEADROOM, /* no room for a VLAN tag */
	CORE_DROP_NO_MBUF,     /* no buffer for a private copy */
	CORE_DROP_RUNT,        /* shorter than the header a VLAN operation needs */
	CORE_DROP_REFERENCES,  /* a group would take more references of its buffer than there may be
				*/
	CORE_DROP_MAX,
};

struct attachment_stats {
	uint64_t packets;    /* received from, or accepted by, the port */
	uint64_t dropped;    /* tx: not accepted (part of the component's tx-full) */
	uint64_t bad_counts; /* bursts whose burst function returned more than it was asked for */
} __rte_cache_aligned;

struct component_stats {
	uint64_t copies; /* packets that replication made out of one */
	uint64_t core_drops[CORE_DROP_MAX];
	uint64_t plugin_drops[SPP_DROP_MAX];
} __rte_cache_aligned;

/* For the one writer: a reader sees the old or the new value. */
static inline void
stats_add(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

static inline uint64_t
stats_get(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

const char *stats_core_drop_name(enum core_drop reason);

#endif
