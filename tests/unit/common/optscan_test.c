/* SPDX-License-Identifier: BSD-3-Clause */
/* Options one after the other, in each way that a program may want them written. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "optscan.h"

enum { OPT_DIR = USAGE_OWN, OPT_QUEUES, OPT_DIRT };

static const struct usage_option options[] = {
	{'q', "quiet", NULL, "no value"},
	{'n', NULL, "COUNT", "a value"},
	{OPT_DIR, "dir", "DIR", "a value"},
	{'b', "bind", "[ADDR]", "a value that may be left out"},
	{OPT_QUEUES, "queues", "N rxq A", "a value of several words"},
	{OPT_DIRT, "dirt", NULL, "a name that begins like another"},
};

static const struct usage usage = {
	.program = "tool",
	.nb_options = sizeof(options) / sizeof(options[0]),
	.options = options,
};

static struct optscan scan;

static void
begin(unsigned int how, const char *const *words)
{
	int argc = 0;

	while (words[argc] != NULL)
		argc++;
	optscan_begin(&scan, &usage, how, argc, (char *const *)words);
}

#define BEGIN(how, ...) begin(how, (const char *const[]){"tool", __VA_ARGS__, NULL})

/* The next option has that id and, unless value is NULL, that value. */
static void
expect(int id, const char *value)
{
	assert_int_equal(optscan_next(&scan), id);
	if (value == NULL)
		assert_null(scan.value);
	else
		assert_string_equal(scan.value, value);
}

/* The next word is wrong, and named. */
static void
expect_wrong(int how, const char *word)
{
	assert_int_equal(optscan_next(&scan), how);
	assert_string_equal(scan.word, word);
}

static void
no_words_are_the_end(void **state)
{
	static char *const nothing[] = {NULL};

	(void)state;
	begin(0, (const char *const[]){"tool", NULL});
	expect(OPTSCAN_END, NULL);
	expect(OPTSCAN_END, NULL);
	optscan_begin(&scan, &usage, 0, 0, nothing);
	expect(OPTSCAN_END, NULL);
	assert_null(optscan_word(&scan));
}

static void
values_come_in_every_spelling(void **state)
{
	(void)state;
	BEGIN(0, "-n", "1", "-n2", "--dir", "/x", "--dir=/y=z", "--quiet", "-q", "--dir=", "-n",
	      "");
	expect('n', "1");
	expect('n', "2");
	expect(OPT_DIR, "/x");
	expect(OPT_DIR, "/y=z");
	expect('q', NULL);
	expect('q', NULL);
	expect(OPT_DIR, "");
	expect('n', "");
	expect(OPTSCAN_END, NULL);
}

static void
a_value_that_may_be_left_out_is_the_next_word_unless_that_is_an_option(void **state)
{
	(void)state;
	for (unsigned int how = 0; how <= (OPTSCAN_WHOLE | OPTSCAN_NO_DASH); how++) {
		BEGIN(how, "-b", "-q", "--bind", "one", "-btwo", "--bind=three", "-b", "", "-b");
		expect('b', NULL);
		expect('q', NULL);
		expect('b', "one");
		expect('b', "two");
		expect('b', "three");
		expect('b', "");
		expect('b', NULL);
		expect(OPTSCAN_END, NULL);
	}
}

static void
a_value_of_several_words_is_the_callers_to_take(void **state)
{
	(void)state;
	BEGIN(0, "--queues", "0", "rxq", "-1", "-q", "--queues");
	expect(OPT_QUEUES, NULL);
	assert_string_equal(optscan_word(&scan), "0");
	assert_string_equal(optscan_word(&scan), "rxq");
	assert_string_equal(optscan_word(&scan), "-1");
	expect('q', NULL);
	expect(OPT_QUEUES, NULL);
	assert_null(optscan_word(&scan));
	expect(OPTSCAN_END, NULL);
}

