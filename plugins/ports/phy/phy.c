/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * phy: the ethdevs of the process, NICs and virtual devices alike; `phy:N` is ethdev N.
 *
 * Only the primary process controls a device.  A secondary process moves packets and reads memory.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <rte_ethdev.h>
#include <rte_ether.h>
#include <rte_mbuf.h>

#include <spp/ext/status.h>
#include <spp/port.h>

#define DESC_DEFAULT 512

/* What a worker needs of a queue; both directions share it. */
struct phy_queue {
	uint16_t port_id;
	uint16_t queue_id;
};

struct phy_port {
	uint16_t id;
	uint16_t nb_queues[2]; /* by SPP_RX, SPP_TX */
	const char *driver;
	struct phy_queue queues[];
};

struct phy_options {
	uint16_t rx_queues, tx_queues;
	uint16_t rx_desc, tx_desc;
};

/* Data path */

static uint16_t
phy_rx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	const struct phy_queue *q = queue;

	return rte_eth_rx_burst(q->port_id, q->queue_id, pkts, nb_pkts);
}

static uint16_t
phy_tx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	const struct phy_queue *q = queue;

	return rte_eth_tx_burst(q->port_id, q->queue_id, pkts, nb_pkts);
}

/* Options */

static bool
is_primary(void)
{
	return rte_eal_process_type() == RTE_PROC_PRIMARY;
}

static int
read_option(const struct spp_args *args, uint16_t id, const char *name, uint16_t max,
	    uint16_t *value)
{
	uint64_t number;
	int ret = spp_host->arg_u64(args, name, &number);

	if (ret == -ENOENT)
		return 0;
	if (ret < 0)
		return ret;
	if (number < 1 || number > max)
		return spp_host->fail_arg(spp_host, name, "phy:%u takes 1 to %u here, not %" PRIu64,
					  id, max, number);
	*value = number;
	return 0;
}

static int
read_options(const struct spp_args *args, uint16_t id, const struct rte_eth_dev_info *info,
	     struct phy_options *options)
{
	int ret = read_option(args, id, "rx_queues", info->max_rx_queues, &options->rx_queues);

	if (ret == 0)
		ret = read_option(args, id, "tx_queues", info->max_tx_queues, &options->tx_queues);
	if (ret == 0)
		ret = read_option(args, id, "rx_desc", UINT16_MAX, &options->rx_desc);
	if (ret == 0)
		ret = read_option(args, id, "tx_desc", UINT16_MAX, &options->tx_desc);
	return ret;
}

static int
refuse_options(const struct spp_args *args, uint16_t id)
{
	static const char *const names[] = {"rx_queues", "tx_queues", "rx_desc", "tx_desc"};

	for (unsigned int i = 0; i < RTE_DIM(names); i++) {
		if (spp_host->arg_str(args, names[i]) != NULL)
			return spp_host->fail_arg(spp_host, names[i],
						  "phy:%u belongs to the primary process; set it "
						  "there",
						  id);
	}
	return 0;
}

/* Start: a step that fails says what did not work */

static int
fail_step(uint16_t id, const struct rte_eth_dev_info *info, int err, const char *step)
{
	return spp_host->fail(spp_host, err,
			      "phy:%u cannot %s: %s; the log says what its driver %s needs", id,
			      step, rte_strerror(-err), info->driver_name);
}

/* No offload is used that changes what a packet looks like (VLAN tags and checksums stay as they
 * are), or that assumes that buffers are not shared.  Chained buffers can come from other ports. */
static int
configure(uint16_t id, const struct rte_eth_dev_info *info, struct phy_options *options,
	  struct rte_eth_conf *conf)
{
	char step[64];
	int ret;

	conf->txmode.offloads = info->tx_offload_capa & RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	if (options->rx_queues > 1) {
		conf->rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
		conf->rx_adv_conf.rss_conf.rss_hf =
			info->flow_type_rss_offloads &
			(RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP);
	}
	ret = rte_eth_dev_configure(id, options->rx_queues, options->tx_queues, conf);
	if (ret < 0) {
		snprintf(step, sizeof(step), "use %u rx and %u tx queues", options->rx_queues,
			 options->tx_queues);
		return fail_step(id, info, ret, step);
	}
	ret = rte_eth_dev_adjust_nb_rx_tx_desc(id, &options->rx_desc, &options->tx_desc);
	if (ret < 0)
		return fail_step(id, info, ret, "adjust its numbers of descriptors");
	return 0;
}

