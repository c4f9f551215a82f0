/* SPDX-License-Identifier: BSD-3-Clause */
/* Warnings about plugins that return bad counts. */

#include "health.h"
#include "log.h"
#include "panel.h"

static void
look_at_attachment(struct attachment *a)
{
	if (a->is_blamed || stats_get(&a->stats->bad_counts) == 0)
		return;
	a->is_blamed = true;
	log_err("port %s: plugin %s is faulty: its %s function returns more packets than it is "
		"asked for; these bursts are counted as bad_counts, and another plugin or version "
		"is needed",
		a->name, a->port->plugin->name, a->dir == SPP_RX ? "rx" : "tx");
}

static void
look_at_component(const struct spp_component *c)
{
	for (struct attachment *a = c->rx; a != NULL; a = a->next)
		look_at_attachment(a);
	for (struct attachment *a = c->tx; a != NULL; a = a->next)
		look_at_attachment(a);
}

void
health_look(void)
{
	for (const struct spp_component *c = panel_first(); c != NULL; c = c->next)
		look_at_component(c);
}
