/* SPDX-License-Identifier: BSD-3-Clause */
/* VLAN operations, byte by byte: written-out frames, then random ones against a flat model. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <rte_eal.h>
#include <rte_mbuf.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/eal.h"

#include "vlan.h"

#define DATA_ROOM 2048
#define BARE_ROOM (RTE_PKTMBUF_HEADROOM + 8)
#define FRAME_MAX 3000
#define NB_MBUFS 511
#define RANDOM_BURSTS 20000

static struct rte_mempool *pool; /* ordinary mbufs */
/* Mbufs for clones and external data: no room for a header of their own. */
static struct rte_mempool *bare_pool;

static uint64_t drops[VLAN_DROP_MAX];

/* Fixtures */

static int
setup_eal(void **state)
{
	(void)state;
	if (test_eal_init("0@0") != 0)
		return -1;
	pool = rte_pktmbuf_pool_create("packets", NB_MBUFS, 0, 0, DATA_ROOM, SOCKET_ID_ANY);
	bare_pool = rte_pktmbuf_pool_create("bare", NB_MBUFS, 0, 0, BARE_ROOM, SOCKET_ID_ANY);
	return pool == NULL || bare_pool == NULL;
}

static int
teardown_eal(void **state)
{
	(void)state;
	rte_mempool_free(pool);
	rte_mempool_free(bare_pool);
	return test_eal_fini();
}

static int
setup(void **state)
{
	(void)state;
	memset(drops, 0, sizeof(drops));
	return 0;
}

/* Every test must give back what it took. */
static int
assert_pools_full(void **state)
{
	(void)state;
	return rte_mempool_avail_count(pool) != NB_MBUFS ||
	       rte_mempool_avail_count(bare_pool) != NB_MBUFS;
}

/* Frames */

static const uint8_t untagged[] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 0x52, 0x54, 0x00,
				   0xab, 0xcd, 0xef, 0x08, 0x00, 0x45, 0x11, 0x22, 0x33};
/* PCP 1, DEI 1, VID 0x123, IPv4. */
static const uint8_t tagged[] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 0x52, 0x54, 0x00, 0xab, 0xcd,
				 0xef, 0x81, 0x00, 0x31, 0x23, 0x08, 0x00, 0x45, 0x11, 0x22, 0x33};

static const struct vlan_op add_5_100 = {.kind = VLAN_ADD, .pcp = 5, .vid = 100};
static const struct vlan_op del = {.kind = VLAN_DEL};

static struct rte_mbuf *
packet(const void *bytes, uint16_t len)
{
	struct rte_mbuf *pkt = rte_pktmbuf_alloc(pool);

	assert_non_null(pkt);
	memcpy(rte_pktmbuf_append(pkt, len), bytes, len);
	return pkt;
}

/* The same bytes with the first `first` of them in a segment of their own. */
static struct rte_mbuf *
packet_split(const uint8_t *bytes, uint16_t len, uint16_t first)
{
	struct rte_mbuf *head = packet(bytes, first);

	assert_int_equal(rte_pktmbuf_chain(head, packet(bytes + first, len - first)), 0);
	return head;
}

static void
assert_packet(const struct rte_mbuf *pkt, const void *bytes, uint32_t len)
{
	uint8_t flat[FRAME_MAX + 8];
	uint32_t sum = 0;
	uint16_t nb_segs = 0;
	const void *at;

	assert_int_equal(pkt->pkt_len, len);
	for (const struct rte_mbuf *seg = pkt; seg != NULL; seg = seg->next, nb_segs++)
		sum += seg->data_len;
	assert_int_equal(sum, len);
	assert_int_equal(pkt->nb_segs, nb_segs);
	assert_non_null(at = rte_pktmbuf_read(pkt, 0, len, flat));
	assert_memory_equal(at, bytes, len);
}

static struct rte_mbuf *
apply_one(const struct vlan_op *op, struct rte_mbuf *pkt)
{
	return vlan_apply(op, &pkt, 1, drops) == 1 ? pkt : NULL;
}

static uint64_t
nb_drops(void)
{
	return drops[VLAN_NO_HEADROOM] + drops[VLAN_NO_MBUF] + drops[VLAN_RUNT];
}

/* One operation, written out */

