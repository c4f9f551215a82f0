/* SPDX-License-Identifier: BSD-3-Clause */
/* The verb config, and what replies and status say of what verbs have configured. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "core/test_panel.h"

#include <inttypes.h>

#include "config_verb.h"
#include "lcore_verbs.h"
#include "reply.h"
#include "status.h"

#define SUCCESS "{\"results\":[{\"result\":\"success\"}]"

/* Component plugin lim, as a third party writes it: a limit for each component, one for all of
 * them, and an option. */

#define LIMS_MAX 8

struct lim {
	struct spp_component *self;
	uint64_t limit; /* 0: none */
};

static struct {
	struct lim *lims[LIMS_MAX];
	uint64_t limit;         /* of all together */
	const char *stray_line; /* instance_config() writes this line, too */
} all;

static int
lim_create(struct spp_component *self, void *worker, const struct spp_args *args, void **state)
{
	struct lim *lim = calloc(1, sizeof(*lim));
	unsigned int i = 0;

	(void)worker;
	(void)args;
	assert_non_null(lim);
	lim->self = self;
	while (all.lims[i] != NULL)
		assert_true(++i < LIMS_MAX);
	all.lims[i] = lim;
	*state = lim;
	return 0;
}

static void
lim_destroy(void *state)
{
	for (unsigned int i = 0; i < LIMS_MAX; i++)
		if (all.lims[i] == state)
			all.lims[i] = NULL;
	free(state);
}

static uint64_t
read_rate(const struct spp_args *args)
{
	uint64_t rate = 0;

	if (strcmp(args_str(args, "rate"), "off") != 0)
		assert_int_equal(args_u64(args, "rate", &rate), 0);
	return rate;
}

static int
run_limit(const struct spp_args *args, struct spp_reply *reply)
{
	const char *name = args_str(args, "component name");

	(void)reply;
	for (unsigned int i = 0; i < LIMS_MAX; i++) {
		if (all.lims[i] == NULL || strcmp(all.lims[i]->self->name, name) != 0)
			continue;
		all.lims[i]->limit = read_rate(args);
		return 0;
	}
	return fail_arg("component name", "there is no lim '%s'; start it first", name);
}

static int
run_limit_all(const struct spp_args *args, struct spp_reply *reply)
{
	(void)reply;
	all.limit = read_rate(args);
	return 0;
}

static int
lim_process_config(spp_config_emit emit, void *arg)
{
	char line[64];

	snprintf(line, sizeof(line), "limit_all %" PRIu64, all.limit);
	return all.limit == 0 ? 0 : emit(arg, line);
}

static int
lim_instance_config(void *state, spp_config_emit emit, void *arg)
{
	const struct lim *lim = state;
	char line[64];

	if (all.stray_line != NULL)
		return emit(arg, all.stray_line);
	snprintf(line, sizeof(line), "limit %s %" PRIu64, lim->self->name, lim->limit);
	return lim->limit == 0 ? 0 : emit(arg, line);
}

static const void *
lim_extension(const char *id)
{
	static const struct spp_config_ext ext = {
		.size = sizeof(ext),
		.process_config = lim_process_config,
		.instance_config = lim_instance_config,
	};

	return strcmp(id, SPP_EXT_CONFIG) == 0 ? &ext : NULL;
}

static const struct spp_verb lim_verbs[] = {
	{"limit <component name:NAME> <rate:UNSIGNED_INT|off>", "of one", run_limit},
	{"limit_all <rate:UNSIGNED_INT|off>", "of all", run_limit_all},
};

static const struct spp_component_ops lim_ops = {
	.size = sizeof(lim_ops),
	.rx_min = 1,
	.rx_max = SPP_MANY,
	.tx_min = 1,
	.tx_max = SPP_MANY,
	.options = "<burst:UNSIGNED_INT> <mode:WORD>",
	.create = lim_create,
	.destroy = lim_destroy,
	.process = pick_process,
};

