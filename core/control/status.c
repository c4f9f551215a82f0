/* SPDX-License-Identifier: BSD-3-Clause */
/* The verb status: what the process is, has and does, as the wire protocol shapes it. */

#include <stdio.h>
#include <string.h>

#include <rte_lcore.h>
#include <rte_mempool.h>

#include "activity.h"
#include "config_change.h"
#include "controller.h"
#include "dispatch.h"
#include "error.h"
#include "lcore.h"
#include "panel.h"
#include "plugin.h"
#include "pool_level.h"
#include "reply.h"
#include "pool.h"
#include "status.h"
#include "status_pages.h"
#include "worker.h"
#include "worker_watch.h"

#define PORT_TYPES_MAX 8

static struct {
	int client_id;
	const char *port_types[PORT_TYPES_MAX];
	unsigned int nb_port_types;
	bool has_pages;
} status;

/* What a plugin says of one of its components or ports, and of all together. */

static void
write_of_instance(struct spp_reply *reply, const struct plugin *plugin, const char *kind,
		  const char *name, void *state)
{
	if (plugin->status == NULL || plugin->status->instance_status == NULL)
		return;
	activity_enter("instance_status() of plugin %s for %s %s", plugin->name, kind, name);
	plugin->status->instance_status(state, reply);
	activity_leave();
}

static void
write_of_process(struct spp_reply *reply, const struct plugin *plugin)
{
	if (plugin->status == NULL || plugin->status->process_status == NULL)
		return;
	activity_enter("process_status() of plugin %s", plugin->name);
	plugin->status->process_status(reply);
	activity_leave();
}

/* Write the ids of one type; a port with several queues appears once for each queue. */
static void
write_port_ids(struct spp_reply *reply, const char *type)
{
	reply_open(reply, type, SPP_REPLY_ARRAY);
	for (const struct port *p = port_first(); p != NULL; p = p->next) {
		uint16_t nb = RTE_MAX(port_nb_queues(p, SPP_RX), port_nb_queues(p, SPP_TX));
		char id[32];

		if (strcmp(p->plugin->name, type) != 0)
			continue;
		for (uint16_t q = 0; q < nb; q++) {
			snprintf(id, sizeof(id), nb > 1 ? "%u nq %u" : "%u", p->id, q);
			reply_str(reply, NULL, id);
		}
	}
	reply_close(reply);
}

static bool
is_expected(const char *type)
{
	for (unsigned int i = 0; i < status.nb_port_types; i++)
		if (strcmp(status.port_types[i], type) == 0)
			return true;
	return false;
}

static void
write_all_port_ids(struct spp_reply *reply)
{
	for (unsigned int i = 0; i < status.nb_port_types; i++)
		write_port_ids(reply, status.port_types[i]);
	for (const struct plugin *p = plugin_first(); p != NULL; p = p->next)
		if (p->manifest.kind == SPP_KIND_PORT && !is_expected(p->name))
			write_port_ids(reply, p->name);
}

static void
write_port(struct spp_reply *reply, const struct port *port)
{
	const struct spp_status_ext *ext = port->plugin->status;
	bool has_status = ext != NULL && ext->instance_status != NULL;
	char name[RES_UID_SIZE];
	uint64_t nombuf;
	bool has_nombuf = port_get_nombuf(port, &nombuf);

	if (!has_status && !has_nombuf)
		return;
	snprintf(name, sizeof(name), "%s:%u", port->plugin->name, port->id);
	reply_open(reply, NULL, SPP_REPLY_OBJECT);
	reply_str(reply, "port", name);
	if (has_nombuf)
		reply_u64(reply, "nombuf", nombuf);
	write_of_instance(reply, port->plugin, "port", name, port->state);
	reply_close(reply);
}

/* Add what port plugins report of their ports. */
static void
write_ports(struct spp_reply *reply)
{
	reply_open(reply, "port_status", SPP_REPLY_ARRAY);
	for (const struct port *p = port_first(); p != NULL; p = p->next)
		write_port(reply, p);
	reply_close(reply);
}

