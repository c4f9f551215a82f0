/* SPDX-License-Identifier: BSD-3-Clause */
/* One component's bursts: receive, VLAN, decide, scatter, VLAN, transmit, count; nothing else. */

#include <rte_mbuf.h>

#include "burst.h"

static_assert((int)CORE_DROP_NO_HEADROOM + (int)VLAN_NO_MBUF == (int)CORE_DROP_NO_MBUF &&
		      (int)CORE_DROP_NO_HEADROOM + (int)VLAN_RUNT == (int)CORE_DROP_RUNT,
	      "VLAN drops lie side by side in component_stats.core_drops");

static uint16_t
apply_vlan(const struct plan_component *c, const struct vlan_op *op, struct rte_mbuf **pkts,
	   uint16_t nb)
{
	return vlan_apply(op, pkts, nb, &c->stats->core_drops[CORE_DROP_NO_HEADROOM]);
}

/* A plugin's count is not trusted: one above the number asked for is no count of packets. */
static __rte_noinline void
count_bad(struct attachment_stats *stats)
{
	stats_add(&stats->bad_counts, 1);
}

/* The tx port has accepted another number of packets than nb: free the rest.  Returns how many
 * packets count as sent: all, after a bad count, because the plugin may own any of them. */
static __rte_noinline uint16_t
settle_unsent(const struct plan_component *c, const struct plan_tx *tx, struct rte_mbuf **pkts,
	      uint16_t nb, uint16_t sent)
{
	if (sent > nb) {
		count_bad(tx->stats);
		return nb;
	}
	stats_add(&tx->stats->dropped, nb - sent);
	stats_add(&c->stats->core_drops[tx->drop_reason], nb - sent);
	rte_pktmbuf_free_bulk(&pkts[sent], nb - sent);
	return sent;
}

static __rte_always_inline void
transmit(const struct plan_component *c, const struct plan_tx *tx, struct rte_mbuf **pkts,
	 uint16_t nb, const bool has_vlan)
{
	uint16_t sent;

	if (has_vlan)
		nb = apply_vlan(c, &tx->vlan, pkts, nb);
	sent = tx->burst(tx->queue, pkts, nb);
	if (unlikely(sent != nb))
		sent = settle_unsent(c, tx, pkts, nb, sent);
	stats_add(&tx->stats->packets, sent);
}

static uint64_t *
drop_counter(const struct plan_component *c, uint16_t out)
{
	if (out >= SPP_DROP(0) && out < SPP_DROP(SPP_DROP_MAX))
		return &c->stats->plugin_drops[out - SPP_DROP(0)];
	return &c->stats->core_drops[CORE_DROP_NO_OUTPUT];
}

static const struct component_group *
find_group(const struct plan_component *c, uint16_t out)
{
	uint16_t group = out - SPP_GROUP(0);

	/* The group number of a plain output has wrapped, that of a drop is out of range: neither
	 * passes. */
	return group < c->nb_groups ? c->groups[group] : NULL;
}

/* Most references of a buffer.  The count has 16 bits, and other lcores take references at the same
 * time: the upper half is room for them. */
#define REFERENCES_MAX 0x7fff

static bool
can_refer(const struct rte_mbuf *pkt, uint16_t nb)
{
	for (const struct rte_mbuf *seg = pkt; seg != NULL; seg = seg->next)
		if (rte_mbuf_refcnt_read(seg) + nb > REFERENCES_MAX)
			return false;
	return true;
}

static void
drop(struct rte_mbuf *pkt, uint64_t *counter)
{
	stats_add(counter, 1);
	rte_pktmbuf_free(pkt);
}

/* The outputs of a packet that goes to several, with a reference taken for each; NULL when it was
 * dropped instead.  Patches that lead a flood back into itself take references without end. */
static const struct component_group *
replicate(const struct plan_component *c, uint16_t out, struct rte_mbuf *pkt)
{
	const struct component_group *group = find_group(c, out);

	if (group == NULL) {
		drop(pkt, drop_counter(c, out));
		return NULL;
	}
	if (!can_refer(pkt, group->nb_outputs - 1)) {
		drop(pkt, &c->stats->core_drops[CORE_DROP_REFERENCES]);
		return NULL;
	}
	for (struct rte_mbuf *seg = pkt; seg != NULL; seg = seg->next)
		rte_mbuf_refcnt_update(seg, group->nb_outputs - 1);
	stats_add(&c->stats->copies, group->nb_outputs - 1);
	return group;
}

/* Scattering writes packets into rows, one per output, then transmits the rows.  The counts of all
 * rows share one register while there are at most FEW_OUTPUTS outputs, a byte for each: with counts
 * in memory every packet would wait for the store of the packet before. */

#define FEW_OUTPUTS 8
static_assert(SPP_BURST_MAX <= UINT8_MAX, "a byte counts the packets of a row");

static __rte_always_inline uint64_t
few_put(const struct plan_component *c, uint64_t counts, uint32_t out, struct rte_mbuf *pkt)
{
	c->scatter[out * SPP_BURST_MAX + (counts >> 8 * out & UINT8_MAX)] = pkt;
	return counts + (UINT64_C(1) << 8 * out);
}

static __rte_noinline uint64_t
few_special(const struct plan_component *c, uint64_t counts, uint16_t out, struct rte_mbuf *pkt)
{
	const struct component_group *group = replicate(c, out, pkt);

	for (uint16_t i = 0; group != NULL && i < group->nb_outputs; i++)
		counts = few_put(c, counts, group->outputs[i], pkt);
	return counts;
}

