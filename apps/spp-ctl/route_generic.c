/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests that are the same for every kind of process, and free commands for plugins' verbs. */
#include <string.h>

#include "route_generic.h"
#include "value.h"

/* A request line of the wire protocol, its newline included. */
#define COMMAND_MAX 4095

char *
generic_status(const struct route_args *args, const json_t *body, struct response *r)
{
	(void)args;
	(void)body;
	return route_command(r, "status");
}

char *
generic_exit(const struct route_args *args, const json_t *body, struct response *r)
{
	(void)args;
	(void)body;
	return route_command(r, "exit");
}

char *
generic_verbs(const struct route_args *args, const json_t *body, struct response *r)
{
	(void)args;
	(void)body;
	return route_command(r, "verbs");
}

char *
generic_commands(const struct route_args *args, const json_t *body, struct response *r)
{
	static const char *const keys[] = {"command", NULL};
	const json_t *command = json_object_get(body, "command");
	const char *text = json_string_value(command);

	(void)args;
	if (!value_have_keys(body, keys, r))
		return NULL;
	if (text == NULL || !value_is_line(text, true) || *text == ' ' ||
	    strlen(text) > COMMAND_MAX) {
		value_invalid(r, "command", command);
		return NULL;
	}
	if (strcspn(text, " ") == 4 && strncmp(text, "exit", 4) == 0) {
		response_error(r, 400, "invalid key(command): exit: send DELETE to the process.");
		return NULL;
	}
	return route_command(r, "%s", text);
}

/* A process that repeats a command has carried it out, but has told nothing. */
static void
answer_data(json_t *data, struct response *r)
{
	if (data == NULL)
		response_error(r, 500,
			       "Internal Server Error: the process repeated the command instead "
			       "of answering it");
	else
		response_json(r, data);
}

void
generic_answer_reply(const struct outcome *outcome, struct response *r)
{
	answer_data(json_incref(outcome->reply), r);
}

void
generic_answer_verbs(const struct outcome *outcome, struct response *r)
{
	json_t *reply = json_copy(outcome->reply);

	if (reply != NULL)
		json_object_del(reply, "results");
	answer_data(reply, r);
}
