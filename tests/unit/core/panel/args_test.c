/* SPDX-License-Identifier: BSD-3-Clause */
/* Named arguments. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <string.h>

#include "args.h"
#include "error.h"

static struct spp_args args;

static int
setup(void **state)
{
	(void)state;
	memset(&args, 0, sizeof(args));
	error_clear();
	return 0;
}

static void
strings_are_found_by_name(void **state)
{
	(void)state;
	assert_int_equal(args_add(&args, "action", "add"), 0);
	assert_int_equal(args_add(&args, "mac address", "default"), 0);
	assert_string_equal(args_str(&args, "mac address"), "default");
	assert_string_equal(args_str(&args, "action"), "add");
	assert_null(args_str(&args, "act"));
	assert_null(args_str(&args, "port"));
}

static void
there_is_place_for_16(void **state)
{
	(void)state;
	for (int i = 0; i < ARGS_MAX; i++)
		assert_int_equal(args_add(&args, "a", "b"), 0);
	assert_int_equal(args_add(&args, "port", "ring:0"), -E2BIG);
	assert_string_equal(error_text(-E2BIG),
			    "error occur: no place for argument 'port', there are 16 already");
	assert_null(args_str(&args, "port"));
}

static void
numbers_are_decimal_and_fit_63_bits(void **state)
{
	static const char *const bad[] = {"",   "x",  "1x",  "-1",  "+1",
					  " 1", "1 ", "0x1", "1.0", "9223372036854775808"};
	uint64_t value = 7;

	(void)state;
	assert_int_equal(args_u64(&args, "vid", &value), -ENOENT);
	args_add(&args, "vid", "9223372036854775807");
	assert_int_equal(args_u64(&args, "vid", &value), 0);
	assert_true(value == INT64_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		args.arg[0].value = bad[i];
		value = 7;
		assert_int_equal(args_u64(&args, "vid", &value), -EINVAL);
		assert_int_equal(value, 7);
	}
	assert_string_equal(error_text(-EINVAL),
			    "Invalid value (vid): '9223372036854775808' is not a decimal number "
			    "from 0 to 9223372036854775807");
}

static void
mac_addresses_are_read_strictly(void **state)
{
	static const uint8_t expected[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
	uint8_t mac[6] = {0};

	(void)state;
	assert_int_equal(args_mac(&args, "mac address", mac), -ENOENT);
	args_add(&args, "mac address", "52:54:00:12:34:56");
	assert_int_equal(args_mac(&args, "mac address", mac), 0);
	assert_memory_equal(mac, expected, 6);
	args.arg[0].value = "default";
	assert_int_equal(args_mac(&args, "mac address", mac), -EINVAL);
	assert_memory_equal(mac, expected, 6);
	assert_string_equal(error_text(-EINVAL),
			    "Invalid value (mac address): 'default' is not a MAC address such as "
			    "52:54:00:12:34:56");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(strings_are_found_by_name, setup),
		cmocka_unit_test_setup(there_is_place_for_16, setup),
		cmocka_unit_test_setup(numbers_are_decimal_and_fit_63_bits, setup),
		cmocka_unit_test_setup(mac_addresses_are_read_strictly, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
