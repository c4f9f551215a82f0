/* SPDX-License-Identifier: BSD-3-Clause */
/* A configuration comes into force as one transaction: all of it, or nothing and a sentence. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "core/test_panel.h"

#include "config_apply.h"

static struct config *
parsed(const char *text)
{
	struct config *config = NULL;

	if (config_parse(text, "panel.conf", &config) != 0)
		print_error("refused: %s\n", error_sentence(-EINVAL));
	assert_non_null(config);
	return config;
}

static void
assert_idle(unsigned int lcore, const char *expected)
{
	struct idle_policy policy;
	char text[32];

	worker_get_idle(lcore_worker(lcore), &policy);
	assert_string_equal(idle_format(&policy, text, sizeof(text)), expected);
}

/* The state before each test. */
static void
assert_nothing_applied(void)
{
	assert_null(panel_first());
	assert_idle(PANEL_LCORE, "busy");
	assert_idle(PANEL_LCORE + 1, "busy");
	assert_int_equal(pick.alive, 0);
	for (unsigned int i = 0; i < MEM_PORTS; i++)
		assert_int_equal(mem_ports[i].open + mem_ports[i].attached, 0);
}

static void
assert_applied(const char *text)
{
	struct config *config = parsed(text);

	if (config_apply(config) != 0)
		print_error("not applied: %s\n", error_sentence(-EINVAL));
	assert_non_null(panel_first());
	config_free(config);
}

static void
assert_refused(const char *text, int err, const char *sentence)
{
	struct config *config = parsed(text);

	assert_int_equal(config_apply(config), err);
	assert_string_equal(error_sentence(err), sentence);
	config_free(config);
	assert_nothing_applied();
}

/* What is right comes before what is wrong, so that there is something to take back. */
#define RIGHT                                                                                      \
	"idle \"3\" { policy = \"yield\" }\n"                                                      \
	"component \"a\" { core = 3 type = \"pick\" rx = {\"mem:0\"} tx = {\"mem:1\", \"mem:2\"} " \
	"}\n"

static void
every_part_comes_into_force(void **state)
{
	const struct spp_component *a, *b;

	(void)state;
	assert_applied("commands = {\"port add mem:5 tx b\", \"component start c 4 pass\"}\n" RIGHT
		       "component \"b\" { core = 4 type = \"pass\"\n"
		       "  rx = {\"mem:3 del_vlantag\", \"mem:60nq1\"} }\n");
	a = panel_find("a");
	b = panel_find("b");
	assert_idle(3, "yield");
	assert_idle(4, "busy");
	assert_int_equal(a->lcore, 3);
	assert_int_equal(a->nb_rx, 1);
	assert_string_equal(a->tx->name, "mem:1");
	assert_string_equal(a->tx->next->name, "mem:2");
	assert_int_equal(b->rx->vlan.kind, VLAN_DEL);
	assert_string_equal(b->rx->next->name, "mem:60 nq 1");
	assert_string_equal(b->tx->name, "mem:5");
	assert_non_null(panel_find("c"));
}

static void
packets_flow_as_configured(void **state)
{
	(void)state;
	assert_applied(RIGHT);
	panel_put(&mem_ports[0].rx[0], 0, 3);
	panel_put(&mem_ports[0].rx[0], 1, 2);
	assert_int_equal(panel_pass(), 5);
	assert_int_equal(mem_ports[1].tx[0].nb, 3);
	assert_int_equal(mem_ports[2].tx[0].nb, 2);
}

static void
an_empty_configuration_changes_nothing(void **state)
{
	struct config *config;

	(void)state;
	assert_int_equal(config_default(&config), 0);
	assert_int_equal(config_apply(config), 0);
	config_free(config);
	assert_nothing_applied();
}

/* Failures, part by part */

static void
an_idle_policy_that_fails_leaves_nothing(void **state)
{
	(void)state;
	assert_refused(RIGHT "idle \"4\" { policy = \"yield\" }\n"
			     "idle \"9\" { policy = \"yield\" }\n",
		       -EINVAL,
		       "panel.conf:4: idle '9': Invalid value (core): core 9 is no worker");
}

