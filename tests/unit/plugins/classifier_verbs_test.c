/* SPDX-License-Identifier: BSD-3-Clause */
/* The command and the status of the classifier: notes, refusals, order. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "classifier_fixture.h"

static void
repeated_requests_are_noted(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	assert_true(host.is_touched);
	must_note("add mac " MAC56 " ring:0", "classifier 'a' has " MAC56 " on ring:0 already");
	assert_false(host.is_touched);
	must_note("del mac " MAC58 " ring:0",
		  "classifier 'a' has no entry " MAC58 " on ring:0 to delete");
	must_note("del vlan 101 default ring:0",
		  "classifier 'a' has no entry 101/default on ring:0 to delete");
	must_note("del mac " MAC56 " ring:1",
		  "classifier 'a' has no entry " MAC56 " on ring:1 to delete: it is on ring:0");
	must_note("del mac default ring:9", "no entry default on ring:9 to delete: it is not a tx "
					    "port of a classifier");
	assert_false(host.is_touched);
	assert_status("classifier_table:\nmac " MAC56 " ring:0");
}

static void
conflicting_requests_are_refused(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add vlan 101 default ring:1");
	must_fail("add mac " MAC56 " ring:1", "Invalid value (port): classifier 'a' has " MAC56
					      " on ring:0 already; delete that entry first");
	must_fail("add vlan 101 default ring:0",
		  "Invalid value (port): classifier 'a' has 101/default on ring:1 already; delete "
		  "that entry first");
	must_fail("add mac " MAC58 " ring:9",
		  "Invalid value (port): ring:9 is not a tx port of a classifier; attach it to one "
		  "first");
	must_fail("add mac " MAC58 " phy:0",
		  "Invalid value (port): phy:0 is not a tx port of a classifier; attach it to one "
		  "first");
	must_fail("add mac 52:54 ring:0", "Invalid value (mac address): '52:54' is no address");
	assert_status("classifier_table:\nmac " MAC56 " ring:0\nvlan 101/default ring:1");
}

static void
ports_are_told_apart_by_queue(void **state)
{
	(void)state;
	txn_begin();
	attach(&a, SPP_TX, 4, "phy:1 nq 0");
	attach(&a, SPP_TX, 5, "phy:1 nq 1");
	txn_commit();
	must("add mac " MAC56 " phy:1 nq 1");
	assert_int_equal(decide(&a, MAC56, UNTAGGED), 5);
	assert_status("classifier_table:\nmac " MAC56 " phy:1 nq 1");
	must_note("del mac " MAC56 " phy:1 nq 0", "classifier 'a' has no entry " MAC56
						  " on phy:1 nq 0 to delete: it is on phy:1 nq 1");
}

static void
status_is_sorted(void **state)
{
	(void)state;
	assert_status("classifier_table:");
	must("add mac 02:00:00:00:00:0a ring:6");
	must("add vlan 101 02:00:00:00:00:02 ring:1");
	must("add vlan 101 01:00:00:00:00:FF ring:1");
	must("add vlan 101 default ring:0");
	must("add vlan 9 default ring:3");
	must("add vlan 4094 " MAC56 " ring:3");
	must("add mac 02:00:00:00:01:00 ring:0");
	must("add mac 02:00:00:00:00:ff ring:2");
	must("add mac default ring:1");
	assert_status("classifier_table:\n"
		      "mac default ring:1\n"
		      "mac 02:00:00:00:00:FF ring:2\n"
		      "mac 02:00:00:00:01:00 ring:0\n"
		      "vlan 9/default ring:3\n"
		      "vlan 101/default ring:0\n"
		      "vlan 101/01:00:00:00:00:FF ring:1\n"
		      "vlan 101/02:00:00:00:00:02 ring:1\n"
		      "vlan 4094/" MAC56 " ring:3\n"
		      "mac 02:00:00:00:00:0A ring:6");
}

/* Lines of the configuration, an expected one after the other; stops after so many. */
struct expected_lines {
	const char *const *line;
	unsigned int nb, max;
};

static int
expect_line(void *arg, const char *line)
{
	struct expected_lines *expected = arg;

	assert_string_equal(line, expected->line[expected->nb]);
	return ++expected->nb == expected->max ? -ECANCELED : 0;
}

static void
the_configuration_is_the_commands_that_rebuild_it(void **state)
{
	static const char *const lines[] = {
		"classifier_table add mac default ring:1",
		"classifier_table add mac " MAC56 " phy:1nq1",
		"classifier_table add vlan 9 default ring:3",
		"classifier_table add vlan 4094 " MAC56 " ring:3",
	};
	struct expected_lines expected = {.line = lines};

	(void)state;
	txn_begin();
	attach(&a, SPP_TX, 5, "phy:1 nq 1");
	txn_commit();
	must("add vlan 4094 " MAC56 " ring:3");
	must("add mac " MAC56 " phy:1 nq 1");
	must("add vlan 9 default ring:3");
	must("add mac default ring:1");
	must("add mac " MAC58 " ring:6");
	/* The entry of ring:6 belongs to the other classifier. */
	assert_int_equal(host.config->instance_config(a.state, expect_line, &expected), 0);
	assert_int_equal(expected.nb, RTE_DIM(lines));
	for (unsigned int max = 1; max <= RTE_DIM(lines); max++) {
		expected = (struct expected_lines){.line = lines, .max = max};
		assert_int_equal(host.config->instance_config(a.state, expect_line, &expected),
				 -ECANCELED);
		assert_int_equal(expected.nb, max);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(repeated_requests_are_noted),
		TEST(conflicting_requests_are_refused),
		TEST(ports_are_told_apart_by_queue),
		TEST(status_is_sorted),
		TEST(the_configuration_is_the_commands_that_rebuild_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
