/* SPDX-License-Identifier: BSD-3-Clause */
/* Warnings about plugins that return bad counts, and about ports without packet buffers. */

#include "health.h"
#include "log.h"
#include "panel.h"

/* A port without new cases in so many looks gets buffers again. */
#define NB_FED_LOOKS 10

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

/* Say once that a port gets no buffers, and again only after it got some for a while. */
static void
look_at_port(struct port *port)
{
	uint64_t nb;

	if (!port_get_nombuf(port, &nb))
		return;
	if (nb == port->nb_nombuf) {
		if (++port->nb_fed >= NB_FED_LOOKS)
			port->is_starved = false;
		return;
	}
	port->nb_nombuf = nb;
	port->nb_fed = 0;
	if (port->is_starved)
		return;
	port->is_starved = true;
	log_warning(
		"port %s:%u: there are no packet buffers to receive into, so frames are lost or "
		"wait outside; nombuf of its status counts the attempts; set mbufs higher "
		"where the pool is made",
		port->plugin->name, port->id);
}

void
health_look(void)
{
	for (struct port *port = port_first(); port != NULL; port = port->next)
		look_at_port(port);
	for (const struct spp_component *c = panel_first(); c != NULL; c = c->next)
		look_at_component(c);
}
