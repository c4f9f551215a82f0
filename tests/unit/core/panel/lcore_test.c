/* SPDX-License-Identifier: BSD-3-Clause */
/* Workers on real lcores. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_lcore.h>

#include "tests/unit/eal.h"

#include "error.h"
#include "lcore.h"
#include "publish.h"
#include "worker.h"

static enum idle_kind
kind_of(unsigned int lcore)
{
	struct idle_policy policy;

	worker_get_idle(lcore_worker(lcore), &policy);
	return policy.kind;
}

static void
every_lcore_but_the_main_one_is_a_worker(void **state)
{
	(void)state;
	assert_null(lcore_worker(1));
	assert_int_equal(lcore_next(-1), 2);
	assert_int_equal(lcore_next(2), 3);
	assert_int_equal(lcore_next(3), -1);
	assert_null(lcore_worker(RTE_MAX_LCORE));
}

/* Lcores 1 and 3 share CPU 0, lcore 2 has CPU 1 to itself (when there are two). */
static void
a_worker_with_a_cpu_of_its_own_is_busy_others_adapt(void **state)
{
	(void)state;
	assert_int_equal(kind_of(3), IDLE_ADAPTIVE);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		assert_int_equal(kind_of(2), IDLE_BUSY);
}

static void
running_workers_pass_quiescent_states_under_each_policy(void **state)
{
	static const char *const policies[] = {"busy", "yield", "adaptive:200us"};
	unsigned int stuck;

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(policies); i++) {
		struct idle_policy policy;

		assert_int_equal(idle_parse(policies[i], &policy), 0);
		worker_set_idle(lcore_worker(2), &policy);
		worker_set_idle(lcore_worker(3), &policy);
		assert_int_equal(kind_of(2), policy.kind);
		assert_int_equal(publish_wait_all(60000, &stuck), 0);
	}
}

static void
other_lcores_are_refused_with_the_ones_there_are(void **state)
{
	(void)state;
	assert_int_equal(lcore_fail(7), -EINVAL);
	assert_string_equal(error_text(0), "Invalid value (core): core 7 is no worker of this "
					   "process; its workers are: 2, 3");
	assert_int_equal(lcore_fail(1), -EINVAL);
	assert_string_equal(error_text(0), "Invalid value (core): core 1 is the main lcore, which "
					   "runs commands; choose a worker");
}

static int
setup(void **state)
{
	const char *lcores = sysconf(_SC_NPROCESSORS_ONLN) < 2 ? "1@0,2@0,3@0" : "1@0,2@1,3@0";

	(void)state;
	return test_eal_init(lcores) != 0 ? -1 : lcore_init();
}

static int
teardown(void **state)
{
	(void)state;
	return lcore_fini() != 0 ? -1 : test_eal_fini();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_lcore_but_the_main_one_is_a_worker),
		cmocka_unit_test(a_worker_with_a_cpu_of_its_own_is_busy_others_adapt),
		cmocka_unit_test(running_workers_pass_quiescent_states_under_each_policy),
		cmocka_unit_test(other_lcores_are_refused_with_the_ones_there_are),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
