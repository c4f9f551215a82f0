/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Peers of vhost ports come and go: virtio-user devices, in this process or, where the peer has to
 * die, in a child that runs this program again.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <rte_malloc.h>

#include "vhost_fixture.h"

static unsigned int nb_waits;

static int
quiescent_at_the_third_time(void)
{
	return ++nb_waits < 3 ? -ETIMEDOUT : 0;
}

static void
vhost_keeps_guest_memory_until_workers_are_quiescent(void **state)
{
	void *port = open_vhost(NULL);

	(void)state;
	nb_waits = 0;
	port_host.wait_quiescent = quiescent_at_the_third_time;
	peer_plug("net_virtio_user0", "");
	port_host_wait_logged(CONNECTED, 1);
	peer_unplug("net_virtio_user0");
	port_host_wait_logged(LEFT, 1);
	assert_int_equal(nb_waits, 3);
	assert_int_equal(port_host_count_logged("vhost:0: peer left, but a worker may still use "
						"its memory: waiting"),
			 2);
	port_host.ops->close(port);
}

static int
never_quiescent(void)
{
	nb_waits++;
	return -ETIMEDOUT;
}

/* close() comes after the last worker let go: a worker stuck elsewhere must not hold it up. */
static void
vhost_close_with_a_peer_waits_for_nobody(void **state)
{
	void *port = open_vhost(NULL);

	(void)state;
	nb_waits = 0;
	port_host.wait_quiescent = never_quiescent;
	peer_plug("net_virtio_user0", "");
	port_host_wait_logged(CONNECTED, 1);
	port_host.ops->close(port);
	assert_int_equal(nb_waits, 0);
	assert_int_equal(access(fix.path, F_OK), -1);
	peer_unplug("net_virtio_user0");
}

static void
vhost_serves_the_next_peer_when_the_first_has_left(void **state)
{
	void *port = open_vhost(NULL);
	uint16_t first, second;

	(void)state;
	first = peer_plug("net_virtio_user0", "");
	port_host_wait_logged("vhost:0: peer connected", 1);
	second = peer_plug("net_virtio_user1", "");
	port_host_wait_logged("vhost:0: another peer connected by", 1);
	check_both_ways(port, first, 100);
	peer_unplug("net_virtio_user0");
	port_host_wait_logged(LEFT, 1);
	check_both_ways(port, second, 100);
	peer_unplug("net_virtio_user1");
	port_host_wait_logged(LEFT, 2);
	port_host.ops->close(port);
}

static void
vhost_turns_away_a_fifth_peer(void **state)
{
	static const char *const names[] = {"net_virtio_user0", "net_virtio_user1",
					    "net_virtio_user2", "net_virtio_user3",
					    "net_virtio_user4"};
	void *port = open_vhost(NULL);
	uint16_t first = 0, peer;

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(names); i++) {
		peer = peer_plug(names[i], "");
		port_host_wait_logged("peer connected by", i + 1);
		first = i == 0 ? peer : first;
	}
	assert_int_equal(port_host_count_logged("it waits until the first one leaves"), 3);
	assert_in_range(port_host_count_logged("too many are waiting, it is not served"), 1,
			LOG_LINES_MAX);
	check_both_ways(port, first, 100);
	for (unsigned int i = 0; i < RTE_DIM(names); i++)
		peer_unplug(names[i]);
	port_host_wait_logged(LEFT, 4);
	port_host.ops->close(port);
}

static void
vhost_client_serves_a_peer_that_listens(void **state)
{
	void *port = open_vhost("client");
	uint16_t peer;

	(void)state;
	for (unsigned int i = 1; i <= 2; i++) {
		peer = peer_plug("net_virtio_user0", ",server=1");
		port_host_wait_logged(CONNECTED, i);
		check_both_ways(port, peer, 100);
		peer_unplug("net_virtio_user0");
		port_host_wait_logged(LEFT, i);
		unlink(fix.path);
	}
	port_host.ops->close(port);
}

static void
vhost_loses_no_buffer_in_50_reconnects_under_traffic(void **state)
{
	void *port = open_vhost(NULL);
	pthread_t thread = loop_start(port);
	uint16_t peer;

	(void)state;
	for (unsigned int i = 1; i <= 50; i++) {
		peer = peer_plug("net_virtio_user0", "");
		port_host_wait_logged(CONNECTED, i);
		send_until_returned(peer, 200);
		peer_unplug("net_virtio_user0");
		port_host_wait_logged(LEFT, i);
	}
	loop_stop(thread);
	port_host.ops->close(port);
	/* tear_down() counts the buffers of both pools. */
	assert_in_range(loop.nb_returned, 50 * 200, UINT64_MAX);
}

