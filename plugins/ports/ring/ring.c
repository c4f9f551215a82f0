/* SPDX-License-Identifier: BSD-3-Clause */
/* ring: rings of mbuf pointers in shared memory, from one component to the next. */

#include <stdio.h>
#include <string.h>

#include <rte_memzone.h>

#include <spp/ext/status.h>
#include <spp/port.h>
#include <spp/ring.h>

/* Data path: the queue is the ring itself */

static uint16_t
ring_rx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	return spp_ring_take(queue, pkts, nb_pkts);
}

static uint16_t
ring_tx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	return spp_ring_put(queue, pkts, nb_pkts);
}

/* Control */

/* The process that creates the rings owns them.  Opening a port finds its ring, and there is
 * nothing to close. */
static int
ring_open(uint32_t id, const struct spp_args *args, void **port)
{
	char name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;

	(void)args;
	snprintf(name, sizeof(name), SPP_RING_NAME_FORMAT, id);
	zone = rte_memzone_lookup(name);
	if (zone == NULL)
		return spp_host->fail_arg(spp_host, "port",
					  "ring:%u does not exist; use a lower number or restart "
					  "with more rings",
					  id);
	*port = zone->addr;
	return 0;
}

static int
ring_attach(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out)
{
	(void)queue;
	out->burst = dir == SPP_RX ? ring_rx : ring_tx;
	out->queue = port;
	return 0;
}

static void
ring_instance_status(void *instance, struct spp_reply *reply)
{
	const struct spp_ring *ring = instance;

	spp_host->reply_u64(reply, "capacity", ring->size);
	spp_host->reply_u64(reply, "used", spp_ring_used(ring));
}

/* Registration */

static const struct spp_status_ext ring_status = {
	.size = sizeof(ring_status),
	.instance_status = ring_instance_status,
};

static const void *
ring_get_extension(const char *id)
{
	return strcmp(id, SPP_EXT_STATUS) == 0 ? &ring_status : NULL;
}

static const struct spp_port_ops ring_ops = {
	.size = sizeof(ring_ops),
	.rank = 30,
	.open = ring_open,
	.attach = ring_attach,
};

static const struct spp_plugin ring_plugin = {
	.size = sizeof(ring_plugin),
	.port = &ring_ops,
	.get_extension = ring_get_extension,
};

SPP_PORT(ring, "1.0", "rings shared by components and processes", ring_plugin)
