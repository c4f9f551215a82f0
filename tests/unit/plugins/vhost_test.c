/* SPDX-License-Identifier: BSD-3-Clause */
/* The port plugin vhost with real peers: packets, counters, status. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <linux/virtio_config.h>
#include <linux/virtio_net.h>

#include "vhost_fixture.h"

static void
vhost_table_has_the_rank_between_phy_and_ring(void **state)
{
	(void)state;
	assert_int_equal(port_host.ops->rank, 20);
	assert_string_equal(port_host.ops->options,
			    "<mode:client|server> <socket:WORD> <directory:WORD> "
			    "<owner:WORD> <permissions:WORD>");
	assert_null(port_host.ops->list);
	assert_null(port_host.ops->nb_queues);
	assert_null(port_host.plugin->get_extension("spp.stats/1"));
}

/* Data path */

static void
vhost_without_a_peer_takes_and_gives_nothing(void **state)
{
	void *port = open_vhost(NULL);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct rte_mbuf *pkts[SPP_BURST_MAX];

	(void)state;
	pkts[0] = frame_make(fix.pool, 0);
	assert_int_equal(port_host_burst(&rx, pkts + 1, SPP_BURST_MAX - 1), 0);
	assert_int_equal(port_host_burst(&tx, pkts, 1), 0);
	assert_int_equal(rte_mbuf_refcnt_read(pkts[0]), 1);
	rte_pktmbuf_free(pkts[0]);
	port_host.ops->close(port);
}

static void
vhost_passes_frames_both_ways_unchanged(void **state)
{
	void *port = open_vhost(NULL);
	uint16_t peer = peer_plug("net_virtio_user0", "");

	(void)state;
	port_host_wait_logged(CONNECTED, 1);
	check_both_ways(port, peer, 5000);
	peer_unplug("net_virtio_user0");
	port_host.ops->close(port);
}

/* The peer asks for packed rings and for what goes with them; it gets split ones. */
static void
vhost_passes_frames_by_split_rings_to_whoever_asks_for_more(void **state)
{
	void *port = open_vhost(NULL);
	uint16_t peer = peer_plug("net_virtio_user0", ",packed_vq=1,in_order=1,mrg_rxbuf=1");

	(void)state;
	port_host_wait_logged(CONNECTED, 1);
	check_both_ways(port, peer, 1000);
	peer_unplug("net_virtio_user0");
	port_host.ops->close(port);
}

static void
vhost_keeps_shared_buffers_alive(void **state)
{
	void *port = open_vhost(NULL);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct rte_mbuf *pkt = frame_make(fix.pool, 1), *sent = pkt;

	(void)state;
	peer_plug("net_virtio_user0", "");
	port_host_wait_logged(CONNECTED, 1);
	rte_mbuf_refcnt_update(pkt, 1);
	assert_int_equal(port_host_burst(&tx, &sent, 1), 1);
	assert_int_equal(rte_mbuf_refcnt_read(pkt), 1);
	frame_check(pkt, 1);
	rte_pktmbuf_free(pkt);
	peer_unplug("net_virtio_user0");
	port_host.ops->close(port);
}

/* The guest's ring is full: the rest stays with the caller. */
static void
vhost_accepts_what_the_guest_has_room_for(void **state)
{
	void *port = open_vhost(NULL);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	unsigned int nb_sent = 0;
	uint16_t nb;

	(void)state;
	peer_plug("net_virtio_user0", "");
	port_host_wait_logged(CONNECTED, 1);
	do {
		for (unsigned int i = 0; i < SPP_BURST_MAX; i++)
			pkts[i] = frame_make(fix.pool, i);
		nb = port_host_burst(&tx, pkts, SPP_BURST_MAX);
		rte_pktmbuf_free_bulk(pkts + nb, SPP_BURST_MAX - nb);
		nb_sent += nb;
	} while (nb == SPP_BURST_MAX);
	assert_in_range(nb_sent, 1, RING_SIZE);
	peer_unplug("net_virtio_user0");
	port_host.ops->close(port);
}

