/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model.h"
#include "state_file.h"

static char dir[64];

static int
set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/state_file_test.XXXXXX");
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

static int
write_models(const char *where, json_t *models)
{
	char *text = state_file_format(models);
	int err = state_file_write(where, text);

	free(text);
	return err;
}

static json_t *
read_back(void)
{
	json_t *models = json_object();
	char error[256];

	assert_int_equal(state_file_read(dir, models, error, sizeof(error)), 0);
	return models;
}

static void
state_file_reads_what_it_wrote(void **state)
{
	json_t *models = json_object(), *model = model_create(), *again;

	(void)state;
	model_apply(model, "component start c 3 classifier size=9");
	model_apply(model, "port add ring:0 tx c add_vlantag 5 3");
	model_apply(model, "classifier_table add mac default ring:0");
	json_object_set_new(models, "vf 1", model);
	json_object_set_new(models, "mirror 127", model_create());
	assert_int_equal(write_models(dir, models), 0);
	again = read_back();
	assert_true(json_equal(models, again));
	json_decref(again);
	json_decref(models);
}

static void
state_file_that_is_not_there_is_no_error(void **state)
{
	json_t *models = read_back();

	(void)state;
	assert_int_equal(json_object_size(models), 0);
	json_decref(models);
}

static void
state_file_reports_what_cannot_be_written(void **state)
{
	json_t *models = json_object();

	(void)state;
	assert_int_equal(write_models("/nonexistent", models), -ENOENT);
	json_decref(models);
}

static void
state_file_keeps_a_damaged_one_aside(void **state)
{
	char path[128], aside[160];
	json_t *models;
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/" STATE_FILE_NAME, dir);
	snprintf(aside, sizeof(aside), "%s.damaged", path);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("{\"version\":1,\"processes\":{\"nfv 1\":{}}}", file);
	assert_int_equal(fclose(file), 0);
	models = read_back();
	assert_int_equal(json_object_size(models), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(access(aside, F_OK), 0);
	json_decref(models);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(state_file_reads_what_it_wrote, set_up, tear_down),
		cmocka_unit_test_setup_teardown(state_file_that_is_not_there_is_no_error, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(state_file_reports_what_cannot_be_written, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(state_file_keeps_a_damaged_one_aside, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
