/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports of this process, and the options they are opened with. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activity.h"
#include "error.h"
#include "log.h"
#include "plugin_options.h"
#include "port.h"

#define LISTED_MAX 1024

/* What the configuration says of a port, or of all ports of a type. */
struct option_set {
	struct option_set *next;
	char *name;
	unsigned int nb;
	char **texts;
};

static struct {
	struct port *first;
	struct option_set *options;
} ports;

/* Options */

static struct option_set *
find_options(const char *name)
{
	struct option_set *set = ports.options;

	while (set != NULL && strcmp(set->name, name) != 0)
		set = set->next;
	return set;
}

static void
free_options(struct option_set *set)
{
	for (unsigned int i = 0; i < set->nb; i++)
		free(set->texts[i]);
	free(set->texts);
	free(set->name);
	free(set);
}

int
port_set_options(const char *type_or_port, const char *const *texts, unsigned int nb)
{
	struct option_set *set;

	if (find_options(type_or_port) != NULL)
		return fail(-EEXIST, "port '%s' is configured twice", type_or_port);
	set = calloc(1, sizeof(*set));
	if (set == NULL)
		goto err_nomem;
	set->name = strdup(type_or_port);
	set->texts = calloc(nb + 1, sizeof(*set->texts));
	if (set->name == NULL || set->texts == NULL)
		goto err_free;
	for (; set->nb < nb; set->nb++) {
		set->texts[set->nb] = strdup(texts[set->nb]);
		if (set->texts[set->nb] == NULL)
			goto err_free;
	}
	set->next = ports.options;
	ports.options = set;
	return 0;

err_free:
	free_options(set);
err_nomem:
	return fail(-ENOMEM, "no memory for the options of port '%s'", type_or_port);
}

int
port_add_option(const char *type_or_port, const char *option)
{
	struct option_set *set = find_options(type_or_port);
	char **texts;

	if (set == NULL)
		return port_set_options(type_or_port, &option, 1);
	texts = realloc(set->texts, (set->nb + 1) * sizeof(*texts));
	if (texts != NULL) {
		set->texts = texts;
		texts[set->nb] = strdup(option);
	}
	if (texts == NULL || texts[set->nb] == NULL)
		return fail(-ENOMEM, "no memory for the options of port '%s'", type_or_port);
	set->nb++;
	return 0;
}

/* The texts of the type come first, then the texts of the port: the later text wins. */
static int
port_options(const struct plugin *plugin, uint32_t id, struct plugin_options *options)
{
	char name[RES_UID_SIZE], object[RES_UID_SIZE + 8];
	const struct option_set *of_type = find_options(plugin->name);
	const struct option_set *of_port;
	const char **texts;
	unsigned int nb = 0;
	int rc;

	snprintf(name, sizeof(name), "%s:%u", plugin->name, id);
	snprintf(object, sizeof(object), "port %s", name);
	of_port = find_options(name);
	texts = calloc((of_type ? of_type->nb : 0) + (of_port ? of_port->nb : 0) + 1,
		       sizeof(*texts));
	if (texts == NULL)
		return fail(-ENOMEM, "no memory for the options of %s", object);
	for (unsigned int i = 0; of_type != NULL && i < of_type->nb; i++)
		texts[nb++] = of_type->texts[i];
	for (unsigned int i = 0; of_port != NULL && i < of_port->nb; i++)
		texts[nb++] = of_port->texts[i];
	rc = plugin_options_init(options, object, plugin->port.options, texts, nb);
	free(texts);
	return rc;
}

/* Functions of plugins */

static void
enter(const struct plugin *plugin, uint32_t id, const char *function)
{
	activity_enter("%s() of plugin %s for port %s:%u", function, plugin->name, plugin->name,
		       id);
}

static int
call_open(const struct plugin *plugin, uint32_t id, const struct spp_args *args, void **state)
{
	int rc;

	enter(plugin, id, "open");
	rc = plugin->port.open(id, args, state);
	activity_leave();
	return error_check(plugin->name, "open()", rc);
}

