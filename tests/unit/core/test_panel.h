/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A whole panel in one thread: two workers whose passes the test runs itself, a port plugin `mem`
 * whose queues are arrays, component plugins `pass` (no process) and `pick` (the first two bytes
 * of a packet are its output).  Include once per test program, after cmocka.
 */
#ifndef TEST_PANEL_H
#define TEST_PANEL_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_version.h>

#include "tests/unit/eal.h"

#include "attachment.h"
#include "component.h"
#include "dispatch.h"
#include "error.h"
#include "lcore.h"
#include "load.h"
#include "log.h"
#include "panel_verbs.h"
#include "plugin.h"
#include "port.h"
#include "publish.h"
#include "txn.h"
#include "worker.h"

#define PANEL_LCORE 3 /* and PANEL_LCORE + 1 */
#define PANEL_MBUFS 1023

/* Workers in place of core/panel/lcore.c */

static struct worker *panel_worker[2];
uint32_t lcore_quiesce_ms = 50;

struct worker *
lcore_worker(unsigned int lcore)
{
	return lcore == PANEL_LCORE || lcore == PANEL_LCORE + 1 ? panel_worker[lcore - PANEL_LCORE]
								: NULL;
}

int
lcore_next(int lcore)
{
	return lcore < PANEL_LCORE ? PANEL_LCORE : lcore == PANEL_LCORE ? PANEL_LCORE + 1 : -1;
}

int
lcore_fail(unsigned int lcore)
{
	return fail_arg("core", "core %u is no worker", lcore);
}

int
lcore_init(void)
{
	return 0;
}

int
lcore_fini(void)
{
	return 0;
}

/* Port plugin mem */

#define MEM_PORTS 64
#define MEM_DEPTH 256

struct mem_queue {
	struct rte_mbuf *pkts[MEM_DEPTH];
	uint16_t nb;
	uint16_t room;      /* tx: how many more packets the queue accepts */
	uint16_t bad_count; /* the burst function returns it, if not 0; tx frees the packets */
};

struct mem_port {
	uint32_t id;
	int open, attached;
	struct mem_queue rx[2], tx[2];
	uint64_t nb_nombuf; /* 0: the port does not tell */
};

static struct mem_port mem_ports[MEM_PORTS];

static uint16_t
mem_rx(void *queue, struct rte_mbuf **pkts, uint16_t nb)
{
	struct mem_queue *q = queue;

	if (q->bad_count != 0)
		return q->bad_count;
	nb = RTE_MIN(nb, q->nb);
	memcpy(pkts, q->pkts, nb * sizeof(*pkts));
	q->nb -= nb;
	memmove(q->pkts, q->pkts + nb, q->nb * sizeof(*pkts));
	return nb;
}

static uint16_t
mem_tx(void *queue, struct rte_mbuf **pkts, uint16_t nb)
{
	struct mem_queue *q = queue;

	if (q->bad_count != 0) {
		rte_pktmbuf_free_bulk(pkts, nb);
		return q->bad_count;
	}
	nb = RTE_MIN(nb, q->room);
	memcpy(q->pkts + q->nb, pkts, nb * sizeof(*pkts));
	q->nb += nb;
	q->room -= nb;
	return nb;
}

static int
mem_open(uint32_t id, const struct spp_args *args, void **port)
{
	(void)args;
	if (id >= MEM_PORTS)
		return fail_arg("port", "mem:%u does not exist", id);
	mem_ports[id] = (struct mem_port){.id = id, .open = 1};
	for (int q = 0; q < 2; q++)
		mem_ports[id].tx[q].room = MEM_DEPTH;
	*port = &mem_ports[id];
	return 0;
}

static void
mem_close(void *port)
{
	struct mem_port *p = port;

	for (int q = 0; q < 2; q++) {
		rte_pktmbuf_free_bulk(p->rx[q].pkts, p->rx[q].nb);
		rte_pktmbuf_free_bulk(p->tx[q].pkts, p->tx[q].nb);
		p->rx[q].nb = p->tx[q].nb = 0;
	}
	p->open = 0;
}

/* mem:60 has two queues each way. */
static uint16_t
mem_nb_queues(void *port, uint16_t dir)
{
	(void)dir;
	return ((struct mem_port *)port)->id == 60 ? 2 : 1;
}

