/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests out of a byte stream. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"

#define LONGEST (LINE_MAX_BYTES - 1)

static struct line_buffer buffer;
static char out[LINE_MAX_BYTES];

static int
setup(void **state)
{
	(void)state;
	memset(&buffer, 0, sizeof(buffer));
	memset(out, 0x5a, sizeof(out));
	return 0;
}

/* Push everything, write down what came out: requests in brackets, `!` for one too long. */
static const char *
push_all(const char *data, size_t len)
{
	static char seen[256];
	size_t used, seen_len = 0;

	seen[0] = '\0';
	while (len > 0) {
		enum line_result result = line_push(&buffer, data, len, &used, out);

		assert_in_range(used, 1, len);
		if (result == LINE_NONE)
			assert_int_equal(used, len);
		if (result == LINE_COMPLETE)
			seen_len += snprintf(seen + seen_len, sizeof(seen) - seen_len, "[%s]", out);
		if (result == LINE_TOO_LONG)
			seen_len += snprintf(seen + seen_len, sizeof(seen) - seen_len, "!");
		data += used;
		len -= used;
	}
	return seen;
}

static const char *
push(const char *text)
{
	return push_all(text, strlen(text));
}

static void
newline_ends_a_request(void **state)
{
	(void)state;
	assert_string_equal(push("status\n"), "[status]");
	assert_string_equal(push("component stop cls1\n"), "[component stop cls1]");
}

static void
a_request_may_come_in_pieces(void **state)
{
	(void)state;
	assert_string_equal(push("sta"), "");
	assert_string_equal(push("t"), "");
	assert_string_equal(push("us\nex"), "[status]");
	assert_string_equal(push("it\n"), "[exit]");
}

static void
several_requests_come_out_one_by_one(void **state)
{
	const char *data = "one\ntwo\n";
	size_t used;

	(void)state;
	assert_int_equal(line_push(&buffer, data, 8, &used, out), LINE_COMPLETE);
	assert_int_equal(used, 4);
	assert_string_equal(out, "one");
	assert_int_equal(line_push(&buffer, data + 4, 4, &used, out), LINE_COMPLETE);
	assert_int_equal(used, 4);
	assert_string_equal(out, "two");
}

static void
no_data_is_no_request(void **state)
{
	size_t used = 7;

	(void)state;
	assert_int_equal(line_push(&buffer, "", 0, &used, out), LINE_NONE);
	assert_int_equal(used, 0);
}

static void
what_trails_is_stripped(void **state)
{
	(void)state;
	assert_string_equal(push("status\r\n"), "[status]");
	assert_string_equal(push("status  \r \n"), "[status]");
	assert_string_equal(push("  port  del \n"), "[  port  del]");
}

static void
nul_ends_a_request_like_newline(void **state)
{
	(void)state;
	assert_string_equal(push_all("one\0two\0", 8), "[one][two]");
	assert_string_equal(push_all("one\n\0\0two\n", 10), "[one][two]");
}

static void
empty_requests_are_skipped(void **state)
{
	(void)state;
	assert_string_equal(push("\n\r\n   \n\nstatus\n\n"), "[status]");
}

static void
silence_ends_a_request_without_newline(void **state)
{
	(void)state;
	assert_string_equal(push("status \r"), "");
	assert_int_equal(line_flush(&buffer, out), LINE_COMPLETE);
	assert_string_equal(out, "status");
	assert_int_equal(line_flush(&buffer, out), LINE_NONE);
	assert_string_equal(push("exit\n"), "[exit]");
}

static void
silence_after_nothing_or_blanks_is_no_request(void **state)
{
	(void)state;
	assert_int_equal(line_flush(&buffer, out), LINE_NONE);
	assert_string_equal(push("  "), "");
	assert_int_equal(line_flush(&buffer, out), LINE_NONE);
	assert_int_equal(buffer.len, 0);
}

static void
push_fill(char c, size_t len, const char *expected)
{
	char *data = malloc(len);

	assert_non_null(data);
	memset(data, c, len);
	assert_string_equal(push_all(data, len), expected);
	free(data);
}

static void
longest_request_has_4095_bytes(void **state)
{
	size_t used;

	(void)state;
	push_fill('a', LONGEST, "");
	assert_int_equal(line_push(&buffer, "\n", 1, &used, out), LINE_COMPLETE);
	assert_int_equal(strlen(out), LONGEST);
	push_fill('b', LONGEST, "");
	assert_int_equal(line_flush(&buffer, out), LINE_COMPLETE);
	assert_int_equal(strlen(out), LONGEST);
}

static void
too_long_a_request_is_said_once_and_skipped_to_its_end(void **state)
{
	(void)state;
	push_fill('a', LONGEST + 1, "!");
	push_fill('a', 3 * LINE_MAX_BYTES, "");
	assert_string_equal(push("tail\nstatus\n"), "[status]");
	push_fill('a', LINE_MAX_BYTES, "!");
	assert_string_equal(push_all("\0status\n", 8), "[status]");
}

static void
silence_ends_what_is_being_skipped(void **state)
{
	(void)state;
	push_fill('a', LINE_MAX_BYTES, "!");
	assert_int_equal(line_flush(&buffer, out), LINE_NONE);
	assert_string_equal(push("status\n"), "[status]");
}

static void
trailing_blanks_count_as_length(void **state)
{
	(void)state;
	push_fill(' ', LINE_MAX_BYTES, "!");
	assert_string_equal(push("\nstatus\n"), "[status]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(newline_ends_a_request, setup),
		cmocka_unit_test_setup(a_request_may_come_in_pieces, setup),
		cmocka_unit_test_setup(several_requests_come_out_one_by_one, setup),
		cmocka_unit_test_setup(no_data_is_no_request, setup),
		cmocka_unit_test_setup(what_trails_is_stripped, setup),
		cmocka_unit_test_setup(nul_ends_a_request_like_newline, setup),
		cmocka_unit_test_setup(empty_requests_are_skipped, setup),
		cmocka_unit_test_setup(silence_ends_a_request_without_newline, setup),
		cmocka_unit_test_setup(silence_after_nothing_or_blanks_is_no_request, setup),
		cmocka_unit_test_setup(longest_request_has_4095_bytes, setup),
		cmocka_unit_test_setup(too_long_a_request_is_said_once_and_skipped_to_its_end,
				       setup),
		cmocka_unit_test_setup(silence_ends_what_is_being_skipped, setup),
		cmocka_unit_test_setup(trailing_blanks_count_as_length, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
