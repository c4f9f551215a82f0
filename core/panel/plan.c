/* SPDX-License-Identifier: BSD-3-Clause */
/* From the wanted components of an lcore to what its worker executes, in one block of memory. */

#include <assert.h>
#include <string.h>

#include "mem.h"
#include "plan.h"

/* Hands out aligned pieces of a block; with base NULL it only measures. */
struct block {
	char *base;
	size_t used;
};

static void *
block_take(struct block *block, size_t size)
{
	void *piece = block->base == NULL ? NULL : block->base + block->used;

	block->used += RTE_ALIGN_CEIL(size, RTE_CACHE_LINE_SIZE);
	return piece;
}

static uint16_t
no_port_burst(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	(void)queue;
	(void)pkts;
	(void)nb_pkts;
	return 0;
}

/* The highest output index + 1. */
static uint16_t
nb_outputs(const struct spp_component *c)
{
	uint16_t nb = 0;

	for (const struct attachment *a = c->tx; a != NULL; a = a->next)
		nb = RTE_MAX(nb, (uint16_t)(a->index + 1));
	return nb;
}

static bool
has_vlan(const struct spp_component *c)
{
	bool found = false;

	for (const struct attachment *a = c->rx; a != NULL; a = a->next)
		found |= a->vlan.kind != VLAN_NONE;
	for (const struct attachment *a = c->tx; a != NULL; a = a->next)
		found |= a->vlan.kind != VLAN_NONE;
	return found;
}

static void
fill_rx(struct plan_rx *rx, const struct spp_component *c)
{
	for (const struct attachment *a = c->rx; a != NULL; a = a->next, rx++) {
		rx->burst = a->io.burst;
		rx->queue = a->io.queue;
		rx->stats = a->stats;
		rx->vlan = a->vlan;
		rx->input = a->index;
	}
}

static void
fill_tx(struct plan_tx *tx, uint16_t nb_tx, const struct spp_component *c,
	struct attachment_stats *no_port)
{
	for (uint16_t i = 0; i < nb_tx; i++) {
		tx[i].burst = no_port_burst;
		tx[i].stats = no_port;
		tx[i].drop_reason = CORE_DROP_NO_OUTPUT;
	}
	for (const struct attachment *a = c->tx; a != NULL; a = a->next) {
		tx[a->index].burst = a->io.burst;
		tx[a->index].queue = a->io.queue;
		tx[a->index].stats = a->stats;
		tx[a->index].vlan = a->vlan;
		tx[a->index].drop_reason = CORE_DROP_TX_FULL;
	}
}

static bool
group_fits(const struct component_group *group, uint16_t nb_tx)
{
	for (uint16_t i = 0; group != NULL && i < group->nb_outputs; i++)
		if (group->outputs[i] >= nb_tx)
			return false;
	return true;
}

/* A group names attached outputs only, by the contract of detach().  A group that names another
 * output becomes empty in the plan, so that the worker need not check. */
static void
fill_groups(const struct component_group **groups, uint16_t nb_tx, const struct spp_component *c)
{
	for (uint16_t g = 0; g < c->nb_groups; g++)
		groups[g] = group_fits(c->groups[g], nb_tx) ? c->groups[g] : NULL;
}

static void
plan_component(struct block *block, struct plan *plan, const struct spp_component *c)
{
	uint16_t nb_tx = nb_outputs(c);
	struct plan_rx *rx = block_take(block, c->nb_rx * sizeof(*rx));
	struct plan_tx *tx = block_take(block, nb_tx * sizeof(*tx));
	const struct component_group **groups = block_take(block, c->nb_groups * sizeof(*groups));
	struct rte_mbuf **scatter = block_take(block, nb_tx * SPP_BURST_MAX * sizeof(*scatter));
	uint16_t *scatter_nb = block_take(block, nb_tx * sizeof(*scatter_nb));
	struct plan_component *out;

	if (plan == NULL)
		return;
	out = &plan->components[plan->nb_components++];
	fill_rx(rx, c);
	fill_tx(tx, nb_tx, c, &plan->no_port);
	fill_groups(groups, nb_tx, c);
	out->process = c->plugin->component.process;
	out->worker = c->worker;
	out->rx = rx;
	out->tx = tx;
	out->stats = c->stats;
	out->nb_rx = c->nb_rx;
	out->nb_tx = nb_tx;
	out->nb_groups = c->nb_groups;
	out->groups = groups;
	out->scatter = scatter;
	out->scatter_nb = scatter_nb;
	out->has_vlan = has_vlan(c);
	out->component = c;
}

static bool
is_planned(const struct spp_component *c, unsigned int lcore)
{
	return c->lcore == lcore && panel_can_run(c);
}

struct plan *
plan_build(struct spp_component *first, unsigned int lcore, int numa_node)
{
	struct block block = {0};
	struct plan *plan;
	uint32_t nb = 0;

	for (struct spp_component *c = first; c != NULL; c = c->next)
		if (is_planned(c, lcore))
			nb++;
	block_take(&block, sizeof(*plan) + nb * sizeof(plan->components[0]));
	for (struct spp_component *c = first; c != NULL; c = c->next)
		if (is_planned(c, lcore))
			plan_component(&block, NULL, c);

	plan = mem_zalloc(block.used, numa_node);
	if (plan == NULL)
		return NULL;
	block = (struct block){.base = (char *)plan};
	block_take(&block, sizeof(*plan) + nb * sizeof(plan->components[0]));
	for (struct spp_component *c = first; c != NULL; c = c->next)
		if (is_planned(c, lcore))
			plan_component(&block, plan, c);
	assert(plan->nb_components == nb);
	return plan;
}

void
plan_free(struct plan *plan)
{
	mem_free(plan);
}
