/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vhost: vhost-user sockets of virtual machines, by librte_vhost in this process.
 *
 * Threads: [main] opens and closes; the library's threads say which peers come and go; workers
 * follow port->vid.  The memory of a peer is unmapped when vhost_destroy_device() returns, so it
 * returns only once no worker can still touch it.
 */

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <linux/virtio_net.h>
#include <pthread.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <rte_mbuf.h>
#include <rte_vhost.h>

#include <spp/ext/status.h>
#include <spp/port.h>

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
	uint32_t id;
	bool is_client;
	bool is_closing;             /* atomic: no worker uses the port any more */
	unsigned int nb_connections; /* of the socket, whether or not a driver runs behind them */
	unsigned int nb_peers;
	struct vhost_peer peers[PEERS_MAX];
	struct stat file; /* of the socket that we created */
	mode_t permissions;
	uid_t owner;
	gid_t group;
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
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

	while (port != NULL && strcmp(port->path, path) != 0)
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
	char path[sizeof(((struct vhost_port *)NULL)->path)];
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
		spp_host->log(spp_host, SPP_LOG_NOTICE, "vhost:%u: peer connected by %s", port->id,
			      port->path);
	else
		spp_host->log(spp_host, SPP_LOG_WARNING,
			      "vhost:%u: another peer connected by %s: %s", port->id, port->path,
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
			      port->id);
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
	spp_host->log(spp_host, SPP_LOG_NOTICE, "vhost:%u: peer left %s", port->id, port->path);
}

static const struct rte_vhost_device_ops device_ops = {
	.new_connection = vhost_new_connection,
	.destroy_connection = vhost_destroy_connection,
	.new_device = vhost_new_device,
	.destroy_device = vhost_destroy_device,
};

/* Sockets */

static struct sockaddr_un
address_of(const struct vhost_port *port)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	memcpy(address.sun_path, port->path, sizeof(address.sun_path));
	return address;
}

