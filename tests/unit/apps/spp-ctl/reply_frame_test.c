/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "reply_frame.h"

/* Push the text in pieces of that size; the reply found, and what is left over. */
static enum reply_frame_result
push(struct reply_frame *frame, const char *data, size_t len, size_t piece, size_t *left)
{
	enum reply_frame_result result = REPLY_FRAME_MORE;
	size_t at = 0;

	while (at < len && result == REPLY_FRAME_MORE) {
		size_t n = len - at < piece ? len - at : piece, used;

		result = reply_frame_push(frame, data + at, n, &used);
		at += used;
	}
	*left = len - at;
	return result;
}

#define CHECK(data, reply, rest)                                                                   \
	check((data), sizeof(data) - 1, (reply), (rest), __FILE__, __LINE__)

static void
check(const char *data, size_t len, const char *reply, size_t rest, const char *file, int line)
{
	for (size_t piece = 1; piece <= len; piece++) {
		struct reply_frame frame = {0};
		size_t left;

		_assert_int_equal(push(&frame, data, len, piece, &left), REPLY_FRAME_COMPLETE, file,
				  line);
		_assert_string_equal(frame.bytes, reply, file, line);
		_assert_int_equal(left, rest, file, line);
		reply_frame_reset(&frame);
	}
}

static void
frame_ends_with_the_json_text(void **state)
{
	(void)state;
	CHECK("{}", "{}", 0);
	CHECK("{\"a\":[{}]}\n", "{\"a\":[{}]}", 1);
	CHECK("[1,[2]]rest", "[1,[2]]", 4);
	CHECK("\n\r \t\0{\"a\":1}{\"b\":2}", "{\"a\":1}", 7);
}

static void
frame_does_not_count_brackets_in_strings(void **state)
{
	(void)state;
	CHECK("{\"}\":\"{[\"}\n", "{\"}\":\"{[\"}", 1);
	CHECK("{\"a\\\"}\":\"\\\\\"}\n", "{\"a\\\"}\":\"\\\\\"}", 1);
}

static void
frame_leaves_padding_out(void **state)
{
	(void)state;
	CHECK("{\"a\"\0\0:1}\0\0", "{\"a\":1}", 2);
}

static void
frame_ends_other_text_at_the_newline(void **state)
{
	(void)state;
	CHECK("status\n{}", "status\n", 2);
	CHECK("\"{\"\n", "\"{\"\n", 0);
}

static void
frame_ends_other_text_at_the_padding(void **state)
{
	struct reply_frame frame = {0};
	size_t used;

	(void)state;
	CHECK("patch reset\0\0\0", "patch reset", 2);
	CHECK("\0\0x\0{}", "x", 2);
	assert_int_equal(reply_frame_push(&frame, "x\0", 2, &used), REPLY_FRAME_COMPLETE);
	assert_true(frame.padded);
	reply_frame_reset(&frame);
	assert_int_equal(reply_frame_push(&frame, "{\0}", 3, &used), REPLY_FRAME_COMPLETE);
	assert_false(frame.padded);
	reply_frame_reset(&frame);
	assert_int_equal(reply_frame_push(&frame, "x\n", 2, &used), REPLY_FRAME_COMPLETE);
	assert_false(frame.padded);
	reply_frame_reset(&frame);
}

static void
frame_waits_for_more(void **state)
{
	static const char *const parts[] = {"",     " \n", "{",       "{\"a\":\"}",
					    "text", "[[]", "{\"\\\"}"};

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct reply_frame frame = {0};
		size_t left;

		assert_int_equal(push(&frame, parts[i], strlen(parts[i]), 100, &left),
				 REPLY_FRAME_MORE);
		assert_int_equal(left, 0);
		reply_frame_reset(&frame);
	}
}

static void
frame_has_a_limit(void **state)
{
	static char block[1 << 20];
	enum reply_frame_result result = REPLY_FRAME_MORE;
	struct reply_frame frame = {0};
	size_t used, nb = 0;

	(void)state;
	memset(block, 'x', sizeof(block));
	while (result == REPLY_FRAME_MORE && nb++ < 1000)
		result = reply_frame_push(&frame, block, sizeof(block), &used);
	assert_int_equal(result, REPLY_FRAME_TOO_LONG);
	assert_int_equal(frame.len, REPLY_FRAME_BYTES_MAX);
	reply_frame_reset(&frame);
}

/* A value of few bytes in the stream takes many in memory. */
static void
frame_has_a_limit_of_values(void **state)
{
	struct reply_frame frame = {0};
	size_t used, nb = 0;

	(void)state;
	assert_int_equal(reply_frame_push(&frame, "{\"a\":\"[[,\",\"b\":[", 16, &used),
			 REPLY_FRAME_MORE);
	assert_int_equal(frame.values, 3);
	while (reply_frame_push(&frame, "{},", 3, &used) == REPLY_FRAME_MORE)
		nb++;
	assert_in_range(nb, REPLY_FRAME_VALUES_MAX / 2 - 2, REPLY_FRAME_VALUES_MAX / 2);
	assert_true(frame.len < REPLY_FRAME_BYTES_MAX);
	reply_frame_reset(&frame);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame_ends_with_the_json_text),
		cmocka_unit_test(frame_does_not_count_brackets_in_strings),
		cmocka_unit_test(frame_leaves_padding_out),
		cmocka_unit_test(frame_ends_other_text_at_the_newline),
		cmocka_unit_test(frame_ends_other_text_at_the_padding),
		cmocka_unit_test(frame_waits_for_more),
		cmocka_unit_test(frame_has_a_limit),
		cmocka_unit_test(frame_has_a_limit_of_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
