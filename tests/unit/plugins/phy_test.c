/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The port plugin phy, on virtual devices: net_ring hands back what it is given, net_null makes up
 * packets and swallows what it is given.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>

#include <rte_bus_vdev.h>
#include <rte_ethdev.h>
#include <rte_ether.h>
#include <rte_mempool.h>

#include "port_host.h"

#define NB_MBUFS 4095

static struct {
	struct rte_mempool *pool;
	/* What the interposed functions below answer instead of asking DPDK; 0 to ask. */
	int configure_error, adjust_error, tx_setup_error, start_error, promiscuous_error;
	enum rte_proc_type_t process_type;
	struct rte_eth_conf conf; /* as last passed to rte_eth_dev_configure() */
	struct rte_eth_txconf txconf;
	unsigned int nb_control; /* calls that only a primary process may make */
} fake = {.process_type = RTE_PROC_PRIMARY};

/* Interposed: the plugin is linked into this program, so it finds these first. */

#define REAL(function) ((__typeof__(&(function)))dlsym(RTLD_NEXT, #function))

enum rte_proc_type_t
rte_eal_process_type(void)
{
	return fake.process_type;
}

int
rte_eth_dev_configure(uint16_t id, uint16_t nb_rx, uint16_t nb_tx, const struct rte_eth_conf *conf)
{
	fake.nb_control++;
	fake.conf = *conf;
	if (fake.configure_error != 0)
		return fake.configure_error;
	return REAL(rte_eth_dev_configure)(id, nb_rx, nb_tx, conf);
}

int
rte_eth_dev_adjust_nb_rx_tx_desc(uint16_t id, uint16_t *nb_rx, uint16_t *nb_tx)
{
	if (fake.adjust_error != 0)
		return fake.adjust_error;
	return REAL(rte_eth_dev_adjust_nb_rx_tx_desc)(id, nb_rx, nb_tx);
}

int
rte_eth_tx_queue_setup(uint16_t id, uint16_t queue, uint16_t nb_desc, unsigned int node,
		       const struct rte_eth_txconf *conf)
{
	fake.nb_control++;
	fake.txconf = *conf;
	if (fake.tx_setup_error != 0)
		return fake.tx_setup_error;
	return REAL(rte_eth_tx_queue_setup)(id, queue, nb_desc, node, conf);
}

int
rte_eth_dev_start(uint16_t id)
{
	fake.nb_control++;
	return fake.start_error != 0 ? fake.start_error : REAL(rte_eth_dev_start)(id);
}

int
rte_eth_promiscuous_enable(uint16_t id)
{
	fake.nb_control++;
	if (fake.promiscuous_error != 0)
		return fake.promiscuous_error;
	return REAL(rte_eth_promiscuous_enable)(id);
}

int
rte_eth_dev_stop(uint16_t id)
{
	fake.nb_control++;
	return REAL(rte_eth_dev_stop)(id);
}

int
rte_eth_dev_close(uint16_t id)
{
	fake.nb_control++;
	return REAL(rte_eth_dev_close)(id);
}

int
rte_eth_link_get_nowait(uint16_t id, struct rte_eth_link *link)
{
	fake.nb_control++;
	return REAL(rte_eth_link_get_nowait)(id, link);
}

int
rte_eth_stats_get(uint16_t id, struct rte_eth_stats *stats)
{
	fake.nb_control++;
	return REAL(rte_eth_stats_get)(id, stats);
}

/* Fixtures */

static struct rte_mempool *
make_pool(uint16_t room)
{
	struct rte_mempool *pool =
		rte_pktmbuf_pool_create(SPP_MBUF_POOL_NAME, NB_MBUFS, 0, 0, room, SOCKET_ID_ANY);

	assert_non_null(pool);
	return pool;
}

static int
set_up(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.process_type = RTE_PROC_PRIMARY;
	fake.pool = make_pool(RTE_MBUF_DEFAULT_BUF_SIZE);
	return 0;
}

static int
tear_down(void **state)
{
	uint16_t id;

	(void)state;
	fake.process_type = RTE_PROC_PRIMARY;
	RTE_ETH_FOREACH_DEV (id) {
		rte_eth_dev_stop(id);
		rte_eth_dev_close(id);
	}
	rte_vdev_uninit("net_null0");
	rte_vdev_uninit("net_null1");
	rte_vdev_uninit("net_ring0");
	rte_mempool_free(fake.pool);
	port_host.no_memory = false;
	port_host_forget_logged();
	return 0;
}

