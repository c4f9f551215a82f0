/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports of this process: opened on first use by the plugin of their type, closed after the last.
 * All changes belong to the open transaction.  [main] */
#ifndef PORT_H
#define PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "args.h"
#include "plugin.h"
#include "res_uid.h"

struct attachment;

struct port {
	struct port *next; /* by (plugin rank, type, id) */
	struct plugin *plugin;
	uint32_t id;
	void *state;    /* the plugin's */
	bool permanent; /* listed by the plugin: stays open */
	unsigned int nb_attachments;
	uint64_t nb_nombuf;  /* port_get_nombuf() at the last look of health_look() */
	bool is_starved;     /* the log says that the port gets no buffers */
	unsigned int nb_fed; /* looks in a row that found no more of these cases */
};

/* After rte_eal_init(): open the ports that the plugins list and wanted() admits (NULL: all).
 * -errno with fail(). */
int port_init(bool (*wanted)(const char *type, uint32_t id));
/* Close every port; the caller has detached everything. */
void port_fini(void);

/* Options for open(), as `name=value` texts, for one port (`TYPE:1`) or a whole type (`TYPE`);
 * those of the port win.  Checked against the plugin's grammar when the port is opened.
 * -EINVAL or -ENOMEM with fail(). */
int port_set_options(const char *type_or_port, const char *const *options, unsigned int nb_options);

/* Add one option, which wins over earlier ones of the same name. */
int port_add_option(const char *type_or_port, const char *option);

/* Open (or find) the port and fill in io for one direction of one queue.  res_uid->queue is
 * required if the port has more than one queue in either direction and refused if it has one.
 * -EINVAL or what the plugin says, with fail_arg("port", ...) naming the port. */
int port_attach(const struct res_uid *res_uid, uint16_t dir, struct port **port, uint16_t *queue,
		struct spp_port_queue *io);
/* Undo port_attach(): closes the port if nothing else uses it and it is not permanent. */
void port_detach(struct port *port, uint16_t dir, uint16_t queue);

/* Number of queues of a direction. */
uint16_t port_nb_queues(const struct port *port, uint16_t dir);

/* True if the plugin tells how often there was no packet buffer to receive into; *nb is the number.
 */
bool port_get_nombuf(const struct port *port, uint64_t *nb);

/* The open port of that type and id; NULL if no such port is open. */
struct port *port_find(const char *type, uint32_t id);

/* First port in the order of status; follow ->next. */
struct port *port_first(void);

#endif
