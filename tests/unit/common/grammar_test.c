/* SPDX-License-Identifier: BSD-3-Clause */
/* Grammar lines: parsing, matching and what the user reads when words do not fit. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "grammar.h"

#define FORMS_MAX 8

static char error[512];

static struct grammar *
parse(const char *text)
{
	struct grammar *grammar;

	if (grammar_parse(text, &grammar, error, sizeof(error)) < 0)
		fail_msg("%s", error);
	return grammar;
}

static void
assert_malformed(const char *text, const char *expected)
{
	struct grammar *grammar = NULL;

	assert_int_equal(grammar_parse(text, &grammar, error, sizeof(error)), -EINVAL);
	assert_string_equal(error, expected);
	assert_null(grammar);
}

/* What matching a line against forms of its verb says: the number of the form, or the text. */
static const char *
match(const char *const *lines, const char *command)
{
	struct grammar *forms[FORMS_MAX];
	const char *words[16];
	char text[512];
	unsigned int nb_forms = 0, form;
	int nb_words;

	snprintf(text, sizeof(text), "%s", command);
	nb_words = grammar_split(text, words, 16);
	assert_in_range(nb_words, 1, 16);
	for (; lines[nb_forms] != NULL; nb_forms++)
		forms[nb_forms] = parse(lines[nb_forms]);
	if (grammar_match(forms, nb_forms, words + 1, nb_words - 1, &form, error, sizeof(error)) ==
	    0)
		snprintf(error, sizeof(error), "form %u", form);
	while (nb_forms-- > 0)
		grammar_free(forms[nb_forms]);
	return error;
}

static const char *const component[] = {
	"component <action:start> <component name:NAME> <core:CORE> <component type:NAME>",
	"component <action:stop> <component name:NAME>",
	NULL,
};

static const char *const port[] = {
	"port <action:add|del> <port:RES_UID> <port rxtx:rx|tx> <component name:NAME>",
	"port <action:add> <port:RES_UID> <port rxtx:rx|tx> <component name:NAME> "
	"<port vlan operation:del_vlantag>",
	"port <action:add> <port:RES_UID> <port rxtx:rx|tx> <component name:NAME> "
	"<port vlan operation:add_vlantag> <port vid:VID> <port pcp:PCP>",
	NULL,
};

static const char *const table[] = {
	"classifier_table <action:add|del> <type:mac> <mac address:MAC_ADDR|default> "
	"<port:RES_UID>",
	"classifier_table <action:add|del> <type:vlan> <vlan id:VID> "
	"<mac address:MAC_ADDR|default> <port:RES_UID>",
	NULL,
};

static void
parses_a_verb_and_its_arguments(void **state)
{
	struct grammar *grammar = parse(table[0]);
	enum grammar_kind kind;
	const char *word;

	(void)state;
	assert_string_equal(grammar_verb(grammar), "classifier_table");
	assert_int_equal(grammar_nb_args(grammar), 4);
	assert_string_equal(grammar_arg_name(grammar, 0), "action");
	assert_string_equal(grammar_arg_name(grammar, 2), "mac address");
	assert_true(grammar_arg_alternative(grammar, 0, 1, &kind, &word));
	assert_int_equal(kind, GRAMMAR_LITERAL);
	assert_string_equal(word, "del");
	assert_true(grammar_arg_alternative(grammar, 2, 0, &kind, &word));
	assert_int_equal(kind, GRAMMAR_MAC_ADDR);
	assert_string_equal(word, "MAC_ADDR");
	assert_false(grammar_arg_alternative(grammar, 2, 2, &kind, &word));
	assert_false(grammar_arg_alternative(grammar, 4, 0, &kind, &word));
	grammar_free(grammar);
}

static void
parses_a_verb_alone_and_options_without_verb(void **state)
{
	struct grammar *grammar = parse("  _get_client_id ");

	(void)state;
	assert_string_equal(grammar_verb(grammar), "_get_client_id");
	assert_int_equal(grammar_nb_args(grammar), 0);
	grammar_free(grammar);
	grammar = parse("<rx_queues:UNSIGNED_INT>  <mode:a|b>");
	assert_string_equal(grammar_verb(grammar), "");
	assert_int_equal(grammar_nb_args(grammar), 2);
	grammar_free(grammar);
	grammar = parse("");
	assert_string_equal(grammar_verb(grammar), "");
	grammar_free(grammar);
	grammar_free(NULL);
}

