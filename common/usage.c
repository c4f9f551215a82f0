/* SPDX-License-Identifier: BSD-3-Clause */
/* The text of --help and a completion script for bash, from a table of options. */

#include <string.h>

#include "usage.h"

#define FORM_SIZE 64

bool
usage_value_is_optional(const struct usage_option *option)
{
	return option->value != NULL && option->value[0] == '[';
}

bool
usage_has_letter(const struct usage_option *option)
{
	return option->id < USAGE_BASH_COMPLETION;
}

void
usage_format(const struct usage_option *option, char *text, size_t size)
{
	if (usage_has_letter(option))
		snprintf(text, size, "-%c", option->id);
	else
		snprintf(text, size, "--%s", option->name);
}

/* Help */

static void
print_option(const struct usage *usage, const struct usage_option *option, FILE *out)
{
	const char *line = option->help, *end;
	char form[FORM_SIZE];
	unsigned int indent = 2, width;

	usage_format(option, form, sizeof(form));
	if (usage->indent != NULL)
		indent += usage->indent(option);
	width = fprintf(out, "%*s%s", (int)indent, "", form);
	if (usage_has_letter(option) && option->name != NULL)
		width += fprintf(out, ", --%s", option->name);
	if (option->value != NULL)
		width += fprintf(out, " %s", option->value);
	if (width >= usage->column) {
		fputc('\n', out);
		width = 0;
	}
	for (end = strchr(line, '\n'); end != NULL; end = strchr(line, '\n')) {
		fprintf(out, "%*s%.*s\n", (int)(usage->column - width), "", (int)(end - line),
			line);
		line = end + 1;
		width = 0;
	}
	fprintf(out, "%*s%s\n", (int)(usage->column - width), "", line);
}

void
usage_print(const struct usage *usage, FILE *out)
{
	fputs(usage->head, out);
	for (unsigned int i = 0; i < usage->nb_options; i++)
		print_option(usage, &usage->options[i], out);
	if (usage->tail != NULL)
		fputs(usage->tail, out);
}

/* Completion */

/* How bash completes the value: an action of compgen, "" for no completion, NULL for an option that
 * takes no further word. */
static const char *
value_action(const struct usage_option *option)
{
	if (option->value == NULL || usage_value_is_optional(option))
		return NULL;
	if (strcmp(option->value, "DIR") == 0)
		return "-d";
	if (strcmp(option->value, "FILE") == 0 || strcmp(option->value, "PATH") == 0)
		return "-f";
	return "";
}

/* Write the forms of the options whose values an action completes, as a pattern: `-p|--mbufs`. */
static void
print_forms(const struct usage *usage, const char *action, const char *separator, FILE *out)
{
	const char *before = "";

	for (unsigned int i = 0; i < usage->nb_options; i++) {
		const struct usage_option *option = &usage->options[i];
		const char *other = value_action(option);

		if (action != NULL && (other == NULL || strcmp(other, action) != 0))
			continue;
		if (usage_has_letter(option)) {
			fprintf(out, "%s-%c", before, option->id);
			before = separator;
		}
		if (option->name != NULL) {
			fprintf(out, "%s--%s", before, option->name);
			before = separator;
		}
	}
}

static bool
has_action(const struct usage *usage, const char *action)
{
	for (unsigned int i = 0; i < usage->nb_options; i++) {
		const char *other = value_action(&usage->options[i]);

		if (other != NULL && strcmp(other, action) == 0)
			return true;
	}
	return false;
}

static void
print_value_case(const struct usage *usage, const char *action, FILE *out)
{
	if (!has_action(usage, action))
		return;
	fputs("\t", out);
	print_forms(usage, action, "|", out);
	fputs(")\n", out);
	if (action[0] != '\0')
		fprintf(out,
			"\t\tcompopt -o filenames 2>/dev/null\n"
			"\t\tmapfile -t COMPREPLY < <(compgen %s -- \"$word\")\n",
			action);
	fputs("\t\treturn 0\n\t\t;;\n", out);
}

/* Words up to `--` belong to another program's options: they complete to option->foreign. */
static void
print_foreign(const struct usage *usage, FILE *out)
{
	if (usage->foreign == NULL)
		return;
	fprintf(out,
		"\tif [[ \" ${COMP_WORDS[*]:0:COMP_CWORD} \" != *' -- '* ]]; then\n"
		"\t\tmapfile -t COMPREPLY < <(compgen -W '%s --' -- \"$word\")\n"
		"\t\treturn\n"
		"\tfi\n",
		usage->foreign);
}

/* The name of the program, as a part of the name of a shell function. */
static const char *
function_name(const struct usage *usage, char *name, size_t size)
{
	snprintf(name, size, "%s", usage->program);
	for (char *c = name; *c != '\0'; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

void
usage_print_completion(const struct usage *usage, FILE *out)
{
	char name[FORM_SIZE];

	function_name(usage, name, sizeof(name));
	fprintf(out,
		"# bash completion for %s, written by `%s --bash-completion`\n"
		"_%s()\n"
		"{\n"
		"\tlocal word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]}\n"
		"\n"
		"\tCOMPREPLY=()\n",
		usage->program, usage->program, name);
	print_foreign(usage, out);
	/* Bash splits `--config=FILE` into three words. */
	fputs("\t[[ $word == '=' ]] && word=\n"
	      "\t[[ $option == '=' ]] && option=${COMP_WORDS[COMP_CWORD-2]}\n"
	      "\tcase $option in\n",
	      out);
	print_value_case(usage, "-d", out);
	print_value_case(usage, "-f", out);
	print_value_case(usage, "", out);
	fputs("\tesac\n\tmapfile -t COMPREPLY < <(compgen -W '", out);
	print_forms(usage, NULL, " ", out);
	fprintf(out, "' -- \"$word\")\n}\ncomplete -F _%s %s\n", name, usage->program);
}
