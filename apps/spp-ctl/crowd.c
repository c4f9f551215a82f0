/* SPDX-License-Identifier: BSD-3-Clause */
/* Who has a connection, and who goes first when there are too many. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "crowd.h"
#include "peer_user.h"

struct crowd_key {
	bool is_user;
	unsigned char bytes[16]; /* the user, or the address */
};

struct crowd_peer {
	TAILQ_ENTRY(crowd_peer) link;
	struct crowd_key key;
	unsigned int nb; /* seats */
};

/* The address of a peer whose user the kernel does not tell; zeros if there is none. */
static void
read_address(int fd, unsigned char bytes[16])
{
	struct sockaddr_storage address;
	const struct sockaddr_in *in = (const void *)&address;
	const struct sockaddr_in6 *in6 = (const void *)&address;
	socklen_t size = sizeof(address);

	if (getpeername(fd, (struct sockaddr *)&address, &size) != 0)
		return;
	if (address.ss_family == AF_INET)
		memcpy(bytes, &in->sin_addr, sizeof(in->sin_addr));
	else if (address.ss_family == AF_INET6)
		memcpy(bytes, &in6->sin6_addr, sizeof(in6->sin6_addr));
}

static struct crowd_key
read_key(int fd)
{
	struct crowd_key key;
	uid_t user;

	memset(&key, 0, sizeof(key));
	key.is_user = peer_user(fd, &user) == 0;
	if (key.is_user)
		memcpy(key.bytes, &user, sizeof(user));
	else
		read_address(fd, key.bytes);
	return key;
}

static struct crowd_peer *
find_peer(struct crowd *crowd, const struct crowd_key *key)
{
	struct crowd_peer *peer;

	TAILQ_FOREACH (peer, &crowd->peers, link)
		if (peer->key.is_user == key->is_user &&
		    memcmp(peer->key.bytes, key->bytes, sizeof(key->bytes)) == 0)
			return peer;
	peer = calloc(1, sizeof(*peer));
	if (peer == NULL)
		return NULL;
	peer->key = *key;
	TAILQ_INSERT_TAIL(&crowd->peers, peer, link);
	return peer;
}

void
crowd_init(struct crowd *crowd, unsigned int max)
{
	*crowd = (struct crowd){.max = max};
	TAILQ_INIT(&crowd->seats);
	TAILQ_INIT(&crowd->peers);
}

int
crowd_join(struct crowd *crowd, struct crowd_seat *seat, int fd)
{
	const struct crowd_key key = read_key(fd);

	seat->peer = find_peer(crowd, &key);
	if (seat->peer == NULL)
		return -ENOMEM;
	seat->peer->nb++;
	crowd->nb++;
	TAILQ_INSERT_TAIL(&crowd->seats, seat, link);
	return 0;
}

void
crowd_leave(struct crowd *crowd, struct crowd_seat *seat)
{
	if (seat->peer == NULL)
		return;
	TAILQ_REMOVE(&crowd->seats, seat, link);
	crowd->nb--;
	if (--seat->peer->nb == 0) {
		TAILQ_REMOVE(&crowd->peers, seat->peer, link);
		free(seat->peer);
	}
	seat->peer = NULL;
}

void
crowd_renew(struct crowd *crowd, struct crowd_seat *seat)
{
	if (seat->peer == NULL)
		return;
	TAILQ_REMOVE(&crowd->seats, seat, link);
	TAILQ_INSERT_TAIL(&crowd->seats, seat, link);
}

static bool
goes_before(const struct crowd_seat *seat, const struct crowd_seat *other)
{
	if (seat->rank != other->rank)
		return seat->rank < other->rank;
	return seat->peer->nb > other->peer->nb;
}

struct crowd_seat *
crowd_next_to_go(struct crowd *crowd, bool (*may_go)(const struct crowd_seat *seat))
{
	struct crowd_seat *seat, *next = NULL;

	TAILQ_FOREACH (seat, &crowd->seats, link)
		if ((next == NULL || goes_before(seat, next)) && may_go(seat))
			next = seat;
	return next;
}
