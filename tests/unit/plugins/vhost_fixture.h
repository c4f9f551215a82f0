/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What tests of the port plugin vhost share: pools and a path, real peers (virtio-user devices of
 * this process), frames, and a worker that sends everything back.  The plugin is linked in; include
 * once per test program, after cmocka.h.
 */
#ifndef VHOST_FIXTURE_H
#define VHOST_FIXTURE_H

#include <dlfcn.h>
#include <sched.h>
#include <signal.h>

#include <rte_bus_vdev.h>
#include <rte_ethdev.h>
#include <rte_mempool.h>
#include <rte_rcu_qsbr.h>
#include <rte_vhost.h>

#include "port_host.h"

#define NB_MBUFS 2047
#define NB_PEER_MBUFS 2047
#define RING_SIZE 256
#define FRAME_MAX 1514

#define CONNECTED "peer connected"
#define LEFT "peer left /"

static struct {
	char dir[64];
	char path[96];
	struct rte_mempool *pool;      /* the plugin's */
	struct rte_mempool *peer_pool; /* the virtio-user devices' */
	bool register_fails, start_fails;
	bool is_held; /* atomic: the library gives no socket back */
} fix;

/* Interposed: the plugin is linked into this program, so it finds these first. */

#define REAL(function) ((__typeof__(&(function)))dlsym(RTLD_NEXT, #function))

int
rte_vhost_driver_register(const char *path, uint64_t flags)
{
	return fix.register_fails ? -1 : REAL(rte_vhost_driver_register)(path, flags);
}

int
rte_vhost_driver_start(const char *path)
{
	return fix.start_fails ? -1 : REAL(rte_vhost_driver_start)(path);
}

int
rte_vhost_driver_unregister(const char *path)
{
	while (__atomic_load_n(&fix.is_held, __ATOMIC_RELAXED))
		usleep(1000);
	return REAL(rte_vhost_driver_unregister)(path);
}

/* Peers */

/* Plug a virtio-user device in and start it; returns its ethdev. */
static inline uint16_t
peer_plug(const char *name, const char *options)
{
	struct rte_eth_conf conf = {0};
	char args[256];
	uint16_t id;

	snprintf(args, sizeof(args), "path=%s,queues=1,mac=52:54:00:12:34:56,queue_size=%u%s",
		 fix.path, RING_SIZE, options);
	assert_int_equal(rte_vdev_init(name, args), 0);
	assert_int_equal(rte_eth_dev_get_port_by_name(name, &id), 0);
	assert_int_equal(rte_eth_dev_configure(id, 1, 1, &conf), 0);
	assert_int_equal(
		rte_eth_rx_queue_setup(id, 0, RING_SIZE, SOCKET_ID_ANY, NULL, fix.peer_pool), 0);
	assert_int_equal(rte_eth_tx_queue_setup(id, 0, RING_SIZE, SOCKET_ID_ANY, NULL), 0);
	assert_int_equal(rte_eth_dev_start(id), 0);
	return id;
}

static inline void
peer_unplug(const char *name)
{
	uint16_t id;

	assert_int_equal(rte_eth_dev_get_port_by_name(name, &id), 0);
	assert_int_equal(rte_eth_dev_stop(id), 0);
	assert_int_equal(rte_eth_dev_close(id), 0);
	rte_vdev_uninit(name);
}

static inline uint16_t
peer_rx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	return rte_eth_rx_burst(*(uint16_t *)queue, 0, pkts, nb_pkts);
}

static inline uint16_t
peer_tx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	return rte_eth_tx_burst(*(uint16_t *)queue, 0, pkts, nb_pkts);
}

/* Frames */

static inline uint8_t
frame_byte(unsigned int number, unsigned int offset)
{
	return (number * 31 + offset * 7) & 0xff;
}

static inline uint16_t
frame_len(unsigned int number)
{
	return 60 + number * 37 % (FRAME_MAX - 60 + 1);
}

static inline struct rte_mbuf *
frame_make(struct rte_mempool *pool, unsigned int number)
{
	struct rte_mbuf *pkt = rte_pktmbuf_alloc(pool);
	uint8_t *data;

	assert_non_null(pkt);
	data = (uint8_t *)rte_pktmbuf_append(pkt, frame_len(number));
	assert_non_null(data);
	for (unsigned int i = 0; i < frame_len(number); i++)
		data[i] = frame_byte(number, i);
	return pkt;
}