static void
add_inserts_tag_after_the_addresses(void **state)
{
	static const uint8_t expected[] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 0x52, 0x54,
					   0x00, 0xab, 0xcd, 0xef, 0x81, 0x00, 0xa0, 0x64,
					   0x08, 0x00, 0x45, 0x11, 0x22, 0x33};
	struct rte_mbuf *pkt = packet(untagged, sizeof(untagged));
	struct rte_mbuf *out = apply_one(&add_5_100, pkt);

	(void)state;
	assert_ptr_equal(out, pkt);
	assert_packet(out, expected, sizeof(expected));
	assert_int_equal(out->data_off, RTE_PKTMBUF_HEADROOM - 4);
	rte_pktmbuf_free(out);
}

static void
add_overwrites_whole_tci_of_tagged_packet(void **state)
{
	uint8_t expected[sizeof(tagged)];
	struct rte_mbuf *pkt = packet(tagged, sizeof(tagged));
	struct rte_mbuf *out = apply_one(&add_5_100, pkt);

	(void)state;
	memcpy(expected, tagged, sizeof(tagged));
	expected[14] = 0xa0;
	expected[15] = 0x64;
	assert_ptr_equal(out, pkt);
	assert_packet(out, expected, sizeof(expected));
	assert_int_equal(out->data_off, RTE_PKTMBUF_HEADROOM);
	rte_pktmbuf_free(out);
}

static void
del_removes_outermost_tag(void **state)
{
	uint8_t twice[sizeof(tagged) + 4];
	struct rte_mbuf *out;

	(void)state;
	memcpy(twice, tagged, 12);
	memcpy(twice + 12, "\x81\x00\x0f\xff", 4);
	memcpy(twice + 16, tagged + 12, sizeof(tagged) - 12);
	out = apply_one(&del, packet(twice, sizeof(twice)));
	assert_packet(out, tagged, sizeof(tagged));
	out = apply_one(&del, out);
	assert_packet(out, untagged, sizeof(untagged));
	assert_int_equal(out->data_off, RTE_PKTMBUF_HEADROOM + 8);
	rte_pktmbuf_free(out);
}

static void
del_leaves_untagged_packet_alone_even_if_shared(void **state)
{
	struct rte_mbuf *pkt = packet(untagged, sizeof(untagged));
	struct rte_mbuf *out;

	(void)state;
	rte_mbuf_refcnt_update(pkt, 1);
	out = apply_one(&del, pkt);
	assert_ptr_equal(out, pkt);
	assert_int_equal(rte_mbuf_refcnt_read(pkt), 2);
	assert_packet(out, untagged, sizeof(untagged));
	rte_pktmbuf_free(pkt);
	rte_pktmbuf_free(pkt);
}

static void
service_tag_of_other_ethertype_counts_as_untagged(void **state)
{
	uint8_t service[sizeof(tagged)];
	struct rte_mbuf *out;

	(void)state;
	memcpy(service, tagged, sizeof(tagged));
	service[12] = 0x88;
	service[13] = 0xa8;
	out = apply_one(&del, packet(service, sizeof(service)));
	assert_packet(out, service, sizeof(service));
	out = apply_one(&add_5_100, out);
	assert_int_equal(out->pkt_len, sizeof(service) + 4);
	rte_pktmbuf_free(out);
}

static void
none_leaves_everything_alone(void **state)
{
	static const struct vlan_op none = {.kind = VLAN_NONE};
	struct rte_mbuf *pkts[] = {packet(untagged, 3), packet(tagged, sizeof(tagged))};

	(void)state;
	assert_int_equal(vlan_apply(&none, pkts, 2, drops), 2);
	assert_packet(pkts[0], untagged, 3);
	assert_packet(pkts[1], tagged, sizeof(tagged));
	assert_int_equal(nb_drops(), 0);
	rte_pktmbuf_free_bulk(pkts, 2);
}

static void
metadata_is_kept(void **state)
{
	struct rte_mbuf *shared = packet(untagged, sizeof(untagged));
	struct rte_mbuf *out;

	(void)state;
	shared->ol_flags |= RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_RSS_HASH;
	shared->vlan_tci = 77;
	shared->hash.rss = 0xdeadbeef;
	shared->l2_len = 14;
	shared->port = 3;
	rte_mbuf_refcnt_update(shared, 1);
	out = apply_one(&add_5_100, shared);
	assert_ptr_not_equal(out, shared);
	for (int i = 0; i < 2; i++) {
		assert_true(out->ol_flags == (RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_RSS_HASH));
		assert_int_equal(out->vlan_tci, 77);
		assert_int_equal(out->hash.rss, 0xdeadbeef);
		assert_int_equal(out->l2_len, 14);
		assert_int_equal(out->port, 3);
		out = apply_one(&del, out);
	}
	rte_pktmbuf_free(out);
	rte_pktmbuf_free(shared);
}

