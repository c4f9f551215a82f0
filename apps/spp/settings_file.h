/* SPDX-License-Identifier: BSD-3-Clause */
/* Settings from a file: the part of YAML that `KEY:` with `val` and `desc` below it needs. */
#ifndef SETTINGS_FILE_H
#define SETTINGS_FILE_H

#include <stddef.h>

struct settings;

/* Read the keys of the file into settings.  0, or a negative error with a sentence in error; the
 * settings are then as before. */
int settings_file_load(struct settings *settings, const char *path, char *error, size_t size);

#endif
