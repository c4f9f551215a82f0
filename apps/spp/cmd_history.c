/* SPDX-License-Identifier: BSD-3-Clause */
/* `history` and `redo`. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cmd_history.h"
#include "command.h"
#include "words.h"

int
cmd_history_run(struct cli *cli, const char *args)
{
	const struct history *history = &cli->history;
	int width = snprintf(NULL, 0, "%u", history->nb);

	(void)args;
	for (unsigned int i = 0; i < history->nb; i++) {
		fprintf(cli->out, "  %*u  ", width, i + 1);
		text_put(cli->out, history->line[i]);
		fputc('\n', cli->out);
	}
	return 0;
}

int
cmd_redo_run(struct cli *cli, const char *args)
{
	const char *line = history_at(&cli->history, args);
	char *copy;
	int ret;

	if (*args == '\0')
		return cli_error(cli, "Error: the number of a history entry is required.");
	if (line == NULL)
		return cli_error(cli, "Error: no such history entry \"%s\".", args);
	/* The command may change the history and free the line in it. */
	copy = strdup(line);
	if (copy == NULL)
		return cli_error(cli, "Error: no memory.");
	ret = command_typed(cli, copy);
	free(copy);
	return ret;
}