static int
setup_queues(uint16_t id, const struct rte_eth_dev_info *info, const struct phy_options *options,
	     const struct rte_eth_conf *conf, struct rte_mempool *pool)
{
	struct rte_eth_rxconf rx = info->default_rxconf;
	struct rte_eth_txconf tx = info->default_txconf;
	unsigned int node = rte_eth_dev_socket_id(id);
	char step[64];
	int ret;

	rx.offloads = conf->rxmode.offloads;
	tx.offloads = conf->txmode.offloads;
	for (uint16_t i = 0; i < options->rx_queues; i++) {
		ret = rte_eth_rx_queue_setup(id, i, options->rx_desc, node, &rx, pool);
		if (ret < 0) {
			snprintf(step, sizeof(step), "set up rx queue %u with %u descriptors", i,
				 options->rx_desc);
			return fail_step(id, info, ret, step);
		}
	}
	for (uint16_t i = 0; i < options->tx_queues; i++) {
		ret = rte_eth_tx_queue_setup(id, i, options->tx_desc, node, &tx);
		if (ret < 0) {
			snprintf(step, sizeof(step), "set up tx queue %u with %u descriptors", i,
				 options->tx_desc);
			return fail_step(id, info, ret, step);
		}
	}
	return 0;
}

/* From here on packets wait in the queues of the device.  A link that is down is no error, and
 * start() does not wait for the link. */
static int
start(uint16_t id, const struct rte_eth_dev_info *info)
{
	int ret = rte_eth_dev_start(id);

	if (ret < 0)
		return fail_step(id, info, ret, "start");
	ret = rte_eth_promiscuous_enable(id);
	if (ret < 0)
		spp_host->log(spp_host, ret == -ENOTSUP ? SPP_LOG_INFO : SPP_LOG_WARNING,
			      "phy:%u: no promiscuous mode: %s", id, rte_strerror(-ret));
	return 0;
}

static int
bring_up(const struct spp_args *args, uint16_t id, struct rte_eth_dev_info *info)
{
	struct phy_options options = {1, 1, DESC_DEFAULT, DESC_DEFAULT};
	struct rte_mempool *pool = rte_mempool_lookup(SPP_MBUF_POOL_NAME);
	struct rte_eth_conf conf = {0};
	int ret;

	if (pool == NULL)
		return spp_host->fail(spp_host, -ENOENT,
				      "phy:%u has no buffers: the mempool %s does not exist", id,
				      SPP_MBUF_POOL_NAME);
	ret = read_options(args, id, info, &options);
	if (ret == 0)
		ret = configure(id, info, &options, &conf);
	if (ret == 0)
		ret = setup_queues(id, info, &options, &conf, pool);
	if (ret == 0)
		ret = start(id, info);
	if (ret < 0)
		return ret;
	info->nb_rx_queues = options.rx_queues;
	info->nb_tx_queues = options.tx_queues;
	return 0;
}

/* A secondary process copies the queue pointers of a device when it probes the device.  If the
 * primary process had not set the queues up by then, the pointers are missing for good, and a burst
 * would crash. */
static bool
has_queues(uint16_t id, const struct rte_eth_dev_info *info)
{
	const struct rte_eth_fp_ops *ops = &rte_eth_fp_ops[id];

	return info->nb_rx_queues > 0 && ops->rxq.data != NULL && ops->rxq.data[0] != NULL &&
	       info->nb_tx_queues > 0 && ops->txq.data != NULL && ops->txq.data[0] != NULL;
}

static int
check_is_up(const struct spp_args *args, uint16_t id, const struct rte_eth_dev_info *info)
{
	if (!has_queues(id, info))
		return spp_host->fail_arg(spp_host, "port",
					  "phy:%u was not in use by the primary process when this "
					  "process found it; restart this process",
					  id);
	return refuse_options(args, id);
}

/* Control */

static uint32_t
phy_list(uint32_t *ids, uint32_t max)
{
	uint32_t nb = 0;
	uint16_t id;

	RTE_ETH_FOREACH_DEV (id) {
		if (nb < max)
			ids[nb] = id;
		nb++;
	}
	return nb;
}

static struct phy_port *
make_port(uint16_t id, const struct rte_eth_dev_info *info)
{
	uint16_t nb_queues = RTE_MAX(info->nb_rx_queues, info->nb_tx_queues);
	struct phy_port *port;

	port = spp_host->zalloc(spp_host, sizeof(*port) + nb_queues * sizeof(port->queues[0]),
				rte_eth_dev_socket_id(id));
	if (port == NULL)
		return NULL;
	port->id = id;
	port->nb_queues[SPP_RX] = info->nb_rx_queues;
	port->nb_queues[SPP_TX] = info->nb_tx_queues;
	port->driver = info->driver_name;
	for (uint16_t i = 0; i < nb_queues; i++)
		port->queues[i] = (struct phy_queue){.port_id = id, .queue_id = i};
	return port;
}

