/* SPDX-License-Identifier: BSD-3-Clause */
/* Components: start and stop, each with its undo. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include "activity.h"
#include "attachment.h"
#include "component.h"
#include "error.h"
#include "lcore.h"
#include "mem.h"
#include "plugin_options.h"
#include "txn.h"
#include "worker.h"

static void
free_options(struct spp_component *c)
{
	for (unsigned int i = 0; c->options != NULL && c->options[i] != NULL; i++)
		free(c->options[i]);
	free(c->options);
}

static int
keep_options(struct spp_component *c, const char *const *texts, unsigned int nb)
{
	c->options = calloc(nb + 1, sizeof(*c->options));
	for (unsigned int i = 0; c->options != NULL && i < nb; i++) {
		c->options[i] = strdup(texts[i]);
		if (c->options[i] == NULL)
			return -ENOMEM;
	}
	return c->options == NULL ? -ENOMEM : 0;
}

static void
call_destroy(struct spp_component *c)
{
	if (c->plugin->component.destroy == NULL)
		return;
	activity_enter("destroy() of plugin %s for component '%s'", c->plugin->name, c->name);
	c->plugin->component.destroy(c->state);
	activity_leave();
}

static void
destroy(void *arg)
{
	struct spp_component *c = arg;

	call_destroy(c);
	c->plugin->nb_instances--;
	for (uint16_t i = 0; i < c->nb_groups; i++)
		free(c->groups[i]);
	free(c->groups);
	free_options(c);
	mem_free(c->worker);
	mem_free(c->stats);
	free(c);
}

static void
undo_start(void *arg)
{
	struct spp_component *c = arg;

	panel_del(c);
	txn_defer_all(&c->undo, destroy, c);
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
call_create(struct spp_component *c, const struct spp_args *args)
{
	int rc;

	if (c->plugin->component.create == NULL)
		return 0;
	activity_enter("create() of plugin %s for component '%s'", c->plugin->name, c->name);
	rc = c->plugin->component.create(c, c->worker, args, &c->state);
	activity_leave();
	return error_check(c->plugin->name, "create()", rc);
}

static int
create(struct spp_component *c, const char *const *texts, unsigned int nb)
{
	const struct spp_component_ops *ops = &c->plugin->component;
	char object[COMPONENT_NAME_SIZE + 16];
	struct plugin_options options;
	int rc;

	snprintf(object, sizeof(object), "component '%s'", c->name);
	rc = plugin_options_init(&options, object, ops->options, texts, nb);
	if (rc != 0)
		return rc;
	rc = call_create(c, &options.args);
	plugin_options_fini(&options);
	return rc;
}

int
component_start(const char *name, unsigned int lcore, const char *type, const char *const *options,
		unsigned int nb_options)
{
	struct plugin *plugin = plugin_find(SPP_KIND_COMPONENT, type);
	struct spp_component *c = panel_find(name);
	int rc;

	if (c != NULL)
		return fail_arg("component name",
				"component '%s' exists already on core %u; stop it first or choose "
				"another name",
				name, c->lcore);
	rc = panel_check_open();
	if (rc != 0)
		return rc;
	if (lcore_worker(lcore) == NULL)
		return lcore_fail(lcore);
	if (plugin == NULL)
		return plugin_fail_type(SPP_KIND_COMPONENT, "component type", type);
	c = make_component(name, lcore, plugin);
	if (c == NULL)
		return fail(-ENOMEM, "no memory for component '%s'", name);
	rc = keep_options(c, options, nb_options);
	if (rc != 0)
		fail(rc, "no memory for the options of component '%s'", name);
	else
		rc = create(c, options, nb_options);
	if (rc != 0) {
		free_options(c);
		mem_free(c->worker);
		mem_free(c->stats);
		free(c);
		return rc;
	}
	plugin->nb_instances++;
	panel_add(c);
	txn_undo(&c->undo, undo_start, c);
	txn_touch_lcore(lcore);
	return 0;
}

bool
component_is(const struct spp_component *c, unsigned int lcore, const char *type,
	     const char *const *options, unsigned int nb_options)
{
	unsigned int i = 0;

	if (c->lcore != lcore || c->plugin != plugin_find(SPP_KIND_COMPONENT, type))
		return false;
	while (i < nb_options && c->options[i] != NULL && strcmp(c->options[i], options[i]) == 0)
		i++;
	return i == nb_options && c->options[i] == NULL;
}

struct removal {
	struct spp_component *component;
	struct spp_component *before;
	struct call undo, commit, after;
};

static void
undo_stop(void *arg)
{
	struct removal *r = arg;

	panel_put_back(r->component, r->before);
}

static void
commit_stop(void *arg)
{
	struct spp_component *c = arg;

	for (uint16_t dir = SPP_RX; dir <= SPP_TX; dir++)
		while (panel_first_attachment(c, dir) != NULL)
			attachment_release(panel_first_attachment(c, dir));
	txn_defer_all(&c->undo, destroy, c);
}

int
component_stop(struct spp_component *c)
{
	struct removal *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return fail(-ENOMEM, "no memory to stop component '%s'", c->name);
	r->component = c;
	r->before = panel_del(c);
	txn_undo(&r->undo, undo_stop, r);
	txn_on_commit(&r->commit, commit_stop, c);
	txn_after(&r->after, free, r);
	txn_touch_lcore(c->lcore);
	return 0;
}

int
component_stop_all(void)
{
	txn_begin();
	while (panel_first() != NULL) {
		int rc = component_stop(panel_first());

		if (rc != 0) {
			txn_abort();
			return rc;
		}
	}
	return txn_commit();
}

void
component_touch(struct spp_component *c)
{
	txn_touch_lcore(c->lcore);
}
