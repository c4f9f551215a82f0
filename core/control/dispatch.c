/* SPDX-License-Identifier: BSD-3-Clause */
/* The command table: parse, find the owner, call it, write the reply. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activity.h"
#include "args.h"
#include "ascii.h"
#include "dispatch.h"
#include "error.h"
#include "grammar.h"
#include "log.h"
#include "observer.h"
#include "panel.h"
#include "reply.h"
#include "txn.h"
#include "res_uid.h"

#define SENTENCE_SIZE 1024
/* The owner of the verbs that belong to no plugin. */
#define CORE_OWNER "core"

/* One form of a verb. */
struct form {
	struct dispatch_verb verb; /* its strings belong to the form */
	struct grammar *grammar;
	int (*run)(const struct spp_args *args, struct spp_reply *reply);
};

/* A command, taken apart; args point into the other members and into the form. */
struct command {
	char *line;
	const struct form *form;
	struct spp_args args;
	struct {
		struct res_uid res_uid;
		char text[RES_UID_SIZE]; /* in canonical form */
	} port[DISPATCH_WORDS_MAX];
};

static struct {
	struct form **forms; /* in order of addition */
	unsigned int nb_forms;
} table;

/* The table */

static void
form_destroy(struct form *form)
{
	if (form == NULL)
		return;
	grammar_free(form->grammar);
	free((char *)form->verb.owner);
	free((char *)form->verb.grammar);
	free((char *)form->verb.help);
	free(form);
}

static struct form *
form_create(const char *owner, const struct spp_verb *verb)
{
	struct form *form = calloc(1, sizeof(*form));

	if (form == NULL)
		return NULL;
	form->run = verb->run;
	form->verb.owner = strdup(owner);
	form->verb.grammar = strdup(verb->grammar);
	form->verb.help = strdup(verb->help == NULL ? "" : verb->help);
	if (form->verb.owner != NULL && form->verb.grammar != NULL && form->verb.help != NULL)
		return form;
	form_destroy(form);
	return NULL;
}

static const struct form *
find_verb(const char *verb)
{
	for (unsigned int i = 0; i < table.nb_forms; i++) {
		if (strcmp(grammar_verb(table.forms[i]->grammar), verb) == 0)
			return table.forms[i];
	}
	return NULL;
}

static int
check_form(const struct form *form)
{
	const char *verb = grammar_verb(form->grammar);
	const struct form *other = find_verb(verb);

	if (*verb == '\0')
		return fail(-EINVAL, "%s: grammar '%.96s' begins with no verb", form->verb.owner,
			    form->verb.grammar);
	if (grammar_nb_args(form->grammar) >= DISPATCH_WORDS_MAX)
		return fail(-EINVAL, "%s: verb '%s' has more than %d arguments", form->verb.owner,
			    verb, DISPATCH_WORDS_MAX - 1);
	if (form->run == NULL)
		return fail(-EINVAL, "%s: verb '%s' has no run function", form->verb.owner, verb);
	if (other != NULL && strcmp(other->verb.owner, form->verb.owner) != 0)
		return fail(-EEXIST, "%s: verb '%s' belongs to %s already", form->verb.owner, verb,
			    other->verb.owner);
	return 0;
}

static int
append_form(struct form *form)
{
	struct form **forms;

	forms = realloc(table.forms, (table.nb_forms + 1) * sizeof(*forms));
	if (forms == NULL)
		return fail(-ENOMEM, "no memory for verb '%s'", grammar_verb(form->grammar));
	forms[table.nb_forms++] = form;
	table.forms = forms;
	return 0;
}

int
dispatch_add(const char *owner, const struct spp_verb *verb)
{
	char sentence[SENTENCE_SIZE];
	struct form *form;
	int err;

	if (verb->grammar == NULL)
		return fail(-EINVAL, "%s: a verb without grammar", owner);
	form = form_create(owner, verb);
	if (form == NULL)
		return fail(-ENOMEM, "%s: no memory for a verb", owner);
	err = grammar_parse(verb->grammar, &form->grammar, sentence, sizeof(sentence));
	if (err < 0)
		fail(err, "%s: %s", owner, sentence);
	if (err == 0)
		err = check_form(form);
	if (err == 0)
		err = append_form(form);
	if (err < 0)
		form_destroy(form);
	return err;
}

void
dispatch_del(const char *owner)
{
	unsigned int nb_kept = 0;

	for (unsigned int i = 0; i < table.nb_forms; i++) {
		if (strcmp(table.forms[i]->verb.owner, owner) == 0)
			form_destroy(table.forms[i]);
		else
			table.forms[nb_kept++] = table.forms[i];
	}
	table.nb_forms = nb_kept;
	if (nb_kept == 0) {
		free(table.forms);
		table.forms = NULL;
	}
}