/* Descriptors of this process: of the port, and of the peer. */
static unsigned int
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int nb = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		nb++;
	closedir(dir);
	return nb;
}

/* Pieces of DPDK's heap in use, which is where the library keeps peers.  Without hugepages there is
 * the one of node 0. */
static unsigned int
count_allocations(void)
{
	struct rte_malloc_socket_stats stats;

	assert_int_equal(rte_malloc_get_socket_stats(0, &stats), 0);
	return stats.alloc_count;
}

static void
reconnect(void *port, unsigned int nb_packets)
{
	uint16_t peer = peer_plug("net_virtio_user0", "");

	port_host_wait_logged(CONNECTED, 1);
	send_until_returned(peer, nb_packets);
	peer_unplug("net_virtio_user0");
	port_host_wait_logged(LEFT, 1);
	wait_disconnected(port);
	port_host_forget_logged();
}

static void
vhost_leaks_nothing_in_1000_reconnects(void **state)
{
	void *port = open_vhost(NULL);
	pthread_t thread = loop_start(port);
	unsigned int nb_descriptors, nb_allocations;
	time_t limit;

	(void)state;
	reconnect(port, 1); /* what is made once and kept */
	nb_descriptors = count_descriptors();
	nb_allocations = count_allocations();
	for (unsigned int i = 0; i < 1000; i++)
		reconnect(port, 1);
	limit = time(NULL) + WAIT_LIMIT_S;
	/* The library tidies up a moment after its last call; the counts before may have been too
	 * high for that reason, by one peer. */
	while ((count_descriptors() > nb_descriptors || count_allocations() > nb_allocations) &&
	       time(NULL) < limit)
		sched_yield();
	assert_in_range(count_descriptors(), 0, nb_descriptors);
	assert_in_range(count_allocations(), 0, nb_allocations);
	loop_stop(thread);
	port_host.ops->close(port);
	/* tear_down() counts the buffers of both pools. */
}

/* A peer in a process of its own: this program with the argument `peer` and the path of the
 * socket.  It sends without end. */
static pid_t
child_start(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* no orphans if a test fails */
		execl("/proc/self/exe", "vhost_peer", "peer", fix.path, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static void
child_main(const char *path)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	uint16_t peer, nb;

	start_host("vhost_peers"); /* it leaves its directory to us when it is killed */
	snprintf(fix.path, sizeof(fix.path), "%s", path);
	peer = peer_plug("net_virtio_user0", "");
	for (;;) {
		pkts[0] = frame_make(fix.peer_pool, 0);
		if (rte_eth_tx_burst(peer, 0, pkts, 1) == 0)
			rte_pktmbuf_free(pkts[0]);
		nb = rte_eth_rx_burst(peer, 0, pkts, SPP_BURST_MAX);
		rte_pktmbuf_free_bulk(pkts, nb);
		sched_yield();
	}
}

static void
vhost_survives_peers_that_are_killed(void **state)
{
	void *port = open_vhost(NULL);
	pthread_t thread = loop_start(port);
	pid_t pid;

	(void)state;
	for (unsigned int i = 1; i <= 3; i++) {
		uint64_t before = __atomic_load_n(&loop.nb_returned, __ATOMIC_RELAXED);
		time_t limit = time(NULL) + WAIT_LIMIT_S;

		pid = child_start();
		port_host_wait_logged(CONNECTED, i);
		while (__atomic_load_n(&loop.nb_returned, __ATOMIC_RELAXED) < before + 1000 &&
		       time(NULL) < limit)
			sched_yield();
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		port_host_wait_logged(LEFT, i);
		assert_in_range(loop.nb_returned, before + 1000, UINT64_MAX);
	}
	loop_stop(thread);
	port_host.ops->close(port);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		VHOST_TEST(vhost_keeps_guest_memory_until_workers_are_quiescent),
		VHOST_TEST(vhost_close_with_a_peer_waits_for_nobody),
		VHOST_TEST(vhost_serves_the_next_peer_when_the_first_has_left),
		VHOST_TEST(vhost_turns_away_a_fifth_peer),
		VHOST_TEST(vhost_client_serves_a_peer_that_listens),
		VHOST_TEST(vhost_loses_no_buffer_in_50_reconnects_under_traffic),
		VHOST_TEST(vhost_leaks_nothing_in_1000_reconnects),
		VHOST_TEST(vhost_survives_peers_that_are_killed),
	};

	if (argc == 3 && strcmp(argv[1], "peer") == 0)
		child_main(argv[2]);
	start_host("vhost_peers");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
