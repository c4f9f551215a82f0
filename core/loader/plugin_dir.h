/* SPDX-License-Identifier: BSD-3-Clause */
/* The directory of plugins that belongs to a program, wherever the program has been put. */
#ifndef PLUGIN_DIR_H
#define PLUGIN_DIR_H

#include <stdbool.h>
#include <stddef.h>

/* Find the plugin directory that belongs to an executable, whose path is absolute and without
 * links.  From `BUILD/apps/NAME/NAME` it is `BUILD/plugins` if ninja builds there, from
 * `PREFIX/bin/NAME` it is `PREFIX/lib/.../spp/plugins`, as installed.  False if no such directory
 * exists, or its path does not fit. */
bool plugin_dir_find(const char *executable, char *path, size_t size);

/* The plugin directory of the running program; without one, the directory that the build was
 * configured to install to.  plugin_set_dir() judges who may write to the directory. */
const char *plugin_dir_default(void);

#endif
