/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands change everything or nothing: replies, limits, undo, the wait for a stuck worker. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "core/test_panel.h"

#include "group.h"

#define ERROR(text) "{\"result\":\"error\",\"error_details\":{\"message\":\"" text
#define NOTE(text) "{\"results\":[{\"result\":\"success\",\"note\":\"" text "\"}]"

/* A component with options. */

static const struct spp_component_ops optional_ops = {
	.size = sizeof(optional_ops),
	.rx_min = 1,
	.rx_max = 1,
	.tx_min = 1,
	.tx_max = 1,
	.options = "<a:UNSIGNED_INT> <b:UNSIGNED_INT>",
};

static const struct spp_plugin optional_plugin = {.size = sizeof(optional_plugin),
						  .component = &optional_ops};

PANEL_ENTRY(optional, SPP_KIND_COMPONENT)

static void
start_is_refused_with_the_cause(void **state)
{
	(void)state;
	panel_ok("component start a 3 pass");
	panel_run("component start a 4 pass",
		  ERROR("Invalid value (component name): component 'a' exists already on core 3; "
			"stop it first or choose another name\""));
	panel_run("component start b 7 pass", ERROR("Invalid value (core): core 7 is no worker\""));
	panel_run("component start b 3 nosuch",
		  ERROR("Invalid value (component type): no component plugin 'nosuch' is loaded; "
			"there are: pick, pass, optional\""));
	panel_run("component start b 128 pass", ERROR("Invalid value (core): "));
	panel_run("component start b 3", ERROR("Wrong message format"));
	panel_run("component start b 3 pass x",
		  ERROR("error occur: component 'b': option 'x' has no value; write name=value"));
	panel_run("component begin b 3 pass", ERROR("Invalid value (action): "));
	assert_null(panel_find("b"));
	assert_null(panel_find("a")->next);
}

static void
start_of_what_runs_already_succeeds_with_a_note(void **state)
{
	static const char *const options[] = {"a=1", "b=2"};
	const struct spp_component *a;

	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:0 rx a");
	a = panel_find("a");
	panel_run("component start a 3 pass", NOTE("component 'a' is already a pass on core 3"));
	assert_ptr_equal(panel_find("a"), a);
	assert_null(a->next);
	assert_non_null(a->rx);
	panel_run("component start a 4 pass", ERROR("Invalid value (component name): "));
	panel_run("component start a 3 pick", ERROR("Invalid value (component name): "));
	panel_run("component start a 3 nosuch", ERROR("Invalid value (component name): "));
	assert_false(component_is(a, 3, "pass", options, 1));
}

static void
a_component_with_other_options_is_another(void **state)
{
	static const char *const options[] = {"a=1", "b=2"}, *const others[] = {"a=1", "b=3"};

	(void)state;
	txn_begin();
	assert_int_equal(component_start("o", 3, "optional", options, 2), 0);
	assert_int_equal(txn_commit(), 0);
	assert_true(component_is(panel_find("o"), 3, "optional", options, 2));
	assert_false(component_is(panel_find("o"), 3, "optional", others, 2));
	assert_false(component_is(panel_find("o"), 3, "optional", options, 1));
	panel_run("component start o 3 optional", ERROR("Invalid value (component name): "));
}

static void
stop_of_an_unknown_component_succeeds_with_a_note(void **state)
{
	(void)state;
	panel_run("component stop cls9", NOTE("no component 'cls9' to stop"));
}

static void
stop_accepts_the_words_of_start(void **state)
{
	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("component stop a 3 pass");
	assert_null(panel_find("a"));
}

static void
stop_detaches_the_ports_and_destroys_the_instance(void **state)
{
	(void)state;
	panel_ok("component start p 3 pick");
	panel_ok("port add mem:0 rx p");
	panel_ok("port add mem:1 tx p");
	panel_ok("component stop p");
	assert_int_equal(pick.alive, 0);
	assert_int_equal(pick.nb_detach, 2);
	assert_false(mem_ports[0].open);
	panel_ok("component start q 4 pick");
	panel_ok("port add mem:0 rx q");
}

