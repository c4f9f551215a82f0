/* SPDX-License-Identifier: BSD-3-Clause */
/* The verb idle, on the workers of a panel in one thread. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "core/test_panel.h"

#include "lcore_verbs.h"

#define ERROR(message)                                                                             \
	"{\"results\":[{\"result\":\"error\",\"error_details\":{\"message\":\"" message "\"}}]}"

static void
assert_idle(unsigned int lcore, const char *expected)
{
	struct idle_policy policy;
	char text[32];

	worker_get_idle(lcore_worker(lcore), &policy);
	assert_string_equal(idle_format(&policy, text, sizeof(text)), expected);
}

static void
idle_is_in_force_at_once(void **state)
{
	(void)state;
	panel_ok("idle 3 adaptive:1ms");
	assert_idle(3, "adaptive:1000us");
	assert_idle(4, "busy");
	panel_ok("idle 3 busy");
	assert_idle(3, "busy");
}

static void
a_refused_transaction_puts_the_policy_back(void **state)
{
	const struct idle_policy yield = {.kind = IDLE_YIELD};

	(void)state;
	txn_begin();
	assert_int_equal(lcore_set_idle(3, &yield), 0);
	assert_idle(3, "yield");
	txn_abort();
	assert_idle(3, "busy");
}

static void
wrong_policies_and_cores_are_refused(void **state)
{
	(void)state;
	panel_run("idle 3 sometimes",
		  ERROR("Invalid value (policy): 'sometimes' is not busy, yield, or adaptive:CAP "
			"with a CAP such as 200us or 1ms, at most 1 s"));
	panel_run("idle 9 busy", ERROR("Invalid value (core): core 9 is no worker"));
	assert_idle(3, "busy");
}

static int
setup(void **state)
{
	(void)state;
	return panel_setup(state) != 0 ? -1 : lcore_verbs_add();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(idle_is_in_force_at_once, panel_reset),
		cmocka_unit_test_teardown(a_refused_transaction_puts_the_policy_back, panel_reset),
		cmocka_unit_test_teardown(wrong_policies_and_cores_are_refused, panel_reset),
	};

	return cmocka_run_group_tests(tests, setup, panel_teardown);
}
