/* SPDX-License-Identifier: BSD-3-Clause */
/* VLAN operations of attachments: one tag (0x8100) added, overwritten or removed.  [worker] */

#include <rte_byteorder.h>
#include <rte_ether.h>
#include <stdbool.h>
#include <string.h>

#include "stats.h"
#include "vlan.h"

#define MACS_LEN (2 * RTE_ETHER_ADDR_LEN)
#define TAG_LEN RTE_VLAN_HLEN

/* Bytes of the first segment that some operation writes: MACs and tag. */
#define WRITE_MAX (MACS_LEN + TAG_LEN)

/* No reason to drop: the packet has been changed, or needed no change. */
#define VLAN_KEEP VLAN_DROP_MAX

enum frame_kind { FRAME_UNTAGGED, FRAME_TAGGED, FRAME_RUNT };

/* What the packet is, wherever its segments end.  A tag that is cut off makes a runt. */
static inline enum frame_kind
frame_kind(const struct rte_mbuf *pkt)
{
	rte_be16_t across_segments, type;
	const void *at;

	if (unlikely(pkt->pkt_len < RTE_ETHER_HDR_LEN))
		return FRAME_RUNT;
	at = rte_pktmbuf_read(pkt, MACS_LEN, sizeof(across_segments), &across_segments);
	memcpy(&type, at, sizeof(type));
	if (type != RTE_BE16(RTE_ETHER_TYPE_VLAN))
		return FRAME_UNTAGGED;
	return likely(pkt->pkt_len >= RTE_ETHER_HDR_LEN + TAG_LEN) ? FRAME_TAGGED : FRAME_RUNT;
}

/* True if no other reference to the mbuf or its data exists, so that both may be changed in place.
 * Only the first segment is ever changed; the others may be shared. */
static inline bool
is_private(const struct rte_mbuf *pkt)
{
	if (unlikely(!RTE_MBUF_DIRECT(pkt) || rte_mbuf_refcnt_read(pkt) != 1))
		return false;
	/* A reader on another lcore may have just dropped its reference.  Pairs with the release in
	 * that reader's rte_mbuf_refcnt_update(): what the reader read comes before what is written
	 * here. */
	rte_atomic_thread_fence(__ATOMIC_ACQUIRE);
	return true;
}

static bool
pool_holds_header(struct rte_mempool *pool)
{
	return rte_pktmbuf_data_room_size(pool) >= RTE_PKTMBUF_HEADROOM + WRITE_MAX;
}

/* The pool for a private copy: the buffer's own.  The mbuf of a clone may come from a pool without
 * data room; then the pool of the data it points to has some.  NULL if neither pool has. */
static struct rte_mempool *
copy_pool(struct rte_mbuf *pkt)
{
	struct rte_mempool *pool = pkt->pool;

	if (!pool_holds_header(pool) && RTE_MBUF_CLONED(pkt))
		pool = rte_mbuf_from_indirect(pkt)->pool;
	return pool_holds_header(pool) ? pool : NULL;
}

/* Exchange the reference for a private, linear copy of the packet.  The packet is untouched if
 * there is no buffer. */
static bool
make_private(struct rte_mbuf **pkt)
{
	struct rte_mempool *pool = copy_pool(*pkt);
	struct rte_mbuf *copy;

	if (pool == NULL)
		return false;
	copy = rte_pktmbuf_copy(*pkt, pool, 0, UINT32_MAX);
	if (copy == NULL)
		return false;
	rte_pktmbuf_free(*pkt);
	*pkt = copy;
	return true;
}

/* Make the first len bytes contiguous and writable.  One copy serves both cases, a header spread
 * over segments and a shared packet: both are rare. */
static inline bool
make_writable(struct rte_mbuf **pkt, uint16_t len)
{
	if (likely((*pkt)->data_len >= len && is_private(*pkt)))
		return true;
	return make_private(pkt);
}

static inline enum vlan_drop
tag_overwrite(struct rte_mbuf **pkt, rte_be32_t tag)
{
	if (unlikely(!make_writable(pkt, WRITE_MAX)))
		return VLAN_NO_MBUF;
	memcpy(rte_pktmbuf_mtod_offset(*pkt, uint8_t *, MACS_LEN), &tag, TAG_LEN);
	return VLAN_KEEP;
}

static inline enum vlan_drop
tag_insert(struct rte_mbuf **pkt, rte_be32_t tag)
{
	uint8_t macs[MACS_LEN];
	uint8_t *header;

	if (unlikely(!make_writable(pkt, MACS_LEN)))
		return VLAN_NO_MBUF;
	memcpy(macs, rte_pktmbuf_mtod(*pkt, uint8_t *), MACS_LEN);
	header = (uint8_t *)rte_pktmbuf_prepend(*pkt, TAG_LEN);
	if (unlikely(header == NULL))
		return VLAN_NO_HEADROOM;
	memcpy(header, macs, MACS_LEN);
	memcpy(header + MACS_LEN, &tag, TAG_LEN);
	return VLAN_KEEP;
}

static inline enum vlan_drop
packet_add(struct rte_mbuf **pkt, rte_be32_t tag)
{
	switch (frame_kind(*pkt)) {
	case FRAME_UNTAGGED:
		return tag_insert(pkt, tag);
	case FRAME_TAGGED:
		return tag_overwrite(pkt, tag);
	default:
		return VLAN_RUNT;
	}
}

static inline enum vlan_drop
packet_del(struct rte_mbuf **pkt, rte_be32_t tag)
{
	enum frame_kind kind = frame_kind(*pkt);
	uint8_t macs[MACS_LEN];
	uint8_t *header;

	(void)tag;
	if (kind != FRAME_TAGGED)
		return kind == FRAME_RUNT ? VLAN_RUNT : VLAN_KEEP;
	if (unlikely(!make_writable(pkt, WRITE_MAX)))
		return VLAN_NO_MBUF;
	memcpy(macs, rte_pktmbuf_mtod(*pkt, uint8_t *), MACS_LEN);
	header = (uint8_t *)rte_pktmbuf_adj(*pkt, TAG_LEN);
	memcpy(header, macs, MACS_LEN);
	return VLAN_KEEP;
}

static __rte_always_inline uint16_t
apply_each(enum vlan_drop (*apply)(struct rte_mbuf **pkt, rte_be32_t tag), rte_be32_t tag,
	   struct rte_mbuf **pkts, uint16_t nb_pkts, uint64_t drops[VLAN_DROP_MAX])
{
	uint16_t nb_kept = 0;

	for (uint16_t i = 0; i < nb_pkts; i++) {
		struct rte_mbuf *pkt = pkts[i];
		enum vlan_drop reason = apply(&pkt, tag);

		if (unlikely(reason != VLAN_KEEP)) {
			rte_pktmbuf_free(pkt);
			stats_add(&drops[reason], 1);
			continue;
		}
		pkts[nb_kept++] = pkt;
	}
	return nb_kept;
}

uint16_t
vlan_apply(const struct vlan_op *op, struct rte_mbuf **pkts, uint16_t nb_pkts,
	   uint64_t drops[VLAN_DROP_MAX])
{
	uint32_t tci = (uint32_t)op->pcp << RTE_VLAN_PRI_SHIFT | op->vid;
	rte_be32_t tag = rte_cpu_to_be_32((uint32_t)RTE_ETHER_TYPE_VLAN << 16 | tci);

	switch (op->kind) {
	case VLAN_ADD:
		return apply_each(packet_add, tag, pkts, nb_pkts, drops);
	case VLAN_DEL:
		return apply_each(packet_del, tag, pkts, nb_pkts, drops);
	default:
		return nb_pkts;
	}
}
