/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * faulty_port: a port that hangs or crashes where it is told to; else nothing comes out of it, and
 * what goes in is dropped.  Command: `faulty_port WHERE KIND`, for the next call of that place.
 */

#include <rte_mbuf.h>

#include <spp/port.h>

#include "faulty.h"

/* Of each place the kind of the fault; written by [main]. */
static struct {
	char rx[8], tx[8], close[8];
	int is_armed_rx, is_armed_tx, is_armed_close;
} module;

static uint16_t
faulty_port_rx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	(void)queue;
	(void)pkts;
	(void)nb_pkts;
	if (__atomic_load_n(&module.is_armed_rx, __ATOMIC_ACQUIRE))
		faulty_fault(module.rx);
	return 0;
}

static uint16_t
faulty_port_tx(void *queue, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	(void)queue;
	if (__atomic_load_n(&module.is_armed_tx, __ATOMIC_ACQUIRE))
		faulty_fault(module.tx);
	rte_pktmbuf_free_bulk(pkts, nb_pkts);
	return nb_pkts;
}

static int
faulty_port_open(uint32_t id, const struct spp_args *args, void **port)
{
	(void)id;
	(void)args;
	(void)port;
	return 0;
}

static void
faulty_port_close(void *port)
{
	(void)port;
	if (module.is_armed_close)
		faulty_fault(module.close);
}

static int
faulty_port_attach(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out)
{
	(void)port;
	(void)queue;
	out->burst = dir == SPP_RX ? faulty_port_rx : faulty_port_tx;
	return 0;
}

static void
arm(const char *kind, char place[8], int *is_armed)
{
	strncpy(place, kind, 7);
	/* Pairs with the acquires of the burst functions. */
	__atomic_store_n(is_armed, 1, __ATOMIC_RELEASE);
}

static int
faulty_port_run(const struct spp_args *args, struct spp_reply *reply)
{
	const char *where = spp_host->arg_str(args, "where");
	const char *kind = spp_host->arg_str(args, "kind");

	(void)reply;
	if (strcmp(where, "rx") == 0)
		arm(kind, module.rx, &module.is_armed_rx);
	else if (strcmp(where, "tx") == 0)
		arm(kind, module.tx, &module.is_armed_tx);
	else
		arm(kind, module.close, &module.is_armed_close);
	return 0;
}

/* Registration */

static const struct spp_port_ops faulty_port_ops = {
	.size = sizeof(faulty_port_ops),
	.rank = 101,
	.open = faulty_port_open,
	.close = faulty_port_close,
	.attach = faulty_port_attach,
};

static const struct spp_verb faulty_port_verbs[] = {
	{"faulty_port <where:rx|tx|close> <kind:" FAULTY_KINDS ">", "hang or crash there",
	 faulty_port_run},
};

static const struct spp_plugin faulty_port_plugin = {
	.size = sizeof(faulty_port_plugin),
	.nb_verbs = 1,
	.verb_size = sizeof(struct spp_verb),
	.verbs = faulty_port_verbs,
	.port = &faulty_port_ops,
};

SPP_PORT(faulty_port, "1.0", "hangs or crashes where it is told to", faulty_port_plugin)