static void
add_is_refused_with_the_cause(void **state)
{
	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("component start b 4 pass");
	panel_ok("port add mem:0 rx a");
	panel_ok("port add mem:1 tx a");
	panel_run("port add mem:2 rx nosuch",
		  ERROR("Invalid value (component name): there is no component 'nosuch'"));
	panel_run("port add foo:0 rx a", ERROR("Invalid value (port): no plugin drives ports of "
					       "type 'foo'; there are: mem\""));
	panel_run("port add mem: rx a", ERROR("Invalid value (port): "));
	panel_run("port add mem:99 rx a", ERROR("Invalid value (port): mem:99 does not exist\""));
	panel_run("port add mem:0 rx b",
		  ERROR("Invalid value (port rxtx): mem:0 is already rx port of component 'a'; "
			"delete it there first\""));
	panel_ok("port add mem:0 tx b");
	panel_run("port add mem:0 sideways b", ERROR("Invalid value (port rxtx): "));
	panel_run("port add mem:2 tx a", ERROR("error occur: pass takes at most 1 tx port\""));
	panel_run("port add mem:2 rx a add_tag", ERROR("Invalid value (port vlan operation): "));
	panel_run("port add mem:2 rx a add_vlantag 4095 0", ERROR("Invalid value (port vid): "));
	panel_run("port add mem:2 rx a add_vlantag 1 8", ERROR("Invalid value (port pcp): "));
	panel_run("port add mem:2 rx a add_vlantag 1", ERROR("Wrong message format"));
	assert_int_equal(panel_find("a")->nb_rx, 1);
	assert_false(mem_ports[2].open);
}

static void
a_port_held_in_both_directions_is_refused_as_a_port(void **state)
{
	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("component start b 4 pass");
	panel_ok("port add mem:0 rx a");
	panel_ok("port add mem:0 tx a");
	panel_run("port add mem:0 rx b", ERROR("Invalid value (port): mem:0 is already rx port"));
}

static void
queues_are_named_exactly_where_there_are_several(void **state)
{
	(void)state;
	panel_ok("component start a 3 pass");
	panel_run("port add mem:60 rx a", ERROR("Invalid value (port): mem:60 has several queues; "
						"say which, as mem:60 nq 0\""));
	panel_run("port add mem:0nq0 rx a",
		  ERROR("Invalid value (port): mem:0 has one queue; leave out nq 0\""));
	panel_run(
		"port add mem:60nq2 rx a",
		ERROR("Invalid value (port rxtx): mem:60 has 2 rx queues, there is no queue 2\""));
	panel_ok("port add mem:60nq0 rx a");
	panel_ok("port add mem:60nq1 rx a");
	assert_string_equal(panel_find("a")->rx->name, "mem:60 nq 0");
	assert_true(mem_ports[60].open);
	panel_ok("port del mem:60nq0 rx a");
	assert_true(mem_ports[60].open);
	panel_ok("port del mem:60nq1 rx a");
	assert_false(mem_ports[60].open);
}

static void
repeated_requests_succeed_with_a_note(void **state)
{
	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:0 rx a");
	panel_run("port add mem:0 rx a", NOTE("mem:0 is already rx port of 'a'"));
	panel_run("port del mem:1 rx a", NOTE("mem:1 is not rx port of 'a', nothing to delete"));
	panel_run("port del foo:1 rx a", ERROR("Invalid value (port): "));
	assert_int_equal(panel_find("a")->nb_rx, 1);
}

static void
the_vlan_operation_of_an_attached_port_can_be_changed(void **state)
{
	const struct attachment *rx;

	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:0 rx a add_vlantag 101 3");
	rx = panel_find("a")->rx;
	assert_int_equal(rx->vlan.vid, 101);
	panel_ok("port add mem:0 rx a add_vlantag 102 4");
	assert_int_equal(rx->vlan.vid, 102);
	assert_int_equal(rx->vlan.pcp, 4);
	panel_ok("port add mem:0 rx a del_vlantag");
	assert_int_equal(rx->vlan.kind, VLAN_DEL);
	panel_ok("port add mem:0 rx a");
	assert_int_equal(rx->vlan.kind, VLAN_NONE);
}

static void
a_plugin_that_refuses_a_port_leaves_nothing(void **state)
{
	(void)state;
	panel_ok("component start p 3 pick");
	pick.refuse_attach = 1;
	panel_run("port add mem:0 rx p", ERROR("error occur: pick does not want mem:0\""));
	assert_false(mem_ports[0].open);
	assert_int_equal(panel_find("p")->nb_rx, 0);
}

static void
attach(const char *component, const char *port, uint16_t dir)
{
	const struct vlan_op none = {.kind = VLAN_NONE};
	struct res_uid res_uid;

	assert_int_equal(res_uid_parse(port, &res_uid), 0);
	assert_int_equal(attachment_add(panel_find(component), &res_uid, dir, &none), 0);
}

