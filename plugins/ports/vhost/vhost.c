/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vhost: vhost-user sockets of virtual machines, by librte_vhost in this process.
 *
 * Threads: [main] opens and closes; the library's threads say which peers come and go; workers
 * follow port->vid.  The memory of a peer is unmapped when vhost_destroy_device() returns, so it
 * returns only once no worker can still touch it.
 */

#include <errno.h>
#include <inttypes.h>
#include <linux/virtio_net.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <rte_mbuf.h>
#include <rte_vhost.h>

#include <spp/ext/status.h>
#include <spp/port.h>

#include "vhost_options.h"
#include "vhost_socket.h"

/* The queue pair, as the guest names it. */
#define GUEST_RX 0
#define GUEST_TX 1

/* Peers connected to one socket; the first is served, the others wait for it to leave. */
#define PEERS_MAX 4
#define NO_PEER (-1)

#define BIT(n) (1ULL << (n))

/* Not offered: nobody here fills in checksums, cuts segments or has more than one queue pair. */
#define FEATURES_OFF                                                                               \
	(BIT(VIRTIO_NET_F_CSUM) | BIT(VIRTIO_NET_F_GUEST_CSUM) | BIT(VIRTIO_NET_F_GSO) |           \
	 BIT(VIRTIO_NET_F_GUEST_TSO4) | BIT(VIRTIO_NET_F_GUEST_TSO6) |                             \
	 BIT(VIRTIO_NET_F_GUEST_ECN) | BIT(VIRTIO_NET_F_GUEST_UFO) | BIT(VIRTIO_NET_F_HOST_TSO4) | \
	 BIT(VIRTIO_NET_F_HOST_TSO6) | BIT(VIRTIO_NET_F_HOST_ECN) | BIT(VIRTIO_NET_F_HOST_UFO) |   \
	 BIT(VIRTIO_NET_F_MQ))

struct vhost_peer {
	int vid;
	uint16_t rx_size, tx_size; /* ring entries, as seen from here */
	uint64_t features;
};

/* Written by the worker that has the direction, read by [main]. */
struct vhost_counters {
	uint64_t packets;
	uint64_t no_peer;   /* not sent: nobody is there */
	uint64_t ring_full; /* not sent: the guest has no room, or its ring makes no sense */
} __rte_cache_aligned;

struct vhost_port {
	/* Of the peer being served, or NO_PEER.  Stored with release under vhost.lock; pairs with
	 * the acquire in served_vid(). */
	int vid;
	struct rte_mempool *pool;
	struct vhost_counters rx, tx;

	struct vhost_port *next;
	bool is_closing;             /* atomic: no worker uses the port any more */
	unsigned int nb_connections; /* of the socket, whether or not a driver runs behind them */
	unsigned int nb_peers;
	struct vhost_peer peers[PEERS_MAX];
	struct vhost_socket socket;
};

/* The lock guards the list of ports and their peers.  It is held for moments only: never across a
 * call of the library, which has locks of its own, nor while waiting. */
static struct {
	pthread_mutex_t lock;
	struct vhost_port *ports;
} vhost = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Data path: the queue is the port */

static inline int
served_vid(const struct vhost_port *port)
{
	return __atomic_load_n(&port->vid, __ATOMIC_ACQUIRE);
}

static inline void
count(uint64_t *counter, uint64_t nb)
{
	__atomic_store_n(counter, *counter + nb, __ATOMIC_RELAXED);
}

static uint16_t
vhost_rx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	struct vhost_port *port = queue;
	int vid = served_vid(port);
	uint16_t nb;

	if (vid == NO_PEER)
		return 0;
	nb = rte_vhost_dequeue_burst(vid, GUEST_TX, port->pool, pkts, nb_pkts);
	count(&port->rx.packets, nb);
	return nb;
}

static uint16_t
vhost_tx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	struct vhost_port *port = queue;
	int vid = served_vid(port);
	uint16_t nb;

	if (vid == NO_PEER) {
		count(&port->tx.no_peer, nb_pkts);
		return 0;
	}
	/* The library copies: what it accepted is ours to free. */
	nb = rte_vhost_enqueue_burst(vid, GUEST_RX, pkts, nb_pkts);
	if (nb > 0)
		rte_pktmbuf_free_bulk(pkts, nb);
	count(&port->tx.packets, nb);
	count(&port->tx.ring_full, nb_pkts - nb);
	return nb;
}

/* Ports and their peers; under the lock */

static struct vhost_port *
port_by_path(const char *path)
{
	struct vhost_port *port = vhost.ports;

	while (port != NULL && strcmp(port->socket.path, path) != 0)
		port = port->next;
	return port;
}

/* Port that has a peer of that vid; *index is the peer's. */
static struct vhost_port *
port_by_vid(int vid, unsigned int *index)
{
	for (struct vhost_port *port = vhost.ports; port != NULL; port = port->next) {
		for (unsigned int i = 0; i < port->nb_peers; i++) {
			if (port->peers[i].vid == vid) {
				*index = i;
				return port;
			}
		}
	}
	return NULL;
}

