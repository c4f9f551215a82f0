/* SPDX-License-Identifier: BSD-3-Clause */
/* Verbs that plugins of a process add: this program learns them from the process. */
#ifndef PLUGIN_VERBS_H
#define PLUGIN_VERBS_H

#include "api.h"

struct cli;
struct candidates;
struct cursor;
struct target;

/* Run the words as a verb that the process lists, after a check against its grammar.  0 or -1. */
int plugin_verbs_run(struct cli *cli, struct target *target);

/* Send the words to the process as they are. */
enum api_result plugin_verbs_send(struct cli *cli, const struct target *target);

/* Add candidates for a line that begins with a verb of a plugin, or with nothing yet. */
void plugin_verbs_complete(struct cli *cli, const char *path, const struct cursor *at,
			   struct candidates *found);

#endif
