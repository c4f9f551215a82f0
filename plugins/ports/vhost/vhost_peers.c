/* SPDX-License-Identifier: BSD-3-Clause */
/* Peers of vhost-user sockets, as the library's threads report them. */

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <spp/plugin.h>

#include "vhost_peers.h"

/* The lock guards the list and all of its members but vid.  It is held for moments only: never
 * across a call of the library, which has locks of its own, nor while waiting. */
static struct {
	pthread_mutex_t lock;
	struct vhost_peers *first;
} module = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Under the lock */

static struct vhost_peers *
by_path(const char *path)
{
	struct vhost_peers *peers = module.first;

	while (peers != NULL && strcmp(peers->socket->path, path) != 0)
		peers = peers->next;
	return peers;
}

/* Peers among which that vid is; *index is its place. */
static struct vhost_peers *
by_vid(int vid, unsigned int *index)
{
	for (struct vhost_peers *peers = module.first; peers != NULL; peers = peers->next) {
		for (unsigned int i = 0; i < peers->nb_peers; i++) {
			if (peers->peer[i].vid == vid) {
				*index = i;
				return peers;
			}
		}
	}
	return NULL;
}

/* Pairs with the acquire in vhost_peers_vid(): a worker that sees the vid sees its rings. */
static void
publish_vid(struct vhost_peers *peers)
{
	int vid = peers->nb_peers > 0 ? peers->peer[0].vid : VHOST_NO_PEER;

	__atomic_store_n(&peers->vid, vid, __ATOMIC_RELEASE);
}

/* What [main] asks for */

void
vhost_peers_add(struct vhost_peers *peers)
{
	pthread_mutex_lock(&module.lock);
	peers->next = module.first;
	module.first = peers;
	pthread_mutex_unlock(&module.lock);
}

void
vhost_peers_del(struct vhost_peers *peers)
{
	struct vhost_peers **link = &module.first;

	pthread_mutex_lock(&module.lock);
	while (*link != peers)
		link = &(*link)->next;
	*link = peers->next;
	pthread_mutex_unlock(&module.lock);
}

bool
vhost_peers_find_port(const char *path, uint32_t *id)
{
	const struct vhost_peers *peers;

	pthread_mutex_lock(&module.lock);
	peers = by_path(path);
	if (peers != NULL)
		*id = peers->socket->id;
	pthread_mutex_unlock(&module.lock);
	return peers != NULL;
}

void
vhost_peers_close(struct vhost_peers *peers)
{
	/* Pairs with the acquire in wait_unused(): the workers let go of the port before. */
	__atomic_store_n(&peers->is_closing, true, __ATOMIC_RELEASE);
}

void
vhost_peers_look(const struct vhost_peers *peers, struct vhost_link *link)
{
	pthread_mutex_lock(&module.lock);
	link->is_connected = peers->nb_connections > 0;
	link->is_up = peers->nb_peers > 0;
	link->refused_size = peers->nb_refused > 0 ? peers->refused[0].size : 0;
	link->peer = peers->peer[0];
	pthread_mutex_unlock(&module.lock);
}

/* Callbacks of the library.  They run on the library's threads, or on the one that unregisters
 * a socket.  Peers stay on the list until the library has unregistered their socket,
 * and the library waits for the callbacks there: so a pointer into the list outlives the lock. */

static void
describe_peer(int vid, struct vhost_peer *peer)
{
	struct rte_vhost_vring ring;

	*peer = (struct vhost_peer){.vid = vid};
	rte_vhost_get_negotiated_features(vid, &peer->features);
	if (rte_vhost_get_vhost_vring(vid, VHOST_GUEST_TX, &ring) == 0)
		peer->rx_size = ring.size;
	if (rte_vhost_get_vhost_vring(vid, VHOST_GUEST_RX, &ring) == 0)
		peer->tx_size = ring.size;
}

/* Index of the new peer, or VHOST_PEERS_MAX if there is no place for the peer. */
static unsigned int
add_peer(struct vhost_peers *peers, const struct vhost_peer *peer)
{
	unsigned int index;

	pthread_mutex_lock(&module.lock);
	index = peers->nb_peers;
	if (index < VHOST_PEERS_MAX) {
		peers->peer[peers->nb_peers++] = *peer;
		publish_vid(peers);
	}
	pthread_mutex_unlock(&module.lock);
	return index;
}

/* Peers of the socket that the connection came by; NULL if the socket has gone. */
static struct vhost_peers *
by_connection(int vid)
{
	char path[sizeof(((struct vhost_socket *)NULL)->path)];
	struct vhost_peers *peers;

	if (rte_vhost_get_ifname(vid, path, sizeof(path)) < 0)
		return NULL;
	pthread_mutex_lock(&module.lock);
	peers = by_path(path);
	pthread_mutex_unlock(&module.lock);
	return peers;
}

static void
add_connections(int vid, int nb)
{
	struct vhost_peers *peers = by_connection(vid);

	if (peers == NULL)
		return;
	pthread_mutex_lock(&module.lock);
	peers->nb_connections += nb;
	pthread_mutex_unlock(&module.lock);
}