/* What cannot be changed */

static void
add_without_headroom_drops_and_counts(void **state)
{
	struct rte_mbuf *pkt = rte_pktmbuf_alloc(pool);

	(void)state;
	pkt->data_off = 3;
	memcpy(rte_pktmbuf_append(pkt, sizeof(untagged)), untagged, sizeof(untagged));
	assert_null(apply_one(&add_5_100, pkt));
	assert_int_equal(drops[VLAN_NO_HEADROOM], 1);
	assert_int_equal(nb_drops(), 1);
}

static void
runts_are_dropped_and_counted(void **state)
{
	(void)state;
	for (uint16_t len = 0; len < 14; len++) {
		assert_null(apply_one(&add_5_100, packet(untagged, len)));
		assert_null(apply_one(&del, packet(untagged, len)));
	}
	for (uint16_t len = 14; len < 18; len++) {
		assert_null(apply_one(&add_5_100, packet(tagged, len)));
		assert_null(apply_one(&del, packet(tagged, len)));
	}
	assert_int_equal(drops[VLAN_RUNT], 2 * 18);
	assert_int_equal(nb_drops(), 2 * 18);
}

static void
shortest_frames_are_changed(void **state)
{
	struct rte_mbuf *out = apply_one(&add_5_100, packet(untagged, 14));

	(void)state;
	assert_int_equal(out->pkt_len, 18);
	out = apply_one(&del, out);
	assert_packet(out, untagged, 14);
	assert_int_equal(nb_drops(), 0);
	rte_pktmbuf_free(out);
}

static void
shared_packet_without_buffer_for_a_copy_is_dropped_and_counted(void **state)
{
	struct rte_mbuf *pkt = packet(untagged, sizeof(untagged));
	struct rte_mbuf *rest[NB_MBUFS];

	(void)state;
	assert_int_equal(rte_pktmbuf_alloc_bulk(pool, rest, NB_MBUFS - 1), 0);
	rte_mbuf_refcnt_update(pkt, 1);
	assert_null(apply_one(&add_5_100, pkt));
	assert_int_equal(drops[VLAN_NO_MBUF], 1);
	assert_int_equal(nb_drops(), 1);
	assert_int_equal(rte_mbuf_refcnt_read(pkt), 1);
	assert_packet(pkt, untagged, sizeof(untagged));
	rte_pktmbuf_free(pkt);
	rte_pktmbuf_free_bulk(rest, NB_MBUFS - 1);
}

static void
dropped_packets_leave_no_gap(void **state)
{
	struct rte_mbuf *good[3], *pkts[5];

	(void)state;
	for (unsigned int i = 0; i < 3; i++)
		good[i] = packet(untagged, sizeof(untagged));
	pkts[0] = packet(untagged, 13);
	pkts[1] = good[0];
	pkts[2] = good[1];
	pkts[3] = packet(tagged, 17);
	pkts[4] = good[2];
	assert_int_equal(vlan_apply(&add_5_100, pkts, 5, drops), 3);
	assert_memory_equal(pkts, good, sizeof(good));
	assert_int_equal(drops[VLAN_RUNT], 2);
	rte_pktmbuf_free_bulk(good, 3);
}

/* Who owns the bytes */

static void
shared_packet_is_changed_on_a_private_copy(void **state)
{
	struct rte_mbuf *pkt = packet(tagged, sizeof(tagged));
	struct rte_mbuf *out;

	(void)state;
	rte_mbuf_refcnt_update(pkt, 1);
	out = apply_one(&del, pkt);
	assert_ptr_not_equal(out, pkt);
	assert_packet(out, untagged, sizeof(untagged));
	assert_packet(pkt, tagged, sizeof(tagged));
	assert_int_equal(rte_mbuf_refcnt_read(pkt), 1);
	assert_int_equal(rte_mbuf_refcnt_read(out), 1);
	/* The last owner works in place. */
	assert_ptr_equal(apply_one(&del, pkt), pkt);
	assert_packet(pkt, untagged, sizeof(untagged));
	rte_pktmbuf_free(pkt);
	rte_pktmbuf_free(out);
}