static void
malformed_lines_are_quoted_and_explained(void **state)
{
	(void)state;
	assert_malformed("a@b", "grammar 'a@b': 'a@b' is not a verb");
	assert_malformed("v rest",
			 "grammar 'v rest': 'rest' is not an argument, write <name:kinds>");
	assert_malformed("v <a:b", "grammar 'v <a:b': '<a:b' has no closing '>'");
	assert_malformed("v <a>", "grammar 'v <a>': argument <a> has no kinds, write <name:kinds>");
	assert_malformed("v <a:b><c:d>", "grammar 'v <a:b><c:d>': no blank before '<c:d>'");
	assert_malformed("v <a:b> <a:c>",
			 "grammar 'v <a:b> <a:c>': two arguments have the name 'a'");
	assert_malformed("v <a:>", "grammar 'v <a:>': '' is neither a kind nor a lower case word");
	assert_malformed("v <a:b|>",
			 "grammar 'v <a:b|>': '' is neither a kind nor a lower case word");
	assert_malformed("v <a:MAC>",
			 "grammar 'v <a:MAC>': 'MAC' is neither a kind nor a lower case word");
	assert_malformed("v <:b>",
			 "grammar 'v <:b>': '' is not the name of an argument (1 to 31 of "
			 "a-z, 0-9, '_', '.', '-' and blank)");
	assert_malformed("v <a :b>",
			 "grammar 'v <a :b>': 'a ' is not the name of an argument (1 to 31 of "
			 "a-z, 0-9, '_', '.', '-' and blank)");
	assert_malformed("v <abcdefghijklmnopqrstuvwxyz012345:b>",
			 "grammar 'v <abcdefghijklmnopqrstuvwxyz012345:b>': "
			 "'abcdefghijklmnopqrstuvwxyz012345' is not the name of an argument (1 to "
			 "31 of a-z, 0-9, '_', '.', '-' and blank)");
}

static void
a_line_has_16_arguments_at_most(void **state)
{
	char text[256] = "v";
	struct grammar *grammar;

	(void)state;
	for (int i = 0; i < GRAMMAR_ARGS_MAX; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), " <a%d:b>", i);
	grammar = parse(text);
	assert_int_equal(grammar_nb_args(grammar), GRAMMAR_ARGS_MAX);
	grammar_free(grammar);
	strcat(text, " <x:b>");
	assert_int_equal(grammar_parse(text, &grammar, error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, "': more than 16 arguments"));
}

static void
assert_accepts(const char *kind, const char *word, int expected)
{
	char line[64];
	struct grammar *grammar;

	snprintf(line, sizeof(line), "<x:%s>", kind);
	grammar = parse(line);
	if (grammar_arg_accepts(grammar, 0, word) != expected)
		fail_msg("%s %s '%s'", kind, expected ? "refuses" : "accepts", word);
	grammar_free(grammar);
}