static int
vhost_new_connection(int vid)
{
	const struct vhost_peers *peers = by_connection(vid);

	if (peers != NULL)
		vhost_socket_limit_waits(peers->socket);
	add_connections(vid, 1);
	return 0;
}

/* Index of the vid among the refused peers, or their number.  Under the lock. */
static unsigned int
find_refused(const struct vhost_peers *peers, int vid)
{
	unsigned int i = 0;

	while (i < peers->nb_refused && peers->refused[i].vid != vid)
		i++;
	return i;
}

/* False if there is nothing new: the library asks again after each message of the peer. */
static bool
add_refused(struct vhost_peers *peers, int vid, uint16_t size)
{
	bool is_new = false;
	unsigned int i;

	pthread_mutex_lock(&module.lock);
	i = find_refused(peers, vid);
	if (i < VHOST_PEERS_MAX) {
		is_new = i == peers->nb_refused || peers->refused[i].size != size;
		peers->nb_refused += i == peers->nb_refused;
		peers->refused[i] = (struct vhost_refused){vid, size};
	}
	pthread_mutex_unlock(&module.lock);
	return is_new;
}

static void
del_refused(struct vhost_peers *peers, int vid)
{
	unsigned int i;

	pthread_mutex_lock(&module.lock);
	i = find_refused(peers, vid);
	if (i < peers->nb_refused) {
		peers->nb_refused--;
		memmove(&peers->refused[i], &peers->refused[i + 1],
			(peers->nb_refused - i) * sizeof(peers->refused[0]));
	}
	pthread_mutex_unlock(&module.lock);
}

/* False, and said why, if a ring is too small for bursts. */
static bool
check_rings(struct vhost_peers *peers, const struct vhost_peer *peer)
{
	uint16_t size = peer->rx_size < peer->tx_size ? peer->rx_size : peer->tx_size;

	if (size >= VHOST_RING_MIN) {
		del_refused(peers, peer->vid);
		return true;
	}
	if (add_refused(peers, peer->vid, size))
		spp_host->log(
			spp_host, SPP_LOG_WARNING,
			"vhost:%u: does not serve a peer of %s: the peer has a ring of %u entries "
			"and needs %u; give the device of the peer longer queues",
			peers->socket->id, peers->socket->path, size, VHOST_RING_MIN);
	return false;
}

static void
vhost_destroy_connection(int vid)
{
	struct vhost_peers *peers = by_connection(vid);

	if (peers != NULL)
		del_refused(peers, vid);
	add_connections(vid, -1);
}

static int
vhost_new_device(int vid)
{
	struct vhost_peers *peers = by_connection(vid);
	struct vhost_peer peer;
	unsigned int index;

	if (peers == NULL)
		return -1;

	/* Workers poll, so the guest need not kick. */
	rte_vhost_enable_guest_notification(vid, VHOST_GUEST_RX, 0);
	rte_vhost_enable_guest_notification(vid, VHOST_GUEST_TX, 0);
	describe_peer(vid, &peer);
	if (!check_rings(peers, &peer))
		return -1;
	index = add_peer(peers, &peer);
	if (index == 0)
		spp_host->log(spp_host, SPP_LOG_NOTICE, "vhost:%u: peer connected by %s",
			      peers->socket->id, peers->socket->path);
	else
		spp_host->log(spp_host, SPP_LOG_WARNING,
			      "vhost:%u: another peer connected by %s: %s", peers->socket->id,
			      peers->socket->path,
			      index < VHOST_PEERS_MAX ? "it waits until the first one leaves"
						      : "too many are waiting, it is not served");
	return index < VHOST_PEERS_MAX ? 0 : -1;
}

static void
wait_unused(const struct vhost_peers *peers)
{
	/* Pairs with the release in vhost_peers_close(): no worker uses a port that is being
	 * closed, so there is nothing to wait for. */
	while (!__atomic_load_n(&peers->is_closing, __ATOMIC_ACQUIRE) &&
	       spp_host->wait_quiescent(spp_host) < 0)
		spp_host->log(spp_host, SPP_LOG_WARNING,
			      "vhost:%u: peer left, but a worker may still use its memory: waiting",
			      peers->socket->id);
}

static void
vhost_destroy_device(int vid)
{
	struct vhost_peers *peers;
	unsigned int index;

	pthread_mutex_lock(&module.lock);
	peers = by_vid(vid, &index);
	if (peers != NULL) {
		peers->nb_peers--;
		memmove(&peers->peer[index], &peers->peer[index + 1],
			(peers->nb_peers - index) * sizeof(peers->peer[0]));
		publish_vid(peers);
	}
	pthread_mutex_unlock(&module.lock);
	if (peers == NULL)
		return;
	/* The library unmaps the peer's memory when this function returns. */
	wait_unused(peers);
	spp_host->log(spp_host, SPP_LOG_NOTICE, "vhost:%u: peer left %s", peers->socket->id,
		      peers->socket->path);
}

const struct rte_vhost_device_ops vhost_peers_ops = {
	.new_connection = vhost_new_connection,
	.destroy_connection = vhost_destroy_connection,
	.new_device = vhost_new_device,
	.destroy_device = vhost_destroy_device,
};