/* Non-blocking, so that a peer with a full backlog does not hold us up. -errno */
static int
try_connect(const struct vhost_port *port)
{
	struct sockaddr_un address = address_of(port);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int ret;

	if (fd < 0)
		return -errno;
	ret = connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

/* Bind to the path and leave nothing there: the library would not say why it cannot. -errno */
static int
try_bind(const struct vhost_port *port)
{
	struct sockaddr_un address = address_of(port);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int ret;

	if (fd < 0)
		return -errno;
	ret = bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
	if (ret == 0)
		unlink(port->path);
	close(fd);
	return ret;
}

/* Remove the socket that a process left behind when it died, nothing else. */
static int
remove_stale(const struct vhost_port *port)
{
	int ret = try_connect(port);

	if (ret == 0 || ret == -EAGAIN)
		return spp_host->fail(spp_host, -EADDRINUSE,
				      "vhost:%u: another process serves %s; stop it or choose "
				      "another path with the option socket",
				      port->id, port->path);
	if (ret == -ECONNREFUSED)
		ret = unlink(port->path) < 0 ? -errno : 0;
	if (ret < 0 && ret != -ENOENT)
		return spp_host->fail(spp_host, ret,
				      "vhost:%u: cannot replace the socket %s: %s; remove it or "
				      "choose another path with the option socket",
				      port->id, port->path, strerror(-ret));
	return 0;
}

static int
claim_path(const struct vhost_port *port)
{
	struct stat file;
	bool exists = lstat(port->path, &file) == 0;
	int ret;

	if (exists && !S_ISSOCK(file.st_mode))
		return spp_host->fail(spp_host, -EEXIST,
				      "vhost:%u: %s exists and is no socket; remove it or choose "
				      "another path with the option socket",
				      port->id, port->path);
	if (port->is_client)
		return 0;
	ret = exists ? remove_stale(port) : 0;
	if (ret < 0)
		return ret;
	ret = try_bind(port);
	if (ret < 0)
		return spp_host->fail(spp_host, ret,
				      "vhost:%u: cannot create the socket %s: %s; choose another "
				      "path with the option socket",
				      port->id, port->path, strerror(-ret));
	return 0;
}

/* Driver */

/* The library removes whatever has the name of its socket.  If that is not the one we created,
 * step aside with it for that moment. */
static void
unregister_driver(const struct vhost_port *port)
{
	char aside[sizeof(port->path) + 16];
	struct stat file;
	bool is_foreign;

	is_foreign = !port->is_client && lstat(port->path, &file) == 0 &&
		     (file.st_ino != port->file.st_ino || file.st_dev != port->file.st_dev);
	if (is_foreign) {
		snprintf(aside, sizeof(aside), "%s.%d", port->path, (int)getpid());
		is_foreign = rename(port->path, aside) == 0;
	}
	rte_vhost_driver_unregister(port->path);
	if (is_foreign)
		rename(aside, port->path);
}

/* Until now the socket is its creator's, so that nobody gets in too early by a group of ours. */
static int
hand_over(const struct vhost_port *port)
{
	int ret = 0;

	if (port->owner != (uid_t)-1 || port->group != (gid_t)-1)
		ret = lchown(port->path, port->owner, port->group);
	if (ret == 0 && port->permissions != 0600)
		ret = chmod(port->path, port->permissions);
	return ret < 0 ? -errno : 0;
}

static int
finish_socket(struct vhost_port *port)
{
	int ret;

	if (port->is_client)
		return 0;
	ret = lstat(port->path, &port->file) < 0 ? -errno : hand_over(port);
	if (ret < 0)
		return spp_host->fail(spp_host, ret,
				      "vhost:%u: cannot give %s to its owner: %s; only root may "
				      "give it to others",
				      port->id, port->path, strerror(-ret));
	return 0;
}

static int
start_driver(struct vhost_port *port)
{
	mode_t mask;
	int ret;

	if (rte_vhost_driver_register(port->path, port->is_client ? RTE_VHOST_USER_CLIENT : 0) < 0)
		return spp_host->fail(spp_host, -EIO,
				      "vhost:%u: librte_vhost does not take %s; the log says why",
				      port->id, port->path);
	/* Owner-only from the moment it exists. */
	mask = umask(0177);
	ret = rte_vhost_driver_disable_features(port->path, FEATURES_OFF);
	if (ret == 0)
		ret = rte_vhost_driver_callback_register(port->path, &device_ops);
	if (ret == 0)
		ret = rte_vhost_driver_start(port->path);
	umask(mask);
	if (ret < 0)
		ret = spp_host->fail(spp_host, -EIO,
				     "vhost:%u: librte_vhost cannot start %s; the log says why",
				     port->id, port->path);
	else
		ret = finish_socket(port);
	if (ret < 0)
		unregister_driver(port);
	return ret;
}

/* Control */

static int
read_mode(struct vhost_port *port, const struct spp_args *args)
{
	const char *mode = spp_host->arg_str(args, "mode");

	port->is_client = mode != NULL && strcmp(mode, "client") == 0;
	if (mode != NULL && !port->is_client && strcmp(mode, "server") != 0)
		return spp_host->fail_arg(spp_host, "mode", "'%s' is neither client nor server",
					  mode);
	return 0;
}

/* Length of the path.  `socket` wins: it is said of one port, a directory often of all. */
static int
format_path(struct vhost_port *port, const struct spp_args *args)
{
	const char *path = spp_host->arg_str(args, "socket");
	const char *directory = spp_host->arg_str(args, "directory");

	if (path != NULL)
		return snprintf(port->path, sizeof(port->path), "%s", path);
	return snprintf(port->path, sizeof(port->path), "%s/sock%u",
			directory != NULL ? directory : P_tmpdir, port->id);
}

static int
read_socket(struct vhost_port *port, const struct spp_args *args)
{
	const struct vhost_port *other;
	int len = format_path(port, args);

	if (len == 0 || (size_t)len >= sizeof(port->path))
		return spp_host->fail_arg(spp_host, "socket",
					  "the path of a socket has 1 to %zu characters, not %d",
					  sizeof(port->path) - 1, len);
	pthread_mutex_lock(&vhost.lock);
	other = port_by_path(port->path);
	pthread_mutex_unlock(&vhost.lock);
	if (other != NULL)
		return spp_host->fail_arg(spp_host, "socket", "%s is the socket of vhost:%u",
					  port->path, other->id);
	return 0;
}

static int
read_permissions(struct vhost_port *port, const char *text)
{
	unsigned long permissions;
	char *end;

	port->permissions = 0600;
	if (text == NULL)
		return 0;
	permissions = strtoul(text, &end, 8);
	if (text[0] < '0' || text[0] > '7' || *end != '\0' || permissions > 0777)
		return spp_host->fail_arg(spp_host, "permissions",
					  "'%s' is no octal number up to 0777, such as 0660", text);
	port->permissions = permissions;
	return 0;
}

/* By name, or as a number. */
static int
read_user(struct vhost_port *port, const char *name)
{
	const struct passwd *user = getpwnam(name);
	unsigned long id;
	char *end;

	if (user != NULL) {
		port->owner = user->pw_uid;
		return 0;
	}
	id = strtoul(name, &end, 10);
	if (name[0] < '0' || name[0] > '9' || *end != '\0' || id >= (uid_t)-1)
		return spp_host->fail_arg(spp_host, "owner", "there is no user '%s'", name);
	port->owner = id;
	return 0;
}

static int
read_group(struct vhost_port *port, const char *name)
{
	const struct group *group = getgrnam(name);
	unsigned long id;
	char *end;

	if (group != NULL) {
		port->group = group->gr_gid;
		return 0;
	}
	id = strtoul(name, &end, 10);
	if (name[0] < '0' || name[0] > '9' || *end != '\0' || id >= (gid_t)-1)
		return spp_host->fail_arg(spp_host, "owner", "there is no group '%s'", name);
	port->group = id;
	return 0;
}

/* USER, USER:GROUP or :GROUP */
static int
read_owner(struct vhost_port *port, const char *text)
{
	char user[64];
	size_t len;
	int ret = 0;

	port->owner = -1;
	port->group = -1;
	if (text == NULL)
		return 0;
	len = strcspn(text, ":");
	if (len >= sizeof(user) || text[0] == '\0' || strcmp(text, ":") == 0)
		return spp_host->fail_arg(spp_host, "owner",
					  "'%s' is not USER, USER:GROUP or :GROUP", text);
	snprintf(user, sizeof(user), "%.*s", (int)len, text);
	if (len > 0)
		ret = read_user(port, user);
	if (ret == 0 && text[len] == ':')
		ret = read_group(port, text + len + 1);
	return ret;
}

/* Who may connect to a socket is for its creator to say. */
static int
read_access(struct vhost_port *port, const struct spp_args *args)
{
	const char *owner = spp_host->arg_str(args, "owner");
	const char *permissions = spp_host->arg_str(args, "permissions");
	int ret = read_owner(port, owner);

	if (ret == 0)
		ret = read_permissions(port, permissions);
	if (ret == 0 && port->is_client && (owner != NULL || permissions != NULL))
		return spp_host->fail_arg(spp_host, owner != NULL ? "owner" : "permissions",
					  "in mode client the VM makes the socket, so it decides "
					  "who may use it; leave the option out");
	return ret;
}

static int
find_pool(struct vhost_port *port)
{
	port->pool = rte_mempool_lookup(SPP_MBUF_POOL_NAME);
	if (port->pool == NULL)
		return spp_host->fail(spp_host, -ENOENT,
				      "vhost:%u has no buffers: the mempool %s does not exist",
				      port->id, SPP_MBUF_POOL_NAME);
	return 0;
}

static int
vhost_open(uint32_t id, const struct spp_args *args, void **out)
{
	struct vhost_port *port = spp_host->zalloc(spp_host, sizeof(*port), SPP_NUMA_ANY);
	int ret;

	if (port == NULL)
		return spp_host->fail(spp_host, -ENOMEM, "vhost:%u: no memory", id);
	port->id = id;
	port->vid = NO_PEER;
	ret = read_mode(port, args);
	if (ret == 0)
		ret = read_access(port, args);
	if (ret == 0)
		ret = read_socket(port, args);
	if (ret == 0)
		ret = find_pool(port);
	if (ret == 0)
		ret = claim_path(port);
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
	unregister_driver(closing);
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

	spp_host->reply_str(reply, "mode", port->is_client ? "client" : "server");
	spp_host->reply_str(reply, "socket", port->path);
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
	.options = "<mode:client|server> <socket:WORD> <directory:WORD> <owner:WORD> "
		   "<permissions:WORD>",
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
