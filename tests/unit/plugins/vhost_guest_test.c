/* SPDX-License-Identifier: BSD-3-Clause */
/* Hostile guests of vhost ports: rings that lie, rings of noise, memory that moves. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vhost_fixture.h"
#include "vhost_stranger.h"

static void
attack_loop(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), 100, VRING_DESC_F_NEXT, 1);
	stranger_describe(st, 1, stranger_address(st, st->data), 100, VRING_DESC_F_NEXT, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_foreign_address(struct stranger *st)
{
	stranger_describe(st, 0, 0xdeadbeef0000, 1500, 0, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_length(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), UINT32_MAX, 0, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_end_of_memory(struct stranger *st)
{
	stranger_describe(st, 0, STRANGER_MEM - 8, 1500, 0, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_no_room_for_a_header(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), 1, 0, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_descriptor_beyond_the_ring(struct stranger *st)
{
	stranger_offer(st, UINT16_MAX, RING_SIZE);
}

static void
attack_more_entries_than_the_ring_has(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), 200, 0, 0);
	stranger_offer(st, 0, 40000);
}

static void
attack_indirect_to_itself(struct stranger *st)
{
	stranger_describe(st, 0, 0, RING_SIZE * sizeof(struct vring_desc), VRING_DESC_F_INDIRECT,
			  0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_indirect_of_odd_size(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), 17, VRING_DESC_F_INDIRECT, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_indirect_without_end(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), UINT32_MAX & ~15U,
			  VRING_DESC_F_INDIRECT, 0);
	stranger_offer(st, 0, RING_SIZE);
}

/* What comes out of the panel's rings now is nobody's business; that something goes on is. */
static void
exchange(const struct spp_port_queue *rx, const struct spp_port_queue *tx, unsigned int nb_rounds)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];

	for (unsigned int i = 0; i < nb_rounds; i++) {
		uint16_t nb = port_host_burst(rx, pkts, SPP_BURST_MAX);

		assert_in_range(nb, 0, SPP_BURST_MAX);
		rte_pktmbuf_free_bulk(pkts, nb);
		for (unsigned int n = 0; n < SPP_BURST_MAX; n++)
			pkts[n] = frame_make(fix.pool, n);
		nb = port_host_burst(tx, pkts, SPP_BURST_MAX);
		assert_in_range(nb, 0, SPP_BURST_MAX);
		rte_pktmbuf_free_bulk(&pkts[nb], SPP_BURST_MAX - nb);
	}
}

static void
vhost_survives_rings_that_lie(void **state)
{
	static void (*const attacks[])(struct stranger *) = {
		attack_loop,
		attack_foreign_address,
		attack_length,
		attack_end_of_memory,
		attack_no_room_for_a_header,
		attack_descriptor_beyond_the_ring,
		attack_more_entries_than_the_ring_has,
		attack_indirect_to_itself,
		attack_indirect_of_odd_size,
		attack_indirect_without_end,
	};
	void *port = open_vhost(NULL);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	uint16_t peer;

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(attacks); i++) {
		struct stranger st;

		stranger_connect(&st);
		attacks[i](&st);
		exchange(&rx, &tx, 20);
		stranger_leave(&st);
		assert_int_equal(rte_mempool_avail_count(fix.pool), NB_MBUFS);
	}
	/* And an honest one is served as if nothing had been. */
	peer = peer_plug("net_virtio_user0", "");
	port_host_wait_logged(CONNECTED, 1);
	check_both_ways(port, peer, 100);
	peer_unplug("net_virtio_user0");
	port_host.ops->close(port);
}

static void
vhost_survives_rings_of_noise(void **state)
{
	void *port = open_vhost(NULL);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct stranger st;
	unsigned int seed = 4711;

	(void)state;
	for (unsigned int i = 0; i < 200; i++) {
		stranger_connect(&st);
		for (unsigned int n = 0; n < 10; n++) {
			uint8_t *end = st.mem + STRANGER_RINGS * STRANGER_RING_SPACE;

			for (uint8_t *byte = st.mem; byte < end; byte++)
				*byte = rand_r(&seed) >> 8;
			/* Half of the addresses are good ones, or all would end at the first check.
			 */
			for (unsigned int r = 0; r < STRANGER_RINGS; r++) {
				for (unsigned int d = 0; d < RING_SIZE; d += 2) {
					st.rings[r].desc[d].addr &= STRANGER_MEM - 1;
					st.rings[r].desc[d].len &= 2047;
					st.rings[r].desc[d].next &= RING_SIZE - 1;
					st.rings[r].avail->ring[d] &= RING_SIZE - 1;
				}
			}
			exchange(&rx, &tx, 5);
		}
		stranger_leave(&st);
		assert_int_equal(rte_mempool_avail_count(fix.pool), NB_MBUFS);
	}
	port_host.ops->close(port);
}

