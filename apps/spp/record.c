/* SPDX-License-Identifier: BSD-3-Clause */
/* `record FILE`: write down what is typed, for playback. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "commands.h"
#include "record.h"
#include "words.h"

void
record_line(struct cli *cli, const char *line)
{
	if (cli->record == NULL || strstr(line, "playback") != NULL ||
	    strstr(line, "bye") != NULL || strstr(line, "exit") != NULL)
		return;
	/* `redo N` means something else in another history: what it runs is recorded instead. */
	if (strncmp(line + strspn(line, WORDS_BLANKS), "redo", 4) == 0)
		return;
	fprintf(cli->record, "%s\n", line);
	fflush(cli->record);
}

void
record_close(struct cli *cli)
{
	fclose(cli->record);
	cli->record = NULL;
	cli_say(cli, "Closing file");
}

int
record_run(struct cli *cli, const char *args)
{
	FILE *file;

	if (*args == '\0')
		return cli_error(cli, "Record file is required!");
	if (cli->record != NULL)
		record_close(cli);
	file = fopen(args, "we");
	if (file == NULL)
		return cli_error(cli, "Error: cannot write '%s': %s.", args, strerror(errno));
	cli->record = file;
	return 0;
}
