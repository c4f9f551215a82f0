/* SPDX-License-Identifier: BSD-3-Clause */
/* A worker that does not come back is noticed, without anything done by workers for it. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "core/test_panel.h"

#include "reply.h"
#include "status.h"
#include "worker_watch.h"

/* What stuck workers need to be known as such, and more. */
static void
wait_longer_than_a_pass_may_take(void)
{
	usleep((lcore_quiesce_ms + 10) * 1000);
}

static void
assert_status(const char *workers)
{
	char *text = dispatch_run("status");

	assert_non_null(strstr(text, workers));
	free(text);
}

static void
a_worker_that_passes_or_sleeps_is_not_stuck(void **state)
{
	(void)state;
	assert_false(worker_is_stuck(PANEL_LCORE));
	wait_longer_than_a_pass_may_take();
	assert_false(worker_is_stuck(PANEL_LCORE)); /* offline */
	worker_online(panel_worker[0]);
	assert_false(worker_is_stuck(PANEL_LCORE));
	for (unsigned int i = 0; i < 3; i++) {
		wait_longer_than_a_pass_may_take();
		worker_pass(panel_worker[0]);
		assert_false(worker_is_stuck(PANEL_LCORE));
	}
	worker_offline(panel_worker[0]);
}

static void
a_worker_without_a_pass_for_longer_is_stuck_until_the_next(void **state)
{
	(void)state;
	worker_online(panel_worker[0]);
	worker_watch();
	assert_false(worker_is_stuck(PANEL_LCORE)); /* not yet */
	wait_longer_than_a_pass_may_take();
	assert_true(worker_is_stuck(PANEL_LCORE));
	assert_true(worker_is_stuck(PANEL_LCORE)); /* to ask changes nothing */
	assert_false(worker_is_stuck(PANEL_LCORE + 1));
	worker_pass(panel_worker[0]);
	assert_false(worker_is_stuck(PANEL_LCORE));
	worker_offline(panel_worker[0]);
}

static void
status_and_description_name_what_runs_there(void **state)
{
	char text[128];

	(void)state;
	panel_ok("component start held 3 pass");
	panel_ok("port add mem:1 rx held");
	panel_ok("port add mem:2 tx held");
	panel_ok("component start bare 3 pick");
	panel_ok("component start other 4 pass");
	worker_online(panel_worker[0]);
	worker_watch();
	assert_status("\"workers\":[{\"core\":3,\"idle\":\"busy\"},{\"core\":4");
	wait_longer_than_a_pass_may_take();
	assert_status("\"workers\":[{\"core\":3,\"idle\":\"busy\","
		      "\"stuck\":[{\"component\":\"held\",\"plugin\":\"pass\"}]},"
		      "{\"core\":4,\"idle\":\"busy\"}]");
	assert_string_equal(worker_describe(3, text, sizeof(text)),
			    "component 'held' of plugin pass");
	assert_string_equal(worker_describe(4, text, sizeof(text)), "no component");
	worker_offline(panel_worker[0]);
}

static int
setup(void **state)
{
	return panel_setup(state) != 0 ? -1 : status_init(-1, NULL, 0);
}

#define TEST(f) cmocka_unit_test_teardown(f, panel_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_worker_that_passes_or_sleeps_is_not_stuck),
		TEST(a_worker_without_a_pass_for_longer_is_stuck_until_the_next),
		TEST(status_and_description_name_what_runs_there),
	};

	return cmocka_run_group_tests(tests, setup, panel_teardown);
}
