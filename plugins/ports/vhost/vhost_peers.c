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
