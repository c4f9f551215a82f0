/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses as users write them. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "address.h"

static void
assert_address(const char *text, const char *host, uint16_t port)
{
	struct address address;

	assert_int_equal(address_parse(text, 6666, &address), 0);
	assert_string_equal(address.host, host);
	assert_int_equal(address.port, port);
}

static void
names_and_numbers_with_and_without_port_are_read(void **state)
{
	(void)state;
	assert_address("127.0.0.1", "127.0.0.1", 6666);
	assert_address("127.0.0.1:5555", "127.0.0.1", 5555);
	assert_address("localhost", "localhost", 6666);
	assert_address("ctl-1.example:65535", "ctl-1.example", 65535);
}

static void
the_rest_is_refused_and_changes_nothing(void **state)
{
	static const char *const bad[] = {"",       ":6666",    "host:",  "host:0", "host:65536",
					  "host:x", "host:1 ",  "-s",     "a b",    "[::1]:1",
					  "a/b",    "host:1:2", "host:-1"};
	struct address address = {.port = 7};
	char huge[400];

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(address_parse(bad[i], 6666, &address), -EINVAL);
	memset(huge, 'a', sizeof(huge));
	huge[sizeof(huge) - 1] = '\0';
	assert_int_equal(address_parse(huge, 6666, &address), -EINVAL);
	assert_int_equal(address.port, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_with_and_without_port_are_read),
		cmocka_unit_test(the_rest_is_refused_and_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
