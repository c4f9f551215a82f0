/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * spp/port.h: how packets enter and leave the panel.
 *
 * A port plugin named `ring` drives the ports `ring:0`, `ring:1` ...  A port is opened when it is
 * first attached to a component and closed when the last attachment is gone, unless the plugin
 * lists it: then it exists from the start of the process to its end.
 *
 * Per process, a direction of a queue is attached to at most one component, so rx() and tx() of
 * one queue are each called by one lcore at a time; the host sees to that.
 */
#ifndef SPP_PORT_H
#define SPP_PORT_H

#include <rte_mbuf_core.h>
#include <rte_version.h>

#include <spp/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Receive or transmit a burst with DPDK's meaning: returns how many packets were received, or
 * accepted; the caller keeps and frees those not accepted.  queue is what attach() gave.
 * Must be callable whatever state the device is in. [worker] */
typedef uint16_t (*spp_burst_fn)(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts);

/* The data path of one direction of one queue. */
struct spp_port_queue {
	spp_burst_fn burst;
	void *queue;
};

struct spp_port_ops {
	uint32_t size;

	/* Where this type stands in lists of ports: ascending, then by name. */
	uint32_t rank;

	/* Options accepted by open(), as arguments of a grammar, see <spp/component.h>; they come
	 * from the configuration of the process.  NULL for none. */
	const char *options;

	/* Ids of ports that exist without being attached: writes up to max ids in ascending order,
	 * returns how many there are.  Called once, after rte_eal_init().  NULL: none. [main] */
	uint32_t (*list)(uint32_t *ids, uint32_t max);

	/* Get hold of port `id`; *port goes to the functions below. [main] */
	int (*open)(uint32_t id, const struct spp_args *args, void **port);
	/* Let it go; nothing is attached any more.  May be NULL. [main] */
	void (*close)(void *port);

	/* Number of queues of a direction; NULL: one each way. [main] */
	uint16_t (*nb_queues)(void *port, uint16_t dir);

	/* Fill in the data path of a direction of a queue.  queue < nb_queues. [main] */
	int (*attach)(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out);
	/* No worker uses it any more.  Cannot fail.  May be NULL. [main] */
	void (*detach)(void *port, uint16_t dir, uint16_t queue);
};

/* Define the manifest and the entry function of a port plugin, see SPP_COMPONENT(). */
#define SPP_PORT(plugin_name, plugin_version, plugin_summary, plugin_table)                        \
	SPP_PLUGIN_DEFINE(SPP_KIND_PORT, #plugin_name, plugin_version, plugin_summary, plugin_table)

#ifdef __cplusplus
}
#endif

#endif
