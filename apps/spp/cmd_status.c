/* SPDX-License-Identifier: BSD-3-Clause */
/* `status`: the controller and the processes it knows. */

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "cli.h"
#include "cmd_status.h"
#include "processes.h"

/* What a visit of secondaries needs. */
struct listing {
	FILE *out;
	unsigned int nb;
};

static int
print_secondary(const char *type, const char *id, void *arg)
{
	struct listing *listing = arg;

	fprintf(listing->out, "    %u: %s:%s\n", ++listing->nb, type, id);
	return 0;
}

static void
print_processes(FILE *out, const json_t *processes)
{
	struct listing listing = {.out = out};

	fprintf(out,
		"- primary:\n  - status: %s\n"
		"- secondary:\n  - processes:\n",
		processes_have_primary(processes) ? "running" : "not running");
	processes_visit(processes, print_secondary, &listing);
}

int
cmd_status_run(struct cli *cli, const char *args)
{
	char server[SERVER_TEXT_SIZE];

	(void)args;
	cli_say(cli, "- spp-ctl:");
	cli_say(cli, "  - address: %s", server_format(servers_current(&cli->servers), server));
	return api_show(cli, "/v1/processes", print_processes);
}
