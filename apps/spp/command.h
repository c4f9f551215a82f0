/* SPDX-License-Identifier: BSD-3-Clause */
/* What a command is: its help, its completion; finding one and running a line. */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct cli;
struct candidates;
struct cursor;

struct command {
	const char *name;
	const char *summary; /* a few words */
	const char *forms;   /* every form, one a line */
	/* args: the rest of the line without blanks around it.  0, or -1 when the user was told why
	 * the command failed. */
	int (*run)(struct cli *cli, const char *args);
	/* Add candidates for the word at the cursor.  NULL: the command has none. */
	void (*complete)(struct cli *cli, const struct cursor *at, struct candidates *found);
	bool takes_path; /* its one argument is the name of a file */
};

/* The one of commands (ended by a NULL name) whose name is the first len characters of text.  NULL
 * when no command has this name. */
const struct command *command_find(const struct command *commands, const char *text, size_t len);

/* Number of characters of text that may be the name of a command. */
size_t command_name_len(const char *text);

bool command_is_comment(const char *line);

/* Run one line.  0, or -1 when the user was told why the line failed. */
int command_run(struct cli *cli, const char *line);

/* As command_run(), for a line of a person or a script, which may be recorded. */
int command_typed(struct cli *cli, const char *line);

/* Make a NUL among the len bytes of a line visible to command_run(), which refuses it. */
void command_mark_nul(char *line, size_t len);

#endif