static void
write_vlan(struct spp_reply *reply, const struct vlan_op *vlan)
{
	static const char *const names[] = {
		[VLAN_NONE] = "none", [VLAN_ADD] = "add", [VLAN_DEL] = "del"};

	reply_open(reply, "vlan", SPP_REPLY_OBJECT);
	reply_str(reply, "operation", names[vlan->kind]);
	reply_u64(reply, "id", vlan->vid);
	reply_u64(reply, "pcp", vlan->pcp);
	reply_close(reply);
}

static void
write_nonzero(struct spp_reply *reply, const char *name, const uint64_t *counter)
{
	uint64_t n = stats_get(counter);

	if (n > 0)
		reply_u64(reply, name, n);
}

static void
write_attachments(struct spp_reply *reply, const char *name, const struct attachment *first)
{
	reply_open(reply, name, SPP_REPLY_ARRAY);
	for (const struct attachment *a = first; a != NULL; a = a->next) {
		reply_open(reply, NULL, SPP_REPLY_OBJECT);
		reply_str(reply, "port", a->name);
		write_vlan(reply, &a->vlan);
		reply_u64(reply, "packets", stats_get(&a->stats->packets));
		if (a->dir == SPP_TX)
			reply_u64(reply, "dropped", stats_get(&a->stats->dropped));
		write_nonzero(reply, "bad_counts", &a->stats->bad_counts);
		reply_close(reply);
	}
	reply_close(reply);
}

/* Write the reasons that have occurred. */
static void
write_drops(struct spp_reply *reply, const struct spp_component *c)
{
	const struct spp_component_ops *ops = &c->plugin->component;

	reply_open(reply, "drops", SPP_REPLY_OBJECT);
	for (unsigned int i = 0; i < CORE_DROP_MAX; i++)
		write_nonzero(reply, stats_core_drop_name(i), &c->stats->core_drops[i]);
	for (unsigned int i = 0; i < SPP_DROP_MAX; i++) {
		char unnamed[16];

		snprintf(unnamed, sizeof(unnamed), "drop-%u", i);
		write_nonzero(reply, i < ops->nb_drop_reasons ? ops->drop_reasons[i] : unnamed,
			      &c->stats->plugin_drops[i]);
	}
	reply_close(reply);
}

static void
write_component(struct spp_reply *reply, const struct spp_component *c)
{
	reply_open(reply, NULL, SPP_REPLY_OBJECT);
	reply_u64(reply, "core", c->lcore);
	reply_str(reply, "name", c->name);
	reply_str(reply, "type", c->plugin->name);
	write_attachments(reply, "rx_port", c->rx);
	write_attachments(reply, "tx_port", c->tx);
	reply_bool(reply, "running", panel_can_run(c));
	reply_u64(reply, "copies", stats_get(&c->stats->copies));
	write_nonzero(reply, "rx_detached", &c->nb_detached[SPP_RX]);
	write_nonzero(reply, "tx_detached", &c->nb_detached[SPP_TX]);
	write_drops(reply, c);
	write_of_instance(reply, c->plugin, "component", c->name, c->state);
	reply_close(reply);
}

static void
write_idle_worker(struct spp_reply *reply, unsigned int lcore)
{
	reply_open(reply, NULL, SPP_REPLY_OBJECT);
	reply_u64(reply, "core", lcore);
	reply_str(reply, "name", "");
	reply_str(reply, "type", "unuse");
	reply_open(reply, "rx_port", SPP_REPLY_ARRAY);
	reply_close(reply);
	reply_open(reply, "tx_port", SPP_REPLY_ARRAY);
	reply_close(reply);
	reply_close(reply);
}

/* Write the components of each lcore, or one entry of type `unuse`. */
static void
write_cores(struct spp_reply *reply)
{
	reply_open(reply, "core", SPP_REPLY_ARRAY);
	for (int l = lcore_next(-1); l >= 0; l = lcore_next(l)) {
		bool used = false;

		for (const struct spp_component *c = panel_first(); c != NULL; c = c->next) {
			if (c->lcore != (unsigned int)l)
				continue;
			write_component(reply, c);
			used = true;
		}
		if (!used)
			write_idle_worker(reply, l);
	}
	reply_close(reply);
}

