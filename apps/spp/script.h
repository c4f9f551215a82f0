/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands that no person types: a file, piped input, text of the command line. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

struct cli;

/* Run the lines of file; with prompts as a person would see them.  -1 if one failed, else 0. */
int script_run(struct cli *cli, FILE *file, bool prompts);

/* Run the lines of text.  -1 if one failed, else 0. */
int script_run_text(struct cli *cli, const char *text);

/* What a session begins with. */
void script_welcome(struct cli *cli);

#endif
