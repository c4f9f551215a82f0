/* SPDX-License-Identifier: BSD-3-Clause */
/* The text that libconfuse gets: tokens and lines, and what is refused before. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_text.h"
#include "error.h"

static void
assert_clean(const char *text, const char *expected)
{
	char *clean = NULL;

	error_clear();
	if (config_text_clean(text, "panel.conf", &clean) != 0)
		print_error("refused: %s\n", error_sentence(-EINVAL));
	assert_non_null(clean);
	assert_string_equal(clean, expected);
	free(clean);
}

static void
assert_refused(const char *text, const char *sentence)
{
	char *clean;

	error_clear();
	assert_int_equal(config_text_clean(text, "panel.conf", &clean), -EINVAL);
	assert_string_equal(error_sentence(-EINVAL), sentence);
}

/* What comes out */

static void
values_and_names_get_their_lines(void **state)
{
	(void)state;
	assert_clean("", "");
	assert_clean("rings = 4", "rings = 1:4 ");
	assert_clean("\r\n\t rings\n=\n4\nplugin_dir=\"/a b\"",
		     "rings = 4:4 plugin_dir = \"5:/a b\" ");
	assert_clean("idle \"3\"\n{ policy = 'busy' }\nport wire { }",
		     "idle \"1:3\" { policy = '2:busy' } port 3:wire { } ");
	assert_clean("commands = {\"a\",\n'b',\n}\ncommands += c",
		     "commands = { \"1:a\" , '2:b' , } commands += 4:c ");
}

static void
comments_count_their_lines_and_vanish(void **state)
{
	(void)state;
	assert_clean("# one\n/* two\n * three */ rings /**/ = # three\n/***/ 4 /* end */",
		     "rings = 4:4 ");
	assert_clean("commands = { # first\n\"a\" /* a\n*/, \"b\" }",
		     "commands = { \"2:a\" , \"3:b\" } ");
	assert_clean("plugin_dir = /a/b/* no part of it */", "plugin_dir = 1:/a/b ");
	assert_clean("plugin_dir = \"# /* a */\"", "plugin_dir = \"1:# /* a */\" ");
}

static void
texts_keep_their_escapes(void **state)
{
	(void)state;
	assert_clean("plugin_dir = \"a\\\"\\\\\"", "plugin_dir = \"1:a\\\"\\\\\" ");
	assert_clean("plugin_dir = '${HOME}\\''", "plugin_dir = '1:${HOME}\\'' ");
	assert_refused("plugin_dir = 'a\\\"'", "panel.conf:1: a backslash in a text stands only "
					       "before a quote or another backslash");
	assert_refused("plugin_dir = \"\\", "panel.conf:1: a backslash in a text stands only "
					    "before a quote or another backslash");
}

/* What is refused */

static void
comments_and_braces_have_an_end(void **state)
{
	(void)state;
	assert_refused("rings = 4\n/* a\n/* b", "panel.conf:2: the comment that begins here has "
						"no end");
	assert_refused("/*/", "panel.conf:1: the comment that begins here has no end");
	assert_refused("port \"a\" {\n}\n}", "panel.conf:3: unexpected closing brace");
	assert_refused("port \"a\" { options = {x\n\n# end",
		       "panel.conf:1: the file ends after this line, but a '}' is missing");
	assert_refused("port \"a\" { options = {x}\n/* } */",
		       "panel.conf:1: the file ends after this line, but a '}' is missing");
	assert_refused("commands =\n{\n",
		       "panel.conf:2: the file ends after this line, but a '}' is missing");
}

static void
tokens_are_refused_out_of_order(void **state)
{
	static const struct {
		const char *text, *sentence;
	} wrong[] = {
		{"= 4", "unexpected token '='"},
		{"{", "unexpected token '{'"},
		{"\"rings\" = 4", "a key is not quoted"},
		{"rings 4", "'=' is missing after 'rings'"},
		{"commands \"a\"", "'=' is missing after 'commands'"},
		{"rings += 4", "'+=' needs a list, 'rings' is none"},
		{"rings = =", "unexpected token '='"},
		{"rings = {4}", "unexpected token '{'"},
		{"rings = 4 5", "there is no key '5' here"},
		{"commands = {\"a\" \"b\"}", "unexpected token 'b'"},
		{"commands = {,}", "unexpected token ','"},
		{"commands = {{", "unexpected token '{'"},
		{"idle { }", "'idle' is not followed by a name in quotes"},
		{"idle = 4", "'idle' is not followed by a name in quotes"},
		{"idle \"3\" = 4", "'{' is missing after 'idle' and its name"},
		{"idle \"3\" { idle \"4\" { } }", "there is no key 'idle' here"},
		{"port \"a\" { rings = 4 }", "there is no key 'rings' here"},
		{"ring = 4", "there is no key 'ring' here"},
		{"rings", "the file ends where a value or a '}' is missing"},
		{"rings =", "the file ends where a value or a '}' is missing"},
		{"port", "the file ends where a value or a '}' is missing"},
		{"port \"a\"", "the file ends where a value or a '}' is missing"},
	};
	char text[64], sentence[128];

	(void)state;
	for (unsigned int i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(text, sizeof(text), "\n%s\n\n", wrong[i].text);
		snprintf(sentence, sizeof(sentence), "panel.conf:2: %s", wrong[i].sentence);
		assert_refused(text, sentence);
	}
}

