/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Peers of vhost-user sockets: which are connected, and which one of them is served.
 *
 * Three kinds of threads meet here.  The library's threads say which peers come and go; so does the
 * thread that unregisters a socket.  Workers read the vid.  [main] asks for the rest.
 *
 * The library unmaps the memory of a peer when destroy_device() returns, so destroy_device()
 * returns only once no worker can still touch that memory.
 */
#ifndef VHOST_PEERS_H
#define VHOST_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#include <rte_vhost.h>

#include "vhost_socket.h"

/* The queues of the pair, as the guest names them. */
#define VHOST_GUEST_RX 0
#define VHOST_GUEST_TX 1

/* Peers connected to one socket: the first one is served, the others wait until it leaves. */
#define VHOST_PEERS_MAX 4
#define VHOST_NO_PEER (-1)

/* Entries that each ring of a peer has at least: two bursts. */
#define VHOST_RING_MIN 64

struct vhost_peer {
	int vid;
	uint16_t rx_size, tx_size; /* ring entries, as seen from here */
	uint64_t features;
};

/* A connected peer that is not served, for it has a ring that is too small. */
struct vhost_refused {
	int vid;
	uint16_t size; /* entries of the ring */
};

/* The peers of one socket. */
struct vhost_peers {
	/* Vid of the peer being served, or VHOST_NO_PEER.  Stored with release under the lock;
	 * pairs with the acquire in vhost_peers_vid(). */
	int vid;
	bool is_closing;             /* atomic: no worker uses the port any more */
	unsigned int nb_connections; /* of the socket, with or without a driver behind them */
	unsigned int nb_peers;
	struct vhost_peer peer[VHOST_PEERS_MAX];
	unsigned int nb_refused;
	struct vhost_refused refused[VHOST_PEERS_MAX]; /* more are refused without a word */
	const struct vhost_socket *socket;
	struct vhost_peers *next;
};

/* The link of a port at one moment.  If the link is up, `peer` is the one being served. */
struct vhost_link {
	bool is_connected;
	bool is_up;
	uint16_t refused_size; /* ring of the peer that was refused first; 0: no peer was */
	struct vhost_peer peer;
};

/* Callbacks for the library: they change the peers of sockets that were added. */
extern const struct rte_vhost_device_ops vhost_peers_ops;

/* The vid being served, or VHOST_NO_PEER.  [worker] */
static inline int
vhost_peers_vid(const struct vhost_peers *peers)
{
	return __atomic_load_n(&peers->vid, __ATOMIC_ACQUIRE);
}

/* Put the peers on the list before the library gets the socket, and take them from it after the
 * library has given the socket back.  The caller owns the memory.  [any] */
void vhost_peers_add(struct vhost_peers *peers);
void vhost_peers_del(struct vhost_peers *peers);

/* True if peers with a socket of that path are on the list; *id is the port.  [main] */
bool vhost_peers_find_port(const char *path, uint32_t *id);

/* Say that no worker uses the port any more: peers that leave from now on need not wait.  [main] */
void vhost_peers_close(struct vhost_peers *peers);

/* The link of the port.  [main] */
void vhost_peers_look(const struct vhost_peers *peers, struct vhost_link *link);

#endif