static uint16_t
plug(const char *name)
{
	uint16_t id;

	assert_int_equal(rte_vdev_init(name, ""), 0);
	assert_int_equal(rte_eth_dev_get_port_by_name(name, &id), 0);
	return id;
}

static void *
open_phy(uint32_t id)
{
	void *port = NULL;

	assert_int_equal(port_host_open(id, NULL, NULL, NULL, NULL, &port), 0);
	assert_non_null(port);
	return port;
}

static void
assert_refused(uint32_t id, const char *name, const char *value, int err, const char *text)
{
	void *port = NULL;

	assert_int_equal(port_host_open(id, name, value, NULL, NULL, &port), err);
	assert_string_equal(error_text(err), text);
}

/* A started device cannot be configured. */
static void
assert_not_started(uint16_t id)
{
	assert_int_equal(REAL(rte_eth_dev_configure)(id, 1, 1, &fake.conf), 0);
}

/* Tests */

static void
phy_table_has_the_first_rank_and_four_options(void **state)
{
	(void)state;
	assert_int_equal(port_host.ops->rank, 10);
	assert_string_equal(port_host.ops->options,
			    "<rx_queues:UNSIGNED_INT> <tx_queues:UNSIGNED_INT> "
			    "<rx_desc:UNSIGNED_INT> <tx_desc:UNSIGNED_INT>");
}

static void
phy_list_gives_every_ethdev(void **state)
{
	uint32_t ids[] = {77, 77, 77};
	uint16_t first, second;

	(void)state;
	assert_int_equal(port_host.ops->list(ids, 3), 0);
	first = plug("net_null0");
	second = plug("net_ring0");
	assert_int_equal(port_host.ops->list(ids, 3), 2);
	assert_int_equal(ids[0], first);
	assert_int_equal(ids[1], second);
	assert_int_equal(ids[2], 77);
}

static void
phy_list_counts_what_it_has_no_room_for(void **state)
{
	uint32_t ids[] = {77, 77};

	(void)state;
	plug("net_null0");
	plug("net_ring0");
	assert_int_equal(port_host.ops->list(ids, 1), 2);
	assert_int_equal(ids[1], 77);
}

static void
phy_open_refuses_what_is_no_ethdev(void **state)
{
	(void)state;
	plug("net_null0");
	assert_refused(7, NULL, NULL, -EINVAL,
		       "Invalid value (port): phy:7 does not exist; number of ethdevs in this "
		       "process: 1");
	assert_refused(65536, NULL, NULL, -EINVAL,
		       "Invalid value (port): phy:65536 does not exist; number of ethdevs in this "
		       "process: 1");
	assert_int_equal(fake.nb_control, 0);
}

static void
phy_open_needs_the_mempool(void **state)
{
	uint16_t id = plug("net_null0");

	(void)state;
	rte_mempool_free(fake.pool);
	fake.pool = NULL;
	assert_refused(id, NULL, NULL, -ENOENT,
		       "error occur: phy:0 has no buffers: the mempool spp_mbuf does not exist");
}

static void
phy_open_refuses_numbers_out_of_range(void **state)
{
	uint16_t id = plug("net_null0");

	(void)state;
	assert_refused(id, "rx_queues", "0", -EINVAL,
		       "Invalid value (rx_queues): phy:0 takes 1 to 1024 here, not 0");
	assert_refused(id, "tx_queues", "1025", -EINVAL,
		       "Invalid value (tx_queues): phy:0 takes 1 to 1024 here, not 1025");
	assert_refused(id, "rx_desc", "65536", -EINVAL,
		       "Invalid value (rx_desc): phy:0 takes 1 to 65535 here, not 65536");
	assert_refused(id, "tx_desc", "9223372036854775807", -EINVAL,
		       "Invalid value (tx_desc): phy:0 takes 1 to 65535 here, not "
		       "9223372036854775807");
	assert_refused(id, "tx_desc", "many", -EINVAL,
		       "Invalid value (tx_desc): 'many' is not a decimal number from 0 to "
		       "9223372036854775807");
	assert_int_equal(fake.nb_control, 0);
}

