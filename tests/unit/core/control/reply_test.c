/* SPDX-License-Identifier: BSD-3-Clause */
/* The reply of a command, byte by byte. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spp/plugin.h>

#include "reply.h"

#define SUCCESS "{\"results\":[{\"result\":\"success\"}]"

static struct spp_reply reply;

static int
setup(void **state)
{
	(void)state;
	return reply_init(&reply);
}

static int
teardown(void **state)
{
	(void)state;
	reply_fini(&reply);
	return 0;
}

static void
assert_reply(const char *error_text, const char *expected)
{
	char *text = reply_text(&reply, error_text);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static void
success_without_data(void **state)
{
	(void)state;
	assert_reply(NULL, SUCCESS "}\n");
}

static void
members_follow_results_in_order(void **state)
{
	(void)state;
	reply_str(&reply, "z", "text");
	reply_u64(&reply, "a", 42);
	reply_bool(&reply, "yes", 5);
	reply_bool(&reply, "no", 0);
	assert_reply(NULL, SUCCESS ",\"z\":\"text\",\"a\":42,\"yes\":true,\"no\":false}\n");
}

static void
containers_nest(void **state)
{
	(void)state;
	reply_open(&reply, "info", SPP_REPLY_OBJECT);
	reply_open(&reply, "phy", SPP_REPLY_ARRAY);
	reply_str(&reply, "ignored", "0");
	reply_str(&reply, NULL, "1");
	reply_close(&reply);
	reply_open(&reply, "core", SPP_REPLY_ARRAY);
	reply_open(&reply, NULL, SPP_REPLY_OBJECT);
	reply_u64(&reply, "core", 3);
	reply_close(&reply);
	reply_close(&reply);
	reply_close(&reply);
	reply_str(&reply, "after", "");
	assert_reply(NULL, SUCCESS ",\"info\":{\"phy\":[\"0\",\"1\"],\"core\":[{\"core\":3}]},"
				   "\"after\":\"\"}\n");
}

static void
a_note_stands_beside_the_result(void **state)
{
	(void)state;
	reply_note(&reply, "no component '%s' to stop", "cls9");
	assert_reply(NULL, "{\"results\":[{\"result\":\"success\","
			   "\"note\":\"no component 'cls9' to stop\"}]}\n");
}

static void
an_endless_note_is_cut(void **state)
{
	char endless[1000];
	char *text;

	(void)state;
	memset(endless, 'n', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	reply_note(&reply, "%s", endless);
	assert_int_equal(strlen(reply.note), sizeof(reply.note) - 1);
	text = reply_text(&reply, NULL);
	assert_non_null(text);
	free(text);
}

static void
an_error_shows_nothing_else(void **state)
{
	(void)state;
	reply_str(&reply, "half", "done");
	reply_note(&reply, "forgotten");
	assert_reply("Invalid value (port): ring:99 does not exist",
		     "{\"results\":[{\"result\":\"error\",\"error_details\":{\"message\":"
		     "\"Invalid value (port): ring:99 does not exist\"}}]}\n");
}

static void
strings_are_escaped(void **state)
{
	(void)state;
	reply_str(&reply, "s", "a\"b\\c\nd\te\x01/\x7f");
	assert_reply(NULL, SUCCESS ",\"s\":\"a\\\"b\\\\c\\nd\\te\\u0001/\x7f\"}\n");
	assert_reply("say \"no\"\n", "{\"results\":[{\"result\":\"error\",\"error_details\":"
				     "{\"message\":\"say \\\"no\\\"\\n\"}}]}\n");
}

static void
a_reply_is_ascii(void **state)
{
	(void)state;
	reply_str(&reply, "s", "\xc3\xa9\xf0\x9f\x98\x80");
	assert_reply(NULL, SUCCESS ",\"s\":\"\\u00E9\\uD83D\\uDE00\"}\n");
}

static void
what_is_no_utf8_loses_its_bytes_beyond_ascii(void **state)
{
	static const char *const texts[] = {"a\xff", "a\xc3", "a\x80", "a\xed\xa0\x80",
					    "a\xf5\x80\x80\x80"};
	static const char *const shown[] = {"a?", "a?", "a?", "a???", "a????"};
	char expected[256];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(expected, sizeof(expected), SUCCESS ",\"s\":\"%s\"}\n", shown[i]);
		reply_str(&reply, "s", texts[i]);
		assert_reply(NULL, expected);
		snprintf(expected, sizeof(expected),
			 "{\"results\":[{\"result\":\"error\",\"error_details\":"
			 "{\"message\":\"%s\"}}]}\n",
			 shown[i]);
		assert_reply(texts[i], expected);
	}
}

static void
numbers_beyond_63_bits_stay_numbers(void **state)
{
	(void)state;
	reply_u64(&reply, "n", UINT64_MAX);
	reply_u64(&reply, "m", 0);
	assert_reply(NULL, SUCCESS ",\"n\":9223372036854775807,\"m\":0}\n");
}

static void
results_cannot_be_replaced(void **state)
{
	(void)state;
	reply_str(&reply, "results", "mine");
	reply_str(&reply, "other", "mine");
	assert_reply(NULL, SUCCESS ",\"other\":\"mine\"}\n");
}

static void
a_member_without_name_or_text_does_no_harm(void **state)
{
	(void)state;
	reply_str(&reply, NULL, "lost");
	reply_str(&reply, "empty", NULL);
	reply_u64(&reply, "\xff", 1);
	assert_reply(NULL, SUCCESS ",\"empty\":\"\"}\n");
}

static void
containers_beyond_the_depth_are_left_out(void **state)
{
	(void)state;
	for (int i = 0; i < REPLY_DEPTH_MAX + 3; i++)
		reply_open(&reply, NULL, i == 0 ? SPP_REPLY_OBJECT : SPP_REPLY_ARRAY);
	for (int i = 0; i < REPLY_DEPTH_MAX + 3; i++)
		reply_close(&reply);
	assert_int_equal(reply.depth, 1);
	assert_int_equal(reply.lost, 0);
	reply_open(&reply, "a", SPP_REPLY_ARRAY);
	for (int i = 0; i < REPLY_DEPTH_MAX - 2; i++)
		reply_open(&reply, NULL, SPP_REPLY_ARRAY);
	reply_open(&reply, NULL, SPP_REPLY_ARRAY);
	reply_str(&reply, NULL, "too deep");
	reply_close(&reply);
	reply_str(&reply, NULL, "deepest");
	for (int i = 0; i < REPLY_DEPTH_MAX - 1; i++)
		reply_close(&reply);
	reply_str(&reply, "b", "top");
	assert_reply(NULL, SUCCESS ",\"a\":[[[[[[[[[[[[[[[\"deepest\"]]]]]]]]]]]]]]],"
				   "\"b\":\"top\"}\n");
}

static void
closing_more_than_was_opened_keeps_the_top(void **state)
{
	(void)state;
	reply_close(&reply);
	reply_close(&reply);
	reply_str(&reply, "a", "b");
	assert_reply(NULL, SUCCESS ",\"a\":\"b\"}\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(success_without_data),
		TEST(members_follow_results_in_order),
		TEST(containers_nest),
		TEST(a_note_stands_beside_the_result),
		TEST(an_endless_note_is_cut),
		TEST(an_error_shows_nothing_else),
		TEST(strings_are_escaped),
		TEST(a_reply_is_ascii),
		TEST(what_is_no_utf8_loses_its_bytes_beyond_ascii),
		TEST(numbers_beyond_63_bits_stay_numbers),
		TEST(results_cannot_be_replaced),
		TEST(a_member_without_name_or_text_does_no_harm),
		TEST(containers_beyond_the_depth_are_left_out),
		TEST(closing_more_than_was_opened_keeps_the_top),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