static void
call_close(const struct port *port)
{
	if (port->plugin->port.close == NULL)
		return;
	enter(port->plugin, port->id, "close");
	port->plugin->port.close(port->state);
	activity_leave();
}

static uint32_t
call_list(const struct plugin *plugin, uint32_t *ids, uint32_t max)
{
	uint32_t nb;

	activity_enter("list() of plugin %s", plugin->name);
	nb = plugin->port.list(ids, max);
	activity_leave();
	return nb;
}

static int
call_attach(const struct port *port, uint16_t dir, uint16_t queue, struct spp_port_queue *io)
{
	int rc;

	enter(port->plugin, port->id, "attach");
	rc = port->plugin->port.attach(port->state, dir, queue, io);
	activity_leave();
	return error_check(port->plugin->name, "attach()", rc);
}

static void
call_detach(const struct port *port, uint16_t dir, uint16_t queue)
{
	if (port->plugin->port.detach == NULL)
		return;
	enter(port->plugin, port->id, "detach");
	port->plugin->port.detach(port->state, dir, queue);
	activity_leave();
}

uint16_t
port_nb_queues(const struct port *port, uint16_t dir)
{
	uint16_t nb;

	if (port->plugin->port.nb_queues == NULL)
		return 1;
	enter(port->plugin, port->id, "nb_queues");
	nb = port->plugin->port.nb_queues(port->state, dir);
	activity_leave();
	return nb;
}

/* Ports */

static struct port *
find(const struct plugin *plugin, uint32_t id)
{
	struct port *port = ports.first;

	while (port != NULL && (port->plugin != plugin || port->id != id))
		port = port->next;
	return port;
}

static bool
is_before(const struct port *a, const struct port *b)
{
	int order;

	if (a->plugin->port.rank != b->plugin->port.rank)
		return a->plugin->port.rank < b->plugin->port.rank;
	order = strcmp(a->plugin->name, b->plugin->name);
	return order != 0 ? order < 0 : a->id < b->id;
}

static void
insert(struct port *port)
{
	struct port **link = &ports.first;

	while (*link != NULL && is_before(*link, port))
		link = &(*link)->next;
	port->next = *link;
	*link = port;
}

static void
close_port(struct port *port)
{
	struct port **link = &ports.first;

	while (*link != port)
		link = &(*link)->next;
	*link = port->next;
	call_close(port);
	port->plugin->nb_instances--;
	log_info("port %s:%u: closed", port->plugin->name, port->id);
	free(port);
}

static int
open_port(struct plugin *plugin, uint32_t id, struct port **out)
{
	struct plugin_options options;
	struct port *port;
	int rc = port_options(plugin, id, &options);

	if (rc != 0)
		return rc;
	port = calloc(1, sizeof(*port));
	if (port == NULL) {
		rc = fail(-ENOMEM, "no memory for port %s:%u", plugin->name, id);
		goto out;
	}
	port->plugin = plugin;
	port->id = id;
	rc = call_open(plugin, id, &options.args, &port->state);
	if (rc != 0) {
		free(port);
		goto out;
	}
	plugin->nb_instances++;
	insert(port);
	*out = port;
	log_info("port %s:%u: opened", plugin->name, id);
out:
	plugin_options_fini(&options);
	return rc;
}

static int
open_listed(struct plugin *plugin, bool (*wanted)(const char *type, uint32_t id))
{
	uint32_t ids[LISTED_MAX];
	uint32_t nb = call_list(plugin, ids, LISTED_MAX);

	for (uint32_t i = 0; i < nb && i < LISTED_MAX; i++) {
		struct port *port = find(plugin, ids[i]);
		int rc = 0;

		if (wanted != NULL && !wanted(plugin->name, ids[i]))
			continue;
		if (port == NULL)
			rc = open_port(plugin, ids[i], &port);
		if (rc != 0)
			return rc;
		port->permanent = true;
	}
	return 0;
}

