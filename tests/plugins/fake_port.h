/* SPDX-License-Identifier: BSD-3-Clause */
/* The far end of fake_port's queues, for tests: plugin->table.get_extension(FAKE_PORT_EXT). */
#ifndef FAKE_PORT_H
#define FAKE_PORT_H

#include <stdint.h>

#define FAKE_PORT_EXT "test.fake_port/1"
#define FAKE_PORT_MAX 16       /* ids are below it */
#define FAKE_PORT_QUEUES_MAX 4 /* of a port */
#define FAKE_PORT_DEPTH 1024   /* packets that wait in a queue */

struct rte_mbuf;

struct fake_port_ext {
	uint32_t size;
	uint32_t reserved0;

	/* Put packets where rx finds them; take packets that tx was given.  Returns the number of
	 * packets.  Only while no worker uses the queue. */
	uint16_t (*put)(uint32_t id, uint16_t queue, struct rte_mbuf **pkts, uint16_t nb_pkts);
	uint16_t (*take)(uint32_t id, uint16_t queue, struct rte_mbuf **pkts, uint16_t nb_pkts);

	/* How often the port was opened less how often it was closed. */
	int (*nb_open)(uint32_t id);
};

#endif