void
dispatch_visit(void (*visit)(const struct dispatch_verb *verb, void *arg), void *arg)
{
	for (unsigned int i = 0; i < table.nb_forms; i++)
		visit(&table.forms[i]->verb, arg);
}

/* From a line to a form and its arguments */

static int __attribute__((format(printf, 1, 2))) refuse(const char *fmt, ...)
{
	char text[SENTENCE_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return fail_text(text);
}

static int
refuse_bytes(const char *line)
{
	const char *c = line;

	while (ascii_is_printable(*c))
		c++;
	return refuse("Wrong message format: byte 0x%02x at position %td is not printable ASCII",
		      (unsigned char)*c, c - line + 1);
}

/* Returns the number of words, at least one. */
static int
split(const char *line, struct command *command, const char **words)
{
	int nb_words;

	command->line = strdup(line);
	if (command->line == NULL)
		return fail(-ENOMEM, "no memory for a command");
	nb_words = grammar_split(command->line, words, DISPATCH_WORDS_MAX);
	if (nb_words == -E2BIG)
		return refuse("Wrong message format: the command has %u words, and none has more "
			      "than %d",
			      grammar_count_words(line), DISPATCH_WORDS_MAX);
	if (nb_words < 0)
		return refuse_bytes(line);
	if (nb_words == 0)
		return refuse("Wrong message format: the command is empty");
	return nb_words;
}

/* Choose among the forms of the verb. */
static int
find_form(const char *const *words, unsigned int nb_words, const struct form **form)
{
	struct form **candidates = calloc(table.nb_forms, sizeof(*candidates));
	struct grammar **grammars = calloc(table.nb_forms, sizeof(*grammars));
	char sentence[SENTENCE_SIZE];
	unsigned int nb = 0, chosen;
	int err;

	if (candidates == NULL || grammars == NULL) {
		err = fail(-ENOMEM, "no memory for a command");
		goto out;
	}
	for (unsigned int i = 0; i < table.nb_forms; i++) {
		if (strcmp(grammar_verb(table.forms[i]->grammar), words[0]) != 0)
			continue;
		candidates[nb] = table.forms[i];
		grammars[nb++] = table.forms[i]->grammar;
	}
	err = grammar_match(grammars, nb, words + 1, nb_words - 1, &chosen, sentence,
			    sizeof(sentence));
	if (err < 0)
		fail_text(sentence);
	else
		*form = candidates[chosen];
out:
	free(grammars);
	free(candidates);
	return err;
}

static bool
takes_port(const struct grammar *grammar, unsigned int i)
{
	enum grammar_kind kind;
	const char *word;

	for (unsigned int k = 0; grammar_arg_alternative(grammar, i, k, &kind, &word); k++) {
		if (kind == GRAMMAR_RES_UID)
			return true;
	}
	return false;
}

/* Take argument i.  A port has one spelling from here on. */
static int
fill_arg(struct command *command, unsigned int i, const char *word)
{
	const struct grammar *grammar = command->form->grammar;
	const char *name = grammar_arg_name(grammar, i);
	struct res_uid *res_uid = &command->port[i].res_uid;

	if (!takes_port(grammar, i) || res_uid_parse(word, res_uid) != 0)
		return args_add(&command->args, name, word);
	return args_add_port(&command->args, name, res_uid_format(res_uid, command->port[i].text),
			     res_uid);
}

static int
fill_args(struct command *command, const char *const *words)
{
	int err = 0;

	for (unsigned int i = 0; i < grammar_nb_args(command->form->grammar) && err == 0; i++)
		err = fill_arg(command, i, words[i]);
	return err;
}

static int
command_parse(const char *line, struct command *command)
{
	const char *words[DISPATCH_WORDS_MAX];
	int nb_words = split(line, command, words);
	int err;

	if (nb_words < 0)
		return nb_words;
	if (find_verb(words[0]) == NULL)
		return refuse("Invalid value (command): no verb '%.48s%s'; 'verbs' lists them all",
			      words[0], strlen(words[0]) > 48 ? "..." : "");
	err = find_form(words, nb_words, &command->form);
	if (err < 0)
		return err;
	return fill_args(command, words + 1);
}

static void
command_fini(struct command *command)
{
	free(command->line);
}

bool
dispatch_is_command(const char *owner, const char *line)
{
	struct command command = {.line = NULL};
	bool is =
		command_parse(line, &command) == 0 && strcmp(command.form->verb.owner, owner) == 0;

	command_fini(&command);
	return is;
}

/* Running */

static int
call_run(const struct command *command, struct spp_reply *reply)
{
	const struct form *form = command->form;
	char function[64];
	int err;

	if (strcmp(form->verb.owner, CORE_OWNER) == 0)
		return form->run(&command->args, reply);
	activity_enter("verb %s of plugin %s", grammar_verb(form->grammar), form->verb.owner);
	err = form->run(&command->args, reply);
	activity_leave();
	snprintf(function, sizeof(function), "run() of '%.40s'", grammar_verb(form->grammar));
	return error_check(form->verb.owner, function, err);
}

static void
enter_command(const char *line)
{
	activity_enter("command '%.160s%s'", line, strlen(line) > 160 ? "..." : "");
}

static int
run_in_txn(const char *line)
{
	struct command command = {.line = NULL};
	struct spp_reply reply;
	int err;

	error_clear();
	if (reply_init(&reply) < 0)
		return fail(-ENOMEM, "no memory for a reply");
	err = command_parse(line, &command);
	if (err == 0)
		err = call_run(&command, &reply);
	command_fini(&command);
	reply_fini(&reply);
	return err;
}

int
dispatch_run_in_txn(const char *line)
{
	int err;

	enter_command(line);
	err = run_in_txn(line);
	activity_leave();
	return err;
}

/* Whoever is refused for another reason must learn all the same that the panel is out of service.
 */
static char *
reply_refusal_closed(struct spp_reply *reply, const char *text, const char *why)
{
	char both[1024];

	snprintf(both, sizeof(both), "%s; %s", text, why);
	return reply_text(reply, both);
}

/* A refusal is said once in the log, once to the client. */
static char *
reply_refusal(struct spp_reply *reply, int err)
{
	const char *text = error_text(err), *why = panel_why_closed();

	log_notice("command refused: %s", text);
	if (why != NULL && strstr(text, why) == NULL)
		return reply_refusal_closed(reply, text, why);
	return reply_text(reply, text);
}

/* The same for whoever gets no refusal. */
static void
note_closed(struct spp_reply *reply)
{
	const char *why = panel_why_closed();
	char said[sizeof(reply->note)];

	if (why == NULL)
		return;
	snprintf(said, sizeof(said), "%s", reply->note);
	reply_note(reply, "%s%s%s", said, said[0] != '\0' ? "; " : "", why);
}

static char *
run_as_txn(const struct command *command, struct spp_reply *reply)
{
	void *begin = observer_begin();
	char *text;
	int err;

	txn_begin();
	err = call_run(command, reply);
	if (err == 0) {
		err = txn_commit();
		note_closed(reply);
		/* A refusal takes its sentence before the observer may call fail(). */
		text = err == 0 ? NULL : reply_refusal(reply, err);
		observer_end(begin, err == 0 ? reply : NULL);
		return err == 0 ? reply_text(reply, NULL) : text;
	}
	/* The reply takes the sentence before txn_abort(): calls that put things back may call
	 * fail(), too. */
	text = reply_refusal(reply, err);
	txn_abort();
	observer_end(begin, NULL);
	return text;
}

static char *
run(const char *line)
{
	struct command command = {.line = NULL};
	struct spp_reply reply;
	char *text;
	int err;

	error_clear();
	if (reply_init(&reply) < 0)
		return NULL;
	err = command_parse(line, &command);
	text = err == 0 ? run_as_txn(&command, &reply) : reply_refusal(&reply, err);
	command_fini(&command);
	reply_fini(&reply);
	return text;
}

char *
dispatch_run(const char *line)
{
	char *text;

	enter_command(line);
	text = run(line);
	activity_leave();
	return text;
}

/* The verb verbs */

static void
describe(const struct dispatch_verb *verb, void *arg)
{
	struct spp_reply *reply = arg;

	reply_open(reply, NULL, SPP_REPLY_OBJECT);
	reply_str(reply, "owner", verb->owner);
	reply_str(reply, "grammar", verb->grammar);
	reply_str(reply, "help", verb->help);
	reply_close(reply);
}

static int
run_verbs(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	reply_open(reply, "verbs", SPP_REPLY_ARRAY);
	dispatch_visit(describe, reply);
	reply_close(reply);
	return 0;
}

int
dispatch_init(void)
{
	static const struct spp_verb verbs = {
		.grammar = "verbs",
		.help = "list every command with its owner and its grammar",
		.run = run_verbs,
	};

	return dispatch_add(CORE_OWNER, &verbs);
}