static void
buffer_that_a_clone_points_to_is_not_changed(void **state)
{
	struct rte_mbuf *pkt = packet(tagged, sizeof(tagged));
	struct rte_mbuf *clone = rte_pktmbuf_clone(pkt, pool);
	struct rte_mbuf *out = apply_one(&add_5_100, pkt);

	(void)state;
	assert_ptr_not_equal(out, pkt);
	assert_packet(clone, tagged, sizeof(tagged));
	rte_pktmbuf_free(clone);
	rte_pktmbuf_free(out);
}

static void
clone_is_copied_to_the_pool_of_its_data(void **state)
{
	struct rte_mbuf *pkt = packet(tagged, sizeof(tagged));
	struct rte_mbuf *out = apply_one(&del, rte_pktmbuf_clone(pkt, bare_pool));

	(void)state;
	assert_ptr_equal(out->pool, pool);
	assert_true(RTE_MBUF_DIRECT(out));
	assert_packet(out, untagged, sizeof(untagged));
	assert_packet(pkt, tagged, sizeof(tagged));
	rte_pktmbuf_free(out);
	rte_pktmbuf_free(pkt);
}

static void
external_free(void *addr, void *nb_freed)
{
	(void)addr;
	++*(unsigned int *)nb_freed;
}

/* A packet of mbuf_pool whose data is the caller's: area holds 128 bytes. */
static struct rte_mbuf *
packet_external(struct rte_mempool *mbuf_pool, uint8_t *area, const uint8_t *bytes, uint16_t len,
		unsigned int *nb_freed)
{
	struct rte_mbuf *pkt = rte_pktmbuf_alloc(mbuf_pool);
	uint16_t area_len = 128;
	struct rte_mbuf_ext_shared_info *info =
		rte_pktmbuf_ext_shinfo_init_helper(area, &area_len, external_free, nb_freed);

	assert_non_null(info);
	rte_pktmbuf_attach_extbuf(pkt, area, RTE_BAD_IOVA, area_len, info);
	pkt->data_off = 16;
	memcpy(rte_pktmbuf_append(pkt, len), bytes, len);
	return pkt;
}

static void
external_data_is_copied_to_the_pool_of_the_mbuf(void **state)
{
	uint8_t area[128] __rte_aligned(8);
	unsigned int nb_freed = 0;
	struct rte_mbuf *out =
		apply_one(&del, packet_external(pool, area, tagged, sizeof(tagged), &nb_freed));

	(void)state;
	assert_int_equal(nb_freed, 1);
	assert_true(RTE_MBUF_DIRECT(out));
	assert_packet(out, untagged, sizeof(untagged));
	assert_memory_equal(area + 16, tagged, sizeof(tagged));
	rte_pktmbuf_free(out);
}

static void
external_data_without_a_pool_to_copy_to_is_dropped_and_counted(void **state)
{
	uint8_t area[128] __rte_aligned(8);
	unsigned int nb_freed = 0;

	(void)state;
	assert_null(apply_one(&del,
			      packet_external(bare_pool, area, tagged, sizeof(tagged), &nb_freed)));
	assert_int_equal(nb_freed, 1);
	assert_int_equal(drops[VLAN_NO_MBUF], 1);
	assert_int_equal(nb_drops(), 1);
}

/* Segments */

static void
header_spread_over_segments_is_gathered(void **state)
{
	(void)state;
	for (uint16_t first = 0; first <= sizeof(tagged); first++) {
		struct rte_mbuf *out = apply_one(&del, packet_split(tagged, sizeof(tagged), first));

		assert_packet(out, untagged, sizeof(untagged));
		rte_pktmbuf_free(out);
		if (first > sizeof(untagged))
			continue;
		out = apply_one(&add_5_100, packet_split(untagged, sizeof(untagged), first));
		assert_int_equal(out->pkt_len, sizeof(untagged) + 4);
		out = apply_one(&del, out);
		assert_packet(out, untagged, sizeof(untagged));
		rte_pktmbuf_free(out);
	}
	assert_int_equal(nb_drops(), 0);
}

static void
shared_later_segment_does_not_cause_a_copy(void **state)
{
	struct rte_mbuf *pkt = packet_split(tagged, sizeof(tagged), 18);
	struct rte_mbuf *tail = pkt->next;
	struct rte_mbuf *out;

	(void)state;
	rte_mbuf_refcnt_update(tail, 1);
	out = apply_one(&del, pkt);
	assert_ptr_equal(out, pkt);
	assert_ptr_equal(out->next, tail);
	assert_packet(out, untagged, sizeof(untagged));
	rte_pktmbuf_free(out);
	rte_pktmbuf_free(tail);
}

/* Random frames against the model */

