/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vhost: vhost-user sockets of virtual machines, by librte_vhost in this process.
 *
 * [main] opens and closes ports, workers follow the vid of the peer that is served, and the threads
 * of the library say which peers come and go: see vhost_peers.h.
 */

#include <errno.h>
#include <inttypes.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <rte_ether.h>
#include <rte_mbuf.h>
#include <rte_vhost.h>

#include <spp/ext/status.h>
#include <spp/port.h>

#include "vhost_closing.h"
#include "vhost_options.h"
#include "vhost_peers.h"
#include "vhost_socket.h"

#define BIT(n) (1ULL << (n))

/* Offered to the guest, as far as librte_vhost has it: one pair of split rings, whose entries are
 * frames as they go by a wire.  README.md says why the rest is not offered. */
#define FEATURES                                                                                   \
	(BIT(VIRTIO_F_VERSION_1) | BIT(VIRTIO_F_ANY_LAYOUT) | BIT(VIRTIO_RING_F_EVENT_IDX) |       \
	 BIT(VIRTIO_NET_F_MTU) | BIT(VIRTIO_NET_F_CTRL_VQ) | BIT(VIRTIO_NET_F_CTRL_RX) |           \
	 BIT(VIRTIO_NET_F_GUEST_ANNOUNCE) | BIT(VHOST_USER_F_PROTOCOL_FEATURES))

/* Offered to the process at the other end of the socket. */
#define PROTOCOL_FEATURES                                                                          \
	(BIT(VHOST_USER_PROTOCOL_F_MQ) | BIT(VHOST_USER_PROTOCOL_F_RARP) |                         \
	 BIT(VHOST_USER_PROTOCOL_F_REPLY_ACK) | BIT(VHOST_USER_PROTOCOL_F_NET_MTU) |               \
	 BIT(VHOST_USER_PROTOCOL_F_STATUS))

/* Written by the worker that has the direction, read by [main]. */
struct vhost_counters {
	uint64_t packets;
	uint64_t runts;     /* received, but without a whole Ethernet header */
	uint64_t no_peer;   /* not sent: there is no peer */
	uint64_t ring_full; /* not sent: the guest has no room, or its ring makes no sense */
	uint64_t nombuf;    /* bursts for which the pool had no buffers */
} __rte_cache_aligned;

struct vhost_port {
	struct rte_mempool *pool;
	struct vhost_peers peers; /* the vid first, in the cache line of the pool */
	struct vhost_counters rx, tx;
	struct vhost_socket socket;
	struct vhost_closing closing;
};

/* Data path: the queue is the port */

static inline void
count(uint64_t *counter, uint64_t nb)
{
	__atomic_store_n(counter, *counter + nb, __ATOMIC_RELAXED);
}

/* Number of packets that are left.  Components read the Ethernet header of every packet. */
static uint16_t
drop_runts(struct vhost_port *port, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	uint16_t nb = 0;

	for (uint16_t i = 0; i < nb_pkts; i++) {
		if (likely(pkts[i]->pkt_len >= RTE_ETHER_HDR_LEN))
			pkts[nb++] = pkts[i];
		else
			rte_pktmbuf_free(pkts[i]);
	}
	if (unlikely(nb < nb_pkts))
		count(&port->rx.runts, nb_pkts - nb);
	return nb;
}

/* The library takes the buffers of a burst all at once, leaves the frames in the ring when it gets
 * none, and says nothing.  Whether frames wait stands in memory of the guest, which the library may
 * unmap at any time but while it serves the ring; so an attempt like its own has to do. */
static __rte_noinline void
count_if_starved(struct vhost_port *port, uint16_t nb_pkts)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	uint16_t nb = RTE_MIN(nb_pkts, SPP_BURST_MAX);

	if (rte_pktmbuf_alloc_bulk(port->pool, pkts, nb) == 0)
		rte_pktmbuf_free_bulk(pkts, nb);
	else
		count(&port->rx.nombuf, 1);
}

static uint16_t
vhost_rx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	struct vhost_port *port = queue;
	int vid = vhost_peers_vid(&port->peers);
	uint16_t nb;

	if (vid == VHOST_NO_PEER)
		return 0;
	nb = rte_vhost_dequeue_burst(vid, VHOST_GUEST_TX, port->pool, pkts, nb_pkts);
	if (nb == 0) {
		count_if_starved(port, nb_pkts);
		return 0;
	}
	nb = drop_runts(port, pkts, nb);
	count(&port->rx.packets, nb);
	return nb;
}