static void
phy_open_says_which_step_its_driver_refused(void **state)
{
	uint16_t id = plug("net_null0");

	(void)state;
	fake.configure_error = -EINVAL;
	assert_refused(id, "rx_queues", "2", -EINVAL,
		       "error occur: phy:0 cannot use 2 rx and 1 tx queues: Invalid argument; the "
		       "log says what its driver net_null needs");
	fake.configure_error = 0;
	fake.adjust_error = -ENOTSUP;
	assert_refused(id, NULL, NULL, -ENOTSUP,
		       "error occur: phy:0 cannot adjust its numbers of descriptors: Operation not "
		       "supported; the log says what its driver net_null needs");
	fake.adjust_error = 0;
	fake.tx_setup_error = -ENOMEM;
	assert_refused(id, NULL, NULL, -ENOMEM,
		       "error occur: phy:0 cannot set up tx queue 0 with 512 descriptors: Cannot "
		       "allocate memory; the log says what its driver net_null needs");
	fake.tx_setup_error = 0;
	fake.start_error = -EIO;
	assert_refused(id, NULL, NULL, -EIO,
		       "error occur: phy:0 cannot start: Input/output error; the log says what its "
		       "driver net_null needs");
	assert_not_started(id);
}

static void
phy_open_refuses_buffers_without_room(void **state)
{
	uint16_t id = plug("net_null0");

	(void)state;
	rte_mempool_free(fake.pool);
	fake.pool = make_pool(RTE_PKTMBUF_HEADROOM / 2);
	assert_refused(id, "rx_desc", "64", -EINVAL,
		       "error occur: phy:0 cannot set up rx queue 0 with 64 descriptors: Invalid "
		       "argument; the log says what its driver net_null needs");
}

static void
phy_open_without_memory_stops_the_device(void **state)
{
	uint16_t id = plug("net_null0");
	void *port;

	(void)state;
	port_host.no_memory = true;
	assert_refused(id, NULL, NULL, -ENOMEM, "error occur: phy:0: no memory for its queues");
	assert_not_started(id);

	port_host.no_memory = false;
	port = open_phy(id);
	port_host.ops->close(port);
}

static void
phy_open_expects_no_offload_that_changes_packets(void **state)
{
	uint16_t id = plug("net_null0");
	void *port = open_phy(id);

	(void)state;
	assert_int_equal(fake.conf.rxmode.offloads, 0);
	assert_int_equal(fake.conf.rxmode.mq_mode, RTE_ETH_MQ_RX_NONE);
	assert_int_equal(fake.conf.txmode.offloads & ~RTE_ETH_TX_OFFLOAD_MULTI_SEGS, 0);
	assert_int_equal(fake.txconf.offloads, fake.conf.txmode.offloads);
	port_host.ops->close(port);
}

static void
phy_open_goes_on_without_promiscuous_mode(void **state)
{
	uint16_t id = plug("net_null0");
	void *port;

	(void)state;
	fake.promiscuous_error = -EPERM;
	port = open_phy(id);
	port_host_wait_logged("phy:0: no promiscuous mode: Operation not permitted", 1);
	port_host.ops->close(port);
}

static void
phy_receives_from_open_on_and_passes_packets_unchanged(void **state)
{
	uint16_t id = plug("net_ring0");
	void *port = open_phy(id);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct rte_mbuf *sent[SPP_BURST_MAX], *got[SPP_BURST_MAX];

	(void)state;
	assert_int_equal(rte_eth_promiscuous_get(id), 1);
	for (unsigned int i = 0; i < SPP_BURST_MAX; i++)
		sent[i] = rte_pktmbuf_alloc(fake.pool);
	assert_int_equal(port_host_burst(&tx, sent, SPP_BURST_MAX), SPP_BURST_MAX);
	assert_int_equal(port_host_burst(&rx, got, SPP_BURST_MAX), SPP_BURST_MAX);
	assert_memory_equal(sent, got, sizeof(sent));
	assert_int_equal(port_host_burst(&rx, got, SPP_BURST_MAX), 0);
	rte_pktmbuf_free_bulk(sent, SPP_BURST_MAX);
	port_host.ops->close(port);
}