struct expectation {
	bool dropped;
	enum vlan_drop reason;
	uint32_t len;
	uint8_t bytes[FRAME_MAX + 4];
};

struct subject {
	struct rte_mbuf *pkt;    /* handed over */
	struct rte_mbuf *holder; /* somebody else's reference to the same data, or NULL */
	uint32_t len;
	uint8_t bytes[FRAME_MAX];
	struct expectation expected;
};

static unsigned int
below(unsigned int n)
{
	return (unsigned int)rand() % n;
}

/* What the operation means for a flat array of bytes; room: bytes free in front of it, however
 * they come about. */
static void
model(const struct vlan_op *op, const struct subject *subject, unsigned int room,
      struct expectation *out)
{
	const uint8_t *in = subject->bytes;
	bool has_tag = subject->len >= 14 && in[12] == 0x81 && in[13] == 0x00;

	memset(out, 0, sizeof(*out));
	out->len = subject->len;
	memcpy(out->bytes, in, subject->len);
	if (subject->len < 14u + 4u * has_tag) {
		out->dropped = true;
		out->reason = VLAN_RUNT;
	} else if (op->kind == VLAN_ADD && has_tag) {
		out->bytes[14] = (uint8_t)(op->pcp * 32 + op->vid / 256);
		out->bytes[15] = (uint8_t)(op->vid % 256);
	} else if (op->kind == VLAN_ADD && room < 4) {
		out->dropped = true;
		out->reason = VLAN_NO_HEADROOM;
	} else if (op->kind == VLAN_ADD) {
		memmove(out->bytes + 16, in + 12, subject->len - 12);
		out->bytes[12] = 0x81;
		out->bytes[13] = 0x00;
		out->bytes[14] = (uint8_t)(op->pcp * 32 + op->vid / 256);
		out->bytes[15] = (uint8_t)(op->vid % 256);
		out->len += 4;
	} else if (has_tag) {
		memmove(out->bytes + 12, in + 16, subject->len - 16);
		out->len -= 4;
	}
}

static uint32_t
random_len(void)
{
	switch (below(4)) {
	case 0:
		return below(24);
	case 1:
		return 60 + below(64);
	case 2:
		return below(FRAME_MAX);
	default:
		return 14 + below(50);
	}
}

static void
random_bytes(struct subject *subject)
{
	static const uint16_t types[] = {0x8100, 0x8100, 0x8100, 0x0800, 0x88a8, 0x0081, 0x8101};
	uint16_t type = types[below(RTE_DIM(types))];

	subject->len = random_len();
	for (uint32_t i = 0; i < subject->len; i++)
		subject->bytes[i] = (uint8_t)rand();
	if (subject->len < 14)
		return;
	subject->bytes[12] = (uint8_t)(type >> 8);
	subject->bytes[13] = (uint8_t)type;
}

/* Cut the bytes into up to five segments of random sizes and headrooms; some are empty. */
static struct rte_mbuf *
random_segments(const struct subject *subject)
{
	struct rte_mbuf *head = NULL;
	uint32_t done = 0;

	for (unsigned int left = 1 + below(5); left > 0; left--) {
		uint32_t rest = subject->len - done;
		uint32_t len = left == 1 ? rest : below(RTE_MIN(rest, 40u) + 1);
		struct rte_mbuf *seg;

		len = RTE_MIN(len, (uint32_t)DATA_ROOM - RTE_PKTMBUF_HEADROOM);
		left += left == 1 && len < rest;
		seg = packet(subject->bytes + done, (uint16_t)len);
		done += len;
		if (head == NULL)
			head = seg;
		else
			assert_int_equal(rte_pktmbuf_chain(head, seg), 0);
	}
	return head;
}

/* Move the data of the first segment towards the front of its buffer. */
static void
random_headroom(struct rte_mbuf *pkt)
{
	uint16_t room = (uint16_t)(below(2) ? below(6) : below(RTE_PKTMBUF_HEADROOM + 1));

	memmove((uint8_t *)pkt->buf_addr + room, rte_pktmbuf_mtod(pkt, void *), pkt->data_len);
	pkt->data_off = room;
}

