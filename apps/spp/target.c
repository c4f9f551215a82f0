/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands to one secondary process: `TYPE ID; words`. */

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "candidates.h"
#include "cli.h"
#include "target.h"

void
target_path(char *out, const char *type, const char *id)
{
	snprintf(out, TARGET_PATH_SIZE, "/v1/%ss/%s", type, id);
}

static int
split(struct cli *cli, const char *text, struct words *words)
{
	int err = words_split(words, text);

	if (err == -E2BIG)
		return cli_error(cli, "Error: more than %d words.", WORDS_MAX);
	return err == 0 ? 0 : cli_error(cli, "Error: no memory for the words.");
}

/* Say `Invalid command: x;status`, in the words that the line was cut into. */
static int
say_invalid_id(struct cli *cli, const struct words *id, const struct words *words)
{
	char *before = words_join(id), *behind = words_join(words);

	if (before != NULL && behind != NULL)
		cli_error(cli, "Invalid command: %s;%s", before, behind);
	free(before);
	free(behind);
	return -1;
}

/* Take the digits without leading zeros.  check_exists() refuses a number that no process can
 * have. */
static void
take_id(struct target *target, const char *digits)
{
	while (digits[0] == '0' && digits[1] != '\0')
		digits++;
	snprintf(target->id, sizeof(target->id), "%s", digits);
	target_path(target->path, target->type, target->id);
}

static int
take_id_words(struct cli *cli, struct target *target, const char *text)
{
	struct words id;
	int ret = 0;

	if (split(cli, text, &id) < 0)
		return -1;
	if (id.nb != 1 || !text_is_digits(id.word[0]))
		ret = say_invalid_id(cli, &id, &target->words);
	else
		take_id(target, id.word[0]);
	words_free(&id);
	return ret;
}

static bool
is_process(const json_t *process, const char *type, const char *id)
{
	char text[32];

	if (strcmp(api_text(process, "type"), type) != 0)
		return false;
	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, api_int(process, "client-id"));
	return strcmp(text, id) == 0;
}

static int
check_exists(struct cli *cli, const struct target *target)
{
	json_t *processes = api_get(cli, "/v1/processes");
	const json_t *process;
	size_t i;
	bool exists = false;

	if (processes == NULL)
		return -1;
	json_array_foreach (processes, i, process)
		exists |= is_process(process, target->type, target->id);
	json_decref(processes);
	if (exists)
		return 0;
	return cli_error(cli, "\"%s %s\" does not exist.", target->type, target->id);
}

static int
parse_parts(struct cli *cli, struct target *target, const char *before, const char *behind)
{
	if (strchr(behind, ';') != NULL)
		return cli_error(cli, "Error: a line has only one command, there is a second ';'.");
	if (split(cli, behind, &target->words) < 0)
		return -1;
	if (take_id_words(cli, target, before) < 0 || check_exists(cli, target) < 0) {
		words_free(&target->words);
		return -1;
	}
	return 0;
}

int
target_parse(struct cli *cli, const char *type, const char *args, struct target *target)
{
	const char *semicolon = strchr(args, ';');
	char *before;
	int ret;

	*target = (struct target){.type = type};
	if (semicolon == NULL)
		return cli_error(cli, "Required an ID and ';' before the command.");
	before = strndup(args, semicolon - args);
	if (before == NULL)
		return cli_error(cli, "Error: no memory for the words.");
	ret = parse_parts(cli, target, before, semicolon + 1);
	free(before);
	return ret;
}

void
target_fini(struct target *target)
{
	words_free(&target->words);
}

int
target_invalid(struct cli *cli, const struct target *target)
{
	const char *word = words_at(&target->words, 0);

	return cli_error(cli, "Invalid command \"%s\".", word == NULL ? "" : word);
}

static int
run_verb(struct cli *cli, struct target *target, const struct target_verb *verbs,
	 int (*other)(struct cli *cli, struct target *target))
{
	const char *name = words_at(&target->words, 0);

	for (; name != NULL && verbs->name != NULL; verbs++) {
		if (strcmp(verbs->name, name) == 0)
			return verbs->run(cli, target);
	}
	if (name == NULL || other == NULL)
		return target_invalid(cli, target);
	return other(cli, target);
}

int
target_run(struct cli *cli, const char *type, const char *args, const struct target_verb *verbs,
	   int (*other)(struct cli *cli, struct target *target))
{
	struct target target;
	int ret;

	if (target_parse(cli, type, args, &target) < 0)
		return -1;
	ret = run_verb(cli, &target, verbs, other);
	target_fini(&target);
	return ret;
}

int
target_count(struct cli *cli, const struct target *target, unsigned int min, unsigned int max)
{
	if (target->words.nb < min)
		return cli_error(cli, "Error: Not enough parameters.");
	if (target->words.nb > max)
		return cli_error(cli, "Error: Too many parameters.");
	return 0;
}

int
target_exit(struct cli *cli, const struct target *target)
{
	if (target_count(cli, target, 1, 1) < 0)
		return -1;
	switch (api_send(cli, "DELETE", target->path, NULL)) {
	case API_FAILED:
		return -1;
	case API_DONE:
		cli_say(cli, "Exit %s %s%s", target->type, target->id,
			strcmp(target->type, "nfv") == 0 ? "" : ".");
		return 0;
	default:
		return 0;
	}
}

bool
target_complete(struct cli *cli, const struct cursor *at, const char *type,
		struct candidates *found)
{
	json_t *processes;
	const json_t *process;
	size_t i;

	if (at->before != NULL)
		return !text_is_digits(at->before);
	processes = at->words.nb > 0 ? NULL : api_peek(cli, "/v1/processes");
	json_array_foreach (processes, i, process) {
		char word[32];

		snprintf(word, sizeof(word), "%" JSON_INTEGER_FORMAT ";",
			 api_int(process, "client-id"));
		if (strcmp(api_text(process, "type"), type) == 0)
			candidates_add(found, word);
	}
	json_decref(processes);
	return true;
}
