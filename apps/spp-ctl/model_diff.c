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

/* Rivals */

/* The line that a command stands for once it is in a model, which spells its words in one way; a
 * new reference, NULL when the command adds nothing. */
static json_t *
line_canonical(const char *command)
{
	char word[3][WORD_SIZE], line[2 * WORD_SIZE + 32];
	const char *last = strrchr(command, ' ');
	json_t *model = model_create(), *lines, *result;

	if (sscanf(command, "port add " WORD " " WORD " " WORD, word[0], word[1], word[2]) == 3) {
		snprintf(line, sizeof(line), "component start %s 0 x", word[2]);
		model_apply(model, line);
	} else if (last != NULL && strncmp(command, "classifier_table add ", 21) == 0) {
		snprintf(line, sizeof(line), "port add %.*s tx x", WORD_SIZE - 1, last + 1);
		model_apply(model, "component start x 0 x");
		model_apply(model, line);
	}
	model_apply(model, command);
	lines = model_commands(model);
	result = json_incref(json_array_get(lines, json_array_size(lines) - 1));
	json_decref(lines);
	json_decref(model);
	return result;
}

/* The component of the model that has the tx port; "" when no component has it. */
static const char *
tx_owner(const json_t *model, const char *port)
{
	const char *name;
	json_t *component;

	json_object_foreach (json_object_get(model, "components"), name, component)
		if (json_object_get(json_object_get(component, "tx"), port) != NULL)
			return name;
	return "";
}

static bool
entries_are_rivals(const json_t *model, const char *a, const char *b)
{
	const char *port_a = strrchr(a, ' '), *port_b = strrchr(b, ' ');

	return strncmp(a, "classifier_table add ", 21) == 0 && port_a - a == port_b - b &&
	       strncmp(a, b, port_a - a) == 0 && strcmp(port_a, port_b) != 0 &&
	       strcmp(tx_owner(model, port_a + 1), tx_owner(model, port_b + 1)) == 0;
}

static bool
lines_are_rivals(const json_t *model, const char *a, const char *b)
{
	char name_a[WORD_SIZE], name_b[WORD_SIZE], port_a[WORD_SIZE], port_b[WORD_SIZE];
	char dir_a[WORD_SIZE], dir_b[WORD_SIZE];

	if (sscanf(a, "component start " WORD, name_a) == 1 &&
	    sscanf(b, "component start " WORD, name_b) == 1)
		return strcmp(name_a, name_b) == 0 && strcmp(a, b) != 0;
	if (sscanf(a, "port add " WORD " " WORD " " WORD, port_a, dir_a, name_a) == 3 &&
	    sscanf(b, "port add " WORD " " WORD " " WORD, port_b, dir_b, name_b) == 3)
		return strcmp(port_a, port_b) == 0 && strcmp(dir_a, dir_b) == 0 &&
		       strcmp(name_a, name_b) != 0;
	return entries_are_rivals(model, a, b);
}

json_t *
model_diff_rival(const json_t *model, const char *command)
{
	json_t *canonical = line_canonical(command), *lines, *line, *rival = NULL;
	const char *text = json_string_value(canonical);
	size_t i;

	if (model == NULL || text == NULL) {
		json_decref(canonical);
		return NULL;
	}
	lines = model_commands(model);
	json_array_foreach (lines, i, line)
		if (rival == NULL && lines_are_rivals(model, text, json_string_value(line)))
			rival = json_incref(line);
	json_decref(lines);
	json_decref(canonical);
	return rival;
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