/* How the packet is held; returns the room in front of it that the model may use. */
static unsigned int
random_sharing(struct subject *subject)
{
	struct rte_mbuf *pkt = subject->pkt;
	bool header_in_first = pkt->data_len >= 12;

	switch (below(4)) {
	case 0: /* held by somebody else too: flooded */
		rte_pktmbuf_refcnt_update(pkt, 1);
		subject->holder = pkt;
		return RTE_PKTMBUF_HEADROOM;
	case 1: /* a clone, the original held by somebody else or gone */
		subject->pkt = rte_pktmbuf_clone(pkt, below(2) ? pool : bare_pool);
		assert_non_null(subject->pkt);
		if (below(2))
			subject->holder = pkt;
		else
			rte_pktmbuf_free(pkt);
		return RTE_PKTMBUF_HEADROOM;
	case 2: /* the original, cloned by somebody else */
		subject->holder = rte_pktmbuf_clone(pkt, bare_pool);
		assert_non_null(subject->holder);
		return RTE_PKTMBUF_HEADROOM;
	default:
		return header_in_first ? rte_pktmbuf_headroom(pkt) : RTE_PKTMBUF_HEADROOM;
	}
}

static void
random_subject(struct subject *subject, const struct vlan_op *op)
{
	memset(subject, 0, sizeof(*subject));
	random_bytes(subject);
	subject->pkt = random_segments(subject);
	if (below(2))
		random_headroom(subject->pkt);
	model(op, subject, random_sharing(subject), &subject->expected);
}

static struct vlan_op
random_op(void)
{
	return (struct vlan_op){
		.kind = below(2) ? VLAN_ADD : VLAN_DEL,
		.pcp = (uint8_t)below(8),
		.vid = (uint16_t)below(4095),
	};
}

static void
random_burst(struct subject *subjects, unsigned int nb)
{
	uint64_t expected_drops[VLAN_DROP_MAX] = {0};
	struct rte_mbuf *pkts[8];
	struct vlan_op op = random_op();
	uint16_t nb_kept, next = 0;

	for (unsigned int i = 0; i < nb; i++) {
		random_subject(&subjects[i], &op);
		pkts[i] = subjects[i].pkt;
	}
	memset(drops, 0, sizeof(drops));
	nb_kept = vlan_apply(&op, pkts, (uint16_t)nb, drops);
	for (unsigned int i = 0; i < nb; i++) {
		struct subject *subject = &subjects[i];

		if (subject->expected.dropped) {
			expected_drops[subject->expected.reason]++;
		} else {
			assert_true(next < nb_kept);
			assert_packet(pkts[next++], subject->expected.bytes, subject->expected.len);
		}
		/* The other holder always sees the bytes that it saw before. */
		if (subject->holder != NULL)
			assert_packet(subject->holder, subject->bytes, subject->len);
		rte_pktmbuf_free(subject->holder);
	}
	assert_int_equal(next, nb_kept);
	assert_memory_equal(drops, expected_drops, sizeof(drops));
	rte_pktmbuf_free_bulk(pkts, nb_kept);
}

static void
random_bursts_agree_with_the_model(void **state)
{
	static struct subject subjects[8];

	(void)state;
	srand(20221105);
	for (unsigned int i = 0; i < RANDOM_BURSTS; i++) {
		random_burst(subjects, 1 + below(RTE_DIM(subjects)));
		assert_int_equal(rte_mempool_avail_count(pool), NB_MBUFS);
		assert_int_equal(rte_mempool_avail_count(bare_pool), NB_MBUFS);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, assert_pools_full)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(add_inserts_tag_after_the_addresses),
		TEST(add_overwrites_whole_tci_of_tagged_packet),
		TEST(del_removes_outermost_tag),
		TEST(del_leaves_untagged_packet_alone_even_if_shared),
		TEST(service_tag_of_other_ethertype_counts_as_untagged),
		TEST(none_leaves_everything_alone),
		TEST(metadata_is_kept),
		TEST(add_without_headroom_drops_and_counts),
		TEST(runts_are_dropped_and_counted),
		TEST(shortest_frames_are_changed),
		TEST(shared_packet_without_buffer_for_a_copy_is_dropped_and_counted),
		TEST(dropped_packets_leave_no_gap),
		TEST(shared_packet_is_changed_on_a_private_copy),
		TEST(buffer_that_a_clone_points_to_is_not_changed),
		TEST(clone_is_copied_to_the_pool_of_its_data),
		TEST(external_data_is_copied_to_the_pool_of_the_mbuf),
		TEST(external_data_without_a_pool_to_copy_to_is_dropped_and_counted),
		TEST(header_spread_over_segments_is_gathered),
		TEST(shared_later_segment_does_not_cause_a_copy),
		TEST(random_bursts_agree_with_the_model),
	};

	return cmocka_run_group_tests_name("core/vlan", tests, setup_eal, teardown_eal);
}