static int
mem_attach(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out)
{
	struct mem_port *p = port;

	p->attached++;
	out->burst = dir == SPP_RX ? mem_rx : mem_tx;
	out->queue = dir == SPP_RX ? &p->rx[queue] : &p->tx[queue];
	return 0;
}

static int
mem_get_nombuf(void *port, uint64_t *nb)
{
	*nb = ((struct mem_port *)port)->nb_nombuf;
	return *nb > 0 ? 0 : -ENOTSUP;
}

static void
mem_detach(void *port, uint16_t dir, uint16_t queue)
{
	(void)dir;
	(void)queue;
	((struct mem_port *)port)->attached--;
}

/* Component plugins pass and pick */

static struct {
	struct spp_component *self; /* of the instance created last */
	int alive;                  /* instances */
	int not_ready;
	int refuse_attach;
	int nb_attach, nb_detach;
} pick;

static int
pick_create(struct spp_component *self, void *worker, const struct spp_args *args, void **state)
{
	(void)worker;
	(void)args;
	pick.self = self;
	pick.alive++;
	*state = self;
	return 0;
}

static void
pick_destroy(void *state)
{
	(void)state;
	pick.alive--;
}

static int
pick_attach(void *state, const struct spp_attachment *attachment)
{
	(void)state;
	if (pick.refuse_attach)
		return fail(-EPERM, "pick does not want %s", attachment->port);
	pick.nb_attach++;
	return 0;
}

static void
pick_detach(void *state, const struct spp_attachment *attachment)
{
	(void)state;
	(void)attachment;
	pick.nb_detach++;
}

static int
pick_is_ready(void *state)
{
	(void)state;
	return !pick.not_ready;
}

static void
pick_process(void *worker, uint16_t input, struct rte_mbuf **pkts, uint16_t nb, uint16_t *out)
{
	(void)worker;
	(void)input;
	for (uint16_t i = 0; i < nb; i++)
		memcpy(&out[i], rte_pktmbuf_mtod(pkts[i], char *), sizeof(out[i]));
}

static const char *const pick_reasons[] = {"first", "second"};

static const struct spp_component_ops pick_ops = {
	.size = sizeof(pick_ops),
	.worker_size = 64,
	.rx_min = 1,
	.rx_max = SPP_MANY,
	.tx_min = 1,
	.tx_max = SPP_MANY,
	.drop_reasons = pick_reasons,
	.nb_drop_reasons = 2,
	.create = pick_create,
	.destroy = pick_destroy,
	.attach = pick_attach,
	.detach = pick_detach,
	.is_ready = pick_is_ready,
	.process = pick_process,
};

static const struct spp_component_ops pass_ops = {
	.size = sizeof(pass_ops),
	.rx_min = 1,
	.rx_max = 2,
	.tx_min = 1,
	.tx_max = 1,
};

static const struct spp_port_ops mem_ops = {
	.size = sizeof(mem_ops),
	.rank = 1,
	.open = mem_open,
	.close = mem_close,
	.nb_queues = mem_nb_queues,
	.attach = mem_attach,
	.detach = mem_detach,
	.get_nombuf = mem_get_nombuf,
};

static const struct spp_plugin pick_plugin = {.size = sizeof(pick_plugin), .component = &pick_ops};
static const struct spp_plugin pass_plugin = {.size = sizeof(pass_plugin), .component = &pass_ops};
static const struct spp_plugin mem_plugin = {.size = sizeof(mem_plugin), .port = &mem_ops};

#define PANEL_ENTRY(plugin_name, plugin_kind)                                                      \
	static const struct spp_manifest plugin_name##_manifest = {                                \
		SPP_MANIFEST_BUILD, .kind = plugin_kind,    .name = #plugin_name,                  \
		.version = "1.0",   .summary = "for tests",                                        \
	};                                                                                         \
	static int plugin_name##_entry(const struct spp_host *host, const struct spp_plugin **out) \
	{                                                                                          \
		(void)host;                                                                        \
		*out = &plugin_name##_plugin;                                                      \
		return 0;                                                                          \
	}

PANEL_ENTRY(pick, SPP_KIND_COMPONENT)
PANEL_ENTRY(pass, SPP_KIND_COMPONENT)
PANEL_ENTRY(mem, SPP_KIND_PORT)

