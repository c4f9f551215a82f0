/* SPDX-License-Identifier: BSD-3-Clause */
/* The file in the state directory: written whole or not at all, never trusted when read. */
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include <stddef.h>
#include <jansson.h>

#define STATE_FILE_NAME "state.json"

/* Read the models of all processes into the empty object models, which stays empty without a file.
 * A damaged file is renamed to state.json.damaged with a warning.  -errno with a sentence in error
 * when the directory cannot be used; a missing directory is made. */
int state_file_read(const char *dir, json_t *models, char *error, size_t size);

/* Write models: temporary file, sync, rename.  -errno after a warning; the old file is then
 * whole. */
int state_file_write(const char *dir, json_t *models);

#endif
