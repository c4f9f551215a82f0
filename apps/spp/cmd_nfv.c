/* SPDX-License-Identifier: BSD-3-Clause */
/* `nfv ID; ...` */

#include <string.h>

#include "api.h"
#include "candidates.h"
#include "cli.h"
#include "cmd_nfv.h"
#include "forwarder.h"
#include "print_primary.h"
#include "target.h"

static int
nfv_status(struct cli *cli, const struct target *target)
{
	if (target_count(cli, target, 1, 1) < 0)
		return -1;
	return api_show(cli, target->path, print_nfv);
}

/* Every command asks the forwarder anew for its ports and patches. */
static int
forward(struct cli *cli, struct target *target)
{
	struct forwarder forwarder = {.path = target->path, .missing = "Error: "};
	const char *verb = target->words.word[0];
	json_t *state;
	int ret;

	if (strcmp(verb, "forward") == 0 || strcmp(verb, "stop") == 0)
		return forwarder_switch(cli, &forwarder, &target->words);
	if (strcmp(verb, "patch") == 0)
		return forwarder_patch(cli, &forwarder, &target->words);
	if (strcmp(verb, "add") != 0 && strcmp(verb, "del") != 0)
		return target_invalid(cli, target);
	state = api_get(cli, target->path);
	if (state == NULL)
		return -1;
	forwarder.state = state;
	if (strcmp(verb, "add") == 0)
		ret = forwarder_add(cli, &forwarder, &target->words);
	else
		ret = forwarder_del(cli, &forwarder, &target->words);
	json_decref(state);
	return ret;
}

int
cmd_nfv_run(struct cli *cli, const char *args)
{
	static const struct target_verb verbs[] = {
		{"exit", target_exit}, {"status", nfv_status}, {.name = NULL}};

	return target_run(cli, "nfv", args, verbs, forward);
}

void
cmd_nfv_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	char path[TARGET_PATH_SIZE];
	json_t *state;

	if (target_complete(cli, at, "nfv", found))
		return;
	if (at->words.nb == 0) {
		candidates_add_all(found, "add del exit forward patch status stop");
		return;
	}
	target_path(path, "nfv", at->before);
	state = api_peek(cli, path);
	forwarder_complete(state, at, found);
	json_decref(state);
}
