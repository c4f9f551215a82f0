/* SPDX-License-Identifier: BSD-3-Clause */
/* Plugins in service in this process, whoever has loaded them.  A plugin stays in service.  [main]
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <stdint.h>

#include <spp/component.h>
#include <spp/ext/config.h>
#include <spp/ext/draft/table.h>
#include <spp/ext/status.h>
#include <spp/port.h>

struct plugin {
	struct plugin *next; /* in order of loading */
	struct spp_manifest manifest;
	const char *name;            /* manifest.name */
	char *path;                  /* of its file, for sentences and lists */
	int fd;                      /* of its file, -1 for one registered by plugin_add() */
	void *handle;                /* of dlopen(), NULL for one registered by plugin_add() */
	uintptr_t base;              /* where the file is mapped; 0 as above, and the next two */
	uintptr_t code, code_end;    /* its instructions */
	const struct spp_host *host; /* its copy of the services */
	/* Zero-extended copies: fields the plugin does not know are NULL or 0. */
	struct spp_plugin table;
	struct spp_component_ops component;
	struct spp_port_ops port;
	struct spp_status_ext status_ext;
	const struct spp_status_ext *status; /* the copy above, NULL if it has none */
	struct spp_table_ext pages_ext;
	const struct spp_table_ext *pages; /* the copy above, NULL if it has none */
	struct spp_config_ext config_ext;
	const struct spp_config_ext *config; /* the copy above, NULL if it has none */
	int log_type;
	uint64_t nb_instances; /* components or open ports */
};

/* Component or port plugin of that name or alias, or NULL. */
struct plugin *plugin_find(uint32_t kind, const char *name);

/* First plugin in the order of loading; follow ->next. */
struct plugin *plugin_first(void);

/* The plugin whose file holds the function or instruction at that address; NULL if the address is
 * in none, or in one registered by plugin_add().  Allowed in signal handlers. [any] */
const struct plugin *plugin_find_code(uintptr_t address);

/* Append to the list; the plugin stays there.  No other plugin in the list has its name. */
void plugin_append(struct plugin *plugin);

/* Say that no plugin of that kind drives `type`, and which ones there are: fail_arg(arg, ...),
 * returns -EINVAL. */
int plugin_fail_type(uint32_t kind, const char *arg, const char *type);

#endif
