/* SPDX-License-Identifier: BSD-3-Clause */
/* The patch panel as the operator wants it. */

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_lcore.h>

#include "component.h"
#include "error.h"
#include "lcore.h"
#include "mem.h"
#include "options.h"
#include "registry.h"
#include "txn.h"
#include "worker.h"

static struct spp_component *components;
static const char *closed; /* why nothing can be added any more */

struct spp_component *
component_first(void)
{
	return components;
}

struct spp_component *
component_find(const char *name)
{
	struct spp_component *c = components;

	while (c != NULL && strcmp(c->name, name) != 0)
		c = c->next;
	return c;
}

static void
insert(struct spp_component *c)
{
	struct spp_component **link = &components;

	while (*link != NULL && (*link)->lcore <= c->lcore)
		link = &(*link)->next;
	c->next = *link;
	*link = c;
}

/* Returns what c stood behind, for an insertion at the same place. */
static struct spp_component *
take_out(struct spp_component *c)
{
	struct spp_component **link = &components, *before = NULL;

	while (*link != c) {
		before = *link;
		link = &before->next;
	}
	*link = c->next;
	return before;
}

/* Attachments: lists */

static struct attachment **
list_of(struct spp_component *c, uint16_t dir)
{
	return dir == SPP_RX ? &c->rx : &c->tx;
}

static void
list_insert(struct attachment *a, struct attachment *before)
{
	struct attachment **link = before ? &before->next : list_of(a->component, a->dir);

	a->next = *link;
	*link = a;
	*(a->dir == SPP_RX ? &a->component->nb_rx : &a->component->nb_tx) += 1;
}

static struct attachment *
list_take_out(struct attachment *a)
{
	struct attachment **link = list_of(a->component, a->dir), *before = NULL;

	while (*link != a) {
		before = *link;
		link = &before->next;
	}
	*link = a->next;
	*(a->dir == SPP_RX ? &a->component->nb_rx : &a->component->nb_tx) -= 1;
	return before;
}

static struct attachment *
list_last(struct spp_component *c, uint16_t dir)
{
	struct attachment *a = *list_of(c, dir);

	while (a != NULL && a->next != NULL)
		a = a->next;
	return a;
}

static bool
index_is_used(struct spp_component *c, uint16_t dir, uint16_t index)
{
	for (struct attachment *a = *list_of(c, dir); a != NULL; a = a->next)
		if (a->index == index)
			return true;
	return false;
}

static uint16_t
free_index(struct spp_component *c, uint16_t dir)
{
	uint16_t index = 0;

	while (index_is_used(c, dir, index))
		index++;
	return index;
}

struct attachment *
component_attachment(struct spp_component *c, const struct res_uid *res_uid, uint16_t dir)
{
	char text[RES_UID_SIZE];

	res_uid_format(res_uid, text);
	for (struct attachment *a = *list_of(c, dir); a != NULL; a = a->next)
		if (strcmp(a->res_uid, text) == 0)
			return a;
	return NULL;
}

/* Whoever has the port and direction. */
static struct attachment *
find_holder(const struct res_uid *res_uid, uint16_t dir)
{
	for (struct spp_component *c = components; c != NULL; c = c->next) {
		struct attachment *a = component_attachment(c, res_uid, dir);

		if (a != NULL)
			return a;
	}
	return NULL;
}

static const char *
dir_name(uint16_t dir)
{
	return dir == SPP_RX ? "rx" : "tx";
}

/* Attachments: life */

static void
tell_plugin(struct attachment *a)
{
	const struct spp_component_ops *ops = &a->component->plugin->component;
	const struct spp_attachment what = {.port = a->res_uid, .dir = a->dir, .index = a->index};

	if (ops->detach != NULL)
		ops->detach(a->component->state, &what);
}

/* Counters; in a panel of several processes, together with the right to the port. */
static int
claim(struct attachment *a)
{
	if (registry_is_there())
		return registry_claim(a->res_uid, a->dir, a->component->name, &a->stats);
	a->stats = mem_zalloc(sizeof(*a->stats), a->component->numa_node);
	return a->stats != NULL ? 0 : fail(-ENOMEM, "no memory to attach %s", a->res_uid);
}

static void
unclaim(struct attachment *a)
{
	if (registry_is_there())
		registry_release(a->res_uid, a->dir);
	else
		mem_free(a->stats);
}

static void
release(void *arg)
{
	struct attachment *a = arg;

	a->component->nb_detached[a->dir] += stats_get(&a->stats->packets);
	port_detach(a->port, a->dir, a->queue);
	unclaim(a);
	free(a);
}