static void
publish_vid(struct vhost_port *port)
{
	int vid = port->nb_peers > 0 ? port->peers[0].vid : NO_PEER;

	__atomic_store_n(&port->vid, vid, __ATOMIC_RELEASE);
}

static void
list_add(struct vhost_port *port)
{
	pthread_mutex_lock(&vhost.lock);
	port->next = vhost.ports;
	vhost.ports = port;
	pthread_mutex_unlock(&vhost.lock);
}

static void
list_del(struct vhost_port *port)
{
	struct vhost_port **link = &vhost.ports;

	pthread_mutex_lock(&vhost.lock);
	while (*link != port)
		link = &(*link)->next;
	*link = port->next;
	pthread_mutex_unlock(&vhost.lock);
}

/* Callbacks of the library, on its threads (or on [main], while it unregisters a socket).  A port
 * stays on the list until the library has unregistered it, which waits for them. */

static void
describe_peer(int vid, struct vhost_peer *peer)
{
	struct rte_vhost_vring ring;

	*peer = (struct vhost_peer){.vid = vid};
	rte_vhost_get_negotiated_features(vid, &peer->features);
	if (rte_vhost_get_vhost_vring(vid, GUEST_TX, &ring) == 0)
		peer->rx_size = ring.size;
	if (rte_vhost_get_vhost_vring(vid, GUEST_RX, &ring) == 0)
		peer->tx_size = ring.size;
}

/* Index of the new peer, or PEERS_MAX if there is no place for it. */
static unsigned int
add_peer(struct vhost_port *port, const struct vhost_peer *peer)
{
	unsigned int index;

	pthread_mutex_lock(&vhost.lock);
	index = port->nb_peers;
	if (index < PEERS_MAX) {
		port->peers[port->nb_peers++] = *peer;
		publish_vid(port);
	}
	pthread_mutex_unlock(&vhost.lock);
	return index;
}

/* Port whose socket the peer came by; NULL if it has gone. */
static struct vhost_port *
port_of_peer(int vid)
{
	char path[sizeof(((struct vhost_socket *)NULL)->path)];
	struct vhost_port *port;

	if (rte_vhost_get_ifname(vid, path, sizeof(path)) < 0)
		return NULL;
	pthread_mutex_lock(&vhost.lock);
	port = port_by_path(path);
	pthread_mutex_unlock(&vhost.lock);
	return port;
}

static void
add_connections(int vid, int nb)
{
	struct vhost_port *port = port_of_peer(vid);

	if (port == NULL)
		return;
	pthread_mutex_lock(&vhost.lock);
	port->nb_connections += nb;
	pthread_mutex_unlock(&vhost.lock);
}

static int
vhost_new_connection(int vid)
{
	add_connections(vid, 1);
	return 0;
}

static void
vhost_destroy_connection(int vid)
{
	add_connections(vid, -1);
}

static int
vhost_new_device(int vid)
{
	struct vhost_port *port = port_of_peer(vid);
	struct vhost_peer peer;
	unsigned int index;

	if (port == NULL)
		return -1;

	/* We poll: the guest need not kick. */
	rte_vhost_enable_guest_notification(vid, GUEST_RX, 0);
	rte_vhost_enable_guest_notification(vid, GUEST_TX, 0);
	describe_peer(vid, &peer);
	index = add_peer(port, &peer);
	if (index == 0)
		spp_host->log(spp_host, SPP_LOG_NOTICE, "vhost:%u: peer connected by %s",
			      port->socket.id, port->socket.path);
	else
		spp_host->log(spp_host, SPP_LOG_WARNING,
			      "vhost:%u: another peer connected by %s: %s", port->socket.id,
			      port->socket.path,
			      index < PEERS_MAX ? "it waits until the first one leaves"
						: "too many are waiting, it is not served");
	return index < PEERS_MAX ? 0 : -1;
}

static void
wait_unused(const struct vhost_port *port)
{
	/* The store partner is in vhost_close(); nobody uses a port that is being closed. */
	while (!__atomic_load_n(&port->is_closing, __ATOMIC_ACQUIRE) &&
	       spp_host->wait_quiescent(spp_host) < 0)
		spp_host->log(spp_host, SPP_LOG_WARNING,
			      "vhost:%u: peer left, but a worker may still use its memory: waiting",
			      port->socket.id);
}

static void
vhost_destroy_device(int vid)
{
	struct vhost_port *port;
	unsigned int index;

	pthread_mutex_lock(&vhost.lock);
	port = port_by_vid(vid, &index);
	if (port != NULL) {
		port->nb_peers--;
		memmove(&port->peers[index], &port->peers[index + 1],
			(port->nb_peers - index) * sizeof(port->peers[0]));
		publish_vid(port);
	}
	pthread_mutex_unlock(&vhost.lock);
	if (port == NULL)
		return;
	wait_unused(port);
	spp_host->log(spp_host, SPP_LOG_NOTICE, "vhost:%u: peer left %s", port->socket.id,
		      port->socket.path);
}

