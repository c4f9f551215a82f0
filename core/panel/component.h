/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The patch panel as the operator wants it: components, their attachments, their groups.  Plans
 * are built from here.  All changes belong to the open transaction.  [main]
 */
#ifndef COMPONENT_H
#define COMPONENT_H

#include <stdbool.h>
#include <stdint.h>

#include "port.h"
#include "stats.h"
#include "vlan.h"

#define COMPONENT_NAME_SIZE 32

/* One port and queue used by one component in one direction. */
struct attachment {
	struct attachment *next; /* of the component and direction, in order of attachment */
	struct spp_component *component;
	struct port *port;
	uint16_t queue;
	uint16_t dir;   /* SPP_RX or SPP_TX */
	uint16_t index; /* input or output index, stable */
	struct vlan_op vlan;
	struct spp_port_queue io;
	struct attachment_stats *stats; /* written by the worker */
	char res_uid[RES_UID_SIZE];     /* `TYPE:0 nq 1` */
	char word[RES_UID_SIZE];        /* `TYPE:0nq1` */
};

struct component_group {
	uint16_t nb_outputs;
	uint16_t outputs[];
};

struct spp_component {
	struct spp_component *next; /* by lcore, then in order of start */
	char name[COMPONENT_NAME_SIZE];
	unsigned int lcore;
	int numa_node;
	struct plugin *plugin;
	void *state;  /* the plugin's */
	void *worker; /* its data path state, mem_zalloc() */
	struct attachment *rx;
	struct attachment *tx;
	uint16_t nb_rx, nb_tx;
	uint16_t nb_groups; /* size of groups */
	struct component_group **groups;
	struct component_stats *stats; /* written by the worker */
	/* Packets of attachments that are gone, by direction: the law of stats.h includes them. */
	uint64_t nb_detached[2];
};

/* Start a component of that type on a worker lcore; options as `name=value` texts. */
int component_start(const char *name, unsigned int lcore, const char *type,
		    const char *const *options, unsigned int nb_options);

/* Stop it: its ports are detached. */
int component_stop(struct spp_component *component);

/* Attach a port with a VLAN operation, or change the VLAN operation of one that is attached. */
int component_attach(struct spp_component *component, const struct res_uid *res_uid, uint16_t dir,
		     const struct vlan_op *vlan);

/* Detach. */
int component_detach(struct attachment *attachment);

struct spp_component *component_find(const char *name);
struct spp_component *component_first(void);

/* Attachment of (port, dir) in this component, NULL if none. */
struct attachment *component_attachment(struct spp_component *component,
					const struct res_uid *res_uid, uint16_t dir);

/* True if it has what it needs to run. */
bool component_is_ready(const struct spp_component *component);

/* host->component_set_group(). */
int component_set_group(struct spp_component *self, uint16_t group, const uint16_t *outputs,
			uint16_t nb_outputs);

/* host->component_touch(): its lcore gets a new plan, the reply waits for it. */
void component_touch(struct spp_component *self);

/* From now on nothing can be started or attached any more, for that reason (a sentence). */
void component_close_panel(const char *why);

/* Stop everything (end of the process), in one transaction. */
int component_stop_all(void);

/* Register the verbs component and port (component_verbs.c). */
int component_init(void);

#endif
