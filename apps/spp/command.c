/* SPDX-License-Identifier: BSD-3-Clause */
/* Finding a command and running a line. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "words.h"

const struct command *
command_find(const struct command *commands, const char *text, size_t len)
{
	for (const struct command *command = commands; command->name != NULL; command++) {
		if (strlen(command->name) == len && strncmp(command->name, text, len) == 0)
			return command;
	}
	return NULL;
}

size_t
command_name_len(const char *text)
{
	size_t len = 0;

	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return len;
}

bool
command_is_comment(const char *line)
{
	line += strspn(line, WORDS_BLANKS);
	return line[0] == '#' || (line[0] == '/' && line[1] == '/');
}

void
command_mark_nul(char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (line[i] == '\0')
			line[i] = '\001';
	}
}

/* A line that no person types is refused before any command reads it. */
static int
check(struct cli *cli, const char *line)
{
	if (strlen(line) > CLI_LINE_MAX)
		return cli_error(cli, "Error: the line is longer than %d characters.",
				 CLI_LINE_MAX);
	for (; *line != '\0'; line++) {
		if (text_is_control(*line) && strchr(WORDS_BLANKS, *line) == NULL)
			return cli_error(cli, "Error: the line has a character that cannot be "
					      "printed.");
	}
	return 0;
}

/* `?` is another name of `help`. */
static const struct command *
take_command(const struct cli *cli, const char *line, const char **args)
{
	size_t len = command_name_len(line);

	if (*line == '?') {
		*args = line + 1;
		return command_find(cli->commands, "help", 4);
	}
	*args = line + len;
	return command_find(cli->commands, line, len);
}

static int
run_stripped(struct cli *cli, char *line)
{
	const struct command *command;
	const char *args;

	if (*line == '\0')
		return 0;
	if (command_is_comment(line)) {
		cli_say(cli, "%s", line);
		return 0;
	}
	command = take_command(cli, line, &args);
	if (command == NULL)
		return cli_error(cli, "*** Unknown syntax: %s", line);
	return command->run(cli, text_strip(line + (args - line)));
}

int
command_run(struct cli *cli, const char *line)
{
	char *copy;
	int ret;

	if (check(cli, line) < 0)
		return -1;
	copy = strdup(line);
	if (copy == NULL)
		return cli_error(cli, "Error: no memory for the line.");
	ret = run_stripped(cli, text_strip(copy));
	free(copy);
	return ret;
}

/* Write a typed line to the recording, if there is one and the line is to be played back. */
static void
record(struct cli *cli, const char *line)
{
	if (cli->record == NULL || strstr(line, "playback") != NULL ||
	    strstr(line, "bye") != NULL || strstr(line, "exit") != NULL)
		return;
	/* `redo N` means another line in another history: the line that it runs is recorded
	 * instead. */
	if (strncmp(line + strspn(line, WORDS_BLANKS), "redo", 4) == 0)
		return;
	fprintf(cli->record, "%s\n", line);
	fflush(cli->record);
}

int
command_typed(struct cli *cli, const char *line)
{
	int ret;

	record(cli, line);
	ret = command_run(cli, line);
	fflush(cli->out);
	return ret;
}