static const struct rte_vhost_device_ops device_ops = {
	.new_connection = vhost_new_connection,
	.destroy_connection = vhost_destroy_connection,
	.new_device = vhost_new_device,
	.destroy_device = vhost_destroy_device,
};

/* Driver */

static int
start_driver(struct vhost_port *port)
{
	mode_t mask;
	int ret;

	if (rte_vhost_driver_register(port->socket.path,
				      port->socket.is_client ? RTE_VHOST_USER_CLIENT : 0) < 0)
		return spp_host->fail(spp_host, -EIO,
				      "vhost:%u: librte_vhost does not take %s; the log says why",
				      port->socket.id, port->socket.path);
	/* Owner-only from the moment it exists. */
	mask = umask(0177);
	ret = rte_vhost_driver_disable_features(port->socket.path, FEATURES_OFF);
	if (ret == 0)
		ret = rte_vhost_driver_callback_register(port->socket.path, &device_ops);
	if (ret == 0)
		ret = rte_vhost_driver_start(port->socket.path);
	umask(mask);
	if (ret < 0)
		ret = spp_host->fail(spp_host, -EIO,
				     "vhost:%u: librte_vhost cannot start %s; the log says why",
				     port->socket.id, port->socket.path);
	else
		ret = vhost_socket_hand_over(&port->socket);
	if (ret < 0)
		vhost_socket_unregister(&port->socket);
	return ret;
}

/* Control */

/* A socket belongs to one port. */
static int
check_is_alone(const struct vhost_port *port)
{
	const struct vhost_port *other;

	pthread_mutex_lock(&vhost.lock);
	other = port_by_path(port->socket.path);
	pthread_mutex_unlock(&vhost.lock);
	if (other != NULL)
		return spp_host->fail_arg(spp_host, "socket", "%s is the socket of vhost:%u",
					  port->socket.path, other->socket.id);
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

static int
vhost_open(uint32_t id, const struct spp_args *args, void **out)
{
	struct vhost_port *port = spp_host->zalloc(spp_host, sizeof(*port), SPP_NUMA_ANY);
	int ret;

	if (port == NULL)
		return spp_host->fail(spp_host, -ENOMEM, "vhost:%u: no memory", id);
	port->socket.id = id;
	port->vid = NO_PEER;
	ret = vhost_options_read(args, &port->socket);
	if (ret == 0)
		ret = check_is_alone(port);
	if (ret == 0)
		ret = find_pool(port);
	if (ret == 0)
		ret = vhost_socket_claim(&port->socket);
	if (ret < 0)
		goto err_free;
	list_add(port); /* a peer may be there before start_driver() returns */
	ret = start_driver(port);
	if (ret < 0)
		goto err_del;
	*out = port;
	return 0;

err_del:
	list_del(port);
err_free:
	spp_host->free(spp_host, port);
	return ret;
}

static void
vhost_close(void *port)
{
	struct vhost_port *closing = port;

	/* Pairs with the acquire in wait_unused(). */
	__atomic_store_n(&closing->is_closing, true, __ATOMIC_RELEASE);
	vhost_socket_unregister(&closing->socket);
	list_del(closing);
	spp_host->free(spp_host, closing);
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

static void
write_counters(const struct vhost_port *port, struct spp_reply *reply)
{
	spp_host->reply_u64(reply, "rx_packets", counted(&port->rx.packets));
	spp_host->reply_u64(reply, "tx_packets", counted(&port->tx.packets));
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
vhost_instance_status(void *instance, struct spp_reply *reply)
{
	struct vhost_port *port = instance;
	unsigned int nb_connections, nb_peers;
	struct vhost_peer peer;

	pthread_mutex_lock(&vhost.lock);
	nb_connections = port->nb_connections;
	nb_peers = port->nb_peers;
	peer = port->peers[0];
	pthread_mutex_unlock(&vhost.lock);

	spp_host->reply_str(reply, "mode", port->socket.is_client ? "client" : "server");
	spp_host->reply_str(reply, "socket", port->socket.path);
	spp_host->reply_bool(reply, "connected", nb_connections > 0);
	spp_host->reply_str(reply, "link", nb_peers > 0 ? "up" : "down");
	if (nb_peers > 0)
		write_peer(&peer, reply);
	write_counters(port, reply);
}

/* Registration */

static const struct spp_status_ext vhost_status = {
	.size = sizeof(vhost_status),
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
};

static const struct spp_plugin vhost_plugin = {
	.size = sizeof(vhost_plugin),
	.port = &vhost_ops,
	.get_extension = vhost_get_extension,
};

SPP_PORT(vhost, "1.0", "vhost-user sockets of virtual machines", vhost_plugin)
