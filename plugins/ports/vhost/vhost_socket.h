/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The file of a vhost-user socket, and the patience with the peers at the other end.  [main], or as
 * said.
 *
 * In mode server the library creates the file and removes it; in mode client the peer does both.
 * Functions return 0 or what the host was told.
 */
#ifndef VHOST_SOCKET_H
#define VHOST_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>

struct vhost_socket {
	uint32_t id; /* of the port */
	bool is_client;
	mode_t permissions;
	uid_t owner; /* -1: the creator of the socket stays its owner; group alike */
	gid_t group;
	struct stat file; /* the file that the library created */
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
};

/* Make the path free for the library, or say what is in the way. */
int vhost_socket_claim(const struct vhost_socket *sock);

/* Give the file that the library has just created to its owner. */
int vhost_socket_hand_over(struct vhost_socket *sock);

/* Limit how long a peer of the socket can hold up the library, by half a message or by replies that
 * the peer does not read: one thread of the library serves all sockets, and it waits within a
 * message.  Called for each new connection, before the library reads from it. [any] */
void vhost_socket_limit_waits(const struct vhost_socket *sock);

/* Take the socket from the library, which removes its file.  A foreign file at the path stays.  The
 * function returns when the peers of the socket let it. [any] */
void vhost_socket_unregister(const struct vhost_socket *sock);

#endif
