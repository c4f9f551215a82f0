/* SPDX-License-Identifier: BSD-3-Clause */
/* The verbs of the primary.  Its status has the shape that the REST interface shows. */

#include <stdio.h>
#include <string.h>

#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mempool.h>

#include "component.h"
#include "controller.h"
#include "dispatch.h"
#include "error.h"
#include "lcore.h"
#include "port.h"
#include "primary_verbs.h"
#include "process.h"
#include "registry.h"
#include "registry_claims.h"
#include "reply.h"
#include "rings.h"
#include "status.h"
#include "watch.h"

/* The types of the two lists that the REST interface knows. */
#define PHY "phy"
#define RING "ring"

static void
write_result(struct spp_reply *reply, const char *command)
{
	reply_str(reply, "result", "succeeded");
	reply_str(reply, "command", command);
}

static void
write_lcores(struct spp_reply *reply)
{
	reply_u64(reply, "master-lcore", rte_get_main_lcore());
	reply_open(reply, "lcores", SPP_REPLY_ARRAY);
	reply_u64(reply, NULL, rte_get_main_lcore());
	for (int l = lcore_next(-1); l >= 0; l = lcore_next(l))
		reply_u64(reply, NULL, l);
	reply_close(reply);
}

static void
write_mac(struct spp_reply *reply, uint32_t id)
{
	struct rte_ether_addr mac = {0};
	char text[18];

	rte_eth_macaddr_get(id, &mac);
	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac.addr_bytes[0],
		 mac.addr_bytes[1], mac.addr_bytes[2], mac.addr_bytes[3], mac.addr_bytes[4],
		 mac.addr_bytes[5]);
	reply_str(reply, "eth", text);
}

static void
write_phy(struct spp_reply *reply, const struct port *port)
{
	struct registry_totals rx, tx;

	registry_totals(PHY, port->id, SPP_RX, &rx);
	registry_totals(PHY, port->id, SPP_TX, &tx);
	reply_open(reply, NULL, SPP_REPLY_OBJECT);
	reply_u64(reply, "id", port->id);
	write_mac(reply, port->id);
	reply_u64(reply, "rx", rx.packets);
	reply_u64(reply, "tx", tx.packets);
	reply_u64(reply, "tx_drop", tx.dropped);
	reply_open(reply, "nof_queues", SPP_REPLY_OBJECT);
	reply_u64(reply, "rx", port_nb_queues(port, SPP_RX));
	reply_u64(reply, "tx", port_nb_queues(port, SPP_TX));
	reply_close(reply);
	reply_open(reply, "flow", SPP_REPLY_ARRAY);
	reply_close(reply);
	reply_close(reply);
}

static void
write_phys(struct spp_reply *reply)
{
	reply_open(reply, "phy_ports", SPP_REPLY_ARRAY);
	for (const struct port *p = port_first(); p != NULL; p = p->next)
		if (strcmp(p->plugin->name, PHY) == 0)
			write_phy(reply, p);
	reply_close(reply);
}

static void
write_rings(struct spp_reply *reply)
{
	reply_open(reply, "ring_ports", SPP_REPLY_ARRAY);
	for (unsigned int id = 0; id < rings_nb(); id++) {
		struct registry_totals rx, tx;

		registry_totals(RING, id, SPP_RX, &rx);
		registry_totals(RING, id, SPP_TX, &tx);
		reply_open(reply, NULL, SPP_REPLY_OBJECT);
		reply_u64(reply, "id", id);
		reply_u64(reply, "rx", rx.packets);
		reply_u64(reply, "rx_drop", rx.dropped);
		reply_u64(reply, "tx", tx.packets);
		reply_u64(reply, "tx_drop", tx.dropped);
		reply_close(reply);
	}
	reply_close(reply);
}

static void
write_secondaries(struct spp_reply *reply)
{
	struct registry_process process;

	reply_open(reply, "secondaries", SPP_REPLY_ARRAY);
	for (int id = REGISTRY_PRIMARY; registry_next(id, &process); id = process.id) {
		reply_open(reply, NULL, SPP_REPLY_OBJECT);
		reply_str(reply, "program", process.program);
		reply_u64(reply, "client-id", process.id);
		reply_u64(reply, "pid", process.pid);
		reply_u64(reply, "master-lcore", process.main_lcore);
		reply_u64(reply, "workers", process.nb_workers);
		reply_close(reply);
	}
	reply_close(reply);
	reply_open(reply, "deaths", SPP_REPLY_ARRAY);
	for (unsigned int i = 0; watch_death(i) != NULL; i++)
		reply_str(reply, NULL, watch_death(i));
	reply_close(reply);
}

static int
run_status(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	write_lcores(reply);
	write_phys(reply);
	write_rings(reply);
	reply_open(reply, "pipes", SPP_REPLY_ARRAY);
	reply_close(reply);
	write_secondaries(reply);
	status_write_mbufs(reply);
	if (controller_state() != NULL)
		reply_str(reply, "controller", controller_state());
	return 0;
}

static int
run_clear(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	registry_clear_totals();
	write_result(reply, "clear");
	return 0;
}

static int
run_exit(const struct spp_args *args, struct spp_reply *reply)
{
	char list[256];

	if (args_str(args, "how") == NULL && registry_list_secondaries(list, sizeof(list)) > 0) {
		/* A controller may take for granted that a primary it has sent `exit` ends. */
		controller_reconnect();
		return fail(-EBUSY,
			    "secondaries use this primary: %s; end them first, or say `exit force`",
			    list);
	}
	process_exit();
	write_result(reply, "exit");
	return 0;
}

int
primary_verbs_add(void)
{
	static const struct spp_verb verbs[] = {
		{"status", "what the primary has and who uses it", run_status},
		{"clear", "count packets from zero again", run_clear},
		{"exit", "end the primary; refused while secondaries live", run_exit},
		{"exit <how:force>", "end the primary although secondaries live", run_exit},
	};
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < RTE_DIM(verbs); i++)
		rc = dispatch_add("core", &verbs[i]);
	return rc;
}
