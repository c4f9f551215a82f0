/* SPDX-License-Identifier: BSD-3-Clause */
/* Idle policies from text and to text. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>

#include <rte_common.h>

#include "idle.h"

static void
assert_policy(const char *text, const char *canonical)
{
	struct idle_policy policy;
	char out[32];

	assert_int_equal(idle_parse(text, &policy), 0);
	assert_string_equal(idle_format(&policy, out, sizeof(out)), canonical);
}

static void
idle_parse_reads_every_form(void **state)
{
	(void)state;
	assert_policy("busy", "busy");
	assert_policy("yield", "yield");
	assert_policy("adaptive", "adaptive:200us");
	assert_policy("adaptive:50", "adaptive:50us");
	assert_policy("adaptive:50us", "adaptive:50us");
	assert_policy("adaptive:1ms", "adaptive:1000us");
	assert_policy("adaptive:1000000", "adaptive:1000000us");
}

static void
idle_parse_refuses_the_rest(void **state)
{
	static const char *const bad[] = {"",
					  "BUSY",
					  "busy:1",
					  "adaptive:",
					  "adaptive:0",
					  "adaptive:-1",
					  "adaptive:1s",
					  "adaptive:1001ms",
					  "adaptive:1000001",
					  "adaptive: 200",
					  "adaptive:0x10",
					  "adaptive:99999999999",
					  "adaptively",
					  "yield "};
	struct idle_policy policy;

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(bad); i++)
		assert_int_equal(idle_parse(bad[i], &policy), -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_parse_reads_every_form),
		cmocka_unit_test(idle_parse_refuses_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
