/* SPDX-License-Identifier: BSD-3-Clause */
/* The steps that differ by role: who makes memory and ports, who finds them, who watches whom. */

#include <errno.h>
#include <stdio.h>

#include "attachment.h"
#include "config_apply.h"
#include "error.h"
#include "guard.h"
#include "heap.h"
#include "log.h"
#include "loop.h"
#include "orphan.h"
#include "port.h"
#include "registry.h"
#include "registry_claims.h"
#include "pool.h"
#include "rings.h"
#include "role.h"
#include "watch.h"

static struct {
	const struct process_options *options;
	const struct config *config;
	struct event_base *base;
} role;

/* Memory */

static unsigned int
given_or(unsigned int given, unsigned int configured)
{
	return given != 0 ? given : configured;
}

static int
make_rings(void)
{
	const struct process_options *options = role.options;
	const struct config *config = role.config;
	int rc = pool_init(given_or(options->nb_mbufs, config->nb_mbufs));

	if (rc == 0)
		rc = rings_init(given_or(options->nb_rings, config->nb_rings),
				given_or(options->ring_size, config->ring_size));
	return rc;
}

/* In a panel of several processes one component of one process has a port and direction. */

static int
claim_shared(const char *port, uint16_t dir, const char *component, int numa_node,
	     struct attachment_stats **stats)
{
	(void)numa_node;
	return registry_claim(port, dir, component, stats);
}

static void
release_shared(const char *port, uint16_t dir, struct attachment_stats *stats)
{
	(void)stats;
	registry_release(port, dir);
}

static const struct attachment_claims shared_claims = {claim_shared, release_shared};

/* A secondary enters the registry first, as a user of the shared memory, and then finds rings and
 * pool. */
static int
join(void)
{
	int rc = registry_join(role.options->program, role.options->client_id);

	if (rc != 0)
		return rc;
	attachment_set_claims(&shared_claims);
	rings_attach(registry_nb_rings());
	return pool_attach();
}

void
role_stop_memory(void)
{
	rings_fini();
	pool_fini();
	registry_leave();
}

int
role_start_memory(const struct process_options *options, const struct config *config)
{
	int rc;

	role.options = options;
	role.config = config;
	rc = options->role == PROCESS_SECONDARY ? join() : make_rings();

	if (rc != 0)
		role_stop_memory();
	return rc;
}

/* Ports */

static bool
is_in_mask(const char *type, uint32_t id)
{
	(void)type;
	return id < 64 && (role.options->port_mask >> id & 1) != 0;
}

static bool
is_published(const char *type, uint32_t id)
{
	struct registry_port port;

	return registry_find_port(type, id, &port);
}

/* A device whose driver could not fetch its state from the primary is silently missing.  Without
 * this check the process would be ready, and would refuse the port that it was started for. */
static int
check_published(void)
{
	struct registry_port port;

	for (unsigned int i = 0; registry_get_port(i, &port); i++)
		if (plugin_find(SPP_KIND_PORT, port.type) != NULL &&
		    port_find(port.type, port.id) == NULL)
			return fail(-ENODEV,
				    "%s:%u of the primary did not come up in this process; start "
				    "it again",
				    port.type, port.id);
	return 0;
}

static bool
has_permanent_port(uint32_t id)
{
	for (const struct port *p = port_first(); p != NULL; p = p->next)
		if (p->permanent && p->id == id)
			return true;
	return false;
}

/* A bit of the mask without a port is a slip to warn of; a mask without any port is an error. */
static int
check_mask(void)
{
	for (unsigned int id = 0; id < 64; id++)
		if (is_in_mask(NULL, id) && !has_permanent_port(id))
			log_warning("port %u not present - ignoring", id);
	if (port_first() == NULL)
		return fail(-ENODEV,
			    "none of the ports of the mask 0x%llx is there; see the "
			    "devices of DPDK, or make some with --vdev",
			    (unsigned long long)role.options->port_mask);
	return 0;
}

static int
publish_ports(void)
{
	int rc = registry_create(role.options->program, rings_nb());

	attachment_set_claims(&shared_claims);
	for (const struct port *p = port_first(); rc == 0 && p != NULL; p = p->next) {
		struct registry_port port = {
			.id = p->id,
			.nb_rx = port_nb_queues(p, SPP_RX),
			.nb_tx = port_nb_queues(p, SPP_TX),
		};

		snprintf(port.type, sizeof(port.type), "%s", p->plugin->name);
		rc = registry_publish(&port);
	}
	return rc;
}

static int
set_port_options(void)
{
	const struct process_options *options = role.options;
	int rc = config_set_port_options(role.config);

	for (unsigned int i = 0; rc == 0 && i < options->nb_port_options; i++) {
		const struct process_port_option *option = &options->port_options[i];

		rc = port_add_option(option->port, option->text);
	}
	return rc;
}

/* The primary makes the table last, when its ports run: secondaries can enter once the table
 * exists. */
int
role_start_ports(void)
{
	enum process_role kind = role.options->role;
	int rc = set_port_options();

	if (rc == 0)
		rc = port_init(kind == PROCESS_PRIMARY     ? is_in_mask
			       : kind == PROCESS_SECONDARY ? is_published
							   : NULL);
	if (rc == 0 && kind == PROCESS_SECONDARY)
		rc = check_published();
	if (rc == 0 && kind == PROCESS_PRIMARY)
		rc = check_mask();
	if (rc == 0 && kind == PROCESS_PRIMARY)
		rc = publish_ports();
	if (rc != 0)
		port_fini();
	return rc;
}

/* Other processes */

static void
on_primary_death(void)
{
	orphan_begin(role.base, role.options->orphan_grace_s);
}

/* The secondaries, which find no primary any more, learn why. */
static void
on_heap_stuck(void)
{
	registry_set_blocked();
	loop_fail("%s", heap_why_stuck());
}

static int
start_watch_of_primary(void)
{
	int rc = watch_secondaries(role.base);

	if (rc == 0)
		rc = heap_watch(role.base, role.options->program, on_heap_stuck);
	if (rc != 0)
		role_stop_watch();
	return rc;
}

static int
start_watch_of_secondary(void)
{
	int rc = watch_primary(role.base, on_primary_death);

	if (rc == 0)
		rc = guard_serve(role.base);
	if (rc != 0)
		role_stop_watch();
	return rc;
}

int
role_start_watch(struct event_base *base)
{
	role.base = base;
	switch (role.options->role) {
	case PROCESS_PRIMARY:
		return start_watch_of_primary();
	case PROCESS_SECONDARY:
		return start_watch_of_secondary();
	default:
		return 0;
	}
}

void
role_stop_watch(void)
{
	heap_unwatch();
	watch_fini();
	orphan_end();
	guard_unserve();
}

/* Memory and ports that secondaries still use cannot be taken down.  The secondaries notice the end
 * of this process and let go of them. */
bool
role_has_users(void)
{
	char list[256];

	if (!registry_is_primary() || registry_list_secondaries(list, sizeof(list)) == 0)
		return false;
	log_warning("leaving memory and ports as they are, because secondaries live: %s", list);
	return true;
}
