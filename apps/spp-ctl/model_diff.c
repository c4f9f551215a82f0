/* SPDX-License-Identifier: BSD-3-Clause */
/* What two configurations differ in, as lists of command lines. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "line.h"
#include "model.h"
#include "model_diff.h"

/* Words of lines that model_commands() writes: one blank between them, all shorter than this. */
#define WORD_SIZE 128
#define WORD "%127s"

static json_t *
line_set(const json_t *lines)
{
	json_t *set = json_object(), *line;
	size_t i;

	json_array_foreach (lines, i, line)
		json_object_set(set, json_string_value(line), line);
	return set;
}

json_t *
model_diff_without(const json_t *lines, const json_t *others)
{
	json_t *result = json_array(), *set = line_set(others), *line;
	size_t i;

	json_array_foreach (lines, i, line)
		if (json_object_get(set, json_string_value(line)) == NULL)
			json_array_append(result, line);
	json_decref(set);
	return result;
}

/* Conflicts */

/* Find what at most one line of a configuration may describe: a component, or a port at its place.
 * False for table entries: one key may lead to a port of each classifier. */
static bool
line_subject(const char *line, char out[LINE_MAX_BYTES])
{
	char name[WORD_SIZE], port[WORD_SIZE], dir[WORD_SIZE];

	if (sscanf(line, "component start " WORD, name) == 1)
		snprintf(out, LINE_MAX_BYTES, "component %s", name);
	else if (sscanf(line, "port add " WORD " " WORD " " WORD, port, dir, name) == 3)
		snprintf(out, LINE_MAX_BYTES, "port %s %s %s", port, dir, name);
	else
		return false;
	return true;
}

static json_t *
subjects_of(const json_t *lines)
{
	json_t *subjects = json_object(), *line;
	char subject[LINE_MAX_BYTES];
	size_t i;

	json_array_foreach (lines, i, line)
		if (line_subject(json_string_value(line), subject))
			json_object_set(subjects, subject, line);
	return subjects;
}

size_t
model_diff_conflict(const json_t *missing, const json_t *extra, const char **extra_line)
{
	json_t *subjects = subjects_of(extra), *line;
	char subject[LINE_MAX_BYTES];
	size_t i;

	json_array_foreach (missing, i, line) {
		if (!line_subject(json_string_value(line), subject))
			continue;
		*extra_line = json_string_value(json_object_get(subjects, subject));
		if (*extra_line != NULL)
			break;
	}
	json_decref(subjects);
	return i;
}

/* Taking back */

/* What goes with stopped components: their names, and their tx ports. */
struct along {
	json_t *components, *ports;
};

static void
along_add(struct along *along, const char *line)
{
	char name[WORD_SIZE], port[WORD_SIZE];

	if (sscanf(line, "component start " WORD, name) == 1)
		json_object_set_new(along->components, name, json_true());
	else if (sscanf(line, "port add " WORD " tx " WORD, port, name) == 2 &&
		 json_object_get(along->components, name) != NULL)
		json_object_set_new(along->ports, port, json_true());
}

/* The command that takes the line back; NULL when the stop of its component does. */
static json_t *
line_inverse(const struct along *along, const char *line)
{
	char name[WORD_SIZE], port[WORD_SIZE], dir[WORD_SIZE];
	const char *last = strrchr(line, ' ');

	if (sscanf(line, "component start " WORD, name) == 1)
		return json_sprintf("component stop %s", name);
	if (sscanf(line, "port add " WORD " " WORD " " WORD, port, dir, name) == 3)
		return json_object_get(along->components, name) != NULL
			       ? NULL
			       : json_sprintf("port del %s %s %s", port, dir, name);
	if (strncmp(line, "classifier_table add ", 21) == 0 &&
	    json_object_get(along->ports, last + 1) == NULL)
		return json_sprintf("classifier_table del %s", line + 21);
	return NULL;
}

json_t *
model_diff_take_back(const json_t *lines, size_t nb)
{
	struct along along = {json_object(), json_object()};
	json_t *commands = json_array(), *inverse;

	for (size_t i = 0; i < nb; i++)
		along_add(&along, json_string_value(json_array_get(lines, i)));
	while (nb-- > 0) {
		inverse = line_inverse(&along, json_string_value(json_array_get(lines, nb)));
		if (inverse != NULL)
			json_array_append_new(commands, inverse);
	}
	json_decref(along.components);
	json_decref(along.ports);
	return commands;
}

json_t *
model_diff_undo(const json_t *model, const char *command)
{
	json_t *after = json_deep_copy(model), *lines = model_commands(model), *changed, *added;
	json_t *commands, *gone;

	model_apply(after, command);
	changed = model_commands(after);
	added = model_diff_without(changed, lines);
	gone = model_diff_without(lines, changed);
	commands = model_diff_take_back(added, json_array_size(added));
	json_array_extend(commands, gone);
	json_decref(gone);
	json_decref(added);
	json_decref(changed);
	json_decref(lines);
	json_decref(after);
	return commands;
}
