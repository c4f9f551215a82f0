/* SPDX-License-Identifier: BSD-3-Clause */
/* `pcap ID; ...` */

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "candidates.h"
#include "cli.h"
#include "cmd_pcap.h"
#include "print_vf.h"
#include "target.h"

static int
pcap_status(struct cli *cli, const struct target *target)
{
	if (target_count(cli, target, 1, 1) < 0)
		return -1;
	return api_show(cli, target->path, print_pcap);
}

/* `start` or `stop`. */
static int
capture(struct cli *cli, const struct target *target)
{
	const char *action = target->words.word[0];
	char path[API_PATH_SIZE];
	enum api_result result;

	if (target_count(cli, target, 1, 1) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/capture", target->path);
	result = api_send(cli, "PUT", path, json_pack("{s:s}", "action", action));
	if (result == API_DONE)
		cli_say(cli, "%s packet capture.", strcmp(action, "start") == 0 ? "Start" : "Stop");
	return result == API_FAILED ? -1 : 0;
}

int
cmd_pcap_run(struct cli *cli, const char *args)
{
	static const struct target_verb verbs[] = {{"exit", target_exit},
						   {"start", capture},
						   {"status", pcap_status},
						   {"stop", capture},
						   {.name = NULL}};

	return target_run(cli, "pcap", args, verbs, NULL);
}

void
cmd_pcap_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	if (!target_complete(cli, at, "pcap", found) && at->words.nb == 0)
		candidates_add_all(found, "exit start status stop");
}
