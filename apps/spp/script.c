/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands that no person types: a file, piped input, text of the command line. */

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "script.h"

void
script_welcome(struct cli *cli)
{
	fprintf(cli->out, "Welcome to the SPP CLI. Type `help` or `?` to list commands.\n\n");
}

static void
prompt(struct cli *cli)
{
	fputs(settings_get(&cli->settings, "prompt"), cli->out);
	fflush(cli->out);
}

int
script_run(struct cli *cli, FILE *file, bool prompts)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int ret = 0;

	while (!cli->ended && !(ret < 0 && cli->stop_on_error)) {
		if (prompts)
			prompt(cli);
		len = getline(&line, &size, file);
		if (len < 0)
			break;
		command_mark_nul(line, len);
		line[strcspn(line, "\r\n")] = '\0';
		if (command_typed(cli, line) < 0)
			ret = -1;
	}
	free(line);
	if (!cli->ended && prompts) {
		fputc('\n', cli->out);
		cli_end(cli);
	}
	return ret;
}

int
script_run_text(struct cli *cli, const char *text)
{
	char *copy = strdup(text), *rest = copy, *line;
	int ret = 0;

	if (copy == NULL)
		return cli_error(cli, "Error: no memory for the commands.");
	while ((line = strsep(&rest, "\r\n")) != NULL && !cli->ended) {
		if (command_typed(cli, line) < 0)
			ret = -1;
		if (ret < 0 && cli->stop_on_error)
			break;
	}
	free(copy);
	return ret;
}
