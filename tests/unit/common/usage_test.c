/* SPDX-License-Identifier: BSD-3-Clause */
/* Help and completion from a table of options; the completion runs in a real bash. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "usage.h"

enum { OPT_MODE = USAGE_OWN, OPT_DIR };

static const struct usage_option options[] = {
	{'n', NULL, "COUNT", "how many"},
	{'f', "file", "FILE", "what to read"},
	{OPT_MODE, "mode", "[MODE]", "first line\nsecond line"},
	{OPT_DIR, "a-long-option", "DIR", "where it is"},
	{USAGE_BASH_COMPLETION, "bash-completion", NULL, "print the script"},
};

static const struct usage usage = {
	.program = "my-tool",
	.head = "Usage: my-tool\n\n",
	.tail = "\nThe end.\n",
	.column = 20,
	.nb_options = 5,
	.options = options,
};

static char *
text_of(void (*print)(const struct usage *, FILE *), const struct usage *what)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	print(what, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* What bash offers for the last of the words, sorted, separated by blanks. */
static char *
complete(const struct usage *what, const char *words)
{
	static char answer[512];
	char path[] = "/tmp/usage_test.XXXXXX", command[512];
	int fd = mkstemp(path);
	FILE *script = fdopen(fd, "w"), *bash;
	size_t len;

	assert_non_null(script);
	usage_print_completion(what, script);
	assert_int_equal(fclose(script), 0);
	snprintf(command, sizeof(command),
		 "bash -euc 'source %s; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); "
		 "_my_tool || exit; printf \"%%s\\n\" \"${COMPREPLY[*]}\"' 2>&1",
		 path, words);
	bash = popen(command, "r");
	assert_non_null(bash);
	len = fread(answer, 1, sizeof(answer) - 1, bash);
	answer[len] = '\0';
	assert_int_equal(pclose(bash), 0);
	unlink(path);
	return answer;
}

static void
help_lists_every_option_with_its_description_in_one_column(void **state)
{
	char *text = text_of(usage_print, &usage);

	(void)state;
	assert_string_equal(text, "Usage: my-tool\n"
				  "\n"
				  "  -n COUNT          how many\n"
				  "  -f, --file FILE   what to read\n"
				  "  --mode [MODE]     first line\n"
				  "                    second line\n"
				  "  --a-long-option DIR\n"
				  "                    where it is\n"
				  "  --bash-completion print the script\n"
				  "\n"
				  "The end.\n");
	free(text);
}

static unsigned int
indent_of_names(const struct usage_option *option)
{
	return usage_has_letter(option) ? 0 : 4;
}

static void
help_indents_what_the_program_wants_indented(void **state)
{
	struct usage indented = usage;
	char *text;

	(void)state;
	indented.indent = indent_of_names;
	indented.nb_options = 3;
	text = text_of(usage_print, &indented);
	assert_non_null(strstr(text, "\n  -f, --file FILE   what to read\n"
				     "      --mode [MODE] first line\n"
				     "                    second line\n"));
	free(text);
}

static void
options_format_as_their_shortest_form(void **state)
{
	char text[32];

	(void)state;
	usage_format(&options[1], text, sizeof(text));
	assert_string_equal(text, "-f");
	usage_format(&options[2], text, sizeof(text));
	assert_string_equal(text, "--mode");
}

static void
completion_offers_every_form_of_every_option(void **state)
{
	(void)state;
	assert_string_equal(complete(&usage, "my-tool -"),
			    "-n -f --file --mode --a-long-option --bash-completion\n");
	assert_string_equal(complete(&usage, "my-tool -n 3 --m"), "--mode\n");
	assert_string_equal(complete(&usage, "my-tool --mode --a-"), "--a-long-option\n");
}

static void
completion_offers_no_options_where_a_value_is_due(void **state)
{
	(void)state;
	assert_string_equal(complete(&usage, "my-tool -n -"), "\n");
	assert_string_equal(complete(&usage, "my-tool -f /proc/self/cmdl"), "/proc/self/cmdline\n");
	assert_string_equal(complete(&usage, "my-tool --file = /proc/self/cmdl"),
			    "/proc/self/cmdline\n");
	assert_string_equal(complete(&usage, "my-tool --a-long-option /proc/self/tas"),
			    "/proc/self/task\n");
	assert_string_equal(complete(&usage, "my-tool --a-long-option /proc/self/cmdl"), "\n");
}

static void
completion_leaves_words_before_the_dashes_to_others(void **state)
{
	struct usage dashed = usage;

	(void)state;
	dashed.foreign = "-n --foreign";
	assert_string_equal(complete(&dashed, "my-tool -"), "-n --foreign --\n");
	assert_string_equal(complete(&dashed, "my-tool -f -"), "-n --foreign --\n");
	assert_string_equal(complete(&dashed, "my-tool --foreign -- --m"), "--mode\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help_lists_every_option_with_its_description_in_one_column),
		cmocka_unit_test(help_indents_what_the_program_wants_indented),
		cmocka_unit_test(options_format_as_their_shortest_form),
		cmocka_unit_test(completion_offers_every_form_of_every_option),
		cmocka_unit_test(completion_offers_no_options_where_a_value_is_due),
		cmocka_unit_test(completion_leaves_words_before_the_dashes_to_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
