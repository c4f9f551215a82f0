/* SPDX-License-Identifier: BSD-3-Clause */
/* The patch panel: lists of components and of their attachments. */

#include <errno.h>
#include <string.h>

#include "activity.h"
#include "error.h"
#include "panel.h"

static struct spp_component *components;
static const char *closed; /* why nothing can be added any more */

/* Components */

struct spp_component *
panel_first(void)
{
	return components;
}

struct spp_component *
panel_find(const char *name)
{
	struct spp_component *c = components;

	while (c != NULL && strcmp(c->name, name) != 0)
		c = c->next;
	return c;
}

void
panel_add(struct spp_component *c)
{
	struct spp_component **link = &components;

	while (*link != NULL && (*link)->lcore <= c->lcore)
		link = &(*link)->next;
	c->next = *link;
	*link = c;
}

struct spp_component *
panel_del(struct spp_component *c)
{
	struct spp_component **link = &components, *before = NULL;

	while (*link != c) {
		before = *link;
		link = &before->next;
	}
	*link = c->next;
	return before;
}

void
panel_put_back(struct spp_component *c, struct spp_component *before)
{
	struct spp_component **link = before != NULL ? &before->next : &components;

	c->next = *link;
	*link = c;
}

static bool
is_ready(const struct spp_component *c)
{
	bool is_ready;

	activity_enter("is_ready() of plugin %s for component '%s'", c->plugin->name, c->name);
	is_ready = c->plugin->component.is_ready(c->state);
	activity_leave();
	return is_ready;
}

bool
panel_can_run(const struct spp_component *c)
{
	const struct spp_component_ops *ops = &c->plugin->component;

	return c->nb_rx >= ops->rx_min && c->nb_tx >= ops->tx_min && c->nb_rx > 0 &&
	       (ops->process != NULL || c->nb_tx > 0) && (ops->is_ready == NULL || is_ready(c));
}

/* Attachments */

static struct attachment **
list_of(struct spp_component *c, uint16_t dir)
{
	return dir == SPP_RX ? &c->rx : &c->tx;
}

struct attachment *
panel_first_attachment(const struct spp_component *c, uint16_t dir)
{
	return dir == SPP_RX ? c->rx : c->tx;
}

void
panel_add_attachment(struct attachment *a, struct attachment *before)
{
	struct attachment **link = before ? &before->next : list_of(a->component, a->dir);

	a->next = *link;
	*link = a;
	*(a->dir == SPP_RX ? &a->component->nb_rx : &a->component->nb_tx) += 1;
}

struct attachment *
panel_del_attachment(struct attachment *a)
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

static bool
index_is_used(const struct spp_component *c, uint16_t dir, uint16_t index)
{
	for (struct attachment *a = panel_first_attachment(c, dir); a != NULL; a = a->next)
		if (a->index == index)
			return true;
	return false;
}

uint16_t
panel_free_index(const struct spp_component *c, uint16_t dir)
{
	uint16_t index = 0;

	while (index_is_used(c, dir, index))
		index++;
	return index;
}

struct attachment *
panel_find_attachment(struct spp_component *c, const struct res_uid *res_uid, uint16_t dir)
{
	struct attachment *a = panel_first_attachment(c, dir);

	while (a != NULL && !res_uid_is_same(&a->res_uid, res_uid))
		a = a->next;
	return a;
}

struct attachment *
panel_find_holder(const struct res_uid *res_uid, uint16_t dir)
{
	for (struct spp_component *c = components; c != NULL; c = c->next) {
		struct attachment *a = panel_find_attachment(c, res_uid, dir);

		if (a != NULL)
			return a;
	}
	return NULL;
}

/* The end */

void
panel_close(const char *why)
{
	closed = why;
}

const char *
panel_why_closed(void)
{
	return closed;
}

int
panel_check_open(void)
{
	return closed == NULL ? 0 : fail(-ESHUTDOWN, "%s", closed);
}
