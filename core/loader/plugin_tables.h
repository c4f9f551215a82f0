/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables that a plugin hands over: copy each by its size, judge the copy.  [main] */
#ifndef PLUGIN_TABLES_H
#define PLUGIN_TABLES_H

#include "plugin.h"

/* Fill in plugin->table, plugin->component or plugin->port, and plugin->status from what the entry
 * function returned.  -errno with a sentence that names plugin->path. */
int plugin_tables_take(struct plugin *plugin, const struct spp_plugin *table);

/* Verb i of the plugin, zero-extended. */
struct spp_verb plugin_tables_verb(const struct plugin *plugin, uint32_t i);

#endif
