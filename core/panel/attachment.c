/* SPDX-License-Identifier: BSD-3-Clause */
/* Attachments: ports that components use, their VLAN operations, each change with its undo. */

#include <errno.h>
#include <stdlib.h>

#include "activity.h"
#include "attachment.h"
#include "error.h"
#include "mem.h"
#include "txn.h"

static const char *
dir_name(uint16_t dir)
{
	return dir == SPP_RX ? "rx" : "tx";
}

static void
enter(const struct attachment *a, const char *function)
{
	activity_enter("%s() of plugin %s for component '%s' and %s %s", function,
		       a->component->plugin->name, a->component->name, dir_name(a->dir), a->name);
}

static void
tell_plugin(struct attachment *a)
{
	const struct spp_component_ops *ops = &a->component->plugin->component;
	const struct spp_attachment what = {.port = a->name, .dir = a->dir, .index = a->index};

	if (ops->detach == NULL)
		return;
	enter(a, "detach");
	ops->detach(a->component->state, &what);
	activity_leave();
}

static int
ask_plugin(struct attachment *a)
{
	const struct spp_component_ops *ops = &a->component->plugin->component;
	const struct spp_attachment what = {.port = a->name, .dir = a->dir, .index = a->index};
	int rc;

	if (ops->attach == NULL)
		return 0;
	enter(a, "attach");
	rc = ops->attach(a->component->state, &what);
	activity_leave();
	return error_check(a->component->plugin->name, "attach()", rc);
}

/* Claims: counters, together with the right to the port where several processes share it. */

static int
claim_private(const char *name, uint16_t dir, const char *component, int numa_node,
	      struct attachment_stats **stats)
{
	(void)dir;
	(void)component;
	*stats = mem_zalloc(sizeof(**stats), numa_node);
	return *stats != NULL ? 0 : fail(-ENOMEM, "no memory to attach %s", name);
}

static void
release_private(const char *name, uint16_t dir, struct attachment_stats *stats)
{
	(void)name;
	(void)dir;
	mem_free(stats);
}

static struct attachment_claims claims = {claim_private, release_private};

void
attachment_set_claims(const struct attachment_claims *others)
{
	claims = *others;
}

static int
claim(struct attachment *a)
{
	return claims.claim(a->name, a->dir, a->component->name, a->component->numa_node,
			    &a->stats);
}

static void
unclaim(struct attachment *a)
{
	claims.release(a->name, a->dir, a->stats);
}

/* Life */

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
	panel_del_attachment(a);
	txn_defer(&a->undo, release, a);
}

static int
check_free(struct spp_component *c, const struct res_uid *res_uid, uint16_t dir)
{
	const struct spp_component_ops *ops = &c->plugin->component;
	const struct attachment *holder = panel_find_holder(res_uid, dir);
	bool both = holder != NULL && panel_find_holder(res_uid, !dir) != NULL;
	uint16_t nb = dir == SPP_RX ? c->nb_rx : c->nb_tx;
	uint16_t max = dir == SPP_RX ? ops->rx_max : ops->tx_max;

	if (holder != NULL)
		return fail_arg(both ? "port" : "port rxtx",
				"%s is already %s port of component '%s'; delete it there first",
				holder->name, dir_name(dir), holder->component->name);
	if (max != SPP_MANY && nb >= max)
		return fail(-ENOSPC, "%s takes at most %u %s port%s", c->plugin->name, max,
			    dir_name(dir), max == 1 ? "" : "s");
	if (nb >= SPP_OUTPUT_MAX)
		return fail(-ENOSPC,
			    "component '%s' has %u %s ports already, the most there can be",
			    c->name, nb, dir_name(dir));
	return 0;
}

/* The attachment behind which one with that index stands, NULL for the head of the list: whoever
 * attaches the ports again in the order of the list gives each its place among the outputs. */
static struct attachment *
before_index(const struct spp_component *c, uint16_t dir, uint16_t index)
{
	struct attachment *before = NULL;

	for (struct attachment *a = panel_first_attachment(c, dir); a != NULL && a->index < index;
	     a = a->next)
		before = a;
	return before;
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
	a->index = panel_free_index(c, dir);
	a->vlan = *vlan;
	a->res_uid = *res_uid;
	res_uid_format(res_uid, a->name);
	return a;
}

static int
attach_new(struct spp_component *c, const struct res_uid *res_uid, uint16_t dir,
	   const struct vlan_op *vlan)
{
	struct attachment *a;
	int rc = check_free(c, res_uid, dir);

	if (rc != 0)
		return rc;
	rc = panel_check_open();
	if (rc != 0)
		return rc;
	a = make_attachment(c, res_uid, dir, vlan);
	if (a == NULL)
		return fail(-ENOMEM, "no memory to attach a port to component '%s'", c->name);
	rc = claim(a);
	if (rc != 0)
		goto err_free;
	rc = port_attach(res_uid, dir, &a->port, &a->queue, &a->io);
	if (rc != 0)
		goto err_unclaim;
	rc = ask_plugin(a);
	if (rc != 0)
		goto err_detach;
	panel_add_attachment(a, before_index(c, dir, a->index));
	txn_undo(&a->undo, undo_attach, a);
	txn_touch_lcore(c->lcore);
	return 0;

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
	struct call undo, after;
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
	struct vlan_change *change = calloc(1, sizeof(*change));

	if (change == NULL)
		return fail(-ENOMEM, "no memory to change the VLAN operation of %s", a->name);
	change->attachment = a;
	change->old = a->vlan;
	txn_undo(&change->undo, undo_vlan, change);
	txn_after(&change->after, free, change);
	a->vlan = *vlan;
	txn_touch_lcore(a->component->lcore);
	return 0;
}

int
attachment_add(struct spp_component *c, const struct res_uid *res_uid, uint16_t dir,
	       const struct vlan_op *vlan)
{
	struct attachment *a = panel_find_attachment(c, res_uid, dir);

	return a != NULL ? change_vlan(a, vlan) : attach_new(c, res_uid, dir, vlan);
}

struct detachment {
	struct attachment *attachment;
	struct attachment *before; /* where it stood in its list */
	struct call undo, commit, after;
};

static void
undo_detach(void *arg)
{
	struct detachment *d = arg;

	panel_add_attachment(d->attachment, d->before);
}

int
attachment_del(struct attachment *a)
{
	struct detachment *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return fail(-ENOMEM, "no memory to detach %s", a->name);
	d->attachment = a;
	d->before = panel_del_attachment(a);
	txn_undo(&d->undo, undo_detach, d);
	txn_on_commit(&d->commit, release, a);
	txn_after(&d->after, free, d);
	txn_touch_lcore(a->component->lcore);
	/* The plugin is told last: undo runs backwards, so what the plugin has changed is put back
	 * before the attachment is in its list again. */
	tell_plugin(a);
	return 0;
}

void
attachment_release(struct attachment *a)
{
	tell_plugin(a);
	panel_del_attachment(a);
	release(a);
}
