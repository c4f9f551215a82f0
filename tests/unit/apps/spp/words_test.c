/* SPDX-License-Identifier: BSD-3-Clause */
/* Words of a line and small texts. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

static void
runs_of_blanks_count_as_one(void **state)
{
	struct words words;

	(void)state;
	assert_int_equal(words_split(&words, "  a\t b  c \r\n"), 0);
	assert_int_equal(words.nb, 3);
	assert_string_equal(words_at(&words, 0), "a");
	assert_string_equal(words_at(&words, 2), "c");
	assert_null(words_at(&words, 3));
	assert_null(words.word[3]);
	words_free(&words);
	assert_int_equal(words_split(&words, ""), 0);
	assert_int_equal(words.nb, 0);
	words_free(&words);
}

static void
too_many_words_are_refused(void **state)
{
	char text[2 * WORDS_MAX + 3] = "";
	struct words words;

	(void)state;
	for (unsigned int i = 0; i < WORDS_MAX; i++)
		strcat(text, "a ");
	assert_int_equal(words_split(&words, text), 0);
	assert_int_equal(words.nb, WORDS_MAX);
	words_free(&words);
	strcat(text, "a");
	assert_int_equal(words_split(&words, text), -E2BIG);
	assert_int_equal(words.nb, 0);
	words_free(&words);
}

static void
a_queue_becomes_part_of_its_port(void **state)
{
	struct words words;
	char *text;

	(void)state;
	assert_int_equal(words_split(&words, "add phy:0   nq  12 rx cls"), 0);
	assert_int_equal(words_join_queue(&words, 1), 0);
	text = words_join(&words);
	assert_string_equal(text, "add phy:0nq12 rx cls");
	free(text);
	assert_int_equal(words_join_queue(&words, 2), 0);
	assert_int_equal(words.nb, 4);
	words_free(&words);
	assert_int_equal(words_split(&words, "phy:0 nq x"), 0);
	assert_int_equal(words_join_queue(&words, 0), -EINVAL);
	assert_int_equal(words_join_queue(&words, 2), 0);
	words_free(&words);
	assert_int_equal(words_split(&words, "phy:0 nq"), 0);
	assert_int_equal(words_join_queue(&words, 0), -EINVAL);
	words_free(&words);
}

static void
integers_are_read_whole_or_not_at_all(void **state)
{
	int64_t value = 7;

	(void)state;
	assert_int_equal(text_integer("-12", &value), 0);
	assert_int_equal(value, -12);
	assert_int_equal(text_integer("007", &value), 0);
	assert_int_equal(value, 7);
	for (unsigned int i = 0; i < 6; i++) {
		static const char *const bad[] = {"",    "-",  "1x",
						  "0x1", "+1", "1234567890123456789"};

		assert_int_equal(text_integer(bad[i], &value), -EINVAL);
	}
	assert_int_equal(value, 7);
}

static void
texts_are_stripped_and_sanitized(void **state)
{
	char text[] = " \ta\033[2J\nb \r\n", nothing[] = " \n";

	(void)state;
	assert_string_equal(text_strip(nothing), "");
	text_sanitize(text_strip(text));
	assert_string_equal(text_strip(text), "a?[2J b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_of_blanks_count_as_one),
		cmocka_unit_test(too_many_words_are_refused),
		cmocka_unit_test(a_queue_becomes_part_of_its_port),
		cmocka_unit_test(integers_are_read_whole_or_not_at_all),
		cmocka_unit_test(texts_are_stripped_and_sanitized),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
