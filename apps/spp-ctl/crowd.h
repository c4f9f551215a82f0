/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who has a connection, and who goes first when there are too many: a crowd of seats, each of one
 * peer.  A peer is a user of this machine, or an address beyond it; a peer that takes many seats
 * loses its own before any other peer loses one.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>
#include <sys/queue.h>

struct crowd_peer;

struct crowd_seat {
	TAILQ_ENTRY(crowd_seat) link;
	struct crowd_peer *peer; /* NULL: not in a crowd */
	unsigned int rank;       /* seats of a lower rank go first; the owner may change it */
};
TAILQ_HEAD(crowd_seats, crowd_seat);
TAILQ_HEAD(crowd_peers, crowd_peer);

struct crowd {
	struct crowd_seats seats; /* in the order of joining or renewal */
	struct crowd_peers peers;
	unsigned int nb, max;
};

void crowd_init(struct crowd *crowd, unsigned int max);

/* Take a seat for the peer of the connected socket fd.  crowd->max does not keep anybody out: the
 * caller makes room first.  0 or -ENOMEM. */
int crowd_join(struct crowd *crowd, struct crowd_seat *seat, int fd);
/* Nothing happens if the seat is in no crowd. */
void crowd_leave(struct crowd *crowd, struct crowd_seat *seat);

/* Put the seat behind all others. */
void crowd_renew(struct crowd *crowd, struct crowd_seat *seat);

/* The seat that goes next, of those that may go: of the lowest rank, of the peer with the most
 * seats, and the oldest.  NULL when none may go. */
struct crowd_seat *crowd_next_to_go(struct crowd *crowd,
				    bool (*may_go)(const struct crowd_seat *seat));

#endif
