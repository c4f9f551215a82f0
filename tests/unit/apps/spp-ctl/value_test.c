/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "value.h"

static void
value_names_are_of_few_characters(void **state)
{
	(void)state;
	assert_true(value_is_name("a"));
	assert_true(value_is_name("A_z.0-9"));
	assert_true(value_is_name("0123456789012345678901234567890"));
	assert_false(value_is_name("01234567890123456789012345678901"));
	assert_false(value_is_name(""));
	assert_false(value_is_name("a b"));
	assert_false(value_is_name("a\n"));
	assert_false(value_is_name("\xc3\xa4"));
}

static void
value_lines_are_printable(void **state)
{
	(void)state;
	assert_true(value_is_line("a b~", true));
	assert_false(value_is_line("a b", false));
	assert_false(value_is_line("", true));
	assert_false(value_is_line("a\n", true));
	assert_false(value_is_line("\x7f", true));
	assert_false(value_is_line("\xc3\xa4", true));
}

static void
check_mac(const char *given, const char *expected)
{
	json_t *body = json_pack("{s:s}", "m", given);
	struct response response = {0};
	char out[VALUE_WORD_SIZE];

	assert_int_equal(value_mac(body, "m", out, &response), expected != NULL);
	if (expected != NULL)
		assert_string_equal(out, expected);
	else
		assert_int_equal(response.status, 400);
	json_decref(body);
}

static void
value_mac_has_one_form_for_all_spellings(void **state)
{
	(void)state;
	check_mac("52:54:00:AB:cd:EF", "52:54:00:ab:cd:ef");
	check_mac("52-54-00-ab-cd-ef", "52:54:00:ab:cd:ef");
	check_mac("525400ABCDEF", "52:54:00:ab:cd:ef");
	check_mac("default", "default");
	check_mac("52:54:00-ab-cd-ef", NULL);
	check_mac("52:54:00:ab:cd", NULL);
	check_mac("5254.00ab.cdef", NULL);
	check_mac("52:54:00:ab:cd:eg", NULL);
	check_mac("52::4:00:ab:cd:ef", NULL);
	check_mac("525400abcde", NULL);
	check_mac("", NULL);
}

static void
check_port(const char *given, const char *expected)
{
	json_t *body = json_pack("{s:s}", "p", given);
	struct response response = {0};
	char word[RES_UID_SIZE];
	struct res_uid port;

	assert_int_equal(value_port(body, "p", &port, &response), expected != NULL);
	if (expected != NULL)
		assert_string_equal(res_uid_format_word(&port, word), expected);
	json_decref(body);
}

static void
value_port_has_the_form_of_commands(void **state)
{
	(void)state;
	check_port("phy:0", "phy:0");
	check_port("phy:0nq1", "phy:0nq1");
	check_port("phy:0 nq 1", "phy:0nq1");
	check_port("memif:99999", "memif:99999");
	check_port("ring:0nq1", NULL);
	check_port("eth:0", NULL);
	check_port("ring:100000", NULL);
	check_port("ring:-1", NULL);
	check_port("ring:0 ", NULL);
	check_port("ring:0 rx cls", NULL);
}

static void
value_int_is_strict(void **state)
{
	json_t *body = json_pack("{s:i, s:b, s:s, s:s, s:f, s:s}", "five", 5, "true", 1, "text",
				 "5", "junk", "5x", "real", 5.0, "huge", "99999999999999999999");
	struct response response = {0};
	json_int_t value = 0;

	(void)state;
	assert_true(value_int(body, "five", false, 5, 5, &value, &response));
	assert_int_equal(value, 5);
	assert_true(value_int(body, "text", true, 0, 9, &value, &response));
	assert_false(value_int(body, "text", false, 0, 9, &value, &response));
	assert_string_equal(response.text, "invalid key(text): 5.");
	assert_false(value_int(body, "five", true, 6, 9, &value, &response));
	assert_false(value_int(body, "five", true, 0, 4, &value, &response));
	assert_false(value_int(body, "true", true, 0, 9, &value, &response));
	assert_string_equal(response.text, "invalid key(true): true.");
	assert_false(value_int(body, "junk", true, 0, 9, &value, &response));
	assert_false(value_int(body, "real", true, 0, 9, &value, &response));
	assert_false(value_int(body, "huge", true, 0, 9, &value, &response));
	assert_false(value_int(body, "none", true, 0, 9, &value, &response));
	assert_string_equal(response.text, "invalid key(none): null.");
	json_decref(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(value_names_are_of_few_characters),
		cmocka_unit_test(value_lines_are_printable),
		cmocka_unit_test(value_mac_has_one_form_for_all_spellings),
		cmocka_unit_test(value_port_has_the_form_of_commands),
		cmocka_unit_test(value_int_is_strict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
