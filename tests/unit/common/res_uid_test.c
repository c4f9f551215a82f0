/* SPDX-License-Identifier: BSD-3-Clause */
/* Resource UIDs as text. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "res_uid.h"

static void
assert_parses(const char *text, const char *type, uint32_t id, int32_t queue)
{
	struct res_uid res_uid;

	assert_int_equal(res_uid_parse(text, &res_uid), 0);
	assert_string_equal(res_uid.type, type);
	assert_int_equal(res_uid.id, id);
	assert_int_equal(res_uid.queue, queue);
}

static void
assert_refused(const char *text)
{
	struct res_uid res_uid, before;

	memset(&before, 0x5a, sizeof(before));
	res_uid = before;
	assert_int_equal(res_uid_parse(text, &res_uid), -EINVAL);
	assert_memory_equal(&res_uid, &before, sizeof(res_uid));
}

static void
parses_type_and_number(void **state)
{
	(void)state;
	assert_parses("ring:3", "ring", 3, -1);
	assert_parses("phy:0", "phy", 0, -1);
	assert_parses("my_port-2:99999", "my_port-2", 99999, -1);
	assert_parses("a:1", "a", 1, -1);
}

static void
parses_both_spellings_of_a_queue(void **state)
{
	(void)state;
	assert_parses("phy:0nq1", "phy", 0, 1);
	assert_parses("phy:0 nq 1", "phy", 0, 1);
	assert_parses("phy:12nq9999", "phy", 12, 9999);
	assert_parses("nq:1nq0", "nq", 1, 0);
}

static void
numbers_are_decimal(void **state)
{
	(void)state;
	assert_parses("ring:010", "ring", 10, -1);
	assert_parses("phy:08nq09", "phy", 8, 9);
	assert_refused("ring:0x10");
	assert_refused("ring:1a");
	assert_refused("ring:-1");
	assert_refused("ring:+1");
	assert_refused("ring:1.0");
}

static void
numbers_have_limits(void **state)
{
	(void)state;
	assert_refused("ring:100000");
	assert_refused("ring:4294967296");
	assert_refused("ring:18446744073709551616");
	assert_refused("phy:0nq10000");
	assert_refused("phy:0nq4294967297");
}

static void
refuses_what_is_no_uid(void **state)
{
	static const char *const texts[] = {
		"",          ":",           ":0",       "ring",      "ring:",
		"ring0",     "Ring:0",      "1ring:0",  "_ring:0",   "ri ng:0",
		" ring:0",   "ring:0 ",     "ring: 0",  "ring:0:1",  "ring::0",
		"phy:nq1",   "phy:0nq",     "phy:0 nq", "phy:0 nq ", "phy:0nq 1",
		"phy:0 nq1", "phy:0q1",     "phy:0NQ1", "phy:0nq1 ", "phy:0  nq 1",
		"phy:0nq-1", "phy:0nq1nq2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_refused(texts[i]);
}

static void
type_has_31_characters_at_most(void **state)
{
	(void)state;
	assert_parses("abcdefghijklmnopqrstuvwxyz01234:0", "abcdefghijklmnopqrstuvwxyz01234", 0,
		      -1);
	assert_refused("abcdefghijklmnopqrstuvwxyz012345:0");
}

static void
formats_for_people_and_for_commands(void **state)
{
	const struct res_uid queue = {.type = "phy", .id = 0, .queue = 1};
	const struct res_uid whole = {.type = "ring", .id = 3, .queue = -1};
	char out[RES_UID_SIZE];

	(void)state;
	assert_ptr_equal(res_uid_format(&queue, out), out);
	assert_string_equal(out, "phy:0 nq 1");
	assert_ptr_equal(res_uid_format_word(&queue, out), out);
	assert_string_equal(out, "phy:0nq1");
	assert_string_equal(res_uid_format(&whole, out), "ring:3");
	assert_string_equal(res_uid_format_word(&whole, out), "ring:3");
}

static void
longest_uid_survives_the_round_trip(void **state)
{
	const char *text = "abcdefghijklmnopqrstuvwxyz01234:99999 nq 9999";
	char out[RES_UID_SIZE];
	struct res_uid res_uid;

	(void)state;
	assert_int_equal(res_uid_parse(text, &res_uid), 0);
	assert_string_equal(res_uid_format(&res_uid, out), text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_type_and_number),
		cmocka_unit_test(parses_both_spellings_of_a_queue),
		cmocka_unit_test(numbers_are_decimal),
		cmocka_unit_test(numbers_have_limits),
		cmocka_unit_test(refuses_what_is_no_uid),
		cmocka_unit_test(type_has_31_characters_at_most),
		cmocka_unit_test(formats_for_people_and_for_commands),
		cmocka_unit_test(longest_uid_survives_the_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