static const struct spp_plugin lim_plugin = {
	.size = sizeof(lim_plugin),
	.nb_verbs = RTE_DIM(lim_verbs),
	.verb_size = sizeof(struct spp_verb),
	.verbs = lim_verbs,
	.component = &lim_ops,
	.get_extension = lim_extension,
};

PANEL_ENTRY(lim, SPP_KIND_COMPONENT)

/* Helpers */

static json_t *
ask(const char *line)
{
	char *text = dispatch_run(line);
	json_t *reply = json_loads(text, 0, NULL);

	assert_non_null(reply);
	if (strncmp(text, SUCCESS, strlen(SUCCESS) - 1) != 0)
		print_error("%s: %s\n", line, text);
	free(text);
	return reply;
}

static json_t *
config_lines(void)
{
	json_t *reply = ask("config from 0 max 10000");
	json_t *lines = json_object_get(json_object_get(reply, "config"), "lines");

	assert_true(json_is_array(lines));
	json_incref(lines);
	json_decref(reply);
	return lines;
}

static void
assert_json(json_t *value, const char *expected)
{
	char *text = json_dumps(value, JSON_COMPACT);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
	json_decref(value);
}

static void
clear_panel(void)
{
	panel_ok("idle 3 yield");
	panel_ok("idle 4 yield");
	panel_ok("limit_all off");
	assert_int_equal(component_stop_all(), 0);
	txn_reap();
}

static void
replay(const json_t *lines)
{
	json_t *line;
	size_t i;

	json_array_foreach (lines, i, line)
		panel_ok(json_string_value(line));
}

/* Tests */

static void
lines_stand_in_the_order_of_a_replay(void **state)
{
	(void)state;
	panel_ok("idle 3 yield");
	panel_ok("idle 4 busy");
	panel_ok("component start b 3 lim burst=7 mode=x,y");
	panel_ok("port add mem:1 rx b del_vlantag");
	panel_ok("limit b 5");
	panel_ok("component start a 4 pass");
	panel_ok("port add mem:60nq1 tx a add_vlantag 100 3");
	panel_ok("port add mem:2 tx b");
	panel_ok("limit_all 9");
	assert_json(config_lines(), "[\"idle 3 yield\",\"idle 4 busy\",\"limit_all 9\","
				    "\"component start b 3 lim burst=7 mode=x,y\","
				    "\"component start a 4 pass\",\"port add mem:2 tx b\","
				    "\"port add mem:60nq1 tx a add_vlantag 100 3\",\"limit b 5\","
				    "\"port add mem:1 rx b del_vlantag\"]");
}

static void
a_default_that_nobody_set_is_no_line(void **state)
{
	(void)state;
	assert_json(config_lines(), "[]");
	panel_run("idle 3 sometimes", "Invalid value");
	assert_json(config_lines(), "[]");
	panel_ok("idle 3 busy");
	panel_ok("idle 4 busy");
}

static void
a_start_with_other_options_is_a_conflict(void **state)
{
	(void)state;
	panel_ok("component start b 3 lim burst=7");
	panel_run("component start b 3 lim burst=7", "\"note\":\"component 'b' is already a lim");
	panel_run("component start b 3 lim burst=8", "exists already on core 3");
	panel_run("component start c 3 lim burst=often", "error");
	panel_run("component start c 3 pass burst=7", "error");
}

static void
outputs_keep_their_places(void **state)
{
	json_t *lines;

	(void)state;
	panel_ok("component start b 3 lim");
	panel_ok("port add mem:1 tx b");
	panel_ok("port add mem:2 tx b");
	panel_ok("port del mem:1 tx b");
	panel_ok("port add mem:3 tx b");
	assert_int_equal(panel_find("b")->tx->index, 0);
	lines = config_lines();
	clear_panel();
	replay(lines);
	assert_string_equal(panel_find("b")->tx->name, "mem:3");
	assert_int_equal(panel_find("b")->tx->index, 0);
	json_decref(lines);
}

