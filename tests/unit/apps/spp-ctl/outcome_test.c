/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "outcome.h"

static void
check(const char *reply, enum outcome_kind kind, const char *text)
{
	struct outcome outcome;

	outcome_parse(&outcome, reply, strlen(reply));
	assert_int_equal(outcome.kind, kind);
	assert_string_equal(outcome.text, text);
	outcome_fini(&outcome);
	assert_null(outcome.reply);
}

static void
outcome_knows_success(void **state)
{
	(void)state;
	check("{\"results\":[{\"result\":\"success\"}]}", OUTCOME_SUCCESS, "");
	check("{\"results\":[{\"result\":\"success\",\"note\":\"no such\\nthing\"}]}",
	      OUTCOME_SUCCESS, "no such?thing");
	check("{\"result\":\"succeeded\",\"command\":\"add\"}", OUTCOME_SUCCESS, "");
	check("{\"lcores\":[1]}", OUTCOME_SUCCESS, "");
}

static void
outcome_knows_errors(void **state)
{
	(void)state;
	check("{\"results\":[{\"result\":\"error\",\"error_details\":{\"message\":\"x: y\"}}]}",
	      OUTCOME_ERROR, "x: y");
	check("{\"results\":[{\"result\":\"invalid\"}]}", OUTCOME_ERROR,
	      "the process gave no reason");
	check("{\"result\":\"failed\",\"results\":[{\"result\":\"error\",\"error_details\":"
	      "{\"message\":\"no ring:9\"}}]}",
	      OUTCOME_ERROR, "no ring:9");
	check("{\"result\":\"failed\"}", OUTCOME_ERROR, "the process gave no reason");
	check("{\"result\":\"error\",\"message\":\"Invalid port 3\"}", OUTCOME_ERROR,
	      "Invalid port 3");
}

static void
outcome_trusts_nothing_else(void **state)
{
	static const char *const objects[] = {"", "status", "[]", "{", "{} {}", "null"};
	static const char *const results[] = {"{\"results\":[]}", "{\"results\":5}",
					      "{\"results\":[{}]}", "{\"results\":[5]}",
					      "{\"results\":[{\"result\":\"maybe\"}]}"};

	(void)state;
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
		check(objects[i], OUTCOME_BROKEN, "its reply is not a JSON object");
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		check(results[i], OUTCOME_BROKEN, "its reply has no result");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcome_knows_success),
		cmocka_unit_test(outcome_knows_errors),
		cmocka_unit_test(outcome_trusts_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
