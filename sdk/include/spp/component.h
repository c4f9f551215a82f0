/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * spp/component.h: how a component decides where packets go.
 *
 * The host receives a burst from one rx attachment, applies its VLAN operation, calls process(),
 * scatters the packets by the output index written for each, applies the VLAN operations of the
 * tx attachments, transmits, and counts and frees what was dropped or not accepted.  The plugin
 * owns no packet, no port and no counter.
 *
 *	rx 0 -+                            +- tx 0   out[i] = 0
 *	rx 1 -+-> process(input, pkts) ----+- tx 1   out[i] = 1
 *	      |                            |         out[i] = SPP_GROUP(g)     one copy to each
 *	      +                            +- drop   out[i] = SPP_DROP(reason)
 */
#ifndef SPP_COMPONENT_H
#define SPP_COMPONENT_H

#include <rte_mbuf_core.h>
#include <rte_version.h>

#include <spp/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Number of tx attachments a component can have; output indices are below it. */
#define SPP_OUTPUT_MAX 1024
/* Number of groups a component can define; group numbers are below it. */
#define SPP_GROUP_MAX 8192
/* Number of drop reasons a component can name. */
#define SPP_DROP_MAX 32
/* "As many as there are" for rx_max and tx_max. */
#define SPP_MANY 0xffff

/* Values of out[] besides a plain output index. */
#define SPP_GROUP(group) ((uint16_t)(0x4000 | (group)))
#define SPP_DROP(reason) ((uint16_t)(0x8000 | (reason)))

/* One port attached to a component.  The structure is valid during the call that gets it; the index
 * stays the same until detach(). */
struct spp_attachment {
	const char *port; /* canonical form: `ring:3`, `phy:0 nq 1` */
	uint16_t dir;     /* SPP_RX or SPP_TX */
	uint16_t index;   /* input index (rx) or output index (tx) */
	uint32_t reserved0;
};

struct spp_component_ops {
	uint32_t size;

	/* Bytes of data path state, the `worker` below: allocated zeroed and cache-aligned on the
	 * NUMA node of the component's lcore, one per component. */
	uint32_t worker_size;

	/* Fewest attachments with which the component runs, and most that it accepts (SPP_MANY: no
	 * limit). */
	uint16_t rx_min, rx_max;
	uint16_t tx_min, tx_max;

	/* Names behind SPP_DROP(0), SPP_DROP(1) ...: counters and status show them. */
	const char *const *drop_reasons;
	uint32_t nb_drop_reasons;
	uint32_t reserved0;

	/* Options accepted by create(), as arguments of a grammar: `<ageing:UNSIGNED_INT> ...`.
	 * NULL if there are none. */
	const char *options;

	/* Make an instance.  *state goes to all functions below; NULL is fine.  self is valid
	 * until destroy() returns.  May be NULL. [main] */
	int (*create)(struct spp_component *self, void *worker, const struct spp_args *args,
		      void **state);
	/* Undo create().  No worker uses the instance any more.  May be NULL. [main] */
	void (*destroy)(void *state);

	/* A port is being attached: refuse the port or take note of it.  Packets may come from the
	 * port or go to it when the command has succeeded; if the command is refused, detach()
	 * follows.  May be NULL. [main] */
	int (*attach)(void *state, const struct spp_attachment *attachment);
	/* A port is being detached: forget the port and choose its index no more.  The index may be
	 * used again after the command.  detach() cannot fail.  It records with host->undo() how to
	 * put back what it drops (table entries, say) if the command is refused.  May be NULL.
	 * [main] */
	void (*detach)(void *state, const struct spp_attachment *attachment);

	/* Non-zero if the component may run once rx_min and tx_min are met.  The host asks when the
	 * ports of the component change and after host->component_touch().  A component that does
	 * not run leaves its packets in the rx ports.  NULL: it may always run. [main] */
	int (*is_ready)(void *state);

	/* Choose an output for each packet: write out[0..nb_pkts-1].  input is the index of the rx
	 * attachment the burst came from, 1 <= nb_pkts <= SPP_BURST_MAX.  Keep no pointer to
	 * packets.  NULL: every packet goes to output 0. [worker] */
	void (*process)(void *worker, uint16_t input, struct rte_mbuf **pkts, uint16_t nb_pkts,
			uint16_t *out);
};

/* Define the manifest and the entry function of a component plugin, at the end of its file:
 *
 *	SPP_COMPONENT(forward, "1.0", "everything from its rx port to its tx port", forward_plugin)
 *
 * plugin_table is a static const struct spp_plugin. */
#define SPP_COMPONENT(plugin_name, plugin_version, plugin_summary, plugin_table)                   \
	SPP_PLUGIN_DEFINE(SPP_KIND_COMPONENT, #plugin_name, plugin_version, plugin_summary,        \
			  plugin_table)

#ifdef __cplusplus
}
#endif

#endif
