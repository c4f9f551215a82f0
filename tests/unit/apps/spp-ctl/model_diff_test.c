/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "model.h"
#include "model_diff.h"

#define START "component start c 3 classifier"
#define TX "port add ring:0 tx c"
#define RX "port add phy:0 rx c"
#define ENTRY "classifier_table add mac default ring:0"

static json_t *
lines_of(const char *const *lines)
{
	json_t *array = json_array();

	for (; *lines != NULL; lines++)
		json_array_append_new(array, json_string(*lines));
	return array;
}

static json_t *
model_of(const char *const *commands)
{
	json_t *model = model_create();

	for (; *commands != NULL; commands++)
		assert_true(model_apply(model, *commands));
	return model;
}

static void
check(json_t *lines, const char *const *expected)
{
	json_t *wanted = lines_of(expected);

	assert_true(json_equal(lines, wanted));
	json_decref(wanted);
	json_decref(lines);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static void
model_diff_lists_what_others_lack(void **state)
{
	json_t *lines = lines_of(LIST(START, TX, RX)), *others = lines_of(LIST(RX, ENTRY, START));

	(void)state;
	check(model_diff_without(lines, others), LIST(TX));
	check(model_diff_without(others, lines), LIST(ENTRY));
	json_decref(lines);
	json_decref(others);
}

static void
model_diff_finds_what_is_in_the_way(void **state)
{
	json_t *missing = lines_of(LIST(ENTRY, TX, START)), *extra;
	const char *line;

	(void)state;
	extra = lines_of(LIST("component start c 4 merge", "classifier_table add mac default r:1"));
	assert_int_equal(model_diff_conflict(missing, extra, &line), 2);
	assert_string_equal(line, "component start c 4 merge");
	json_decref(extra);
	extra = lines_of(LIST(TX " add_vlantag 5 3"));
	assert_int_equal(model_diff_conflict(missing, extra, &line), 1);
	json_decref(extra);
	extra = lines_of(LIST("component start d 3 merge", "port add ring:0 rx c"));
	assert_int_equal(model_diff_conflict(missing, extra, &line), 3);
	json_decref(extra);
	json_decref(missing);
}

static void
model_diff_takes_back_in_reverse(void **state)
{
	json_t *lines = lines_of(LIST(START, TX, "port add ring:1 tx d", ENTRY,
				      "classifier_table add vlan 5 default ring:1", RX));

	(void)state;
	/* The stop takes the ports and the entry of c along. */
	check(model_diff_take_back(lines, 6), LIST("classifier_table del vlan 5 default ring:1",
						   "port del ring:1 tx d", "component stop c"));
	check(model_diff_take_back(lines, 1), LIST("component stop c"));
	json_array_remove(lines, 0);
	check(model_diff_take_back(lines, 3), LIST("classifier_table del mac default ring:0",
						   "port del ring:1 tx d", "port del ring:0 tx c"));
	json_decref(lines);
}

static void
model_diff_undoes_a_command(void **state)
{
	json_t *model = model_of(LIST(START, TX, RX, ENTRY));

	(void)state;
	check(model_diff_undo(model, "component stop c"), LIST(START, TX, ENTRY, RX));
	check(model_diff_undo(model, "component start d 4 merge"), LIST("component stop d"));
	check(model_diff_undo(model, "port del ring:0 tx c"), LIST(TX, ENTRY));
	check(model_diff_undo(model, RX " del_vlantag"), LIST("port del phy:0 rx c", RX));
	check(model_diff_undo(model, ENTRY), LIST(NULL));
	json_decref(model);
}

static void
check_rival(const json_t *model, const char *command, const char *expected)
{
	json_t *rival = model_diff_rival(model, command);

	if (expected == NULL)
		assert_null(rival);
	else
		assert_string_equal(json_string_value(rival), expected);
	json_decref(rival);
}

static void
model_diff_finds_the_rival_of_a_command(void **state)
{
	json_t *model =
		model_of(LIST(START, TX, "port add ring:1 tx c", RX,
			      "component start d 4 classifier", "port add ring:2 tx d", ENTRY));

	(void)state;
	check_rival(model, START, NULL);
	check_rival(model, "component start c 5 merge", START);
	check_rival(model, "component start e 5 merge", NULL);
	check_rival(model, "component stop c", NULL);
	check_rival(model, RX, NULL);
	check_rival(model, RX " del_vlantag", NULL);
	check_rival(model, "port add phy:0 rx d", RX);
	check_rival(model, "port add phy:00 rx  d", RX);
	check_rival(model, "port add phy:0 tx d", NULL);
	check_rival(model, "port del phy:0 rx d", NULL);
	check_rival(model, ENTRY, NULL);
	check_rival(model, "classifier_table add mac default ring:1", ENTRY);
	/* Each classifier has its own keys. */
	check_rival(model, "classifier_table add mac default ring:2", NULL);
	check_rival(model, "classifier_table add vlan 5 default ring:1", NULL);
	check_rival(model, "idle 3 busy", NULL);
	check_rival(model, "", NULL);
	check_rival(NULL, START, NULL);
	json_decref(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(model_diff_lists_what_others_lack),
		cmocka_unit_test(model_diff_finds_what_is_in_the_way),
		cmocka_unit_test(model_diff_takes_back_in_reverse),
		cmocka_unit_test(model_diff_undoes_a_command),
		cmocka_unit_test(model_diff_finds_the_rival_of_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
