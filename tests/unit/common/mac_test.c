/* SPDX-License-Identifier: BSD-3-Clause */
/* MAC addresses as text. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "mac.h"

static void
parses_six_octets_in_either_case(void **state)
{
	static const uint8_t expected[6] = {0x52, 0x54, 0x00, 0xab, 0xCD, 0xff};
	uint8_t mac[6];

	(void)state;
	assert_int_equal(mac_parse("52:54:00:ab:CD:fF", mac), 0);
	assert_memory_equal(mac, expected, 6);
}

static void
refuses_everything_else_and_leaves_mac_alone(void **state)
{
	static const char *const texts[] = {
		"",
		"5",
		"52",
		"52:",
		"default",
		"52:54:00:12:34",
		"52:54:00:12:34:",
		"52:54:00:12:34:5",
		"52:54:00:12:34:567",
		"52:54:00:12:34:56:",
		"52:54:00:12:34:56:78",
		"52-54-00-12-34-56",
		"525400123456",
		"5:54:00:12:34:56",
		"052:54:00:12:34:56",
		"52:54:00:12:34:5g",
		"52:54:00:12:34:g5",
		" 52:54:00:12:34:56",
		"52:54:00:12:34:56 ",
		"0x:54:00:12:34:56",
		"+2:54:00:12:34:56",
		"52::54:00:12:34:56",
		"\xff\xff:54:00:12:34:56",
	};
	static const uint8_t before[6] = {1, 2, 3, 4, 5, 6};
	uint8_t mac[6];

	(void)state;
	memcpy(mac, before, sizeof(mac));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(mac_parse(texts[i], mac), -EINVAL);
		assert_memory_equal(mac, before, 6);
	}
}

static void
formats_in_upper_case(void **state)
{
	static const uint8_t mac[6] = {0x52, 0x54, 0x00, 0xab, 0xcd, 0x0f};
	char out[MAC_SIZE];

	(void)state;
	assert_ptr_equal(mac_format(mac, out), out);
	assert_string_equal(out, "52:54:00:AB:CD:0F");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_six_octets_in_either_case),
		cmocka_unit_test(refuses_everything_else_and_leaves_mac_alone),
		cmocka_unit_test(formats_in_upper_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
