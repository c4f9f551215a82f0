/* SPDX-License-Identifier: BSD-3-Clause */
/* From the file of a plugin to a plugin in service.  [main] */
#ifndef LOAD_H
#define LOAD_H

#include "plugin.h"

/* The one directory that plugins come from; must be owned by root or the effective user and not
 * writable by group or others.  0 or -errno with fail(). */
int plugin_set_dir(const char *dir);

/* Load `<dir>/<name>.so`.  0; -EEXIST only when a plugin of that name is loaded already, which is
 * harmless; else -errno with a sentence that names the file and both values of what differs.  The
 * process is as before after a failure.  Loading is no change of the panel: a refused transaction
 * does not undo it. */
int plugin_load(const char *name);

/* Load every *.so of the directory, in order of name; refusals are logged and counted, not fatal.
 * Returns the number of refusals. */
int plugin_load_all(void);

/* Register tables that are linked into the program (tests, benchmarks) under a manifest; the checks
 * are those that plugin_load() makes after dlopen(). */
int plugin_add(const struct spp_manifest *manifest,
	       int (*entry)(const struct spp_host *host, const struct spp_plugin **plugin));

#endif