static inline void
frame_check(const struct rte_mbuf *pkt, unsigned int number)
{
	const uint8_t *data = rte_pktmbuf_mtod(pkt, const uint8_t *);

	assert_int_equal(pkt->nb_segs, 1);
	assert_int_equal(pkt->pkt_len, frame_len(number));
	assert_int_equal(pkt->ol_flags & RTE_MBUF_F_TX_OFFLOAD_MASK, 0);
	for (unsigned int i = 0; i < pkt->pkt_len; i++)
		assert_int_equal(data[i], frame_byte(number, i));
}

/* Send frames 0..nb-1 and receive them: all, unchanged, in order. */
static inline void
check_way(const struct spp_port_queue *tx, struct rte_mempool *tx_pool,
	  const struct spp_port_queue *rx, unsigned int nb)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX], *pkt;
	unsigned int nb_sent = 0, nb_got = 0;
	time_t limit = time(NULL) + WAIT_LIMIT_S;

	while (nb_got < nb && time(NULL) < limit) {
		if (nb_sent < nb && nb_sent < nb_got + RING_SIZE / 2) {
			pkt = frame_make(tx_pool, nb_sent);
			if (port_host_burst(tx, &pkt, 1) == 1)
				nb_sent++;
			else
				rte_pktmbuf_free(pkt);
		}
		for (uint16_t i = 0, n = port_host_burst(rx, pkts, SPP_BURST_MAX); i < n; i++) {
			frame_check(pkts[i], nb_got++);
			rte_pktmbuf_free(pkts[i]);
		}
		sched_yield();
	}
	assert_int_equal(nb_got, nb);
	assert_int_equal(port_host_burst(rx, pkts, SPP_BURST_MAX), 0);
}

static inline void
check_both_ways(void *port, uint16_t peer, unsigned int nb)
{
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct spp_port_queue from = {.burst = peer_rx, .queue = &peer};
	struct spp_port_queue to = {.burst = peer_tx, .queue = &peer};

	check_way(&tx, fix.pool, &from, nb);
	check_way(&to, fix.peer_pool, &rx, nb);
}

/* Fixtures */

static inline int
set_up(void **state)
{
	(void)state;
	strcpy(fix.dir, "/tmp/spp_vhost_XXXXXX");
	assert_non_null(mkdtemp(fix.dir));
	snprintf(fix.path, sizeof(fix.path), "%s/sock", fix.dir);
	return 0;
}

static inline int
tear_down(void **state)
{
	(void)state;
	fix.register_fails = false;
	fix.start_fails = false;
	port_host.wait_quiescent = NULL;
	port_host.no_memory = false;
	port_host_forget_logged();
	unlink(fix.path);
	assert_int_equal(rmdir(fix.dir), 0);
	assert_int_equal(rte_mempool_avail_count(fix.pool), NB_MBUFS);
	assert_int_equal(rte_mempool_avail_count(fix.peer_pool), NB_PEER_MBUFS);
	return 0;
}

