/* SPDX-License-Identifier: BSD-3-Clause */
/* The file in the state directory: written whole or not at all, never trusted when read. */
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

#define STATE_FILE_NAME "state.json"

/* Read the models of all processes into the empty object models, which stays empty without a file.
 * A damaged file is renamed to state.json.damaged with a warning.  -errno with a sentence in error
 * when the directory cannot be used; a missing directory is made. */
int state_file_read(const char *dir, json_t *models, char *error, size_t size);

/* The text of the file: malloc()ed, which the caller frees; NULL without memory. */
char *state_file_format(json_t *models);

/* Write text: temporary file, sync, rename, sync of the directory.  -errno when it is not durable;
 * the file is whole then, too, either the old one or the new one.  Any thread. */
int state_file_write(const char *dir, const char *text);

/* For the other file of the directory, state_journal.h. */
void state_file_path(char path[PATH_MAX], const char *dir, const char *name);
/* True for `vf 1` or `mirror 3`, as processes are named. */
bool state_file_name_is_valid(const char *name);
/* Make the names in dir durable: 0 or -errno. */
int state_file_sync_dir(const char *dir);

#endif