static void
undo_attach(void *arg)
{
	struct attachment *a = arg;

	tell_plugin(a);
	list_take_out(a);
	txn_defer(release, a);
}

static int
check_free(struct spp_component *c, const struct res_uid *res_uid, uint16_t dir)
{
	const struct spp_component_ops *ops = &c->plugin->component;
	const struct attachment *holder = find_holder(res_uid, dir);
	bool both = holder != NULL && find_holder(res_uid, !dir) != NULL;
	uint16_t nb = dir == SPP_RX ? c->nb_rx : c->nb_tx;
	uint16_t max = dir == SPP_RX ? ops->rx_max : ops->tx_max;

	if (holder != NULL)
		return fail_arg(both ? "port" : "port rxtx",
				"%s is already %s port of component '%s'; delete it there first",
				holder->res_uid, dir_name(dir), holder->component->name);
	if (max != SPP_MANY && nb >= max)
		return fail(-ENOSPC, "%s takes at most %u %s port%s", c->plugin->name, max,
			    dir_name(dir), max == 1 ? "" : "s");
	if (nb >= SPP_OUTPUT_MAX)
		return fail(-ENOSPC,
			    "component '%s' has %u %s ports already, the most there can be",
			    c->name, nb, dir_name(dir));
	return 0;
}

static struct attachment *
make_attachment(struct spp_component *c, const struct res_uid *res_uid, uint16_t dir,
		const struct vlan_op *vlan)
{
	struct attachment *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->component = c;
	a->dir = dir;
	a->index = free_index(c, dir);
	a->vlan = *vlan;
	res_uid_format(res_uid, a->res_uid);
	res_uid_format_word(res_uid, a->word);
	return a;
}

static int
attach_new(struct spp_component *c, const struct res_uid *res_uid, uint16_t dir,
	   const struct vlan_op *vlan)
{
	const struct spp_component_ops *ops = &c->plugin->component;
	struct spp_attachment what;
	struct attachment *a;
	int rc = check_free(c, res_uid, dir);

	if (rc != 0)
		return rc;
	if (closed != NULL)
		return fail(-ESHUTDOWN, "%s", closed);
	a = make_attachment(c, res_uid, dir, vlan);
	if (a == NULL)
		return fail(-ENOMEM, "no memory to attach a port to component '%s'", c->name);
	rc = claim(a);
	if (rc != 0)
		goto err_free;
	rc = port_attach(res_uid, dir, &a->port, &a->queue, &a->io);
	if (rc != 0)
		goto err_unclaim;
	what = (struct spp_attachment){.port = a->res_uid, .dir = dir, .index = a->index};
	rc = ops->attach != NULL ? ops->attach(c->state, &what) : 0;
	if (rc != 0)
		goto err_detach;
	list_insert(a, list_last(c, dir));
	rc = txn_undo(undo_attach, a);
	if (rc != 0)
		goto err_unlink;
	txn_touch_lcore(c->lcore);
	return 0;

err_unlink:
	tell_plugin(a);
	list_take_out(a);
err_detach:
	port_detach(a->port, dir, a->queue);
err_unclaim:
	unclaim(a);
err_free:
	free(a);
	return rc;
}

struct vlan_change {
	struct attachment *attachment;
	struct vlan_op old;
};

static void
undo_vlan(void *arg)
{
	struct vlan_change *change = arg;

	change->attachment->vlan = change->old;
}

static int
change_vlan(struct attachment *a, const struct vlan_op *vlan)
{
	struct vlan_change *change = malloc(sizeof(*change));
	int rc;

	if (change == NULL)
		return fail(-ENOMEM, "no memory to change the VLAN operation of %s", a->res_uid);
	*change = (struct vlan_change){a, a->vlan};
	rc = txn_defer(free, change);
	if (rc != 0) {
		free(change);
		return rc;
	}
	rc = txn_undo(undo_vlan, change);
	if (rc != 0)
		return rc;
	a->vlan = *vlan;
	txn_touch_lcore(a->component->lcore);
	return 0;
}

int
component_attach(struct spp_component *c, const struct res_uid *res_uid, uint16_t dir,
		 const struct vlan_op *vlan)
{
	struct attachment *a = component_attachment(c, res_uid, dir);

	return a != NULL ? change_vlan(a, vlan) : attach_new(c, res_uid, dir, vlan);
}

struct detachment {
	struct attachment *attachment;
	struct attachment *before; /* where it stood in its list */
};

static void
undo_detach(void *arg)
{
	struct detachment *d = arg;

	list_insert(d->attachment, d->before);
}

