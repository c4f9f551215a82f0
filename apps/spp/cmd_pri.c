/* SPDX-License-Identifier: BSD-3-Clause */
/* `pri; ...` */

#include <string.h>

#include "api.h"
#include "candidates.h"
#include "cli.h"
#include "cmd_pri.h"
#include "forwarder.h"
#include "print_primary.h"
#include "words.h"

#define STATUS_PATH "/v1/primary/status"

/* A command, and the status of the primary from just before. */
struct pri {
	struct words words;
	json_t *status;
};

static int
pri_status(struct cli *cli, struct pri *pri)
{
	(void)pri;
	return api_show(cli, STATUS_PATH, print_primary);
}

static int
pri_clear(struct cli *cli, struct pri *pri)
{
	enum api_result result = api_send(cli, "DELETE", STATUS_PATH, NULL);

	(void)pri;
	if (result == API_DONE)
		cli_say(cli, "Clear port statistics.");
	return result == API_FAILED ? -1 : 0;
}

static int
pri_exit(struct cli *cli, struct pri *pri)
{
	enum api_result result = api_send(cli, "DELETE", "/v1/primary", NULL);

	(void)pri;
	if (result == API_DONE)
		cli_say(cli, "Exit primary");
	return result == API_FAILED ? -1 : 0;
}

/* Pipes belong to the primary, other ports to its forwarder. */
static int
pri_forward(struct cli *cli, struct pri *pri)
{
	const json_t *state = json_object_get(pri->status, "forwarder");
	struct forwarder forwarder = {.path = "/v1/primary", .missing = "", .state = state};
	const char *verb = pri->words.word[0], *res_uid = words_at(&pri->words, 1);
	bool pipe = res_uid != NULL && strncmp(res_uid, "pipe:", 5) == 0;

	if (state == NULL && !(pipe && (strcmp(verb, "add") == 0 || strcmp(verb, "del") == 0)))
		return cli_error(cli, "No forwarder is running.");
	if (strcmp(verb, "add") == 0)
		return forwarder_add(cli, &forwarder, &pri->words);
	if (strcmp(verb, "del") == 0)
		return forwarder_del(cli, &forwarder, &pri->words);
	if (strcmp(verb, "patch") == 0)
		return forwarder_patch(cli, &forwarder, &pri->words);
	return forwarder_switch(cli, &forwarder, &pri->words);
}

static const struct {
	const char *name;
	int (*run)(struct cli *cli, struct pri *pri);
	unsigned int words_max;
} verbs[] = {
	{"add", pri_forward, WORDS_MAX},     {"clear", pri_clear, 1},
	{"del", pri_forward, WORDS_MAX},     {"exit", pri_exit, 1},
	{"forward", pri_forward, WORDS_MAX}, {"patch", pri_forward, WORDS_MAX},
	{"status", pri_status, 1},           {"stop", pri_forward, WORDS_MAX},
};

#define NB_VERBS (sizeof(verbs) / sizeof(verbs[0]))

static int
run_verb(struct cli *cli, struct pri *pri)
{
	const char *name = words_at(&pri->words, 0);

	for (unsigned int i = 0; name != NULL && i < NB_VERBS; i++) {
		if (strcmp(verbs[i].name, name) != 0)
			continue;
		if (pri->words.nb > verbs[i].words_max)
			return cli_error(cli, "Error: Too many parameters.");
		return verbs[i].run(cli, pri);
	}
	return cli_error(cli, "Invalid pri command: '%s'", name == NULL ? "" : name);
}

/* Every command asks for the status first, to tell whether there is a primary. */
static int
run_words(struct cli *cli, struct pri *pri)
{
	long status;
	int ret;

	pri->status = api_fetch(cli, STATUS_PATH, API_LIMIT_MS, &status);
	if (status == 0)
		return cli_error(cli, "Error: Failed to connect to spp-ctl.");
	if (status == 404)
		return cli_error(cli, "No spp_primary is running.");
	if (!json_is_object(pri->status))
		ret = cli_error(cli, "Error: spp_primary is not running normaly.");
	else
		ret = run_verb(cli, pri);
	json_decref(pri->status);
	return ret;
}

int
cmd_pri_run(struct cli *cli, const char *args)
{
	struct pri pri = {.status = NULL};
	int ret;

	if (*args != ';')
		return cli_error(cli, "Error: write ';' between pri and its command: pri; %s",
				 *args == '\0' ? "status" : args);
	if (strchr(args + 1, ';') != NULL)
		return cli_error(cli, "Error: a line has only one command, there is a second ';'.");
	if (words_split(&pri.words, args + 1) < 0)
		return cli_error(cli, "Error: more than %d words.", WORDS_MAX);
	ret = run_words(cli, &pri);
	words_free(&pri.words);
	return ret;
}

void
cmd_pri_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	json_t *status;

	if (at->before == NULL) {
		if (at->words.nb == 0)
			candidates_add(found, ";");
		return;
	}
	if (*at->before != '\0')
		return;
	if (at->words.nb == 0) {
		for (unsigned int i = 0; i < NB_VERBS; i++)
			candidates_add(found, verbs[i].name);
		return;
	}
	status = api_peek(cli, STATUS_PATH);
	forwarder_complete(json_object_get(status, "forwarder"), at, found);
	json_decref(status);
}
