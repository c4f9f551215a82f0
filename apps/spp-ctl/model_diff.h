/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What two configurations differ in, as lists of command lines that model_commands() writes.
 * Functions return new arrays, which the caller frees; NULL without memory.  Pure.
 */
#ifndef MODEL_DIFF_H
#define MODEL_DIFF_H

#include <jansson.h>

/* The lines that others does not have, in their order. */
json_t *model_diff_without(const json_t *lines, const json_t *others);

/* The index of the first of the missing lines that an extra line stands in the way of: another
 * component of the same name, or the same port with another VLAN operation.  The extra line is
 * stored in *extra_line; it belongs to extra.  The number of missing lines without a conflict. */
size_t model_diff_conflict(const json_t *missing, const json_t *extra, const char **extra_line);

/* The line of the model that stands in the way of a command which adds something to a process that
 * does not have the model: another component of that name, the port at another component, or the
 * entry at another port of the same component.  A new string; NULL when there is no such line. */
json_t *model_diff_rival(const json_t *model, const char *command);

/* The commands that take back the first nb of lines, last first.  A component that is stopped takes
 * its ports and table entries along. */
json_t *model_diff_take_back(const json_t *lines, size_t nb);

/* The commands that take a process which carried out command back to the model. */
json_t *model_diff_undo(const json_t *model, const char *command);

#endif