static void
long_tokens_are_shortened_in_sentences(void **state)
{
	static const char x100[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
				   "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
	char text[256], sentence[256];

	(void)state;
	snprintf(text, sizeof(text), "%s = 4", x100);
	snprintf(sentence, sizeof(sentence), "panel.conf:1: there is no key '%.64s' here", x100);
	assert_refused(text, sentence);
	snprintf(text, sizeof(text), "commands = {a \"%s\"}", x100);
	snprintf(sentence, sizeof(sentence), "panel.conf:1: unexpected token '%.64s'", x100);
	assert_refused(text, sentence);
}

static void
keys_are_set_once_in_each_section(void **state)
{
	(void)state;
	assert_clean("port a { options = {} } port b { options += {x} options += {y} }",
		     "port 1:a { options = { } } "
		     "port 1:b { options += { 1:x } options += { 1:y } } ");
	assert_refused("commands = {}\ncommands =\n{}", "panel.conf:2: commands: set twice");
	assert_refused("commands += {a}\ncommands = {}", "panel.conf:2: commands: set twice");
	assert_refused("rings = 4 port a { } rings = 4", "panel.conf:1: rings: set twice");
	assert_refused("port 'a b' {\noptions = {}\noptions = {} }",
		       "panel.conf:3: port 'a b': options: set twice");
}

static void
bytes_outside_of_the_syntax_are_refused(void **state)
{
	(void)state;
	assert_refused("rings = 4\n\f", "panel.conf:2: unexpected byte 0x0c");
	assert_refused("r\xc3\xadng = 4", "panel.conf:1: there is no key 'r' here");
	assert_refused("rings = \xc3\xad", "panel.conf:1: unexpected byte 0xc3");
	assert_refused("port a { @ = 4 }", "panel.conf:1: unexpected character '@'; texts are put "
					   "in double quotes");
	assert_refused("plugin_dir = /a//b", "panel.conf:1: unexpected '//'; comments begin with "
					     "'#', texts with a quote");
	assert_refused("plugin_dir = \"a\x7f\"", "panel.conf:1: a text holds a control character");
}

/* Limits */

/* A text of that many x between before and after. */
static char *
x_between(const char *before, size_t nb, const char *after)
{
	char *text = malloc(strlen(before) + nb + strlen(after) + 1);

	assert_non_null(text);
	strcpy(text, before);
	memset(text + strlen(before), 'x', nb);
	strcpy(text + strlen(before) + nb, after);
	return text;
}

static void
texts_and_words_have_a_greatest_length(void **state)
{
	static const struct {
		const char *before, *clean, *after, *sentence;
	} kinds[] = {
		{"plugin_dir = ", "plugin_dir = 1:", " ",
		 "panel.conf:1: this word is longer than 4095 bytes"},
		{"plugin_dir = '", "plugin_dir = '1:", "' ",
		 "panel.conf:1: the text that begins here is longer than 4095 bytes"},
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char *most = x_between(kinds[i].before, CONFIG_STRING_MAX, kinds[i].after);
		char *clean = x_between(kinds[i].clean, CONFIG_STRING_MAX, kinds[i].after);
		char *more = x_between(kinds[i].before, CONFIG_STRING_MAX + 1, kinds[i].after);

		assert_clean(most, clean);
		assert_refused(more, kinds[i].sentence);
		free(more);
		free(clean);
		free(most);
	}
}

static void
sections_have_a_greatest_number(void **state)
{
	char *text = calloc(CONFIG_SECTIONS_MAX + 1, 16), *clean, *end = text;

	(void)state;
	assert_non_null(text);
	for (unsigned int i = 0; i < CONFIG_SECTIONS_MAX; i++)
		end += sprintf(end, "port a { }\n");
	assert_int_equal(config_text_clean(text, "panel.conf", &clean), 0);
	free(clean);
	sprintf(end, "port\na { }");
	assert_refused(text, "panel.conf:4098: there are more than 4096 sections");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_and_names_get_their_lines),
		cmocka_unit_test(comments_count_their_lines_and_vanish),
		cmocka_unit_test(texts_keep_their_escapes),
		cmocka_unit_test(comments_and_braces_have_an_end),
		cmocka_unit_test(tokens_are_refused_out_of_order),
		cmocka_unit_test(long_tokens_are_shortened_in_sentences),
		cmocka_unit_test(keys_are_set_once_in_each_section),
		cmocka_unit_test(bytes_outside_of_the_syntax_are_refused),
		cmocka_unit_test(texts_and_words_have_a_greatest_length),
		cmocka_unit_test(sections_have_a_greatest_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
