/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "model.h"
#include "state_journal.h"

static char dir[64];

static int
set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/state_journal_test.XXXXXX");
	return mkdtemp(dir) == NULL;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static void
append(struct state_journal *journal, char *line, int expected)
{
	char bytes[256];
	int next_err, len = snprintf(bytes, sizeof(bytes), "%s\n", line);

	assert_int_equal(state_journal_append(journal, bytes, (size_t)len, &next_err), expected);
	free(line);
}

static void
check_replay(off_t end, const char *expected)
{
	json_t *models = json_object();
	char *text;

	assert_int_equal(state_journal_replay(dir, models), end);
	text = json_dumps(models, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(text, expected);
	free(text);
	json_decref(models);
}

#define MODEL_C                                                                                    \
	"{\"components\":{\"c\":{\"core\":\"3\",\"options\":\"\",\"rx\":{},\"tx\":{},"             \
	"\"type\":\"merge\"}},\"entries\":{}}"

static void
state_journal_replays_what_was_appended(void **state)
{
	struct state_journal journal;
	json_t *model = json_loads(MODEL_C, 0, NULL);

	(void)state;
	assert_int_equal(state_journal_open(&journal, dir, 0), 0);
	append(&journal, state_journal_command("vf 1", "component start c 3 merge"), 0);
	append(&journal, state_journal_model("vf 2", model), 0);
	append(&journal, state_journal_model("mirror 3", model), 0);
	append(&journal, state_journal_forget("vf 2"), 0);
	check_replay(journal.end, "{\"mirror 3\":" MODEL_C ",\"vf 1\":" MODEL_C "}");
	assert_int_equal(state_journal_clear(&journal), 0);
	check_replay(0, "{}");
	append(&journal, state_journal_command("vf 1", "component start c 3 merge"), 0);
	check_replay(journal.end, "{\"vf 1\":" MODEL_C "}");
	state_journal_close(&journal, dir);
	json_decref(model);
}

static void
state_journal_replays_what_a_process_told(void **state)
{
	json_t *told =
		json_pack("{s:[s], s:{s:[s]}}", "before", "idle 3 busy", "after", "c", "limit c 5");
	json_t *gone = json_pack("{s:[s, s]}", "gone", "idle 3 busy", "limit c 5");
	struct state_journal journal;

	(void)state;
	assert_int_equal(state_journal_open(&journal, dir, 0), 0);
	append(&journal, state_journal_told("vf 1", "component start c 3 merge", told), 0);
	check_replay(journal.end, "{\"vf 1\":{\"after\":{\"c\":{\"limit c 5\":true}},\"before\":{"
				  "\"idle 3 busy\":true},\"components\":{\"c\":{\"core\":\"3\","
				  "\"options\":\"\",\"rx\":{},\"tx\":{},\"type\":\"merge\"}},"
				  "\"entries\":{}}}");
	append(&journal, state_journal_told("vf 1", "quiet 3", gone), 0);
	check_replay(journal.end, "{\"vf 1\":" MODEL_C "}");
	state_journal_close(&journal, dir);
	json_decref(gone);
	json_decref(told);
}

static void
file_write(const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/" STATE_JOURNAL_NAME, dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* Whatever the place at which a write was cut, what was complete is there and can go on. */
static void
state_journal_survives_a_cut_anywhere(void **state)
{
	static const char first[] = "+ vf 1: component start c 3 merge\n";
	static const char second[] = "+ vf 1: component start d 4 merge\n";
	char text[sizeof(first) + sizeof(second)];

	(void)state;
	for (size_t cut = 0; cut < sizeof(second) - 1; cut++) {
		struct state_journal journal;

		snprintf(text, sizeof(text), "%s%.*s", first, (int)cut, second);
		file_write(text);
		check_replay(sizeof(first) - 1, "{\"vf 1\":" MODEL_C "}");
		assert_int_equal(state_journal_open(&journal, dir, sizeof(first) - 1), 0);
		append(&journal, state_journal_forget("vf 1"), 0);
		check_replay(journal.end, "{}");
		state_journal_close(&journal, dir);
	}
}

static void
state_journal_puts_a_damaged_one_aside(void **state)
{
	static const char *const bad[] = {
		"",
		"x vf 1",
		"+ vf 1",
		"- vf 0",
		"- nfv 1",
		"+ vf 1: exit",
		"+ vf 1: component start a 3 \033",
		"= vf 1: {}",
		"= vf 1: {",
		"-vf 1",
		"* vf 1",
		"* vf 1: {",
		"* vf 1: {\"command\":\"idle 3 busy\"}",
		"* vf 1: {\"command\":\"idle 3 busy\",\"told\":{}}",
		"* vf 1: {\"told\":{\"before\":[\"idle 3 busy\"]}}",
		"* vf 1: {\"command\":\"idle\",\"told\":{\"before\":[\"exit\\n\"]}}",
		"* vf 1: {\"command\":\"idle\",\"told\":{\"before\":[\"component stop c\"]}}",
	};
	char text[256], path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "+ vf 1: component start c 3 merge\n%s\n", bad[i]);
		file_write(text);
		check_replay(0, "{\"vf 1\":" MODEL_C "}");
		snprintf(path, sizeof(path), "%s/" STATE_JOURNAL_NAME, dir);
		assert_int_equal(access(path, F_OK), -1);
		snprintf(path, sizeof(path), "%s/" STATE_JOURNAL_NAME ".damaged", dir);
		assert_int_equal(access(path, F_OK), 0);
	}
}

static void
state_journal_forgets_what_it_cannot_finish(void **state)
{
	struct rlimit limit, before;
	struct state_journal journal;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(state_journal_open(&journal, dir, 0), 0);
	append(&journal, state_journal_command("vf 1", "component start c 3 merge"), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = (rlim_t)journal.end + 7; /* the line fits in part */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	append(&journal, state_journal_command("vf 1", "component start d 4 merge"), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	check_replay(journal.end, "{\"vf 1\":" MODEL_C "}");
	append(&journal, state_journal_forget("vf 1"), 0);
	check_replay(journal.end, "{}");
	state_journal_close(&journal, dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(state_journal_replays_what_was_appended, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(state_journal_replays_what_a_process_told, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(state_journal_survives_a_cut_anywhere, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(state_journal_puts_a_damaged_one_aside, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(state_journal_forgets_what_it_cannot_finish, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
