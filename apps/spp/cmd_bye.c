/* SPDX-License-Identifier: BSD-3-Clause */
/* `bye [sec|all]` and `exit`. */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api.h"
#include "candidates.h"
#include "cli.h"
#include "cmd_bye.h"
#include "http_client.h"
#include "processes.h"
#include "target.h"

/* A secondary answers before it is gone.  For this long the primary may refuse to end because a
 * secondary is still there. */
#define ALONE_MS 3000
#define RETRY_MS 100

/* What a visit of the secondaries needs. */
struct closing {
	struct cli *cli;
	unsigned int nb;
};

static int
close_secondary(const char *type, const char *id, void *arg)
{
	struct target target = {.type = type, .words = {.nb = 1}};
	struct closing *closing = arg;

	closing->nb++;
	snprintf(target.id, sizeof(target.id), "%s", id);
	target_path(target.path, type, id);
	return target_exit(closing->cli, &target);
}

/* *nb gets the number of secondaries that were asked to end. */
static int
close_secondaries(struct cli *cli, unsigned int *nb)
{
	json_t *processes = api_get(cli, "/v1/processes");
	struct closing closing = {.cli = cli};
	int ret;

	if (processes == NULL)
		return -1;
	cli_say(cli, "Closing secondary ...");
	ret = processes_visit(processes, close_secondary, &closing);
	json_decref(processes);
	*nb = closing.nb;
	return ret < 0 ? -1 : 0;
}

/* Nothing tells when the last secondary is gone: ask until the primary is willing. */
static int
close_primary(struct cli *cli, unsigned int nb_closed)
{
	struct timespec pause = {.tv_nsec = RETRY_MS * 1000000L};
	unsigned int retries = nb_closed == 0 ? 0 : ALONE_MS / RETRY_MS;
	enum api_result result;
	struct http_reply http;
	json_t *reply;
	int err;

	cli_say(cli, "Closing primary ...");
	for (;;) {
		err = api_request(cli, "DELETE", "/v1/primary", NULL, API_LIMIT_MS, &http);
		if (err != 0 || http.status != 400 || retries-- == 0)
			break;
		http_reply_free(&http);
		nanosleep(&pause, NULL);
	}
	result = api_finish(cli, err, &http, &reply);
	json_decref(reply);
	if (result == API_DONE)
		cli_say(cli, "Exit primary");
	return result == API_FAILED ? -1 : 0;
}

int
cmd_bye_run(struct cli *cli, const char *args)
{
	bool all = strcmp(args, "all") == 0;
	unsigned int nb_closed = 0;
	int ret;

	if (*args == '\0') {
		cli_end(cli);
		return 0;
	}
	if (!all && strcmp(args, "sec") != 0)
		return cli_error(cli, "Error: bye takes 'sec', 'all' or nothing, not \"%s\".",
				 args);
	ret = close_secondaries(cli, &nb_closed);
	if (all && close_primary(cli, nb_closed) < 0)
		ret = -1;
	return ret;
}

int
cmd_exit_run(struct cli *cli, const char *args)
{
	(void)args;
	cli_end(cli);
	return 0;
}

void
cmd_bye_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	(void)cli;
	if (at->words.nb == 0)
		candidates_add_all(found, "all sec");
}