static void
phy_leaves_buffers_with_their_owners(void **state)
{
	void *port = open_phy(plug("net_null0"));
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct rte_mbuf *pkts[SPP_BURST_MAX];

	(void)state;
	for (unsigned int i = 0; i < 1000; i++) {
		assert_int_equal(port_host_burst(&rx, pkts, SPP_BURST_MAX), SPP_BURST_MAX);
		assert_int_equal(port_host_burst(&tx, pkts, SPP_BURST_MAX), SPP_BURST_MAX);
	}
	port_host.ops->close(port);
	assert_int_equal(rte_mempool_avail_count(fake.pool), NB_MBUFS);
}

static void
phy_has_the_queues_it_was_asked_for(void **state)
{
	uint16_t id = plug("net_null0");
	struct spp_port_queue first, second;
	void *port = NULL;

	(void)state;
	assert_int_equal(port_host_open(id, "rx_queues", "2", "tx_queues", "3", &port), 0);
	assert_int_equal(port_host.ops->nb_queues(port, SPP_RX), 2);
	assert_int_equal(port_host.ops->nb_queues(port, SPP_TX), 3);
	assert_int_equal(fake.conf.rxmode.mq_mode, RTE_ETH_MQ_RX_RSS);
	first = port_host_attach(port, SPP_TX, 0);
	second = port_host_attach(port, SPP_TX, 2);
	assert_true(first.burst == second.burst);
	assert_true(first.queue != second.queue);
	port_host.ops->close(port);
}

static void
phy_close_closes_the_device(void **state)
{
	uint16_t id = plug("net_null0");

	(void)state;
	port_host.ops->close(open_phy(id));
	assert_int_equal(rte_eth_dev_is_valid_port(id), 0);
}

static uint64_t
	nb_nombuf; /* what a driver without buffers says; no driver of DPDK here counts them */

int __real_rte_eth_stats_get(uint16_t id, struct rte_eth_stats *stats);
int __wrap_rte_eth_stats_get(uint16_t id, struct rte_eth_stats *stats);

int
__wrap_rte_eth_stats_get(uint16_t id, struct rte_eth_stats *stats)
{
	int ret = __real_rte_eth_stats_get(id, stats);

	if (ret == 0)
		stats->rx_nombuf += nb_nombuf;
	return ret;
}

static void
phy_tells_how_often_the_driver_had_no_buffers(void **state)
{
	uint16_t id = plug("net_ring0");
	void *port = open_phy(id);
	uint64_t nb = 1;

	(void)state;
	assert_int_equal(port_host.ops->get_nombuf(port, &nb), 0);
	assert_int_equal(nb, 0);
	nb_nombuf = 3949;
	assert_int_equal(port_host.ops->get_nombuf(port, &nb), 0);
	assert_int_equal(nb, 3949);
	nb_nombuf = 0;
	port_host.ops->close(port);
}

static void
phy_status_describes_the_device(void **state)
{
	uint16_t id = plug("net_ring0");
	void *port = open_phy(id);
	char mac[RTE_ETHER_ADDR_FMT_SIZE];
	struct rte_ether_addr address;
	json_t *status = port_host_status(port), *expected;

	(void)state;
	rte_eth_macaddr_get(id, &address);
	rte_ether_format_addr(mac, sizeof(mac), &address);
	expected = json_pack("{s:s, s:s, s:i, s:i, s:s, s:i, s:i, s:i}", "driver", "net_ring",
			     "mac", mac, "rxq", 1, "txq", 1, "link", "up", "speed_mbps", 10000,
			     "rx_missed", 0, "tx_errors", 0);
	assert_true(json_equal(status, expected));
	json_decref(status);
	json_decref(expected);
	port_host.ops->close(port);
	assert_null(port_host.plugin->get_extension("spp.stats/1"));
}

/* Secondary process */

