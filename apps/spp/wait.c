/* SPDX-License-Identifier: BSD-3-Clause */
/* `--wait-pri`: wait for the primary process. */

#include <stdio.h>
#include <time.h>

#include "api.h"
#include "cli.h"
#include "wait.h"

#define POLL_S 0.5
#define POLLS_MAX 40

static bool
is_ready(struct cli *cli)
{
	json_t *primary = api_peek(cli, "/v1/primary/status");

	json_decref(primary);
	return primary != NULL;
}

void
wait_primary(struct cli *cli, unsigned int interval_ms)
{
	struct timespec pause = {.tv_sec = interval_ms / 1000,
				 .tv_nsec = interval_ms % 1000 * 1000000L};
	unsigned int polls = 0;
	bool ready;

	fprintf(cli->err, "Waiting for spp_primary is ready ...");
	fflush(cli->err);
	while (!(ready = is_ready(cli)) && polls < POLLS_MAX) {
		fputc('.', cli->err);
		fflush(cli->err);
		nanosleep(&pause, NULL);
		polls++;
	}
	fprintf(cli->err, " %s (%.1f[sec])\n", ready ? "OK!" : "Timeout!", polls * POLL_S);
	fflush(cli->err);
}
