/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The patch panel as the operator wants it: components, their attachments, their groups.  Plans are
 * built from here.  Nothing here knows of transactions: attachment.h, group.h and component.h
 * change the panel, each change with its undo.  [main]
 */
#ifndef PANEL_H
#define PANEL_H

#include <stdbool.h>
#include <stdint.h>

#include "calls.h"
#include "port.h"
#include "stats.h"
#include "vlan.h"

#define COMPONENT_NAME_SIZE 32

/* One port and queue used by one component in one direction. */
struct attachment {
	struct attachment *next; /* of the component and direction, in order of index */
	struct spp_component *component;
	struct port *port;
	uint16_t queue;
	uint16_t dir;   /* SPP_RX or SPP_TX */
	uint16_t index; /* input or output index, stable */
	struct vlan_op vlan;
	struct spp_port_queue io;
	struct attachment_stats *stats; /* written by the worker */
	bool is_blamed;                 /* the log says that its plugin returns bad counts */
	struct res_uid res_uid;
	char name[RES_UID_SIZE]; /* res_uid as people read it, `TYPE:0 nq 1` */
	struct call undo;        /* of attaching, then of the release that follows */
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
	char **options; /* it was started with, `name=value` texts; NULL ends them */
	void *state;    /* the plugin's */
	void *worker;   /* its data path state, mem_zalloc() */
	struct attachment *rx;
	struct attachment *tx;
	uint16_t nb_rx, nb_tx;
	uint16_t nb_groups; /* size of groups */
	struct component_group **groups;
	struct component_stats *stats; /* written by the worker */
	/* Packets of attachments that are gone, by direction: the balance of stats.h includes them.
	 */
	uint64_t nb_detached[2];
	struct call undo; /* of starting, then of the destruction that follows */
};

/* The first component in the order of lcores; follow ->next. */
struct spp_component *panel_first(void);
struct spp_component *panel_find(const char *name);

/* Add a component behind those of its lcore. */
void panel_add(struct spp_component *component);
/* Remove a component; returns the component in front of it, NULL for the first. */
struct spp_component *panel_del(struct spp_component *component);
/* Undo panel_del(). */
void panel_put_back(struct spp_component *component, struct spp_component *before);

/* True if the component has what it needs to run. */
bool panel_can_run(const struct spp_component *component);

/* The attachment of (port, dir) in this component; NULL if the component has no such attachment. */
struct attachment *panel_find_attachment(struct spp_component *component,
					 const struct res_uid *res_uid, uint16_t dir);
/* The attachment of (port, dir) in whatever component; NULL if no component has it. */
struct attachment *panel_find_holder(const struct res_uid *res_uid, uint16_t dir);

/* The first attachment of a direction; follow ->next. */
struct attachment *panel_first_attachment(const struct spp_component *component, uint16_t dir);

/* Add an attachment to the list of its component and direction: behind before, NULL for the head.
 */
void panel_add_attachment(struct attachment *attachment, struct attachment *before);
/* Remove an attachment; returns the attachment in front of it, NULL for the first. */
struct attachment *panel_del_attachment(struct attachment *attachment);

/* The lowest index that no attachment of this direction has. */
uint16_t panel_free_index(const struct spp_component *component, uint16_t dir);

/* From now on nothing can be started or attached any more; why is the reason, a sentence that stays
 * valid as long as the panel is closed.  NULL opens the panel again. */
void panel_close(const char *why);
/* The sentence of panel_close(); NULL while the panel is open. */
const char *panel_why_closed(void);
/* 0 while the panel is open; else -ESHUTDOWN, with the sentence of panel_close() in fail(). */
int panel_check_open(void);

#endif
