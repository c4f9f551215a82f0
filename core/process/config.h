/* SPDX-License-Identifier: BSD-3-Clause */
/* Boot configuration: what a process loads, provides and patches when it starts.  [main] */
#ifndef CONFIG_H
#define CONFIG_H

#include "idle.h"
#include "res_uid.h"
#include "vlan.h"

/* Limits of what a file may ask for. */
#define CONFIG_STRING_MAX 4095 /* bytes of a text */
#define CONFIG_SECTIONS_MAX 4096
#define CONFIG_RING_SIZE_MAX (1u << 20)
#define CONFIG_MBUFS_MIN 64
#define CONFIG_MBUFS_MAX (1u << 26)

#define CONFIG_RINGS_DEFAULT 16
#define CONFIG_MBUFS_DEFAULT 8192

struct config_strings {
	unsigned int nb;
	const char **str;
	unsigned int *line; /* where each stands in the file */
};

struct config_idle {
	unsigned int line;
	unsigned int lcore;
	struct idle_policy policy;
};

struct config_port {
	unsigned int line;
	char name[RES_UID_SIZE]; /* `ring:1`, or a type for all its ports */
	struct config_strings options;
};

struct config_attachment {
	unsigned int line;
	struct res_uid res_uid;
	struct vlan_op vlan;
};

struct config_attachments {
	unsigned int nb;
	struct config_attachment *list;
};

struct config_component {
	unsigned int line;
	const char *name;
	const char *type;
	unsigned int lcore;
	struct config_strings options;
	struct config_attachments rx, tx;
};

struct config {
	struct cfg_t *values;        /* libconfuse's: owns the texts below */
	struct config_block *blocks; /* the arrays below */
	char *file;
	char *plugin_dir;              /* from malloc(); NULL: the installed one */
	struct config_strings plugins; /* names; none: all of plugin_dir */
	struct config_strings eal;     /* put in front of the EAL options of the command line */
	unsigned int nb_rings, ring_size, nb_mbufs;
	unsigned int nb_idle;
	struct config_idle *idle;
	unsigned int nb_ports;
	struct config_port *ports;
	unsigned int nb_components;
	struct config_component *components;
	struct config_strings commands; /* run last, in order: table entries and the like */
};

/* Make the defaults for a process without a file; free them with config_free(). */
int config_default(struct config **config);

/* Read a file.  -errno with a sentence that begins `<file>:<line>: `. */
int config_load(const char *path, struct config **config);
/* Parse the text of a file, for tests; path is for the sentences. */
int config_parse(const char *text, const char *path, struct config **config);
void config_free(struct config *config);

#endif
