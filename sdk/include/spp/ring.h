/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * spp/ring.h: the ring in shared memory that carries packets from one component to the next.
 *
 * One user puts, one user takes; they may be lcores of different processes.  Each side has one
 * index, which only that side writes, so a process that dies at any instruction leaves a ring that
 * is whole: what the dead process had not published was never there, what it had not taken is still
 * there.  Nothing has to be repaired.
 *
 * Order of stores, one pair for each direction:
 *
 *	put	reads take.index (acquire)	take	writes take.index (release)
 *	put	writes put.index (release)	take	reads put.index (acquire)
 *
 * The first pair makes sure that an entry is not overwritten while it is still being read, the
 * second that an entry is not read before it was written.
 */
#ifndef SPP_RING_H
#define SPP_RING_H

#include <stdint.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_mbuf_core.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One side of a ring.  Indices count entries since the ring was made and wrap at 2^32. */
struct spp_ring_side {
	uint32_t index; /* of the next entry to put, or to take; its side alone writes it */
	uint32_t seen;  /* index of the other side when this side last looked; private */
	uint8_t reserved[2 * RTE_CACHE_LINE_MIN_SIZE - 8]; /* a prefetcher takes lines in pairs */
};

/* Lies at a multiple of RTE_CACHE_LINE_SIZE; the slots lie behind it. */
struct spp_ring {
	uint32_t size; /* entries, a power of two; never changes */
	uint8_t reserved[2 * RTE_CACHE_LINE_MIN_SIZE - 4];
	struct spp_ring_side put;
	struct spp_ring_side take;
};

/* Bytes of a ring of that many entries. */
static inline size_t
spp_ring_bytes(uint32_t size)
{
	return sizeof(struct spp_ring) + size * sizeof(struct rte_mbuf *);
}

/* The slots, size of them. [any] */
static inline struct rte_mbuf **
spp_ring_slots(struct spp_ring *ring)
{
	return (struct rte_mbuf **)(ring + 1);
}

/* Make an empty ring in memory of spp_ring_bytes(size) bytes.  size is a power of two, at most
 * 2^31. [main] */
static inline void
spp_ring_init(struct spp_ring *ring, uint32_t size)
{
	memset(ring, 0, spp_ring_bytes(size));
	ring->size = size;
}

/* Entries in the ring: exact for either user while the other one rests, else as it was at some
 * moment during the call. [any] */
static inline uint32_t
spp_ring_used(const struct spp_ring *ring)
{
	uint32_t taken = __atomic_load_n(&ring->take.index, __ATOMIC_ACQUIRE);

	return __atomic_load_n(&ring->put.index, __ATOMIC_ACQUIRE) - taken;
}

/* Put up to nb packets in, in order; returns how many fitted.  The ring owns these, the caller
 * keeps the rest.  One user at a time. [worker] */
static inline uint16_t
spp_ring_put(struct spp_ring *ring, struct rte_mbuf *const *pkts, uint16_t nb)
{
	const uint32_t size = ring->size, index = ring->put.index, at = index & (size - 1);
	uint32_t room = size - (index - ring->put.seen), straight;
	struct rte_mbuf **slots = spp_ring_slots(ring);

	if (room < nb) {
		/* Pairs with the release in spp_ring_commit(). */
		ring->put.seen = __atomic_load_n(&ring->take.index, __ATOMIC_ACQUIRE);
		room = size - (index - ring->put.seen);
		nb = RTE_MIN(room, nb);
	}
	straight = RTE_MIN(size - at, nb);
	memcpy(&slots[at], pkts, straight * sizeof(*pkts));
	if (unlikely(straight < nb))
		memcpy(slots, &pkts[straight], (nb - straight) * sizeof(*pkts));
	/* Pairs with the acquire in spp_ring_peek(). */
	__atomic_store_n(&ring->put.index, index + nb, __ATOMIC_RELEASE);
	return nb;
}

/* Copy up to nb of the oldest packets out, in order; returns how many.  The ring keeps them until
 * spp_ring_commit().  One user at a time. [worker] */
static inline uint16_t
spp_ring_peek(struct spp_ring *ring, struct rte_mbuf **pkts, uint16_t nb)
{
	const uint32_t size = ring->size, index = ring->take.index, at = index & (size - 1);
	uint32_t used = ring->take.seen - index, straight;
	struct rte_mbuf **slots = spp_ring_slots(ring);

	if (used < nb) {
		/* Pairs with the release in spp_ring_put(). */
		ring->take.seen = __atomic_load_n(&ring->put.index, __ATOMIC_ACQUIRE);
		used = ring->take.seen - index;
		nb = RTE_MIN(used, nb);
	}
	straight = RTE_MIN(size - at, nb);
	memcpy(pkts, &slots[at], straight * sizeof(*pkts));
	if (unlikely(straight < nb))
		memcpy(&pkts[straight], slots, (nb - straight) * sizeof(*pkts));
	return nb;
}

/* Take the nb oldest packets, which spp_ring_peek() has shown: the caller owns them. [worker] */
static inline void
spp_ring_commit(struct spp_ring *ring, uint16_t nb)
{
	/* Pairs with the acquire in spp_ring_put(). */
	__atomic_store_n(&ring->take.index, ring->take.index + nb, __ATOMIC_RELEASE);
}

/* Take up to nb of the oldest packets, in order; returns how many.  One user at a time. [worker] */
static inline uint16_t
spp_ring_take(struct spp_ring *ring, struct rte_mbuf **pkts, uint16_t nb)
{
	nb = spp_ring_peek(ring, pkts, nb);
	spp_ring_commit(ring, nb);
	return nb;
}

#ifdef __cplusplus
}
#endif

#endif
