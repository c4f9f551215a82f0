/* SPDX-License-Identifier: BSD-3-Clause */
/* Plugins of this process: find, check, load, list.  A loaded plugin stays loaded.  [main] */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <stdint.h>

#include <spp/component.h>
#include <spp/ext/status.h>
#include <spp/port.h>

struct plugin {
	struct plugin *next; /* in order of loading */
	struct spp_manifest manifest;
	const char *name;            /* manifest.name */
	char *path;                  /* of its file, for sentences and lists */
	int fd;                      /* of its file, -1 for one registered by plugin_add() */
	void *handle;                /* of dlopen(), NULL for one registered by plugin_add() */
	const struct spp_host *host; /* its copy of the services */
	/* Zero-extended copies: fields the plugin does not know are NULL or 0. */
	struct spp_plugin table;
	struct spp_component_ops component;
	struct spp_port_ops port;
	struct spp_status_ext status_ext;
	const struct spp_status_ext *status; /* the copy above, NULL if it has none */
	int log_type;
	uint64_t nb_instances; /* components or open ports */
};

/* The one directory that plugins come from; must be owned by root or the effective user and not
 * writable by group or others.  0 or -errno with fail(). */
int plugin_set_dir(const char *dir);

/* Load `<dir>/<name>.so`.  0; -EEXIST when a plugin of that name is loaded (harmless: same name
 * asked for twice), and for no other reason; else -errno with a sentence that names the file and
 * both values of what differs.  The process is as before after a failure.  Loading is no change
 * of the panel: a refused transaction does not undo it. */
int plugin_load(const char *name);

/* Load every *.so of the directory, in order of name; refusals are logged and counted, not fatal.
 * Returns the number of refusals. */
int plugin_load_all(void);

/* Register tables that are linked in (tests, bench) under a manifest.  Same checks after dlopen. */
int plugin_add(const struct spp_manifest *manifest,
	       int (*entry)(const struct spp_host *host, const struct spp_plugin **plugin));

/* Component or port plugin of that name or alias, or NULL. */
struct plugin *plugin_find(uint32_t kind, const char *name);

/* First plugin; follow ->next. */
struct plugin *plugin_first(void);

/* Verbs `plugin list` and `plugin load NAME`: register them with the dispatcher. */
int plugin_init(void);

#endif