int
port_init(bool (*wanted)(const char *type, uint32_t id))
{
	for (struct plugin *p = plugin_first(); p != NULL; p = p->next) {
		int rc = p->port.list != NULL ? open_listed(p, wanted) : 0;

		if (rc != 0)
			return rc;
	}
	return 0;
}

void
port_fini(void)
{
	while (ports.first != NULL)
		close_port(ports.first);
	while (ports.options != NULL) {
		struct option_set *set = ports.options;

		ports.options = set->next;
		free_options(set);
	}
}

bool
port_get_nombuf(const struct port *port, uint64_t *nb)
{
	bool is_told;

	if (port->plugin->port.get_nombuf == NULL)
		return false;
	enter(port->plugin, port->id, "get_nombuf");
	is_told = port->plugin->port.get_nombuf(port->state, nb) == 0;
	activity_leave();
	return is_told;
}

static int
check_queue(const struct port *port, const struct res_uid *res_uid, uint16_t dir)
{
	uint16_t nb_rx = port_nb_queues(port, SPP_RX);
	uint16_t nb_tx = port_nb_queues(port, SPP_TX);
	uint16_t nb = dir == SPP_RX ? nb_rx : nb_tx;

	if (res_uid->queue < 0 && (nb_rx > 1 || nb_tx > 1))
		return fail_arg("port", "%s:%u has several queues; say which, as %s:%u nq 0",
				res_uid->type, res_uid->id, res_uid->type, res_uid->id);
	if (res_uid->queue >= 0 && nb_rx <= 1 && nb_tx <= 1)
		return fail_arg("port", "%s:%u has one queue; leave out nq %d", res_uid->type,
				res_uid->id, res_uid->queue);
	if (res_uid->queue >= nb)
		return fail_arg("port rxtx", "%s:%u has %u %s queues, there is no queue %d",
				res_uid->type, res_uid->id, nb, dir == SPP_RX ? "rx" : "tx",
				res_uid->queue);
	return 0;
}

/* Fill in io, or leave nothing behind. */
static int
attach(struct port *port, uint16_t dir, uint16_t queue, struct spp_port_queue *io)
{
	const struct plugin *plugin = port->plugin;
	int rc;

	*io = (struct spp_port_queue){0};
	rc = call_attach(port, dir, queue, io);
	if (rc != 0 || io->burst != NULL)
		return rc;
	call_detach(port, dir, queue);
	return fail(-EPROTO, "plugin %s: attach() of %s:%u gave no burst function", plugin->name,
		    plugin->name, port->id);
}

static void
close_if_unused(struct port *port)
{
	if (port->nb_attachments == 0 && !port->permanent)
		close_port(port);
}

int
port_attach(const struct res_uid *res_uid, uint16_t dir, struct port **port, uint16_t *queue,
	    struct spp_port_queue *io)
{
	struct plugin *plugin = plugin_find(SPP_KIND_PORT, res_uid->type);
	struct port *p;
	int rc;

	if (plugin == NULL)
		return plugin_fail_type(SPP_KIND_PORT, "port", res_uid->type);
	p = find(plugin, res_uid->id);
	if (p == NULL) {
		rc = open_port(plugin, res_uid->id, &p);
		if (rc != 0)
			return rc;
	}
	rc = check_queue(p, res_uid, dir);
	if (rc != 0)
		goto err_close;
	*queue = res_uid->queue < 0 ? 0 : res_uid->queue;
	rc = attach(p, dir, *queue, io);
	if (rc != 0)
		goto err_close;
	p->nb_attachments++;
	*port = p;
	return 0;

err_close:
	close_if_unused(p);
	return rc;
}

void
port_detach(struct port *port, uint16_t dir, uint16_t queue)
{
	call_detach(port, dir, queue);
	port->nb_attachments--;
	close_if_unused(port);
}

struct port *
port_find(const char *type, uint32_t id)
{
	const struct plugin *plugin = plugin_find(SPP_KIND_PORT, type);

	return plugin == NULL ? NULL : find(plugin, id);
}

struct port *
port_first(void)
{
	return ports.first;
}