static void
kinds_accept_what_they_say(void **state)
{
	static const struct {
		const char *kind, *good[4], *bad[6];
	} cases[] = {
		{"add", {"add"}, {"", "ad", "addd", "Add"}},
		{"NAME",
		 {"a", "A.b_c-9", "abcdefghijklmnopqrstuvwxyz01234"},
		 {"", "a b", "a/b", "abcdefghijklmnopqrstuvwxyz012345", "\xc3\xa9"}},
		{"RES_UID", {"ring:0", "phy:0nq1", "phy:0 nq 1"}, {"", "ring", "ring:", "ring:x"}},
		{"MAC_ADDR", {"52:54:00:12:34:56"}, {"", "52:54:00:12:34", "default"}},
		{"CORE",
		 {"0", "127", "010"},
		 {"", "128", "-1", "0x1", "1 ", "99999999999999999999"}},
		{"VID", {"0", "4094"}, {"", "4095", "-1", "a"}},
		{"PCP", {"0", "7"}, {"", "8", "7a"}},
		{"UNSIGNED_INT",
		 {"0", "9223372036854775807"},
		 {"", "9223372036854775808", "18446744073709551616", "1.5", "+1"}},
		{"WORD", {"x", "/tmp/\xc3\xa9=", "<>"}, {"", "a b", "a\tb", "a\x7f"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t k = 0; k < 4 && cases[i].good[k] != NULL; k++)
			assert_accepts(cases[i].kind, cases[i].good[k], 1);
		for (size_t k = 0; k < 6 && cases[i].bad[k] != NULL; k++)
			assert_accepts(cases[i].kind, cases[i].bad[k], 0);
	}
}

static void
the_form_that_fits_is_chosen(void **state)
{
	(void)state;
	assert_string_equal(match(component, "component start cls 3 forward"), "form 0");
	assert_string_equal(match(component, "component stop cls"), "form 1");
	assert_string_equal(match(port, "port del phy:0nq1 rx cls"), "form 0");
	assert_string_equal(match(port, "port add ring:0 tx cls del_vlantag"), "form 1");
	assert_string_equal(match(port, "port add ring:0 tx cls add_vlantag 100 3"), "form 2");
	assert_string_equal(match(table, "classifier_table add vlan 4094 default ring:0"),
			    "form 1");
}

static void
a_wrong_number_of_words_shows_the_forms_meant(void **state)
{
	static const char *const status[] = {"status", NULL};

	(void)state;
	assert_string_equal(match(status, "status now"),
			    "Wrong message format: 2 words; write 'status'");
	assert_string_equal(match(component, "component stop"),
			    "Wrong message format: 2 words; write 'component stop <component "
			    "name>'");
	assert_string_equal(match(component, "component"),
			    "Wrong message format: 1 word; write 'component start <component "
			    "name> <core> <component type>' or 'component stop <component name>'");
	assert_string_equal(match(component, "component start cls 3"),
			    "Wrong message format: 4 words; write 'component start <component "
			    "name> <core> <component type>'");
	assert_string_equal(match(port, "port add phy:0"),
			    "Wrong message format: 3 words; write "
			    "'port add|del <port> rx|tx <component name>' or "
			    "'port add <port> rx|tx <component name> del_vlantag' or "
			    "'port add <port> rx|tx <component name> add_vlantag <port vid> "
			    "<port pcp>'");
	assert_string_equal(match(table, "classifier_table add vlan 100 default"),
			    "Wrong message format: 5 words; write 'classifier_table add|del vlan "
			    "<vlan id> <mac address>|default <port>'");
}

static void
a_sentence_quotes_four_forms_at_most(void **state)
{
	static const char *const counter[] = {"count <a:WORD>",
					      "count <a:WORD> <b:WORD>",
					      "count <a:WORD> <b:WORD> <c:WORD>",
					      "count <a:WORD> <b:WORD> <c:WORD> <d:WORD>",
					      "count <a:WORD> <b:WORD> <c:WORD> <d:WORD> <e:WORD>",
					      NULL};

	(void)state;
	assert_string_equal(match(&counter[1], "count"),
			    "Wrong message format: 1 word; write 'count <a> <b>' or "
			    "'count <a> <b> <c>' or 'count <a> <b> <c> <d>' or "
			    "'count <a> <b> <c> <d> <e>'");
	assert_string_equal(match(counter, "count"),
			    "Wrong message format: 1 word; write 'count <a>' or 'count <a> <b>' or "
			    "'count <a> <b> <c>' or 'count <a> <b> <c> <d>' or another form that "
			    "'verbs' lists");
}

static void
too_many_words_for_one_form_are_not_blamed_on_another(void **state)
{
	(void)state;
	assert_string_equal(match(component, "component stop cls 3 forward"),
			    "Wrong message format: 5 words; write 'component stop <component "
			    "name>'");
	assert_string_equal(match(port, "port add ring:0 tx cls add_vlantag"),
			    "Wrong message format: 6 words; write 'port add <port> rx|tx "
			    "<component name> add_vlantag <port vid> <port pcp>'");
}

static void
the_first_word_that_does_not_fit_is_explained(void **state)
{
	static const char *const split[] = {"t <action:add> <x:WORD>", "t <action:del> <x:WORD>",
					    "t <action:set|add> <x:WORD>", NULL};

	(void)state;
	assert_string_equal(match(table, "classifier_table ad mac default ring:0"),
			    "Invalid value (action): 'ad' is not add or del");
	assert_string_equal(match(split, "t foo 1"),
			    "Invalid value (action): 'foo' is not add, del or set");
	assert_string_equal(match(table, "classifier_table add ip default ring:0"),
			    "Invalid value (type): 'ip' is not mac or vlan");
	assert_string_equal(match(table, "classifier_table add mac 52-54-00-12-34-56 ring:0"),
			    "Invalid value (mac address): '52-54-00-12-34-56' is not a MAC address "
			    "(such as 52:54:00:12:34:56) or default");
	assert_string_equal(match(table, "classifier_table add vlan 4095 default ring:0"),
			    "Invalid value (vlan id): '4095' is not a VLAN id (0 to 4094)");
	assert_string_equal(match(component, "component start a/b 3 forward"),
			    "Invalid value (component name): 'a/b' is not a name (1 to 31 of A-Z, "
			    "a-z, 0-9, '_', '.' and '-')");
	assert_string_equal(match(component, "component start cls 128 forward"),
			    "Invalid value (core): '128' is not an lcore id (0 to 127)");
	assert_string_equal(
		match(port, "port add ring: rx cls"),
		"Invalid value (port): 'ring:' is not a port (TYPE:NUMBER, with a queue "
		"TYPE:NUMBERnqQUEUE)");
	assert_string_equal(match(port, "port add ring:0 xr cls"),
			    "Invalid value (port rxtx): 'xr' is not rx or tx");
	assert_string_equal(match(port, "port add ring:0 rx cls add_vlantag 1 8"),
			    "Invalid value (port pcp): '8' is not a priority (0 to 7)");
	assert_string_equal(
		match(port, "port add ring:0 rx cls vlan 1 7"),
		"Invalid value (port vlan operation): 'vlan' is not del_vlantag or add_vlantag");
}

static void
numbers_and_words_are_explained(void **state)
{
	static const char *const number[] = {"n <count:UNSIGNED_INT>", NULL};
	static const char *const word[] = {"<file:WORD>", NULL};
	const char *words[] = {"a b"};
	struct grammar *form = parse(word[0]);
	unsigned int chosen;

	(void)state;
	assert_string_equal(match(number, "n -1"), "Invalid value (count): '-1' is not a decimal "
						   "number (0 to 9223372036854775807)");
	assert_int_equal(grammar_match(&form, 1, words, 1, &chosen, error, sizeof(error)), -EINVAL);
	assert_string_equal(error, "Invalid value (file): 'a b' is not a word without blanks");
	grammar_free(form);
}

static void
a_long_word_is_quoted_in_part(void **state)
{
	(void)state;
	assert_string_equal(
		match(component,
		      "component "
		      "0123456789012345678901234567890123456789012345678901234567890 cls"),
		"Invalid value (action): '012345678901234567890123456789012345678901234567...' is "
		"not start or stop");
}

static void
a_text_without_room_ends_with_dots(void **state)
{
	struct grammar *form = parse("status");
	const char *words[] = {"now"};
	char small[24], none[1] = {'x'};
	unsigned int chosen;

	(void)state;
	assert_int_equal(grammar_match(&form, 1, words, 1, &chosen, small, sizeof(small)), -EINVAL);
	assert_string_equal(small, "Wrong message format...");
	assert_int_equal(grammar_match(&form, 1, words, 1, &chosen, none, 1), -EINVAL);
	assert_string_equal(none, "");
	grammar_free(form);
}

static void
splits_at_blanks_in_place(void **state)
{
	char line[] = "  port  add ring:0 ";
	char empty[] = "   ";
	const char *words[3];

	(void)state;
	assert_int_equal(grammar_split(line, words, 3), 3);
	assert_string_equal(words[0], "port");
	assert_string_equal(words[1], "add");
	assert_string_equal(words[2], "ring:0");
	assert_int_equal(grammar_split(empty, words, 3), 0);
}

static void
splitting_refuses_too_many_words_and_unprintable_bytes(void **state)
{
	char many[] = "a b c d";
	char tab[] = "a\tb";
	char del[] = "a\x7f";
	char utf8[] = "\xc3\xa9";
	const char *words[3];

	(void)state;
	assert_int_equal(grammar_split(many, words, 3), -E2BIG);
	assert_int_equal(grammar_split(tab, words, 3), -EINVAL);
	assert_int_equal(grammar_split(del, words, 3), -EINVAL);
	assert_int_equal(grammar_split(utf8, words, 3), -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_a_verb_and_its_arguments),
		cmocka_unit_test(parses_a_verb_alone_and_options_without_verb),
		cmocka_unit_test(malformed_lines_are_quoted_and_explained),
		cmocka_unit_test(a_line_has_16_arguments_at_most),
		cmocka_unit_test(kinds_accept_what_they_say),
		cmocka_unit_test(the_form_that_fits_is_chosen),
		cmocka_unit_test(a_wrong_number_of_words_shows_the_forms_meant),
		cmocka_unit_test(a_sentence_quotes_four_forms_at_most),
		cmocka_unit_test(too_many_words_for_one_form_are_not_blamed_on_another),
		cmocka_unit_test(the_first_word_that_does_not_fit_is_explained),
		cmocka_unit_test(numbers_and_words_are_explained),
		cmocka_unit_test(a_long_word_is_quoted_in_part),
		cmocka_unit_test(a_text_without_room_ends_with_dots),
		cmocka_unit_test(splits_at_blanks_in_place),
		cmocka_unit_test(splitting_refuses_too_many_words_and_unprintable_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
