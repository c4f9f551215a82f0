/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "model.h"
#include "model_valid.h"

static json_t *
model_of(const char *const *commands)
{
	json_t *model = model_create();

	for (; *commands != NULL; commands++) {
		assert_true(model_is_changed_by(*commands));
		model_apply(model, *commands);
	}
	assert_true(model_is_valid(model));
	return model;
}

static void
check_commands(json_t *model, const char *const *expected)
{
	json_t *commands = model_commands(model), *command;
	size_t i;

	json_array_foreach (commands, i, command) {
		assert_non_null(expected[i]);
		assert_string_equal(json_string_value(command), expected[i]);
	}
	assert_null(expected[i]);
	json_decref(commands);
	json_decref(model);
}

#define MODEL(...) model_of((const char *const[]){__VA_ARGS__, NULL})
#define CHECK(model, ...) check_commands((model), (const char *const[]){__VA_ARGS__, NULL})

static void
model_orders_commands_so_that_rx_comes_last(void **state)
{
	(void)state;
	CHECK(MODEL("component start c 3 classifier", "port add phy:0nq1 rx c del_vlantag",
		    "port add ring:0 tx c", "classifier_table add mac 52:54:00:AB:CD:EF ring:0",
		    "classifier_table add vlan 5 default ring:0", "component start f 4 x rate=5 y",
		    "port add ring:0 rx f", "port add ring:1 tx f add_vlantag 101 3"),
	      "component start c 3 classifier", "component start f 4 x rate=5 y",
	      "port add ring:0 tx c", "port add ring:1 tx f add_vlantag 101 3",
	      "classifier_table add mac 52:54:00:ab:cd:ef ring:0",
	      "classifier_table add vlan 5 default ring:0", "port add phy:0nq1 rx c del_vlantag",
	      "port add ring:0 rx f");
}

static void
model_forgets_what_is_deleted(void **state)
{
	(void)state;
	CHECK(MODEL("component start c 3 classifier", "port add ring:0 tx c",
		    "port add ring:1 tx c", "port add phy:0 rx c",
		    "classifier_table add mac default ring:0",
		    "classifier_table add mac 52:54:00:ab:cd:ef ring:1",
		    "classifier_table del mac 52:54:00:AB:CD:EF ring:1", "port del phy:0 rx c",
		    "port del ring:0 tx c"),
	      "component start c 3 classifier", "port add ring:1 tx c");
	CHECK(MODEL("component start c 3 classifier", "port add ring:0 tx c",
		    "classifier_table add mac default ring:0", "component stop c"),
	      NULL);
}

static void
model_keeps_a_key_for_each_classifier(void **state)
{
	(void)state;
	CHECK(MODEL("component start c 3 classifier", "component start d 4 classifier",
		    "port add ring:0 tx c", "port add ring:1 tx d",
		    "classifier_table add mac default ring:0",
		    "classifier_table add mac default ring:1",
		    "classifier_table del mac default ring:0"),
	      "component start c 3 classifier", "component start d 4 classifier",
	      "port add ring:0 tx c", "port add ring:1 tx d",
	      "classifier_table add mac default ring:1");
}

static void
model_is_idempotent(void **state)
{
	(void)state;
	CHECK(MODEL("component start c 3 merge", "component start c 3 merge",
		    "port add ring:0 tx c", "port add ring:0 tx c del_vlantag",
		    "port del ring:9 rx c", "component stop nobody"),
	      "component start c 3 merge", "port add ring:0 tx c del_vlantag");
}

static void
model_spells_as_a_status_does(void **state)
{
	(void)state;
	CHECK(MODEL("component start c 03 classifier", "port add ring:00 tx c add_vlantag 007 03",
		    "classifier_table add vlan 05 default ring:00"),
	      "component start c 3 classifier", "port add ring:0 tx c add_vlantag 7 3",
	      "classifier_table add vlan 5 default ring:0");
}

static void
model_takes_only_what_it_can_rebuild(void **state)
{
	json_t *model = MODEL("component start c 3 classifier", "port add ring:0 tx c");

	(void)state;
	assert_false(model_takes(NULL, "port add ring:1 tx c"));
	assert_false(model_takes(model, "port add ring:1 tx d"));
	assert_false(model_apply(model, "port add ring:1 tx d"));
	assert_false(model_takes(model, "classifier_table add mac default ring:1"));
	assert_false(model_apply(model, "classifier_table add mac default ring:1"));
	assert_false(model_takes(model, "component start a/b 3 merge"));
	assert_true(model_takes(NULL, "component start c 3 merge"));
	assert_true(model_takes(model, "port add ring:1 tx c"));
	assert_true(model_takes(model, "port del ring:1 tx d"));
	assert_true(model_takes(model, "classifier_table add mac default ring:0"));
	CHECK(model, "component start c 3 classifier", "port add ring:0 tx c");
}

static void
model_ignores_other_commands(void **state)
{
	static const char *const others[] = {"status",         "",    "limit 5", "component",
					     "component list", "exit"};
	json_t *model = model_create();

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_false(model_is_changed_by(others[i]));
		model_apply(model, others[i]);
	}
	/* Verbs that the model knows, with too few words. */
	model_apply(model, "component start a");
	model_apply(model, "port add");
	model_apply(model, "port add ring:0 both a");
	model_apply(model, "classifier_table add mac default");
	assert_true(model_is_empty(model));
	assert_true(model_is_valid(model));
	json_decref(model);
}