int
component_detach(struct attachment *a)
{
	struct detachment *d = malloc(sizeof(*d));
	int rc;

	if (d == NULL)
		return fail(-ENOMEM, "no memory to detach %s", a->res_uid);
	rc = txn_defer(free, d);
	if (rc != 0) {
		free(d);
		return rc;
	}
	d->attachment = a;
	d->before = list_take_out(a);
	rc = txn_undo(undo_detach, d);
	if (rc != 0) {
		list_insert(a, d->before);
		return rc;
	}
	rc = txn_on_commit(release, a);
	if (rc != 0)
		return rc;
	txn_touch_lcore(a->component->lcore);
	/* Last, so that what the plugin puts back comes first. */
	tell_plugin(a);
	return 0;
}

/* Components: life */

static void
destroy(void *arg)
{
	struct spp_component *c = arg;

	if (c->plugin->component.destroy != NULL)
		c->plugin->component.destroy(c->state);
	c->plugin->nb_instances--;
	for (uint16_t i = 0; i < c->nb_groups; i++)
		free(c->groups[i]);
	free(c->groups);
	mem_free(c->worker);
	mem_free(c->stats);
	free(c);
}

static void
undo_start(void *arg)
{
	take_out(arg);
	txn_defer(destroy, arg);
}

static int
fail_plugin_type(const char *type)
{
	char list[256] = "";
	size_t used = 0;

	for (struct plugin *p = plugin_first(); p != NULL && used < sizeof(list); p = p->next)
		if (p->manifest.kind == SPP_KIND_COMPONENT)
			used += snprintf(list + used, sizeof(list) - used, "%s%s",
					 used > 0 ? ", " : "", p->name);
	return fail_arg("component type", "no component plugin '%s' is loaded; there are: %s", type,
			used > 0 ? list : "none");
}

static struct spp_component *
make_component(const char *name, unsigned int lcore, struct plugin *plugin)
{
	struct spp_component *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	snprintf(c->name, sizeof(c->name), "%s", name);
	c->lcore = lcore;
	c->numa_node = lcore_worker(lcore)->numa_node;
	c->plugin = plugin;
	c->stats = mem_zalloc(sizeof(*c->stats), c->numa_node);
	c->worker = mem_zalloc(RTE_MAX(plugin->component.worker_size, 1u), c->numa_node);
	if (c->stats == NULL || c->worker == NULL) {
		mem_free(c->stats);
		mem_free(c->worker);
		free(c);
		return NULL;
	}
	return c;
}

static int
create(struct spp_component *c, const char *const *texts, unsigned int nb)
{
	const struct spp_component_ops *ops = &c->plugin->component;
	char object[COMPONENT_NAME_SIZE + 16];
	struct options options;
	int rc;

	snprintf(object, sizeof(object), "component '%s'", c->name);
	rc = options_init(&options, object, ops->options, texts, nb);
	if (rc != 0)
		return rc;
	if (ops->create != NULL)
		rc = ops->create(c, c->worker, &options.args, &c->state);
	options_fini(&options);
	return rc;
}

int
component_start(const char *name, unsigned int lcore, const char *type, const char *const *options,
		unsigned int nb_options)
{
	struct plugin *plugin = plugin_find(SPP_KIND_COMPONENT, type);
	struct spp_component *c = component_find(name);
	int rc;

	if (c != NULL)
		return fail_arg("component name",
				"component '%s' exists already on core %u; stop it first or choose "
				"another name",
				name, c->lcore);
	if (closed != NULL)
		return fail(-ESHUTDOWN, "%s", closed);
	if (lcore_worker(lcore) == NULL)
		return lcore_fail(lcore);
	if (plugin == NULL)
		return fail_plugin_type(type);
	c = make_component(name, lcore, plugin);
	if (c == NULL)
		return fail(-ENOMEM, "no memory for component '%s'", name);
	rc = create(c, options, nb_options);
	if (rc != 0) {
		mem_free(c->worker);
		mem_free(c->stats);
		free(c);
		return rc;
	}
	plugin->nb_instances++;
	insert(c);
	rc = txn_undo(undo_start, c);
	if (rc != 0) {
		take_out(c);
		destroy(c);
		return rc;
	}
	txn_touch_lcore(lcore);
	return 0;
}

struct removal {
	struct spp_component *component;
	struct spp_component *before;
};

static void
undo_stop(void *arg)
{
	struct removal *r = arg;
	struct spp_component **link = r->before ? &r->before->next : &components;

	r->component->next = *link;
	*link = r->component;
}

static void
commit_stop(void *arg)
{
	struct spp_component *c = arg;

	for (uint16_t dir = SPP_RX; dir <= SPP_TX; dir++)
		while (*list_of(c, dir) != NULL) {
			struct attachment *a = *list_of(c, dir);

			tell_plugin(a);
			list_take_out(a);
			release(a);
		}
	txn_defer(destroy, c);
}

