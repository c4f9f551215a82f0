/* SPDX-License-Identifier: BSD-3-Clause */
/* What became of a command sent to a process. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ascii.h"
#include "outcome.h"

void
outcome_set(struct outcome *outcome, enum outcome_kind kind, const char *fmt, ...)
{
	va_list ap;

	outcome->kind = kind;
	va_start(ap, fmt);
	vsnprintf(outcome->text, sizeof(outcome->text), fmt, ap);
	va_end(ap);
	ascii_sanitize(outcome->text);
}

void
outcome_fini(struct outcome *outcome)
{
	json_decref(outcome->reply);
	outcome->reply = NULL;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

/* Replies of vf, mirror and pcap carry a list with one result. */
static void
judge_results(struct outcome *outcome, const json_t *results)
{
	const json_t *first = json_array_get(results, 0);
	const char *result = text_of(first, "result"), *message;

	if (strcmp(result, "success") == 0) {
		outcome_set(outcome, OUTCOME_SUCCESS, "%s", text_of(first, "note"));
		return;
	}
	if (strcmp(result, "error") != 0 && strcmp(result, "invalid") != 0) {
		outcome_set(outcome, OUTCOME_BROKEN, "its reply has no result");
		return;
	}
	message = text_of(json_object_get(first, "error_details"), "message");
	outcome_set(outcome, OUTCOME_ERROR, "%s",
		    *message == '\0' ? "the process gave no reason" : message);
}

void
outcome_parse(struct outcome *outcome, const char *text, size_t len)
{
	const json_t *results;
	const char *result, *message;

	*outcome = (struct outcome){.reply = json_loadb(text, len, 0, NULL)};
	if (!json_is_object(outcome->reply)) {
		outcome_set(outcome, OUTCOME_BROKEN, "its reply is not a JSON object");
		return;
	}
	results = json_object_get(outcome->reply, "results");
	if (results != NULL) {
		judge_results(outcome, results);
		return;
	}
	/* nfv and the primary have no list, and their status has no result at all. */
	result = text_of(outcome->reply, "result");
	message = text_of(outcome->reply, "message");
	if (strcmp(result, "failed") == 0 || strcmp(result, "error") == 0)
		outcome_set(outcome, OUTCOME_ERROR, "%s",
			    *message == '\0' ? "the process gave no reason" : message);
	else
		outcome_set(outcome, OUTCOME_SUCCESS, "%s", text_of(outcome->reply, "note"));
}