static void
pages_are_those_of_the_whole(void **state)
{
	(void)state;
	panel_ok("idle 3 yield");
	panel_ok("idle 4 yield");
	panel_ok("component start b 3 lim");
	for (int i = 0; i < 4; i++) {
		char line[64];

		snprintf(line, sizeof(line), "port add mem:%d tx b", i);
		panel_ok(line);
	}
	panel_run("config from 2 max 2", "\"config\":{\"from\":2,\"lines\":[\"component start b 3 "
					 "lim\",\"port add mem:0 tx b\"],\"next\":4}");
	panel_run("config from 6 max 1",
		  "\"config\":{\"from\":6,\"lines\":[\"port add mem:3 tx b\"]}}");
	panel_run("config from 9223372036854775807", "\"lines\":[]}");
	panel_run("config from 0 max 0", "Invalid value (count): a reply has 1 to 10000 lines");
	panel_run("config from 0 max 10001", "Invalid value (count)");
}

static void
replies_tell_what_has_come_and_what_is_gone(void **state)
{
	static const char told[] = "\"configured\":{\"before\":[\"idle 3 busy\",\"idle 4 yield\"],"
				   "\"after\":{\"b\":[\"limit b 5\"]}}";

	(void)state;
	panel_run("idle 3 busy", SUCCESS ",\"configured\":{\"before\":[\"idle 3 busy\"],"
					 "\"gone\":[\"idle 3 yield\"]}}\n");
	panel_run("idle 3 busy", SUCCESS "}\n");
	panel_run("component start b 3 lim", SUCCESS "}\n");
	panel_run("limit b 5", SUCCESS ",\"configured\":{\"after\":{\"b\":[\"limit b 5\"]}}}\n");
	panel_run("limit x 5", "{\"results\":[{\"result\":\"error\",\"error_details\":{\"message\":"
			       "\"Invalid value (component name): there is no lim 'x'; start it "
			       "first\"}}]}\n");
	panel_run("status", told);
	panel_run("status brief", told);
	/* What goes with a component is told as well, and nothing else of it. */
	panel_run("component stop b", SUCCESS ",\"configured\":{\"gone\":[\"limit b 5\"]}}\n");
}

static void
a_line_that_is_no_command_of_the_plugin_is_refused(void **state)
{
	static const char *const strays[] = {"exit", "component stop b", "limit b",
					     "limit b 5\nexit", ""};

	(void)state;
	panel_ok("component start b 3 lim");
	for (unsigned int i = 0; i < RTE_DIM(strays); i++) {
		all.stray_line = strays[i];
		panel_run("config", "plugin lim: its configuration has `");
		/* The command is carried out, nothing is told of it. */
		panel_run("idle 4 busy", SUCCESS "}\n");
		panel_run("idle 4 yield", SUCCESS "}\n");
		all.stray_line = NULL;
	}
	panel_run("config", "[\"idle 3 busy\",\"idle 4 yield\",\"component start b 3 lim\"]");
}

/* A random session */

static uint32_t
random_below(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % n;
}

static void
random_command(uint32_t *seed, char *line, size_t size)
{
	static const char *const types[] = {"pass", "pick", "lim", "lim burst=3"};
	static const char *const idles[] = {"busy", "yield", "adaptive:7us"};
	static const char *const vlans[] = {"", " del_vlantag", " add_vlantag 9 1"};
	static const char *const dirs[] = {"rx", "tx"};
	uint32_t what = random_below(seed, 12), name = random_below(seed, 5);
	uint32_t core = PANEL_LCORE + random_below(seed, 2), port = random_below(seed, 10);
	const char *dir = dirs[random_below(seed, 2)];
	uint32_t three = random_below(seed, 3);

	if (what < 2)
		snprintf(line, size, "component start c%u %u %s", name, core,
			 types[random_below(seed, 4)]);
	else if (what == 2)
		snprintf(line, size, "component stop c%u", name);
	else if (what < 7)
		snprintf(line, size, "port add mem:%u %s c%u%s", port, dir, name, vlans[three]);
	else if (what == 7)
		snprintf(line, size, "port del mem:%u %s c%u", port, dir, name);
	else if (what == 8)
		snprintf(line, size, "idle %u %s", core, idles[three]);
	else if (what < 11)
		snprintf(line, size, three == 0 ? "limit c%u off" : "limit c%u %u", name, port);
	else
		snprintf(line, size, three == 0 ? "limit_all off" : "limit_all %u", port);
}