static void
words_that_are_no_options_come_in_their_place(void **state)
{
	(void)state;
	BEGIN(0, "a", "-q", "-", "", "-n", "3");
	expect(OPTSCAN_WORD, "a");
	expect('q', NULL);
	expect(OPTSCAN_WORD, "-");
	expect(OPTSCAN_WORD, "");
	expect('n', "3");
	expect(OPTSCAN_END, NULL);
}

static void
what_follows_the_dashes_is_the_callers(void **state)
{
	(void)state;
	for (unsigned int how = 0; how <= OPTSCAN_WHOLE; how += OPTSCAN_WHOLE) {
		BEGIN(how, "-b", "--", "-q", "a");
		expect('b', NULL);
		expect(OPTSCAN_REST, NULL);
		assert_int_equal(scan.next, 3);
		assert_string_equal(optscan_word(&scan), "-q");
		assert_string_equal(optscan_word(&scan), "a");
		assert_null(optscan_word(&scan));
		expect(OPTSCAN_END, NULL);
	}
}

static void
what_is_wrong_is_named_by_its_word(void **state)
{
	(void)state;
	BEGIN(0, "-x", "--none", "--quiet=1", "-qxq", "-n");
	expect_wrong(OPTSCAN_UNKNOWN, "-x");
	expect_wrong(OPTSCAN_UNKNOWN, "--none");
	expect_wrong(OPTSCAN_UNKNOWN, "--quiet=1");
	expect('q', NULL);
	expect_wrong(OPTSCAN_UNKNOWN, "-qxq");
	expect('q', NULL);
	expect_wrong(OPTSCAN_NO_VALUE, "-n");
	BEGIN(0, "-q", "--dir");
	expect('q', NULL);
	expect_wrong(OPTSCAN_NO_VALUE, "--dir");
}

static void
names_may_be_short_and_letters_together_unless_words_are_whole(void **state)
{
	(void)state;
	BEGIN(0, "--qui", "-qqn5", "--di", "--dir", "x");
	expect('q', NULL);
	expect('q', NULL);
	expect('q', NULL);
	expect('n', "5");
	expect_wrong(OPTSCAN_UNKNOWN, "--di");
	expect(OPT_DIR, "x");
	BEGIN(OPTSCAN_WHOLE, "--qui", "-qq", "--quiets", "--=", "-n5", "--dir=x", "--dirt");
	expect_wrong(OPTSCAN_UNKNOWN, "--qui");
	expect_wrong(OPTSCAN_UNKNOWN, "-qq");
	expect_wrong(OPTSCAN_UNKNOWN, "--quiets");
	expect_wrong(OPTSCAN_UNKNOWN, "--=");
	expect('n', "5");
	expect(OPT_DIR, "x");
	expect(OPT_DIRT, NULL);
	BEGIN(OPTSCAN_WHOLE, "--dirt=1");
	expect_wrong(OPTSCAN_UNKNOWN, "--dirt=1");
}

static void
a_value_may_begin_with_a_dash_unless_the_program_refuses(void **state)
{
	(void)state;
	BEGIN(OPTSCAN_WHOLE, "-n", "-q", "--dir", "--");
	expect('n', "-q");
	expect(OPT_DIR, "--");
	expect(OPTSCAN_END, NULL);
	BEGIN(OPTSCAN_WHOLE | OPTSCAN_NO_DASH, "-n-1", "--dir=-", "-n", "-1");
	expect('n', "-1");
	expect(OPT_DIR, "-");
	expect_wrong(OPTSCAN_NO_VALUE, "-n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_words_are_the_end),
		cmocka_unit_test(values_come_in_every_spelling),
		cmocka_unit_test(
			a_value_that_may_be_left_out_is_the_next_word_unless_that_is_an_option),
		cmocka_unit_test(a_value_of_several_words_is_the_callers_to_take),
		cmocka_unit_test(words_that_are_no_options_come_in_their_place),
		cmocka_unit_test(what_follows_the_dashes_is_the_callers),
		cmocka_unit_test(what_is_wrong_is_named_by_its_word),
		cmocka_unit_test(names_may_be_short_and_letters_together_unless_words_are_whole),
		cmocka_unit_test(a_value_may_begin_with_a_dash_unless_the_program_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