/* One such frame may not take the buffers of all ports. */
static void
vhost_drops_frames_that_need_several_buffers(void **state)
{
	void *port = open_vhost(NULL);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	struct stranger st;

	(void)state;
	stranger_connect(&st);
	stranger_describe(&st, 0, stranger_address(&st, st.data), 60000, 0, 0);
	stranger_offer(&st, 0, RING_SIZE);
	for (unsigned int i = 0; i < RING_SIZE; i++)
		assert_int_equal(port_host_burst(&rx, pkts, SPP_BURST_MAX), 0);
	assert_int_equal(rte_mempool_avail_count(fix.pool), NB_MBUFS);
	assert_int_equal(st.rings[1].used->idx, RING_SIZE);
	stranger_leave(&st);
	port_host.ops->close(port);
}

/* Frames of 1 to 18 bytes, in this order, each behind a header of virtio. */
static void
vhost_drops_and_counts_frames_without_a_header(void **state)
{
	const unsigned int header = sizeof(struct virtio_net_hdr_mrg_rxbuf), nb = 18;
	void *port = open_vhost(NULL);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	struct stranger st;
	json_t *status;

	(void)state;
	stranger_connect(&st);
	for (unsigned int i = 0; i < nb; i++) {
		stranger_describe(&st, i, stranger_address(&st, st.data), header + i + 1, 0, 0);
		st.rings[1].avail->ring[i] = i;
	}
	__atomic_store_n(&st.rings[1].avail->idx, nb, __ATOMIC_RELEASE);
	assert_int_equal(port_host_burst(&rx, pkts, SPP_BURST_MAX), nb - 13);
	for (unsigned int i = 0; i < nb - 13; i++)
		assert_int_equal(pkts[i]->pkt_len, 14 + i);
	assert_int_equal(rte_mempool_avail_count(fix.pool), NB_MBUFS - (nb - 13));
	rte_pktmbuf_free_bulk(pkts, nb - 13);

	status = port_host_status(port);
	assert_int_equal(status_number(json_object_get(status, "rx_drops"), "runts"), 13);
	assert_int_equal(status_number(status, "rx_packets"), nb - 13);
	json_decref(status);
	stranger_leave(&st);
	port_host.ops->close(port);
}

/* The frames of a guest stay in its ring while there are no buffers, and the port counts that. */
static void
vhost_counts_bursts_without_buffers(void **state)
{
	void *port = open_vhost(NULL);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct rte_mbuf *pkts[SPP_BURST_MAX], *taken[NB_MBUFS];
	struct stranger st;
	uint64_t nb = 1;

	(void)state;
	stranger_connect(&st);
	stranger_describe(&st, 0, stranger_address(&st, st.data), 200, 0, 0);
	stranger_offer(&st, 0, 5);
	assert_int_equal(rte_pktmbuf_alloc_bulk(fix.pool, taken, NB_MBUFS), 0);
	assert_int_equal(port_host.ops->get_nombuf(port, &nb), 0);
	assert_int_equal(nb, 0);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(port_host_burst(&rx, pkts, SPP_BURST_MAX), 0);
	assert_int_equal(port_host.ops->get_nombuf(port, &nb), 0);
	assert_int_equal(nb, 3);

	rte_pktmbuf_free_bulk(taken, NB_MBUFS);
	assert_int_equal(port_host_burst(&rx, pkts, SPP_BURST_MAX), 5);
	rte_pktmbuf_free_bulk(pkts, 5);
	assert_int_equal(port_host_burst(&rx, pkts, SPP_BURST_MAX), 0);
	assert_int_equal(port_host.ops->get_nombuf(port, &nb), 0);
	assert_int_equal(nb, 3);
	assert_int_equal(rte_mempool_avail_count(fix.pool), NB_MBUFS);
	stranger_leave(&st);
	port_host.ops->close(port);
}

/* Offer as many entries more, and wait until the panel has used all that are sent. */
static void
stranger_send(struct stranger *st, uint16_t nb)
{
	time_t limit = time(NULL) + WAIT_LIMIT_S;
	struct stranger_ring *ring = &st->rings[1];
	uint16_t end = ring->avail->idx + nb;

	stranger_offer(st, 0, end);
	while (__atomic_load_n(&ring->used->idx, __ATOMIC_ACQUIRE) != end && time(NULL) < limit)
		sched_yield();
	assert_int_equal(ring->used->idx, end);
}

static void
vhost_follows_changes_of_guest_memory_under_traffic(void **state)
{
	void *port = open_vhost(NULL);
	pthread_t thread = loop_start(port);
	struct stranger st;

	(void)state;
	stranger_connect(&st);
	stranger_describe(&st, 0, stranger_address(&st, st.data), 200, 0, 0);
	for (unsigned int i = 0; i < 500; i++) {
		stranger_offer(&st, 0, st.rings[1].avail->idx + 8);
		stranger_set_memory(&st);
		stranger_send(&st, 8);
	}
	stranger_leave(&st);
	loop_stop(thread);
	port_host.ops->close(port);
	assert_int_equal(loop.nb_returned, 500 * 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VHOST_TEST(vhost_survives_rings_that_lie),
		VHOST_TEST(vhost_survives_rings_of_noise),
		VHOST_TEST(vhost_drops_frames_that_need_several_buffers),
		VHOST_TEST(vhost_drops_and_counts_frames_without_a_header),
		VHOST_TEST(vhost_counts_bursts_without_buffers),
		VHOST_TEST(vhost_follows_changes_of_guest_memory_under_traffic),
	};

	start_host("vhost_guest");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
