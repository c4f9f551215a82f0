/* SPDX-License-Identifier: BSD-3-Clause */
/* Values, lists, and answers whose members this program does not know. */

#include <stdbool.h>

#include "api.h"
#include "print_data.h"
#include "words.h"

void
print_value(FILE *out, const json_t *value)
{
	if (json_is_string(value))
		fputs(json_string_value(value), out);
	else if (value != NULL)
		json_dumpf(value, out, JSON_COMPACT | JSON_ENCODE_ANY);
}

void
print_list(FILE *out, const json_t *list, const char *key)
{
	const json_t *entry;
	size_t i;

	fputc('[', out);
	json_array_foreach (list, i, entry) {
		fputs(i > 0 ? ", " : "", out);
		print_value(out, key == NULL ? entry : json_object_get(entry, key));
	}
	fputc(']', out);
}

/* True if no entry of the list is a list or an object. */
static bool
is_flat(const json_t *list)
{
	const json_t *entry;
	size_t i;

	json_array_foreach (list, i, entry) {
		if (json_is_array(entry) || json_is_object(entry))
			return false;
	}
	return json_is_array(list);
}

static void print_members(FILE *out, const json_t *data, int indent);

/* What stands behind `- name:` or, in a list, behind `-`. */
static void
print_member(FILE *out, const json_t *value, int indent)
{
	if (is_flat(value)) {
		fputc(' ', out);
		print_list(out, value, NULL);
		fputc('\n', out);
	} else if (json_is_object(value) || json_is_array(value)) {
		fputc('\n', out);
		print_members(out, value, indent + 2);
	} else {
		fputc(' ', out);
		print_value(out, value);
		fputc('\n', out);
	}
}

static void
print_members(FILE *out, const json_t *data, int indent)
{
	json_t *value;
	const char *key;
	size_t i;

	json_object_foreach ((json_t *)data, key, value) {
		fprintf(out, "%*s- ", indent, "");
		text_put(out, key);
		fputc(':', out);
		print_member(out, value, indent);
	}
	json_array_foreach (data, i, value) {
		fprintf(out, "%*s-", indent, "");
		print_member(out, value, indent);
	}
}

void
print_data(FILE *out, const json_t *data)
{
	print_members(out, data, 0);
}
