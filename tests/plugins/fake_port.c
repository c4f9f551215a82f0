/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fake_port: queues in memory.  What is transmitted waits for fake_port_ext.take(), or, with the
 * option loop=on, comes back by rx of the same queue.
 */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <rte_mbuf.h>

#include <spp/port.h>

#include "fake_port.h"

/* One writer, one reader: head is the reader's, tail the writer's. */
struct fifo {
	uint32_t head, tail;
	struct rte_mbuf *pkts[FAKE_PORT_DEPTH];
};

struct queue {
	struct fifo rx, tx;
};

struct fake_port {
	bool loop;
	int nb_open;
	uint16_t nb_queues;
	struct queue queues[FAKE_PORT_QUEUES_MAX];
};

static struct fake_port ports[FAKE_PORT_MAX];

/* Data path */

static uint16_t
fifo_put(struct fifo *fifo, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	uint32_t tail = fifo->tail;
	/* Pairs with the release in fifo_take(). */
	uint32_t room = FAKE_PORT_DEPTH - (tail - __atomic_load_n(&fifo->head, __ATOMIC_ACQUIRE));
	uint16_t nb = nb_pkts < room ? nb_pkts : (uint16_t)room;

	for (uint16_t i = 0; i < nb; i++)
		fifo->pkts[tail++ % FAKE_PORT_DEPTH] = pkts[i];
	/* Pairs with the acquire in fifo_take(). */
	__atomic_store_n(&fifo->tail, tail, __ATOMIC_RELEASE);
	return nb;
}

static uint16_t
fifo_take(struct fifo *fifo, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	uint32_t head = fifo->head;
	/* Pairs with the release in fifo_put(). */
	uint32_t waiting = __atomic_load_n(&fifo->tail, __ATOMIC_ACQUIRE) - head;
	uint16_t nb = nb_pkts < waiting ? nb_pkts : (uint16_t)waiting;

	for (uint16_t i = 0; i < nb; i++)
		pkts[i] = fifo->pkts[head++ % FAKE_PORT_DEPTH];
	/* Pairs with the acquire in fifo_put(). */
	__atomic_store_n(&fifo->head, head, __ATOMIC_RELEASE);
	return nb;
}

static uint16_t
fake_port_rx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	return fifo_take(queue, pkts, nb_pkts);
}

static uint16_t
fake_port_tx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	return fifo_put(queue, pkts, nb_pkts);
}

/* Control */

static int
fake_port_open(uint32_t id, const struct spp_args *args, void **port)
{
	const char *loop = spp_host->arg_str(args, "loop");
	uint64_t nb_queues = 1;

	if (id >= FAKE_PORT_MAX)
		return spp_host->fail(spp_host, -ENODEV, "port fake_port:%u: ids are 0 to %u", id,
				      FAKE_PORT_MAX - 1);
	if (spp_host->arg_u64(args, "queues", &nb_queues) == -EINVAL)
		return -EINVAL;
	if (nb_queues < 1 || nb_queues > FAKE_PORT_QUEUES_MAX)
		return spp_host->fail_arg(spp_host, "queues", "%llu is not 1 to %u",
					  (unsigned long long)nb_queues, FAKE_PORT_QUEUES_MAX);
	ports[id].loop = loop != NULL && strcmp(loop, "on") == 0;
	ports[id].nb_queues = (uint16_t)nb_queues;
	ports[id].nb_open++;
	*port = &ports[id];
	return 0;
}

static void
fifo_drop(struct fifo *fifo)
{
	struct rte_mbuf *pkt;

	while (fifo_take(fifo, &pkt, 1) == 1)
		rte_pktmbuf_free(pkt);
}

static void
fake_port_close(void *port)
{
	struct fake_port *self = port;

	for (uint16_t i = 0; i < FAKE_PORT_QUEUES_MAX; i++) {
		fifo_drop(&self->queues[i].rx);
		fifo_drop(&self->queues[i].tx);
	}
	self->nb_open--;
}

static uint16_t
fake_port_nb_queues(void *port, uint16_t dir)
{
	const struct fake_port *self = port;

	(void)dir;
	return self->nb_queues;
}

static int
fake_port_attach(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out)
{
	struct fake_port *self = port;
	struct queue *q = &self->queues[queue];

	out->burst = dir == SPP_RX ? fake_port_rx : fake_port_tx;
	out->queue = dir == SPP_RX || self->loop ? &q->rx : &q->tx;
	return 0;
}

/* The far end */

static uint16_t
fake_port_put(uint32_t id, uint16_t queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	return fifo_put(&ports[id].queues[queue].rx, pkts, nb_pkts);
}

static uint16_t
fake_port_take(uint32_t id, uint16_t queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	return fifo_take(&ports[id].queues[queue].tx, pkts, nb_pkts);
}

static int
fake_port_nb_open(uint32_t id)
{
	return ports[id].nb_open;
}

static const struct fake_port_ext fake_port_ext = {
	.size = sizeof(fake_port_ext),
	.put = fake_port_put,
	.take = fake_port_take,
	.nb_open = fake_port_nb_open,
};

static const void *
fake_port_get_extension(const char *id)
{
	return strcmp(id, FAKE_PORT_EXT) == 0 ? &fake_port_ext : NULL;
}

/* Registration */

static const struct spp_port_ops fake_port_ops = {
	.size = sizeof(fake_port_ops),
	.rank = 100,
	.options = "<queues:UNSIGNED_INT> <loop:on|off>",
	.open = fake_port_open,
	.close = fake_port_close,
	.nb_queues = fake_port_nb_queues,
	.attach = fake_port_attach,
};

static const struct spp_plugin fake_port_plugin = {
	.size = sizeof(fake_port_plugin),
	.port = &fake_port_ops,
	.get_extension = fake_port_get_extension,
};

SPP_PORT(fake_port, "1.0", "queues in memory", fake_port_plugin)