static uint16_t
vhost_tx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	struct vhost_port *port = queue;
	int vid = vhost_peers_vid(&port->peers);
	uint16_t nb;

	if (vid == VHOST_NO_PEER) {
		count(&port->tx.no_peer, nb_pkts);
		return 0;
	}
	/* The library copies the packets that it accepts, so this function frees them. */
	nb = rte_vhost_enqueue_burst(vid, VHOST_GUEST_RX, pkts, nb_pkts);
	if (nb > 0)
		rte_pktmbuf_free_bulk(pkts, nb);
	count(&port->tx.packets, nb);
	count(&port->tx.ring_full, nb_pkts - nb);
	return nb;
}

/* Driver */

static int
offer_features(const char *path)
{
	uint64_t features;
	int ret = rte_vhost_driver_disable_features(path, ~FEATURES);

	if (ret == 0)
		ret = rte_vhost_driver_get_protocol_features(path, &features);
	if (ret == 0)
		ret = rte_vhost_driver_set_protocol_features(path, features & PROTOCOL_FEATURES);
	return ret;
}

static int
register_driver(const struct vhost_socket *sock)
{
	/* Linear: a frame that does not fit into one buffer is dropped. */
	uint64_t flags = RTE_VHOST_USER_LINEARBUF_SUPPORT;

	if (sock->is_client)
		flags |= RTE_VHOST_USER_CLIENT;
	if (rte_vhost_driver_register(sock->path, flags) < 0)
		return spp_host->fail(spp_host, -EIO,
				      "vhost:%u: librte_vhost does not take %s; the log says why",
				      sock->id, sock->path);
	return 0;
}

static int
start_driver(struct vhost_socket *sock)
{
	/* Only its owner may use the socket from the moment it exists. */
	mode_t mask = umask(0177);
	int ret = offer_features(sock->path);

	if (ret == 0)
		ret = rte_vhost_driver_callback_register(sock->path, &vhost_peers_ops);
	if (ret == 0)
		ret = rte_vhost_driver_start(sock->path);
	umask(mask);
	if (ret < 0)
		return spp_host->fail(spp_host, -EIO,
				      "vhost:%u: librte_vhost cannot start %s; the log says why",
				      sock->id, sock->path);
	return vhost_socket_hand_over(sock);
}

/* Control */

/* An id and a socket belong to one port, until that port has gone. */
static int
check_is_alone(const struct vhost_port *port)
{
	uint32_t id = port->socket.id;

	if (vhost_closing_find(id))
		return spp_host->fail(
			spp_host, -EBUSY,
			"vhost:%u is still closing, for a peer holds up librte_vhost; "
			"try again in a moment, or end the peer",
			id);
	if (vhost_peers_find_port(port->socket.path, &id))
		return spp_host->fail_arg(spp_host, "socket", "%s is the socket of vhost:%u",
					  port->socket.path, id);
	return 0;
}

static int
find_pool(struct vhost_port *port)
{
	port->pool = rte_mempool_lookup(SPP_MBUF_POOL_NAME);
	if (port->pool == NULL)
		return spp_host->fail(spp_host, -ENOENT,
				      "vhost:%u has no buffers: the mempool %s does not exist",
				      port->socket.id, SPP_MBUF_POOL_NAME);
	return 0;
}

static void
vhost_close(void *state)
{
	struct vhost_port *port = state;

	vhost_peers_close(&port->peers);
	port->closing.port = port;
	port->closing.peers = &port->peers;
	vhost_closing_start(&port->closing);
}

