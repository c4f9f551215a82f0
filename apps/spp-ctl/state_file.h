/* SPDX-License-Identifier: BSD-3-Clause */
/* The file in the state directory: written whole or not at all, never trusted when read. */
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include <stddef.h>
#include <jansson.h>

#define STATE_FILE_NAME "state.json"

/* Read the models of all processes into the empty object models.  No file is no error; a damaged
 * one is renamed to state.json.damaged with a warning, and models stays empty.  -errno with a
 * sentence in error when the directory cannot be used; a missing one is made. */
int state_file_read(const char *dir, json_t *models, char *error, size_t size);

/* Write them: temporary file, sync, rename.  -errno after a warning. */
int state_file_write(const char *dir, json_t *models);

#endif