static void
a_refused_transaction_leaves_everything_as_it_was(void **state)
{
	const uint16_t outputs[] = {0};
	struct spp_component *p;

	(void)state;
	panel_ok("component start p 3 pick");
	panel_ok("port add mem:0 rx p");
	panel_ok("port add mem:1 tx p add_vlantag 5 0");
	p = panel_find("p");

	txn_begin();
	assert_int_equal(component_start("q", 4, "pick", NULL, 0), 0);
	attach("q", "mem:2", SPP_RX);
	assert_int_equal(group_set(p, 3, outputs, 1), 0);
	attach("p", "mem:1", SPP_TX); /* without VLAN operation */
	assert_int_equal(attachment_del(p->rx), 0);
	assert_int_equal(component_stop(p), 0);
	assert_null(panel_find("p"));
	txn_abort();

	assert_ptr_equal(panel_first(), p);
	assert_null(p->next);
	assert_int_equal(p->nb_rx, 1);
	assert_string_equal(p->rx->name, "mem:0");
	assert_int_equal(p->tx->vlan.vid, 5);
	assert_null(p->groups[3]);
	assert_int_equal(pick.alive, 1);
	assert_false(mem_ports[2].open);
	panel_put(&mem_ports[0].rx[0], 0, 3);
	assert_int_equal(panel_pass(), 3);
	assert_int_equal(mem_ports[1].tx[0].nb, 3);
}

static void
a_stuck_worker_is_named_and_nothing_changes(void **state)
{
	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:0 rx a");
	panel_ok("port add mem:1 tx a");
	worker_online(panel_worker[0]); /* and makes no pass */
	panel_run("port del mem:0 rx a",
		  ERROR("error occur: the worker on core 3 has not finished a pass within 50 ms, "
			"nothing was changed; see which component runs there in status\""));
	panel_run("port add mem:2 rx a", "the worker on core 3 has not finished a pass");
	panel_run("component start b 3 pick", "the worker on core 3 has not finished a pass");
	panel_run("component stop a", "the worker on core 3 has not finished a pass");
	panel_ok("component start c 4 pass"); /* nobody else is disturbed */
	assert_int_equal(panel_find("a")->nb_rx, 1);
	assert_null(panel_find("b"));
	/* What the worker may have seen stays until the worker moves on. */
	txn_reap();
	assert_true(mem_ports[2].open);
	assert_int_equal(pick.alive, 1);
	panel_put(&mem_ports[0].rx[0], 0, 3);
	assert_int_equal(worker_pass(panel_worker[0]), 3);
	txn_reap();
	assert_false(mem_ports[2].open);
	assert_int_equal(pick.alive, 0);
	worker_offline(panel_worker[0]);
	panel_ok("port del mem:0 rx a");
}

static void
groups_are_checked(void **state)
{
	const uint16_t twice[] = {1, 1}, high[] = {SPP_OUTPUT_MAX};

	(void)state;
	panel_ok("component start p 3 pick");
	txn_begin();
	assert_int_equal(group_set(pick.self, 0, twice, 2), -EINVAL);
	assert_string_equal(error_text(0),
			    "error occur: component 'p': group 0 names output 1 twice");
	assert_int_equal(group_set(pick.self, 0, high, 1), -EINVAL);
	assert_int_equal(group_set(pick.self, SPP_GROUP_MAX, NULL, 0), -EINVAL);
	txn_abort();
}

static int
setup(void **state)
{
	return panel_setup(state) != 0 ? -1 : plugin_add(&optional_manifest, optional_entry);
}

#define TEST(f) cmocka_unit_test_teardown(f, panel_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(start_is_refused_with_the_cause),
		TEST(start_of_what_runs_already_succeeds_with_a_note),
		TEST(a_component_with_other_options_is_another),
		TEST(stop_of_an_unknown_component_succeeds_with_a_note),
		TEST(stop_accepts_the_words_of_start),
		TEST(stop_detaches_the_ports_and_destroys_the_instance),
		TEST(add_is_refused_with_the_cause),
		TEST(a_port_held_in_both_directions_is_refused_as_a_port),
		TEST(queues_are_named_exactly_where_there_are_several),
		TEST(repeated_requests_succeed_with_a_note),
		TEST(the_vlan_operation_of_an_attached_port_can_be_changed),
		TEST(a_plugin_that_refuses_a_port_leaves_nothing),
		TEST(a_refused_transaction_leaves_everything_as_it_was),
		TEST(a_stuck_worker_is_named_and_nothing_changes),
		TEST(groups_are_checked),
	};

	return cmocka_run_group_tests(tests, setup, panel_teardown);
}