static __rte_always_inline void
scatter_few(const struct plan_component *c, struct rte_mbuf **pkts, const uint16_t *out,
	    uint16_t nb, const bool has_vlan)
{
	const uint16_t nb_tx = c->nb_tx;
	uint64_t counts = 0;

	for (uint16_t i = 0; i < nb; i++) {
		if (likely(out[i] < nb_tx))
			counts = few_put(c, counts, out[i], pkts[i]);
		else
			counts = few_special(c, counts, out[i], pkts[i]);
	}
	for (uint32_t o = 0; counts != 0; o++, counts >>= 8)
		if (counts & UINT8_MAX)
			transmit(c, &c->tx[o], &c->scatter[o * SPP_BURST_MAX], counts & UINT8_MAX,
				 has_vlan);
}

/* Any number of outputs: the counts are in memory, and a list names the rows that hold packets. */

static __rte_always_inline uint32_t
many_put(const struct plan_component *c, uint16_t *touched, uint32_t nb_touched, uint32_t out,
	 struct rte_mbuf *pkt)
{
	uint32_t n = c->scatter_nb[out];

	c->scatter[out * SPP_BURST_MAX + n] = pkt;
	c->scatter_nb[out] = n + 1;
	touched[nb_touched] = out;
	return nb_touched + (n == 0);
}

static __rte_noinline uint32_t
many_special(const struct plan_component *c, uint16_t *touched, uint32_t nb_touched, uint16_t out,
	     struct rte_mbuf *pkt)
{
	const struct component_group *group = replicate(c, out, pkt);

	for (uint16_t i = 0; group != NULL && i < group->nb_outputs; i++)
		nb_touched = many_put(c, touched, nb_touched, group->outputs[i], pkt);
	return nb_touched;
}

static __rte_always_inline void
scatter_many(const struct plan_component *c, struct rte_mbuf **pkts, const uint16_t *out,
	     uint16_t nb, const bool has_vlan)
{
	uint16_t touched[SPP_OUTPUT_MAX + 1]; /* the last is scratch for many_put() */
	const uint16_t nb_tx = c->nb_tx;
	uint32_t nb_touched = 0;

	for (uint16_t i = 0; i < nb; i++) {
		if (likely(out[i] < nb_tx))
			nb_touched = many_put(c, touched, nb_touched, out[i], pkts[i]);
		else
			nb_touched = many_special(c, touched, nb_touched, out[i], pkts[i]);
	}
	for (uint32_t i = 0; i < nb_touched; i++) {
		uint16_t o = touched[i];
		uint16_t n = c->scatter_nb[o];

		c->scatter_nb[o] = 0;
		transmit(c, &c->tx[o], &c->scatter[o * SPP_BURST_MAX], n, has_vlan);
	}
}

static bool
is_one_output(const uint16_t *out, uint16_t nb)
{
	uint16_t differs = 0;

	for (uint16_t i = 1; i < nb; i++)
		differs |= out[i] ^ out[0];
	return differs == 0;
}

/* What a component's plan decided once for all its bursts. */
enum way {
	WAY_PASS, /* everything to output 0 */
	WAY_FEW,  /* process(), up to FEW_OUTPUTS outputs */
	WAY_MANY, /* process(), more outputs */
};

static __rte_always_inline void
decide(const struct plan_component *c, uint16_t input, struct rte_mbuf **pkts, uint16_t nb,
       const enum way way, const bool has_vlan)
{
	uint16_t out[SPP_BURST_MAX];

	c->process(c->worker, input, pkts, nb, out);
	if (out[0] < c->nb_tx && is_one_output(out, nb))
		transmit(c, &c->tx[out[0]], pkts, nb, has_vlan);
	else if (way == WAY_FEW)
		scatter_few(c, pkts, out, nb, has_vlan);
	else
		scatter_many(c, pkts, out, nb, has_vlan);
}

static __rte_always_inline uint32_t
run(const struct plan_component *c, const enum way way, const bool has_vlan)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	uint32_t received = 0;

	for (uint16_t i = 0; i < c->nb_rx; i++) {
		const struct plan_rx *rx = &c->rx[i];
		uint16_t nb = rx->burst(rx->queue, pkts, SPP_BURST_MAX);

		if (nb == 0)
			continue;
		if (unlikely(nb > SPP_BURST_MAX)) {
			count_bad(rx->stats);
			continue;
		}
		received += nb;
		stats_add(&rx->stats->packets, nb);
		if (has_vlan)
			nb = apply_vlan(c, &rx->vlan, pkts, nb);
		if (has_vlan && nb == 0)
			continue;
		if (way == WAY_PASS)
			transmit(c, &c->tx[0], pkts, nb, has_vlan);
		else
			decide(c, rx->input, pkts, nb, way, has_vlan);
	}
	return received;
}

#define RUN(name, way, has_vlan)                                                                   \
	static uint32_t name(const struct plan_component *c)                                       \
	{                                                                                          \
		return run(c, way, has_vlan);                                                      \
	}

RUN(run_pass, WAY_PASS, false)
RUN(run_pass_vlan, WAY_PASS, true)
RUN(run_few, WAY_FEW, false)
RUN(run_few_vlan, WAY_FEW, true)
RUN(run_many, WAY_MANY, false)
RUN(run_many_vlan, WAY_MANY, true)

static void
resolve(struct plan_component *component)
{
	const bool has_vlan = component->has_vlan;

	if (component->process == NULL)
		component->run = has_vlan ? run_pass_vlan : run_pass;
	else if (component->nb_tx <= FEW_OUTPUTS)
		component->run = has_vlan ? run_few_vlan : run_few;
	else
		component->run = has_vlan ? run_many_vlan : run_many;
}

void
burst_resolve(struct plan *plan)
{
	for (uint32_t i = 0; i < plan->nb_components; i++)
		resolve(&plan->components[i]);
}
