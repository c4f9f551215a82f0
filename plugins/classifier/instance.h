/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An instance of the classifier: its tx ports, its VLAN classes, what its worker reads.
 *
 * [main] owns all of it.  The worker reads struct classifier_worker and the tables reached from
 * there, while [main] changes them.
 */
#ifndef INSTANCE_H
#define INSTANCE_H

#include <stdbool.h>
#include <stdint.h>

#include <spp/component.h>

#include "mac_table.h"

/* VLAN classes: the VIDs, and the frames without a tag.  VID 4095 exists on the wire only. */
#define NB_VIDS 4096
#define UNTAGGED NB_VIDS
#define NB_CLASSES (NB_VIDS + 1)
/* Flood group of the untagged class; the flood group of a VID has the VID as its number. */
#define UNTAGGED_GROUP 4095

/* Key of the default of a class.  No address has this key. */
#define DEFAULT_KEY 1

/* Indices of drop_reasons[]. */
enum {
	DROP_UNKNOWN_MAC,
	DROP_UNKNOWN_VLAN,
	DROP_SHORT_FRAME,
};

/* What the worker reads.  A value of a table is an output index + 1; miss[] of a table goes into
 * out[] as it is. */
struct classifier_worker {
	const struct mac_table *table[NB_CLASSES]; /* `none` for a class without entries */
	const struct mac_table *runt;              /* for frames too short to have a class */
};

/* Entries of one VLAN class. */
struct vlan_class {
	struct mac_table *table; /* addresses of the class; kept while a worker may see it */
	uint32_t *nb_uses;       /* number of entries by output, the default included */
	uint32_t nb_outputs;     /* size of nb_uses */
	uint32_t nb_entries;     /* sum of nb_uses */
	uint16_t default_value;  /* output index + 1; 0 for none */
	bool group_is_in_force;  /* the plan of the worker knows the flood group */
	bool group_is_stale;     /* listed in stale_groups[] of the classifier */
	const struct change *settled_by; /* the latest change that emptied the class or filled it,
					  * until the change is over; NULL for none */
};

struct classifier {
	struct classifier *next; /* in order of creation */
	struct spp_component *self;
	struct classifier_worker *worker;
	struct mac_table *none; /* for tagged frames whose VID has no entries */
	struct mac_table *runt; /* for frames too short to have a class */
	uint64_t nb_entries;
	uint64_t nb_rekeys; /* tables replaced because of a long probe */
	uint32_t nb_refs;   /* 1 until destroyed, and 1 per change not yet over */
	uint32_t nb_stale_groups;
	uint16_t stale_groups[NB_CLASSES]; /* classes whose new group the host does not know yet */
	char *port[SPP_OUTPUT_MAX];        /* by output index, NULL if there is none */
	struct vlan_class class[NB_CLASSES];
};

/* All classifiers of the process, in order of creation, linked by `next`. */
struct classifier *instance_first(void);

/* A new classifier without ports and tables, the last of the list; NULL without memory. */
struct classifier *instance_create(struct spp_component *self, struct classifier_worker *worker);

/* Forget a classifier whose tables are gone; its memory stays until the last reference is put. */
void instance_destroy(struct classifier *c);

/* Hold the memory of a classifier, beyond instance_destroy() if need be; put pairs with get. */
void instance_get(struct classifier *c);
void instance_put(struct classifier *c);

/* Note which port an output is; 0 or what the host was told. */
int instance_add_port(struct classifier *c, uint16_t output, const char *port);

/* Forget which port an output is; the running command puts the port back if it is refused. */
void instance_del_port(struct classifier *c, uint16_t output);

/* Say that there is no memory to change the table; returns -ENOMEM. */
int instance_fail_memory(const struct classifier *c);

#endif