static int
phy_open(uint32_t id, const struct spp_args *args, void **port)
{
	struct rte_eth_dev_info info;
	int ret;

	if (id >= RTE_MAX_ETHPORTS || rte_eth_dev_info_get(id, &info) < 0)
		return spp_host->fail_arg(spp_host, "port",
					  "phy:%u does not exist; number of ethdevs in this "
					  "process: %u",
					  id, rte_eth_dev_count_avail());
	ret = is_primary() ? bring_up(args, id, &info) : check_is_up(args, id, &info);
	if (ret < 0)
		return ret;
	*port = make_port(id, &info);
	if (*port == NULL) {
		if (is_primary())
			rte_eth_dev_stop(id);
		return spp_host->fail(spp_host, -ENOMEM, "phy:%u: no memory for its queues", id);
	}
	return 0;
}

static void
phy_close(void *port)
{
	struct phy_port *phy = port;

	if (is_primary()) {
		rte_eth_dev_stop(phy->id);
		rte_eth_dev_close(phy->id);
	}
	spp_host->free(spp_host, phy);
}

static uint16_t
phy_nb_queues(void *port, uint16_t dir)
{
	const struct phy_port *phy = port;

	return phy->nb_queues[dir];
}

static int
phy_attach(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out)
{
	struct phy_port *phy = port;

	out->burst = dir == SPP_RX ? phy_rx : phy_tx;
	out->queue = &phy->queues[queue];
	return 0;
}

/* Only the primary process may ask the driver.  The call does not wait. */
static int
phy_get_nombuf(void *port, uint64_t *nb)
{
	const struct phy_port *phy = port;
	struct rte_eth_stats stats;

	if (!is_primary())
		return -ENOTSUP;
	if (rte_eth_stats_get(phy->id, &stats) != 0)
		return -EIO;
	*nb = stats.rx_nombuf;
	return 0;
}

/* Status */

static void
report_mac(const struct phy_port *phy, struct spp_reply *reply)
{
	char text[RTE_ETHER_ADDR_FMT_SIZE];
	struct rte_ether_addr mac;

	if (rte_eth_macaddr_get(phy->id, &mac) < 0)
		return;
	rte_ether_format_addr(text, sizeof(text), &mac);
	spp_host->reply_str(reply, "mac", text);
}

/* These calls ask the driver, as only the primary process may.  No call waits. */
static void
report_device(const struct phy_port *phy, struct spp_reply *reply)
{
	struct rte_eth_link link;
	struct rte_eth_stats stats;

	if (rte_eth_link_get_nowait(phy->id, &link) == 0) {
		spp_host->reply_str(reply, "link", link.link_status ? "up" : "down");
		if (link.link_speed != RTE_ETH_SPEED_NUM_UNKNOWN)
			spp_host->reply_u64(reply, "speed_mbps", link.link_speed);
	}
	if (rte_eth_stats_get(phy->id, &stats) == 0) {
		spp_host->reply_u64(reply, "rx_missed", stats.imissed);
		spp_host->reply_u64(reply, "tx_errors", stats.oerrors);
	}
}

static void
phy_instance_status(void *instance, struct spp_reply *reply)
{
	const struct phy_port *phy = instance;

	spp_host->reply_str(reply, "driver", phy->driver);
	report_mac(phy, reply);
	spp_host->reply_u64(reply, "rxq", phy->nb_queues[SPP_RX]);
	spp_host->reply_u64(reply, "txq", phy->nb_queues[SPP_TX]);
	if (is_primary())
		report_device(phy, reply);
}

/* Registration */

static const struct spp_status_ext phy_status = {
	.size = sizeof(phy_status),
	.instance_status = phy_instance_status,
};

static const void *
phy_get_extension(const char *id)
{
	return strcmp(id, SPP_EXT_STATUS) == 0 ? &phy_status : NULL;
}

static const struct spp_port_ops phy_ops = {
	.size = sizeof(phy_ops),
	.rank = 10,
	.options = "<rx_queues:UNSIGNED_INT> <tx_queues:UNSIGNED_INT> <rx_desc:UNSIGNED_INT> "
		   "<tx_desc:UNSIGNED_INT>",
	.list = phy_list,
	.open = phy_open,
	.close = phy_close,
	.nb_queues = phy_nb_queues,
	.attach = phy_attach,
	.get_nombuf = phy_get_nombuf,
};

static const struct spp_plugin phy_plugin = {
	.size = sizeof(phy_plugin),
	.port = &phy_ops,
	.get_extension = phy_get_extension,
};

SPP_PORT(phy, "1.0", "ethdevs: NICs and DPDK's virtual devices", phy_plugin)
