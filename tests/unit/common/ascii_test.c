/* SPDX-License-Identifier: BSD-3-Clause */
/* Printable bytes. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ascii.h"

static void
ascii_judges_every_byte(void **state)
{
	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		assert_int_equal(ascii_is_printable((char)byte), byte >= 0x20 && byte <= 0x7e);
		assert_int_equal(ascii_is_control((char)byte), byte < 0x20 || byte == 0x7f);
	}
}

static void
ascii_sanitize_keeps_printable_bytes_only(void **state)
{
	char text[] = " ~a\t\n\x1b[2J\x7f\xc3\xa9";

	(void)state;
	ascii_sanitize(text);
	assert_string_equal(text, " ~a???[2J???");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii_judges_every_byte),
		cmocka_unit_test(ascii_sanitize_keeps_printable_bytes_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
