/* SPDX-License-Identifier: BSD-3-Clause */
/* `record FILE`: write down what is typed, for playback. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "cmd_record.h"

int
cmd_record_run(struct cli *cli, const char *args)
{
	FILE *file;

	if (*args == '\0')
		return cli_error(cli, "Record file is required!");
	cli_record_close(cli);
	file = fopen(args, "we");
	if (file == NULL)
		return cli_error(cli, "Error: cannot write '%s': %s.", args, strerror(errno));
	cli->record = file;
	return 0;
}
