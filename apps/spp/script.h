/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands that no person types: a file, piped input, text of the command line. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

struct cli;

/* Run the lines of file, with prompts as a person sees them if prompts is set.  0, or -1 when a
 * line failed. */
int script_run(struct cli *cli, FILE *file, bool prompts);

/* Run the lines of text.  0, or -1 when a line failed. */
int script_run_text(struct cli *cli, const char *text);

/* What a session begins with. */
void script_welcome(struct cli *cli);

#endif
