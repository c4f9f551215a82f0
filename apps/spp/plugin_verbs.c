/* SPDX-License-Identifier: BSD-3-Clause */
/* Verbs that plugins of a process add: this program learns them from the process. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "cli.h"
#include "grammar.h"
#include "plugin_verbs.h"
#include "print_data.h"
#include "target.h"

#define FORMS_MAX 64
#define ERROR_SIZE 1024

struct forms {
	struct grammar *form[FORMS_MAX];
	unsigned int nb;
};

/* The list of verbs of a process, which the caller frees.  NULL when the process or the controller
 * is too old to have one. */
static json_t *
list_get(struct cli *cli, const char *path)
{
	char verbs_path[API_PATH_SIZE];
	json_t *reply, *list;

	snprintf(verbs_path, sizeof(verbs_path), "%s/verbs", path);
	reply = api_peek(cli, verbs_path);
	list = json_incref(json_object_get(reply, "verbs"));
	json_decref(reply);
	return list;
}

/* Parse the grammars of a verb.  A grammar that this program does not understand is left out. */
static void
forms_init(struct forms *forms, const json_t *list, const char *verb)
{
	char error[ERROR_SIZE];
	const json_t *entry;
	size_t i;

	forms->nb = 0;
	json_array_foreach (list, i, entry) {
		struct grammar *form;

		if (forms->nb == FORMS_MAX ||
		    grammar_parse(api_text(entry, "grammar"), &form, error, sizeof(error)) < 0)
			continue;
		if (strcmp(grammar_verb(form), verb) == 0)
			forms->form[forms->nb++] = form;
		else
			grammar_free(form);
	}
}

static void
forms_fini(struct forms *forms)
{
	while (forms->nb > 0)
		grammar_free(forms->form[--forms->nb]);
}

enum api_result
plugin_verbs_send(struct cli *cli, const struct target *target)
{
	char *command = words_join(&target->words);
	char path[API_PATH_SIZE];
	enum api_result result;
	json_t *reply;

	snprintf(path, sizeof(path), "%s/commands", target->path);
	result = api_call(cli, "POST", path, json_pack("{s:s}", "command", command), &reply);
	free(command);
	json_object_del(reply, "results");
	if (result == API_DONE && json_object_size(reply) > 0) {
		print_data(cli->out, reply);
		result = API_NOTED;
	}
	json_decref(reply);
	return result;
}

static int
send_and_say(struct cli *cli, const struct target *target)
{
	switch (plugin_verbs_send(cli, target)) {
	case API_FAILED:
		return -1;
	case API_DONE:
		cli_say(cli, "Succeeded to run '%s'", target->words.word[0]);
		return 0;
	default:
		return 0;
	}
}

/* `phy:0 nq 1` is one word on the wire, wherever it stands. */
static int
join_queues(struct cli *cli, struct words *words)
{
	for (unsigned int i = 1; i < words->nb; i++) {
		if (strncmp(words->word[i], "phy:", 4) == 0 && words_join_queue(words, i) < 0)
			return cli_error(cli, "Error: nq is not a number.");
	}
	return 0;
}

int
plugin_verbs_run(struct cli *cli, struct target *target)
{
	json_t *list = list_get(cli, target->path);
	char error[ERROR_SIZE];
	struct forms forms;
	unsigned int form;
	int ret;

	forms_init(&forms, list, target->words.word[0]);
	json_decref(list);
	if (forms.nb == 0)
		ret = target_invalid(cli, target);
	else if (join_queues(cli, &target->words) < 0)
		ret = -1;
	else if (grammar_match(forms.form, forms.nb, target->words.word + 1, target->words.nb - 1,
			       &form, error, sizeof(error)) < 0)
		ret = cli_error(cli, "Error: %s", error);
	else
		ret = send_and_say(cli, target);
	forms_fini(&forms);
	return ret;
}

/* Verbs of plugins only: this program completes those of the core itself. */
static void
complete_verb(const json_t *list, struct candidates *found)
{
	const json_t *entry;
	size_t i;

	json_array_foreach (list, i, entry) {
		const char *text = api_text(entry, "grammar");
		char verb[GRAMMAR_NAME_SIZE];

		snprintf(verb, sizeof(verb), "%.*s", (int)strcspn(text, " "), text);
		if (strcmp(api_text(entry, "owner"), "core") != 0)
			candidates_add(found, verb);
	}
}

static void
complete_argument(const struct grammar *form, const struct words *words, struct candidates *found)
{
	unsigned int nb = words->nb - 1;
	enum grammar_kind kind;
	const char *word;

	if (grammar_nb_args(form) <= nb)
		return;
	for (unsigned int i = 0; i < nb; i++) {
		if (!grammar_arg_accepts(form, i, words->word[i + 1]))
			return;
	}
	for (unsigned int k = 0; grammar_arg_alternative(form, nb, k, &kind, &word); k++)
		candidates_add(found, word);
}

void
plugin_verbs_complete(struct cli *cli, const char *path, const struct cursor *at,
		      struct candidates *found)
{
	json_t *list = list_get(cli, path);
	struct forms forms;

	if (at->words.nb == 0) {
		complete_verb(list, found);
	} else {
		forms_init(&forms, list, at->words.word[0]);
		for (unsigned int i = 0; i < forms.nb; i++)
			complete_argument(forms.form[i], &at->words, found);
		forms_fini(&forms);
	}
	json_decref(list);
}