static void
phy_of_a_secondary_uses_a_started_device_without_controlling_it(void **state)
{
	uint16_t id = plug("net_null0");
	void *port = NULL, *primary;
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	struct spp_port_queue rx, tx;
	json_t *status;

	(void)state;
	assert_int_equal(port_host_open(id, "rx_queues", "2", "tx_queues", "2", &primary), 0);
	fake.process_type = RTE_PROC_SECONDARY;
	fake.nb_control = 0;

	port = open_phy(id);
	assert_int_equal(port_host.ops->nb_queues(port, SPP_RX), 2);
	assert_int_equal(port_host.ops->nb_queues(port, SPP_TX), 2);
	rx = port_host_attach(port, SPP_RX, 1);
	tx = port_host_attach(port, SPP_TX, 1);
	assert_int_equal(port_host_burst(&rx, pkts, SPP_BURST_MAX), SPP_BURST_MAX);
	assert_int_equal(port_host_burst(&tx, pkts, SPP_BURST_MAX), SPP_BURST_MAX);
	status = port_host_status(port);
	assert_string_equal(json_string_value(json_object_get(status, "driver")), "net_null");
	assert_null(json_object_get(status, "link"));
	json_decref(status);
	port_host.ops->close(port);
	assert_int_equal(fake.nb_control, 0);

	fake.process_type = RTE_PROC_PRIMARY;
	assert_int_equal(rte_eth_rx_burst(id, 0, pkts, 1), 1);
	rte_pktmbuf_free(pkts[0]);
	port_host.ops->close(primary);
}

/* What the process has of a device that it probed before the primary set its queues up. */
static void
phy_of_a_secondary_refuses_a_device_whose_queues_it_never_saw(void **state)
{
	uint16_t id = plug("net_null0");
	void *primary = open_phy(id);
	struct rte_eth_fp_ops good = rte_eth_fp_ops[id];

	(void)state;
	fake.process_type = RTE_PROC_SECONDARY;
	fake.nb_control = 0;
	rte_eth_fp_ops[id].rxq.data = NULL;
	assert_refused(id, NULL, NULL, -EINVAL,
		       "Invalid value (port): phy:0 was not in use by the primary process when "
		       "this process found it; restart this process");
	rte_eth_fp_ops[id] = good;
	rte_eth_fp_ops[id].txq.data = NULL;
	assert_refused(id, NULL, NULL, -EINVAL,
		       "Invalid value (port): phy:0 was not in use by the primary process when "
		       "this process found it; restart this process");
	rte_eth_fp_ops[id] = good;
	assert_int_equal(fake.nb_control, 0);
	fake.process_type = RTE_PROC_PRIMARY;
	port_host.ops->close(primary);
}

static void
phy_of_a_secondary_refuses_options(void **state)
{
	uint16_t id = plug("net_null0");
	void *primary = open_phy(id);

	(void)state;
	fake.process_type = RTE_PROC_SECONDARY;
	assert_refused(id, "rx_queues", "1", -EINVAL,
		       "Invalid value (rx_queues): phy:0 belongs to the primary process; set it "
		       "there");
	assert_refused(id, "tx_desc", "512", -EINVAL,
		       "Invalid value (tx_desc): phy:0 belongs to the primary process; set it "
		       "there");
	fake.process_type = RTE_PROC_PRIMARY;
	port_host.ops->close(primary);
}

#define PHY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PHY_TEST(phy_table_has_the_first_rank_and_four_options),
		PHY_TEST(phy_list_gives_every_ethdev),
		PHY_TEST(phy_list_counts_what_it_has_no_room_for),
		PHY_TEST(phy_open_refuses_what_is_no_ethdev),
		PHY_TEST(phy_open_needs_the_mempool),
		PHY_TEST(phy_open_refuses_numbers_out_of_range),
		PHY_TEST(phy_open_says_which_step_its_driver_refused),
		PHY_TEST(phy_open_refuses_buffers_without_room),
		PHY_TEST(phy_open_without_memory_stops_the_device),
		PHY_TEST(phy_open_expects_no_offload_that_changes_packets),
		PHY_TEST(phy_open_goes_on_without_promiscuous_mode),
		PHY_TEST(phy_receives_from_open_on_and_passes_packets_unchanged),
		PHY_TEST(phy_leaves_buffers_with_their_owners),
		PHY_TEST(phy_has_the_queues_it_was_asked_for),
		PHY_TEST(phy_close_closes_the_device),
		PHY_TEST(phy_tells_how_often_the_driver_had_no_buffers),
		PHY_TEST(phy_status_describes_the_device),
		PHY_TEST(phy_of_a_secondary_uses_a_started_device_without_controlling_it),
		PHY_TEST(phy_of_a_secondary_refuses_a_device_whose_queues_it_never_saw),
		PHY_TEST(phy_of_a_secondary_refuses_options),
	};

	port_host_init("phy");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