int
component_stop(struct spp_component *c)
{
	struct removal *r = malloc(sizeof(*r));
	int rc;

	if (r == NULL)
		return fail(-ENOMEM, "no memory to stop component '%s'", c->name);
	rc = txn_defer(free, r);
	if (rc != 0) {
		free(r);
		return rc;
	}
	r->component = c;
	r->before = take_out(c);
	rc = txn_undo(undo_stop, r);
	if (rc != 0) {
		undo_stop(r);
		return rc;
	}
	txn_touch_lcore(c->lcore);
	return txn_on_commit(commit_stop, c);
}

void
component_close_panel(const char *why)
{
	closed = why;
}

int
component_stop_all(void)
{
	txn_begin();
	while (components != NULL) {
		int rc = component_stop(components);

		if (rc != 0) {
			txn_abort();
			return rc;
		}
	}
	return txn_commit();
}

bool
component_is_ready(const struct spp_component *c)
{
	const struct spp_component_ops *ops = &c->plugin->component;

	return c->nb_rx >= ops->rx_min && c->nb_tx >= ops->tx_min && c->nb_rx > 0 &&
	       (ops->process != NULL || c->nb_tx > 0) &&
	       (ops->is_ready == NULL || ops->is_ready(c->state));
}

void
component_touch(struct spp_component *c)
{
	txn_touch_lcore(c->lcore);
}

/* Groups */

struct group_change {
	struct spp_component *component;
	uint16_t group;
	struct component_group *old;
};

static void
undo_group(void *arg)
{
	struct group_change *change = arg;
	struct component_group **slot = &change->component->groups[change->group];

	txn_defer(free, *slot);
	*slot = change->old;
}

static int
check_group(struct spp_component *c, uint16_t group, const uint16_t *outputs, uint16_t nb)
{
	if (group >= SPP_GROUP_MAX)
		return fail(-EINVAL, "component '%s': group %u is above %u", c->name, group,
			    SPP_GROUP_MAX - 1);
	for (uint16_t i = 0; i < nb; i++) {
		if (outputs[i] >= SPP_OUTPUT_MAX)
			return fail(-EINVAL, "component '%s': group %u names output %u, above %u",
				    c->name, group, outputs[i], SPP_OUTPUT_MAX - 1);
		for (uint16_t k = 0; k < i; k++)
			if (outputs[k] == outputs[i])
				return fail(-EINVAL,
					    "component '%s': group %u names output %u twice",
					    c->name, group, outputs[i]);
	}
	return 0;
}

static int
grow_groups(struct spp_component *c, uint16_t group)
{
	struct component_group **groups;

	if (group < c->nb_groups)
		return 0;
	groups = realloc(c->groups, (group + 1) * sizeof(*groups));
	if (groups == NULL)
		return fail(-ENOMEM, "component '%s': no memory for group %u", c->name, group);
	memset(&groups[c->nb_groups], 0, (group + 1 - c->nb_groups) * sizeof(*groups));
	c->groups = groups;
	c->nb_groups = group + 1;
	return 0;
}

static int
make_group(struct spp_component *c, uint16_t group, const uint16_t *outputs, uint16_t nb,
	   struct component_group **out)
{
	*out = NULL;
	if (nb == 0)
		return 0;
	*out = malloc(sizeof(**out) + nb * sizeof(outputs[0]));
	if (*out == NULL)
		return fail(-ENOMEM, "component '%s': no memory for group %u", c->name, group);
	(*out)->nb_outputs = nb;
	memcpy((*out)->outputs, outputs, nb * sizeof(outputs[0]));
	return 0;
}

int
component_set_group(struct spp_component *c, uint16_t group, const uint16_t *outputs, uint16_t nb)
{
	struct group_change *change;
	struct component_group *new;
	int rc = check_group(c, group, outputs, nb);

	if (rc == 0)
		rc = grow_groups(c, group);
	if (rc == 0)
		rc = make_group(c, group, outputs, nb, &new);
	if (rc != 0)
		return rc;
	change = malloc(sizeof(*change));
	if (change == NULL || txn_defer(free, change) != 0) {
		free(change);
		free(new);
		return fail(-ENOMEM, "component '%s': no memory for group %u", c->name, group);
	}
	*change = (struct group_change){c, group, c->groups[group]};
	rc = txn_undo(undo_group, change);
	if (rc == 0)
		rc = txn_on_commit(free, change->old);
	if (rc != 0) {
		free(new);
		return rc;
	}
	c->groups[group] = new;
	txn_touch_lcore(c->lcore);
	return 0;
}