/* Packets would arrive with checksums that nobody fills in. */
static void
vhost_status_shows_a_peer_without_offloads(void **state)
{
	const uint64_t off = 1ULL << VIRTIO_NET_F_CSUM | 1ULL << VIRTIO_NET_F_GUEST_CSUM |
			     1ULL << VIRTIO_NET_F_GSO | 1ULL << VIRTIO_NET_F_GUEST_TSO4 |
			     1ULL << VIRTIO_NET_F_GUEST_TSO6 | 1ULL << VIRTIO_NET_F_GUEST_ECN |
			     1ULL << VIRTIO_NET_F_GUEST_UFO | 1ULL << VIRTIO_NET_F_HOST_TSO4 |
			     1ULL << VIRTIO_NET_F_HOST_TSO6 | 1ULL << VIRTIO_NET_F_HOST_ECN |
			     1ULL << VIRTIO_NET_F_HOST_UFO | 1ULL << VIRTIO_NET_F_MQ;
	void *port = open_vhost(NULL);
	struct rte_eth_dev_info info;
	uint16_t peer = peer_plug("net_virtio_user0", "");
	const char *features;
	json_t *status;

	(void)state;
	port_host_wait_logged(CONNECTED, 1);
	status = port_host_status(port);
	assert_true(json_is_true(json_object_get(status, "connected")));
	assert_string_equal(status_text(status, "link"), "up");
	assert_int_equal(status_number(status, "rx_ring_size"), RING_SIZE);
	assert_int_equal(status_number(status, "tx_ring_size"), RING_SIZE);
	features = status_text(status, "features");
	assert_int_equal(strncmp(features, "0x", 2), 0);
	assert_true(strtoull(features, NULL, 16) != 0);
	assert_int_equal(strtoull(features, NULL, 16) & off, 0);
	json_decref(status);

	assert_int_equal(rte_eth_dev_info_get(peer, &info), 0);
	assert_int_equal(info.tx_offload_capa &
				 (RTE_ETH_TX_OFFLOAD_TCP_CKSUM | RTE_ETH_TX_OFFLOAD_UDP_CKSUM |
				  RTE_ETH_TX_OFFLOAD_TCP_TSO),
			 0);
	peer_unplug("net_virtio_user0");
	port_host_wait_logged(LEFT, 1);
	wait_disconnected(port);
	assert_status_alone(port, "server", fix.path);
	port_host.ops->close(port);
}

/* Connected without a driver: QEMU before its guest has booted. */
static void
vhost_status_tells_a_connection_from_a_link(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	time_t limit = time(NULL) + WAIT_LIMIT_S;
	void *port = open_vhost(NULL);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool is_connected = false;
	json_t *status;

	(void)state;
	strcpy(address.sun_path, fix.path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	while (!is_connected && time(NULL) < limit) {
		status = port_host_status(port);
		is_connected = json_is_true(json_object_get(status, "connected"));
		assert_string_equal(status_text(status, "link"), "down");
		json_decref(status);
		sched_yield();
	}
	assert_true(is_connected);
	close(fd);
	wait_disconnected(port);
	port_host.ops->close(port);
}

static void
vhost_status_counts_packets_and_names_drops(void **state)
{
	void *port = open_vhost(NULL);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct rte_mbuf *pkts[2 * RING_SIZE];
	json_t *status, *drops;
	uint16_t peer;

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(pkts); i++)
		pkts[i] = frame_make(fix.pool, i);
	assert_int_equal(port_host_burst(&tx, pkts, 3), 0);
	peer = peer_plug("net_virtio_user0", "");
	port_host_wait_logged(CONNECTED, 1);
	check_both_ways(port, peer, 100);
	for (unsigned int i = 0; i < RTE_DIM(pkts); i += SPP_BURST_MAX) {
		uint16_t sent = port_host_burst(&tx, &pkts[i], SPP_BURST_MAX);

		rte_pktmbuf_free_bulk(&pkts[i + sent], SPP_BURST_MAX - sent);
	}
	status = port_host_status(port);
	drops = json_object_get(status, "tx_drops");
	assert_int_equal(status_number(status, "rx_packets"), 100);
	assert_int_equal(status_number(drops, "no-peer"), 3);
	assert_in_range(status_number(drops, "ring-full"), RING_SIZE, RTE_DIM(pkts) - 1);
	assert_int_equal(status_number(status, "tx_packets") + status_number(drops, "ring-full"),
			 100 + RTE_DIM(pkts));
	json_decref(status);
	peer_unplug("net_virtio_user0");
	port_host.ops->close(port);
}

/* Who sends to the loop and gets its packets back: a virtio-user peer, or two rings. */
struct flow_end {
	uint16_t peer;
	struct rte_ring *to, *from; /* NULL for the peer */
};

static uint16_t
flow_send(const struct flow_end *end, struct rte_mbuf **pkts, uint16_t nb)
{
	if (end->to == NULL)
		return rte_eth_tx_burst(end->peer, 0, pkts, nb);
	return rte_ring_sp_enqueue_burst(end->to, (void **)pkts, nb, NULL);
}

static uint16_t
flow_receive(const struct flow_end *end, struct rte_mbuf **pkts, uint16_t nb)
{
	if (end->from == NULL)
		return rte_eth_rx_burst(end->peer, 0, pkts, nb);
	return rte_ring_sc_dequeue_burst(end->from, (void **)pkts, nb, NULL);
}