static void
a_component_that_fails_leaves_nothing(void **state)
{
	(void)state;
	assert_refused(RIGHT "component \"b\" { core = 9 type = \"pass\" }", -EINVAL,
		       "panel.conf:3: component 'b': Invalid value (core): core 9 is no worker");
	assert_refused(RIGHT "\ncomponent \"b\"\n{ core = 4 type = \"teleport\" }", -EINVAL,
		       "panel.conf:4: component 'b': Invalid value (component type): no component "
		       "plugin 'teleport' is loaded; "
		       "there are: pick, pass");
	assert_refused(RIGHT "component \"b\" { core = 4 type = \"pass\" options = {\"x=1\"} }",
		       -EINVAL,
		       "panel.conf:3: component 'b': component 'b': there is no option 'x'");
}

static void
a_port_that_fails_leaves_nothing(void **state)
{
	(void)state;
	assert_refused(RIGHT "component \"b\" { core = 4 type = \"pass\"\nrx = {\"mem:3\",\n"
			     "\"mem:99\"} }",
		       -EINVAL,
		       "panel.conf:5: component 'b': rx mem:99: Invalid value (port): mem:99 does "
		       "not exist");
	assert_refused(
		RIGHT "component \"b\" { core = 4 type = \"pass\" tx = {\n\"foo:0\"} }", -EINVAL,
		"panel.conf:4: component 'b': tx foo:0: Invalid value (port): no plugin drives "
		"ports of type 'foo'; there are: mem");
	pick.refuse_attach = 1;
	assert_refused(RIGHT, -EPERM,
		       "panel.conf:2: component 'a': rx mem:0: pick does not want mem:0");
}

static void
a_command_that_fails_leaves_nothing(void **state)
{
	(void)state;
	assert_refused(
		RIGHT "commands = {\"component start c 4 pass\",\n\"dance\",\n\"port\"}", -EINVAL,
		"panel.conf:4: command 'dance': Invalid value (command): no verb 'dance'; 'verbs' "
		"lists them all");
	assert_refused(
		RIGHT "commands = {\"port add mem:7 tx a\", \"port add mem:0 rx b\"}", -EINVAL,
		"panel.conf:3: command 'port add mem:0 rx b': Invalid value (component name): "
		"there is no component 'b'; start it first");
}

static void
a_worker_that_does_not_follow_leaves_nothing(void **state)
{
	struct config *config = parsed(RIGHT);

	(void)state;
	worker_online(panel_worker[0]);
	assert_int_equal(config_apply(config), -ETIMEDOUT);
	assert_string_equal(error_sentence(-ETIMEDOUT),
			    "panel.conf: the worker on core 3 has not finished a pass within "
			    "50 ms, nothing was changed; see which component runs there in "
			    "status");
	worker_offline(panel_worker[0]);
	txn_reap();
	config_free(config);
	assert_nothing_applied();
}

/* Options of ports, which are handed over before */

static void
options_of_ports_are_refused_with_the_place(void **state)
{
	static const struct {
		const char *text, *sentence;
	} wrong[] = {
		{"port \"mem:1\" { }\nport \"foo\" { }",
		 "panel.conf:2: port 'foo': no plugin is loaded for ports of type 'foo'"},
		{"port \"pick:1\" { }",
		 "panel.conf:1: port 'pick:1': no plugin is loaded for ports of type 'pick'"},
		{"port \"mem:2\" { }\nport \"mem:02\" { }",
		 "panel.conf:2: port 'mem:2': port 'mem:2' is configured twice"},
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct config *config = parsed(wrong[i].text);
		int rc = config_set_port_options(config);

		assert_int_not_equal(rc, 0);
		assert_string_equal(error_sentence(rc), wrong[i].sentence);
		config_free(config);
	}
}

static int
reset(void **state)
{
	const struct idle_policy busy = {.kind = IDLE_BUSY};

	for (unsigned int i = 0; i < 2; i++)
		worker_set_idle(panel_worker[i], &busy);
	return panel_reset(state);
}

#define TEST(f) cmocka_unit_test_teardown(f, reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_part_comes_into_force),
		TEST(packets_flow_as_configured),
		TEST(an_empty_configuration_changes_nothing),
		TEST(an_idle_policy_that_fails_leaves_nothing),
		TEST(a_component_that_fails_leaves_nothing),
		TEST(a_port_that_fails_leaves_nothing),
		TEST(a_command_that_fails_leaves_nothing),
		TEST(a_worker_that_does_not_follow_leaves_nothing),
		TEST(options_of_ports_are_refused_with_the_place),
	};

	return cmocka_run_group_tests(tests, panel_setup, panel_teardown);
}