/* Set-up */

static struct rte_mempool *panel_pool;

static int
panel_setup(void **state)
{
	const struct idle_policy busy = {.kind = IDLE_BUSY};

	(void)state;
	if (test_eal_init("0@0") != 0)
		return -1;
	panel_pool = rte_pktmbuf_pool_create("panel", PANEL_MBUFS, 0, 0, 1024, -1);
	for (int i = 0; i < 2; i++)
		panel_worker[i] = worker_create(PANEL_LCORE + i, -1, &busy);
	if (panel_pool == NULL || panel_worker[0] == NULL || panel_worker[1] == NULL)
		return -1;
	if (plugin_add(&pick_manifest, pick_entry) != 0 ||
	    plugin_add(&pass_manifest, pass_entry) != 0 ||
	    plugin_add(&mem_manifest, mem_entry) != 0)
		return -1;
	return panel_verbs_add();
}

static int
panel_teardown(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++)
		worker_destroy(panel_worker[i]);
	return test_eal_fini();
}

/* After each test: everything stopped, released and back in the pool. */
static int
panel_reset(void **state)
{
	(void)state;
	pick.not_ready = pick.refuse_attach = 0;
	if (component_stop_all() != 0)
		return -1;
	txn_reap();
	pick.nb_attach = pick.nb_detach = 0;
	for (int i = 0; i < MEM_PORTS; i++)
		if (mem_ports[i].open || mem_ports[i].attached != 0)
			return -1;
	return pick.alive != 0 || rte_mempool_avail_count(panel_pool) != PANEL_MBUFS;
}

/* Helpers */

/* Make one pass of a worker.  The worker is offline between passes, so that no command waits for
 * it. */
static inline uint32_t
panel_pass(void)
{
	uint32_t received;

	worker_online(panel_worker[0]);
	received = worker_pass(panel_worker[0]);
	worker_offline(panel_worker[0]);
	return received;
}

/* The reply must contain text. */
static inline void
panel_run(const char *line, const char *text)
{
	char *reply = dispatch_run(line);

	assert_non_null(reply);
	if (strstr(reply, text) == NULL) {
		print_error("%s: got %s instead of %s\n", line, reply, text);
		_fail(__FILE__, __LINE__);
	}
	free(reply);
}

static inline void
panel_ok(const char *line)
{
	panel_run(line, "{\"results\":[{\"result\":\"success\"}]");
}

/* nb packets of 60 bytes whose first two bytes are out, the next four a serial number. */
static inline void
panel_put(struct mem_queue *queue, uint16_t out, unsigned int nb)
{
	static uint32_t serial;

	for (unsigned int i = 0; i < nb; i++) {
		struct rte_mbuf *m = rte_pktmbuf_alloc(panel_pool);
		char *data;

		assert_non_null(m);
		data = rte_pktmbuf_mtod(m, char *);
		m->data_len = m->pkt_len = 60;
		assert_non_null(data);
		memset(data, 0, 60);
		memcpy(data, &out, 2);
		memcpy(data + 2, &serial, 4);
		serial++;
		assert_true(queue->nb < MEM_DEPTH);
		queue->pkts[queue->nb++] = m;
	}
}

static inline uint32_t
panel_serial(const struct rte_mbuf *m)
{
	uint32_t serial;

	memcpy(&serial, rte_pktmbuf_mtod_offset(m, char *, 2), 4);
	return serial;
}

static inline uint64_t
panel_sum(const struct attachment *first)
{
	uint64_t sum = 0;

	for (const struct attachment *a = first; a != NULL; a = a->next)
		sum += a->stats->packets;
	return sum;
}

/* The balance of core/panel/stats.h. */
static inline void
panel_assert_balance(const struct spp_component *c)
{
	uint64_t drops = 0;

	for (unsigned int i = 0; i < CORE_DROP_MAX; i++)
		drops += c->stats->core_drops[i];
	for (unsigned int i = 0; i < SPP_DROP_MAX; i++)
		drops += c->stats->plugin_drops[i];
	assert_int_equal(panel_sum(c->rx) + c->nb_detached[SPP_RX] + c->stats->copies,
			 panel_sum(c->tx) + c->nb_detached[SPP_TX] + drops);
}

#endif