/* As fast as it goes: whoever accepted a packet has to pass it on.  TSC cycles per packet. */
static double
flow_run(const struct flow_end *end, unsigned int nb_packets)
{
	uint64_t begin = rte_rdtsc();
	unsigned int nb_sent = 0, nb_got = 0;
	time_t limit = time(NULL) + WAIT_LIMIT_S;
	struct rte_mbuf *pkts[SPP_BURST_MAX];

	while ((nb_got < nb_packets || nb_got < nb_sent) && time(NULL) < limit) {
		uint16_t nb = 0;

		/* No more under way than both rings hold, else the loop would have to drop. */
		if (nb_sent < nb_packets && nb_sent - nb_got <= RING_SIZE / 2) {
			for (unsigned int i = 0; i < SPP_BURST_MAX; i++)
				pkts[i] = frame_make(fix.peer_pool, 0);
			nb = flow_send(end, pkts, SPP_BURST_MAX);
			rte_pktmbuf_free_bulk(&pkts[nb], SPP_BURST_MAX - nb);
			nb_sent += nb;
		}
		nb = flow_receive(end, pkts, SPP_BURST_MAX);
		rte_pktmbuf_free_bulk(pkts, nb);
		nb_got += nb;
		if (nb == 0)
			sched_yield();
	}
	assert_int_equal(nb_got, nb_sent);
	assert_in_range(nb_got, nb_packets, nb_packets + SPP_BURST_MAX);
	return (double)(rte_rdtsc() - begin) / nb_got;
}

static double
flow_through_vhost(unsigned int nb_packets)
{
	void *port = open_vhost(NULL);
	pthread_t thread = loop_start(port);
	struct flow_end end = {.peer = peer_plug("net_virtio_user0", "")};
	double cycles;

	port_host_wait_logged(CONNECTED, 1);
	cycles = flow_run(&end, nb_packets);
	peer_unplug("net_virtio_user0");
	loop_stop(thread);
	port_host.ops->close(port);
	return cycles;
}

static uint16_t
flow_ring_rx(void *ring, struct rte_mbuf **pkts, uint16_t nb)
{
	return rte_ring_sc_dequeue_burst(ring, (void **)pkts, nb, NULL);
}

static uint16_t
flow_ring_tx(void *ring, struct rte_mbuf **pkts, uint16_t nb)
{
	return rte_ring_sp_enqueue_burst(ring, (void **)pkts, nb, NULL);
}

static double
flow_through_rings(unsigned int nb_packets)
{
	const unsigned int flags = RING_F_SP_ENQ | RING_F_SC_DEQ;
	struct flow_end end = {
		.to = rte_ring_create("flow_to", RING_SIZE, SOCKET_ID_ANY, flags),
		.from = rte_ring_create("flow_from", RING_SIZE, SOCKET_ID_ANY, flags),
	};
	pthread_t thread;
	double cycles;

	assert_non_null(end.to);
	assert_non_null(end.from);
	thread = loop_start_queues(&(struct spp_port_queue){flow_ring_rx, end.to},
				   &(struct spp_port_queue){flow_ring_tx, end.from});
	cycles = flow_run(&end, nb_packets);
	loop_stop(thread);
	rte_ring_free(end.to);
	rte_ring_free(end.from);
	return cycles;
}

/* What it costs is printed beside the same flow without virtio; nothing is asserted of it. */
static void
vhost_loses_no_packet_of_a_long_flow(void **state)
{
	const unsigned int nb_packets = 500000;
	double vhost, rings;

	(void)state;
	vhost = flow_through_vhost(nb_packets);
	rings = flow_through_rings(nb_packets);
	print_message("%u packets there and back: vhost and virtio-user %.0f, two rings %.0f TSC "
		      "cycles a packet, ratio %.2f\n",
		      nb_packets, vhost, rings, vhost / rings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VHOST_TEST(vhost_table_has_the_rank_between_phy_and_ring),
		VHOST_TEST(vhost_without_a_peer_takes_and_gives_nothing),
		VHOST_TEST(vhost_passes_frames_both_ways_unchanged),
		VHOST_TEST(vhost_passes_frames_by_split_rings_to_whoever_asks_for_more),
		VHOST_TEST(vhost_keeps_shared_buffers_alive),
		VHOST_TEST(vhost_accepts_what_the_guest_has_room_for),
		VHOST_TEST(vhost_status_shows_a_peer_without_offloads),
		VHOST_TEST(vhost_status_tells_a_connection_from_a_link),
		VHOST_TEST(vhost_status_counts_packets_and_names_drops),
		VHOST_TEST(vhost_loses_no_packet_of_a_long_flow),
	};

	start_host("vhost");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