/* One of these components holds the worker. */
static void
write_stuck(struct spp_reply *reply, unsigned int lcore)
{
	reply_open(reply, "stuck", SPP_REPLY_ARRAY);
	for (const struct spp_component *c = panel_first(); c != NULL; c = c->next) {
		if (c->lcore != lcore || !panel_can_run(c))
			continue;
		reply_open(reply, NULL, SPP_REPLY_OBJECT);
		reply_str(reply, "component", c->name);
		reply_str(reply, "plugin", c->plugin->name);
		reply_close(reply);
	}
	reply_close(reply);
}

static void
write_workers(struct spp_reply *reply)
{
	reply_open(reply, "workers", SPP_REPLY_ARRAY);
	for (int l = lcore_next(-1); l >= 0; l = lcore_next(l)) {
		struct idle_policy policy;
		char text[32];

		worker_get_idle(lcore_worker(l), &policy);
		reply_open(reply, NULL, SPP_REPLY_OBJECT);
		reply_u64(reply, "core", l);
		reply_str(reply, "idle", idle_format(&policy, text, sizeof(text)));
		if (worker_is_stuck(l))
			write_stuck(reply, l);
		reply_close(reply);
	}
	reply_close(reply);
}

void
status_write_mbufs(struct spp_reply *reply)
{
	const struct rte_mempool *pool = pool_get();

	if (pool == NULL)
		return;
	reply_open(reply, "mbufs", SPP_REPLY_OBJECT);
	reply_u64(reply, "total", pool->size);
	reply_u64(reply, "in_use", rte_mempool_in_use_count(pool));
	reply_bool(reply, "low", pool_level_is_low());
	reply_close(reply);
}

/* A panel is closed when the primary of its process has gone. */
static void
write_closed(struct spp_reply *reply)
{
	const char *why = panel_why_closed();

	if (why == NULL)
		return;
	reply_str(reply, "primary", "gone");
	reply_str(reply, "primary_gone", why);
}

/* Add what plugins tell of the process; without those that have a table to tell. */
static void
write_plugins(struct spp_reply *reply, bool brief)
{
	for (const struct plugin *p = plugin_first(); p != NULL; p = p->next)
		if (!brief || p->pages == NULL)
			write_of_process(reply, p);
	if (brief)
		status_pages_write_totals(reply);
}

static int
write_info(struct spp_reply *reply, bool brief)
{
	reply_open(reply, "info", SPP_REPLY_OBJECT);
	if (status.client_id >= 0)
		reply_u64(reply, "client-id", status.client_id);
	write_closed(reply);
	write_all_port_ids(reply);
	reply_u64(reply, "master-lcore", rte_get_main_lcore());
	if (controller_state() != NULL)
		reply_str(reply, "controller", controller_state());
	write_cores(reply);
	write_plugins(reply, brief);
	write_ports(reply);
	write_workers(reply);
	config_change_write_status(reply);
	status_write_mbufs(reply);
	reply_close(reply);
	return 0;
}

static int
run_status(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	return write_info(reply, false);
}

static int
run_brief(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	return write_info(reply, true);
}

bool
status_has_pages(void)
{
	return status.has_pages;
}

int
status_init(int client_id, const char *const *port_types, unsigned int nb_port_types)
{
	static const struct spp_verb whole = {"status", "what the process is, has and does",
					      run_status};
	static const struct spp_verb brief = {
		"status <part:brief>", "the same without the tables that have pages", run_brief};
	int rc;

	status.client_id = client_id;
	status.nb_port_types = RTE_MIN(nb_port_types, (unsigned int)PORT_TYPES_MAX);
	for (unsigned int i = 0; i < status.nb_port_types; i++)
		status.port_types[i] = port_types[i];
	rc = dispatch_add("core", &whole);
	if (rc == 0)
		rc = dispatch_add("core", &brief);
	if (rc == 0)
		rc = status_pages_init();
	status.has_pages = rc == 0;
	return rc;
}
