/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * spp/port.h: how packets enter and leave the panel.
 *
 * A port plugin named `ring` drives the ports `ring:0`, `ring:1` ...  A port is opened when it is
 * first attached to a component and closed when the last attachment is gone, unless the plugin
 * lists it: then it exists from the start of the process to its end.
 *
 * The host attaches a direction of a queue to at most one component of the process, so one lcore at
 * a time calls the burst function of that direction.
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
 * accepted; the caller keeps and frees the packets that were not.  queue is what attach() gave.
 * Each of the received pkts[] points to a packet; the host does not check that.  A number above
 * nb_pkts is a fault, which status and log report: the host takes it that rx has received nothing,
 * and tx has accepted all.
 * The function must be callable in every state of the device. [worker] */
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

	/* Options accepted by open(), as arguments of a grammar, see <spp/component.h>.  The
	 * configuration of the process gives their values.  NULL if there are none. */
	const char *options;

	/* Ids of ports that exist without being attached: write up to max ids in ascending order,
	 * return how many such ports there are.  Called once, after rte_eal_init().  NULL: no such
	 * ports. [main] */
	uint32_t (*list)(uint32_t *ids, uint32_t max);

	/* Get hold of port `id`; *port goes to the functions below. [main] */
	int (*open)(uint32_t id, const struct spp_args *args, void **port);
	/* Let the port go; no queue of it is attached any more.  May be NULL. [main] */
	void (*close)(void *port);

	/* Number of queues of a direction; NULL: one each way. [main] */
	uint16_t (*nb_queues)(void *port, uint16_t dir);

	/* Fill in the data path of a direction of a queue.  queue < nb_queues. [main] */
	int (*attach)(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out);
	/* No worker uses that data path any more.  Cannot fail.  May be NULL. [main] */
	void (*detach)(void *port, uint16_t dir, uint16_t queue);

	/* *nb: how often the port found no packet buffer to receive into, since it was opened.
	 * 0, or a negative errno value when this process cannot tell; no host->fail().  NULL: the
	 * port needs no buffers, or does not count.  Called about once a second and for status;
	 * must not wait.  Since 0.2. [main] */
	int (*get_nombuf)(void *port, uint64_t *nb);
};

/* Define the manifest and the entry function of a port plugin, see SPP_COMPONENT(). */
#define SPP_PORT(plugin_name, plugin_version, plugin_summary, plugin_table)                        \
	SPP_PLUGIN_DEFINE(SPP_KIND_PORT, #plugin_name, plugin_version, plugin_summary, plugin_table)

#ifdef __cplusplus
}
#endif

#endif