static int
vhost_open(uint32_t id, const struct spp_args *args, void **out)
{
	struct vhost_port *port = spp_host->zalloc(spp_host, sizeof(*port), SPP_NUMA_ANY);
	int ret;

	if (port == NULL)
		return spp_host->fail(spp_host, -ENOMEM, "vhost:%u: no memory", id);
	port->socket.id = id;
	port->peers.vid = VHOST_NO_PEER;
	port->peers.socket = &port->socket;
	ret = vhost_options_read(args, &port->socket);
	if (ret == 0)
		ret = check_is_alone(port);
	if (ret == 0)
		ret = find_pool(port);
	if (ret == 0)
		ret = vhost_socket_claim(&port->socket);
	if (ret < 0)
		goto err_free;
	vhost_peers_add(&port->peers); /* a peer may be there before start_driver() returns */
	ret = register_driver(&port->socket);
	if (ret < 0)
		goto err_del;
	ret = start_driver(&port->socket);
	if (ret < 0) {
		vhost_close(port);
		return ret;
	}
	*out = port;
	return 0;

err_del:
	vhost_peers_del(&port->peers);
err_free:
	spp_host->free(spp_host, port);
	return ret;
}

static int
vhost_attach(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out)
{
	(void)queue;
	out->burst = dir == SPP_RX ? vhost_rx : vhost_tx;
	out->queue = port;
	return 0;
}

static uint64_t
counted(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static int
vhost_get_nombuf(void *state, uint64_t *nb)
{
	const struct vhost_port *port = state;

	*nb = counted(&port->rx.nombuf);
	return 0;
}

static void
write_counters(const struct vhost_port *port, struct spp_reply *reply)
{
	spp_host->reply_u64(reply, "rx_packets", counted(&port->rx.packets));
	spp_host->reply_u64(reply, "tx_packets", counted(&port->tx.packets));
	spp_host->reply_open(reply, "rx_drops", SPP_REPLY_OBJECT);
	spp_host->reply_u64(reply, "runts", counted(&port->rx.runts));
	spp_host->reply_close(reply);
	spp_host->reply_open(reply, "tx_drops", SPP_REPLY_OBJECT);
	spp_host->reply_u64(reply, "no-peer", counted(&port->tx.no_peer));
	spp_host->reply_u64(reply, "ring-full", counted(&port->tx.ring_full));
	spp_host->reply_close(reply);
}

static void
write_peer(const struct vhost_peer *peer, struct spp_reply *reply)
{
	char features[24];

	snprintf(features, sizeof(features), "0x%" PRIx64, peer->features);
	spp_host->reply_str(reply, "features", features);
	spp_host->reply_u64(reply, "rx_ring_size", peer->rx_size);
	spp_host->reply_u64(reply, "tx_ring_size", peer->tx_size);
}

static void
write_refusal(const struct vhost_link *link, struct spp_reply *reply)
{
	char text[96];

	snprintf(text, sizeof(text), "a peer has a ring of %u entries and needs %u",
		 link->refused_size, VHOST_RING_MIN);
	spp_host->reply_str(reply, "refused", text);
}

static void
vhost_instance_status(void *instance, struct spp_reply *reply)
{
	struct vhost_port *port = instance;
	struct vhost_link link;

	vhost_peers_look(&port->peers, &link);
	spp_host->reply_str(reply, "mode", port->socket.is_client ? "client" : "server");
	spp_host->reply_str(reply, "socket", port->socket.path);
	spp_host->reply_bool(reply, "connected", link.is_connected);
	spp_host->reply_str(reply, "link", link.is_up ? "up" : "down");
	if (link.is_up)
		write_peer(&link.peer, reply);
	if (link.refused_size > 0)
		write_refusal(&link, reply);
	write_counters(port, reply);
}

/* Registration */

static const struct spp_status_ext vhost_status = {
	.size = sizeof(vhost_status),
	.process_status = vhost_closing_write,
	.instance_status = vhost_instance_status,
};

static const void *
vhost_get_extension(const char *id)
{
	return strcmp(id, SPP_EXT_STATUS) == 0 ? &vhost_status : NULL;
}

static const struct spp_port_ops vhost_ops = {
	.size = sizeof(vhost_ops),
	.rank = 20,
	.options = VHOST_OPTIONS,
	.open = vhost_open,
	.close = vhost_close,
	.attach = vhost_attach,
	.get_nombuf = vhost_get_nombuf,
};

static const struct spp_plugin vhost_plugin = {
	.size = sizeof(vhost_plugin),
	.port = &vhost_ops,
	.get_extension = vhost_get_extension,
};

SPP_PORT(vhost, "1.0", "vhost-user sockets of virtual machines", vhost_plugin)
