/* SPDX-License-Identifier: BSD-3-Clause */
/* The one sentence that a failing command leaves for its user. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <string.h>

#include "error.h"

static int
setup(void **state)
{
	(void)state;
	error_clear();
	return 0;
}

static void
fail_returns_its_error_and_keeps_the_sentence(void **state)
{
	(void)state;
	assert_int_equal(fail(-EEXIST, "port %s has an owner", "ring:0"), -EEXIST);
	assert_string_equal(error_text(-EEXIST), "error occur: port ring:0 has an owner");
	assert_string_equal(error_sentence(-EEXIST), "port ring:0 has an owner");
}

static void
fail_arg_names_the_argument(void **state)
{
	(void)state;
	assert_int_equal(fail_arg("port", "ring:%d does not exist", 99), -EINVAL);
	assert_string_equal(error_text(-EINVAL), "Invalid value (port): ring:99 does not exist");
	assert_string_equal(error_sentence(-EINVAL),
			    "Invalid value (port): ring:99 does not exist");
}

static void
fail_text_puts_nothing_in_front(void **state)
{
	(void)state;
	assert_int_equal(fail_text("Wrong message format: 100%"), -EINVAL);
	assert_string_equal(error_text(-EINVAL), "Wrong message format: 100%");
	assert_string_equal(error_sentence(-EINVAL), "Wrong message format: 100%");
}

static void
without_a_sentence_the_error_number_speaks(void **state)
{
	(void)state;
	assert_string_equal(error_text(-ENOMEM), "error occur: Cannot allocate memory");
	error_clear();
	assert_string_equal(error_sentence(-EBUSY), "Device or resource busy");
	error_clear();
	assert_string_equal(error_text(EBUSY), "error occur: Device or resource busy");
}

static void
the_latest_sentence_counts(void **state)
{
	(void)state;
	fail(-EINVAL, "first");
	fail(-EINVAL, "second");
	assert_string_equal(error_text(-EINVAL), "error occur: second");
}

static void
a_sentence_may_quote_the_one_before(void **state)
{
	(void)state;
	fail(-ENOENT, "no such port");
	fail(-EINVAL, "spp.conf:3: %s", error_sentence(-ENOENT));
	assert_string_equal(error_text(-EINVAL), "error occur: spp.conf:3: no such port");
	fail_arg("port", "%s", error_sentence(-EINVAL));
	assert_string_equal(error_text(-EINVAL), "Invalid value (port): spp.conf:3: no such port");
	fail_text(error_text(-EINVAL));
	assert_string_equal(error_text(-EINVAL), "Invalid value (port): spp.conf:3: no such port");
}

static void
an_endless_sentence_ends_with_dots(void **state)
{
	char endless[5000];
	const char *text;

	(void)state;
	memset(endless, 'x', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	fail(-EINVAL, "%s", endless);
	text = error_text(-EINVAL);
	assert_int_equal(strlen(text), 1023);
	assert_memory_equal(text, "error occur: xxx", 16);
	assert_string_equal(text + 1019, "x...");
	fail_arg(endless, "%s", endless);
	text = error_text(-EINVAL);
	assert_int_equal(strlen(text), 1023);
	assert_string_equal(text + 1019, "x...");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(fail_returns_its_error_and_keeps_the_sentence, setup),
		cmocka_unit_test_setup(fail_arg_names_the_argument, setup),
		cmocka_unit_test_setup(fail_text_puts_nothing_in_front, setup),
		cmocka_unit_test_setup(without_a_sentence_the_error_number_speaks, setup),
		cmocka_unit_test_setup(the_latest_sentence_counts, setup),
		cmocka_unit_test_setup(a_sentence_may_quote_the_one_before, setup),
		cmocka_unit_test_setup(an_endless_sentence_ends_with_dots, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