static inline void
make_pools(void)
{
	fix.pool = rte_pktmbuf_pool_create(SPP_MBUF_POOL_NAME, NB_MBUFS, 0, 0,
					   RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	fix.peer_pool = rte_pktmbuf_pool_create("peer", NB_PEER_MBUFS, 0, 0,
						RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
	assert_non_null(fix.pool);
	assert_non_null(fix.peer_pool);
}

/* The host, the plugin and its pools; name is that of the test program. */
static inline void
start_host(const char *name)
{
	signal(SIGPIPE, SIG_IGN); /* virtio-user does not expect that its vhost port goes first */
	port_host_init(name);
	make_pools();
}

static inline void *
open_vhost(const char *mode)
{
	void *port = NULL;

	assert_int_equal(
		port_host_open(0, "socket", fix.path, mode == NULL ? NULL : "mode", mode, &port),
		0);
	assert_non_null(port);
	return port;
}

static inline void
assert_refused(const char *socket, const char *mode, int err, const char *fmt, ...)
{
	void *port = NULL;
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	assert_int_equal(port_host_open(3, socket == NULL ? NULL : "socket", socket,
					mode == NULL ? NULL : "mode", mode, &port),
			 err);
	assert_string_equal(error_text(err), text);
	assert_null(port);
}

/* Status of a port that nobody is connected to, and that nothing went through. */
static inline void
assert_status_alone(void *port, const char *mode, const char *path)
{
	json_t *expected = json_pack("{s:s, s:s, s:b, s:s, s:i, s:i, s:{s:i}, s:{s:i, s:i}}",
				     "mode", mode, "socket", path, "connected", 0, "link", "down",
				     "rx_packets", 0, "tx_packets", 0, "rx_drops", "runts", 0,
				     "tx_drops", "no-peer", 0, "ring-full", 0);
	json_t *status = port_host_status(port);

	assert_non_null(expected);
	if (!json_equal(status, expected))
		fail_msg("status is %s", json_dumps(status, 0));
	json_decref(status);
	json_decref(expected);
}

static inline const char *
status_text(json_t *status, const char *name)
{
	const char *text = json_string_value(json_object_get(status, name));

	assert_non_null(text);
	return text;
}

static inline json_int_t
status_number(json_t *status, const char *name)
{
	json_t *number = json_object_get(status, name);

	assert_true(json_is_integer(number));
	return json_integer_value(number);
}

/* The library's own thread says it a moment after the driver has gone. */
static inline void
wait_disconnected(void *port)
{
	time_t limit = time(NULL) + WAIT_LIMIT_S;
	bool is_connected = true;

	while (is_connected && time(NULL) < limit) {
		json_t *status = port_host_status(port);

		is_connected = json_is_true(json_object_get(status, "connected"));
		json_decref(status);
		sched_yield();
	}
	assert_false(is_connected);
}

/* A worker as the host has them: bursts both ways, quiescent between them. */
struct loop_worker {
	struct rte_rcu_qsbr *qsbr;
	struct spp_port_queue rx, tx;
	uint64_t nb_returned; /* packets that came from the peer and went back */
	bool stop;
};

static struct loop_worker loop;

static inline void *
loop_run(void *arg)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	uint16_t nb, nb_sent;

	(void)arg;
	rte_rcu_qsbr_thread_online(loop.qsbr, 0);
	while (!__atomic_load_n(&loop.stop, __ATOMIC_RELAXED)) {
		nb = port_host_burst(&loop.rx, pkts, SPP_BURST_MAX);
		nb_sent = nb > 0 ? port_host_burst(&loop.tx, pkts, nb) : 0;
		rte_pktmbuf_free_bulk(pkts + nb_sent, nb - nb_sent);
		__atomic_fetch_add(&loop.nb_returned, nb_sent, __ATOMIC_RELAXED);
		rte_rcu_qsbr_quiescent(loop.qsbr, 0);
		if (nb == 0)
			sched_yield();
	}
	rte_rcu_qsbr_thread_offline(loop.qsbr, 0);
	return NULL;
}

static inline int
loop_quiescent(void)
{
	rte_rcu_qsbr_check(loop.qsbr, rte_rcu_qsbr_start(loop.qsbr), true);
	return 0;
}

/* Echo what comes from one queue into the other. */
static inline pthread_t
loop_start_queues(const struct spp_port_queue *rx, const struct spp_port_queue *tx)
{
	size_t size = rte_rcu_qsbr_get_memsize(1);
	pthread_t thread;

	memset(&loop, 0, sizeof(loop));
	loop.qsbr = aligned_alloc(RTE_CACHE_LINE_SIZE, RTE_ALIGN(size, RTE_CACHE_LINE_SIZE));
	assert_non_null(loop.qsbr);
	assert_int_equal(rte_rcu_qsbr_init(loop.qsbr, 1), 0);
	assert_int_equal(rte_rcu_qsbr_thread_register(loop.qsbr, 0), 0);
	loop.rx = *rx;
	loop.tx = *tx;
	port_host.wait_quiescent = loop_quiescent;
	assert_int_equal(pthread_create(&thread, NULL, loop_run, NULL), 0);
	return thread;
}

static inline pthread_t
loop_start(void *port)
{
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);

	return loop_start_queues(&rx, &tx);
}

static inline void
loop_stop(pthread_t thread)
{
	__atomic_store_n(&loop.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	port_host.wait_quiescent = NULL;
	free(loop.qsbr);
}

/* Send until nb packets have come back. */
static inline void
send_until_returned(uint16_t peer, unsigned int nb)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX], *pkt;
	time_t limit = time(NULL) + WAIT_LIMIT_S;
	unsigned int nb_got = 0;
	uint16_t n;

	while (nb_got < nb && time(NULL) < limit) {
		pkt = frame_make(fix.peer_pool, 0);
		if (rte_eth_tx_burst(peer, 0, &pkt, 1) == 0)
			rte_pktmbuf_free(pkt);
		n = rte_eth_rx_burst(peer, 0, pkts, SPP_BURST_MAX);
		for (uint16_t i = 0; i < n; i++)
			frame_check(pkts[i], 0);
		rte_pktmbuf_free_bulk(pkts, n);
		nb_got += n;
	}
	assert_in_range(nb_got, nb, UINT32_MAX);
}

#define VHOST_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
