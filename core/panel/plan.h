/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The immutable list of what one lcore executes, built from the components; nobody changes a plan
 * in use.
 */
#ifndef PLAN_H
#define PLAN_H

#include <rte_common.h>
#include <stdbool.h>
#include <stdint.h>

#include "calls.h"
#include "panel.h"
#include "stats.h"
#include "vlan.h"

struct plan_rx {
	spp_burst_fn burst;
	void *queue;
	struct attachment_stats *stats;
	struct vlan_op vlan;
	uint16_t input;
};

struct plan_tx {
	spp_burst_fn burst; /* for an index without a port: takes no packet */
	void *queue;
	struct attachment_stats *stats; /* for an index without a port: no_port of the plan */
	struct vlan_op vlan;
	uint16_t drop_reason; /* enum core_drop, for what burst() does not take */
};

struct plan_component {
	/* Receive one burst from each rx port and pass it on; returns packets received. */
	uint32_t (*run)(const struct plan_component *component);
	void (*process)(void *worker, uint16_t input, struct rte_mbuf **pkts, uint16_t nb_pkts,
			uint16_t *out);
	void *worker;
	const struct plan_rx *rx;
	const struct plan_tx *tx; /* by output index, with gaps */
	struct component_stats *stats;
	uint16_t nb_rx;
	uint16_t nb_tx; /* highest output index + 1 */
	uint16_t nb_groups;
	bool has_vlan;                               /* an attachment has a VLAN operation */
	const struct component_group *const *groups; /* entries may be NULL: empty */
	struct rte_mbuf **scatter;                   /* nb_tx rows of SPP_BURST_MAX */
	uint16_t *scatter_nb;                        /* packets in each row; 0 between bursts */
	const struct spp_component *component; /* for words about the worker, no burst reads it */
};

struct plan {
	uint32_t nb_components;
	struct call retire;              /* of whoever frees the plan after use */
	struct attachment_stats no_port; /* behind indices without a port */
	struct plan_component components[];
};

/* Build the plan of an lcore from its ready components, in memory of that NUMA node.  The caller
 * owns the plan, and calls burst_resolve() before a worker runs the plan.  NULL without memory.
 * Pure but for the allocation.  [main] */
struct plan *plan_build(struct spp_component *first, unsigned int lcore, int numa_node);
void plan_free(struct plan *plan);

#endif
