/* SPDX-License-Identifier: BSD-3-Clause */
/* The directory of plugins that belongs to a program, wherever the program has been put. */
#ifndef PLUGIN_DIR_H
#define PLUGIN_DIR_H

#include <stdbool.h>
#include <stddef.h>

/* Write the directory that lies as it should beside that executable, an absolute path without
 * links.  From `BUILD/apps/NAME/NAME` it is `BUILD/plugins` if ninja builds there, from
 * `PREFIX/bin/NAME` it is `PREFIX/lib/.../spp/plugins`, as installed.  False if there is no such
 * directory, or its path does not fit. */
bool plugin_dir_find(const char *executable, char *path, size_t size);

/* That of the running program; if there is none, the directory that the build was configured to
 * install to.  Who may write to the directory is plugin_set_dir()'s to judge. */
const char *plugin_dir_default(void);

#endif