/* Change the set of lines as the reply to a command says. */
static void
follow(json_t *set, const json_t *reply)
{
	const json_t *told = json_object_get(reply, "configured");
	json_t *line, *lines;
	const char *name;
	size_t i;

	json_array_foreach (json_object_get(told, "gone"), i, line)
		assert_int_equal(json_object_del(set, json_string_value(line)), 0);
	json_array_foreach (json_object_get(told, "before"), i, line)
		json_object_set_new(set, json_string_value(line), json_true());
	json_object_foreach (json_object_get(told, "after"), name, lines) {
		assert_non_null(panel_find(name));
		json_array_foreach (lines, i, line)
			json_object_set_new(set, json_string_value(line), json_true());
	}
}

/* The lines of config that are no commands of component and port. */
static json_t *
other_lines(const json_t *lines)
{
	json_t *set = json_object(), *line;
	size_t i;

	json_array_foreach (lines, i, line)
		if (strncmp(json_string_value(line), "component ", 10) != 0 &&
		    strncmp(json_string_value(line), "port ", 5) != 0)
			json_object_set_new(set, json_string_value(line), json_true());
	return set;
}

static void
check_replay(const json_t *told)
{
	json_t *lines = config_lines(), *status = ask("status"), *again, *others;

	others = other_lines(lines);
	assert_true(json_equal(others, told));
	clear_panel();
	replay(lines);
	again = config_lines();
	assert_true(json_equal(lines, again));
	json_decref(again);
	again = ask("status");
	assert_true(json_equal(status, again));
	json_decref(again);
	json_decref(others);
	json_decref(status);
	json_decref(lines);
}

static void
a_replay_rebuilds_any_session(void **state)
{
	uint32_t nb_lines = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= 40; seed++) {
		json_t *told, *lines;
		uint32_t random = seed;
		char line[128];

		clear_panel();
		lines = config_lines();
		told = other_lines(lines);
		json_decref(lines);
		for (unsigned int i = 0; i < 60; i++) {
			char *text;
			json_t *reply;

			random_command(&random, line, sizeof(line));
			text = dispatch_run(line);
			reply = json_loads(text, 0, NULL);
			assert_non_null(reply);
			follow(told, reply);
			json_decref(reply);
			free(text);
		}
		lines = config_lines();
		nb_lines += json_array_size(lines);
		json_decref(lines);
		check_replay(told);
		json_decref(told);
	}
	/* Else the sessions are refusals only, and prove nothing. */
	assert_true(nb_lines > 40 * 10);
}

static int
setup(void **state)
{
	if (panel_setup(state) != 0 || plugin_add(&lim_manifest, lim_entry) != 0)
		return -1;
	if (lcore_verbs_add() != 0 || status_init(5, NULL, 0) != 0)
		return -1;
	return config_verb_add();
}

static int
reset(void **state)
{
	all.limit = 0;
	all.stray_line = NULL;
	return panel_reset(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_default_that_nobody_set_is_no_line, reset),
		cmocka_unit_test_teardown(lines_stand_in_the_order_of_a_replay, reset),
		cmocka_unit_test_teardown(a_start_with_other_options_is_a_conflict, reset),
		cmocka_unit_test_teardown(outputs_keep_their_places, reset),
		cmocka_unit_test_teardown(pages_are_those_of_the_whole, reset),
		cmocka_unit_test_teardown(replies_tell_what_has_come_and_what_is_gone, reset),
		cmocka_unit_test_teardown(a_line_that_is_no_command_of_the_plugin_is_refused,
					  reset),
		cmocka_unit_test_teardown(a_replay_rebuilds_any_session, reset),
	};

	return cmocka_run_group_tests(tests, setup, panel_teardown);
}