static const char status_text[] =
	"{\"core\":[{\"core\":3,\"name\":\"c\",\"type\":\"classifier\","
	"\"rx_port\":[{\"port\":\"phy:0 nq 1\",\"vlan\":{\"operation\":\"del\",\"id\":0}}],"
	"\"tx_port\":[{\"port\":\"ring:0\",\"vlan\":{\"operation\":\"add\",\"id\":5,\"pcp\":3}}]},"
	"{\"core\":4,\"name\":\"\",\"type\":\"unuse\",\"rx_port\":[],\"tx_port\":[]}],"
	"\"classifier_table\":[{\"type\":\"mac\",\"value\":\"52:54:00:AB:CD:EF\",\"port\":\"ring:"
	"0\"},"
	"{\"type\":\"vlan\",\"value\":\"7/default\",\"port\":\"ring:0\"}]}";

static void
model_reads_a_status(void **state)
{
	json_t *info = json_loads(status_text, 0, NULL);
	json_t *before = MODEL("component start c 3 classifier size=9");
	json_t *model = model_from_status(info, before);

	(void)state;
	assert_true(model_is_valid(model));
	/* A status does not show options: they are known from before. */
	CHECK(model, "component start c 3 classifier size=9",
	      "port add ring:0 tx c add_vlantag 5 3",
	      "classifier_table add mac 52:54:00:ab:cd:ef ring:0",
	      "classifier_table add vlan 7 default ring:0", "port add phy:0nq1 rx c del_vlantag");
	json_decref(before);
	before = MODEL("component start c 4 classifier size=9");
	model = model_from_status(info, before);
	assert_string_equal(
		json_string_value(json_object_get(
			json_object_get(json_object_get(model, "components"), "c"), "options")),
		"");
	json_decref(model);
	json_decref(before);
	json_decref(info);
}

static json_t *
told_of(const char *configured)
{
	json_t *reply = json_object(), *told;

	json_object_set_new(reply, "configured", json_loads(configured, 0, NULL));
	told = model_told(reply);
	json_decref(reply);
	return told;
}

static void
apply_told(json_t *model, const char *configured)
{
	json_t *told = told_of(configured);

	assert_non_null(told);
	assert_true(model_told_is_valid(told));
	model_apply_told(model, told);
	assert_true(model_is_valid(model));
	json_decref(told);
}

static void
model_keeps_what_a_process_tells(void **state)
{
	json_t *model = MODEL("component start c 3 lim", "port add ring:0 tx c",
			      "port add phy:0 rx c", "component start d 4 lim");

	(void)state;
	apply_told(model, "{\"before\":[\"idle 3 busy\",\"idle 4 busy\"],"
			  "\"after\":{\"c\":[\"limit c 5\"],\"x\":[\"limit x 5\"]}}");
	apply_told(model, "{\"before\":[\"idle 3 yield\"],\"after\":{\"d\":[\"limit d 1\"]},"
			  "\"gone\":[\"idle 3 busy\",\"limit d 9\"]}");
	/* The lines of x are not kept: the model has no such component. */
	CHECK(json_deep_copy(model), "idle 4 busy", "idle 3 yield", "component start c 3 lim",
	      "component start d 4 lim", "port add ring:0 tx c", "limit c 5", "limit d 1",
	      "port add phy:0 rx c");
	assert_true(model_apply(model, "component stop c"));
	assert_true(model_is_valid(model));
	apply_told(model, "{\"gone\":[\"idle 4 busy\",\"limit c 5\",\"limit d 1\"]}");
	CHECK(model, "idle 3 yield", "component start d 4 lim");
}

static void
model_takes_no_line_that_is_no_line_of_others(void **state)
{
	static const char *const bad[] = {
		"[]",
		"5",
		"{}",
		"{\"before\":\"idle 3 busy\"}",
		"{\"before\":[5,\"\"]}",
		"{\"before\":[\"idle 3\\nexit\"]}",
		"{\"before\":[\"component start x 3 merge\"]}",
		"{\"after\":[\"limit c 5\"]}",
		"{\"after\":{\"a b\":[\"limit c 5\"]}}",
		"{\"after\":{\"c\":\"limit c 5\"}}",
		"{\"gone\":{\"limit\":1}}",
	};
	json_t *told = json_loads("{\"before\":[\"exit\\n\"]}", 0, NULL);

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(told_of(bad[i]));
	assert_false(model_told_is_valid(told));
	assert_false(model_told_is_valid(NULL));
	json_decref(told);
}

static void
model_needs_a_status(void **state)
{
	json_t *info = json_pack("{s:i}", "core", 5);

	(void)state;
	assert_null(model_from_status(NULL, NULL));
	assert_null(model_from_status(info, NULL));
	json_decref(info);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(model_orders_commands_so_that_rx_comes_last),
		cmocka_unit_test(model_forgets_what_is_deleted),
		cmocka_unit_test(model_keeps_a_key_for_each_classifier),
		cmocka_unit_test(model_is_idempotent),
		cmocka_unit_test(model_spells_as_a_status_does),
		cmocka_unit_test(model_takes_only_what_it_can_rebuild),
		cmocka_unit_test(model_ignores_other_commands),
		cmocka_unit_test(model_reads_a_status),
		cmocka_unit_test(model_keeps_what_a_process_tells),
		cmocka_unit_test(model_takes_no_line_that_is_no_line_of_others),
		cmocka_unit_test(model_needs_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
