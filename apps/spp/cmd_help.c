/* SPDX-License-Identifier: BSD-3-Clause */
/* `help`: the names in columns, or the forms of one command. */

#include <stdio.h>
#include <string.h>

#include "candidates.h"
#include "cli.h"
#include "cmd_help.h"
#include "columns.h"
#include "command.h"

#define NAMES_MAX 64

int
cmd_help_run(struct cli *cli, const char *args)
{
	static const char heading[] = "Documented commands (type help <topic>):";
	const struct command *command = command_find(cli->commands, args, strlen(args));
	const char *names[NAMES_MAX];
	unsigned int nb = 0;

	if (*args != '\0' && command == NULL)
		return cli_error(cli, "*** No help on %s", args);
	if (command != NULL) {
		fprintf(cli->out, "%s: %s\n\n%s\n", command->name, command->summary,
			command->forms);
		return 0;
	}
	for (; cli->commands[nb].name != NULL && nb < NAMES_MAX; nb++)
		names[nb] = cli->commands[nb].name;
	fprintf(cli->out, "%s\n", heading);
	for (size_t i = 0; i < sizeof(heading) - 1; i++)
		fputc('=', cli->out);
	fputc('\n', cli->out);
	columns_print(cli->out, names, nb, 79);
	return 0;
}

void
cmd_help_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	if (at->words.nb > 0)
		return;
	for (const struct command *command = cli->commands; command->name != NULL; command++)
		candidates_add(found, command->name);
}
