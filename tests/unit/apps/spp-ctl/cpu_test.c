/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cpu.h"

static char root[64];

static void
cpu_add(int lcore, const char *socket, const char *core)
{
	static const char *const names[] = {"physical_package_id", "core_id"};
	const char *values[] = {socket, core};
	char path[256];

	snprintf(path, sizeof(path), "%s/cpu%d", root, lcore);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/topology");
	assert_int_equal(mkdir(path, 0700), 0);
	for (size_t i = 0; i < 2; i++) {
		char name[320];
		FILE *file;

		if (values[i] == NULL)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, names[i]);
		file = fopen(name, "w");
		assert_non_null(file);
		fprintf(file, "%s\n", values[i]);
		assert_int_equal(fclose(file), 0);
	}
}

static int
set_up(void **state)
{
	(void)state;
	strcpy(root, "/tmp/cpu_test.XXXXXX");
	return mkdtemp(root) == NULL;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void
check(const char *expected)
{
	json_t *layout = cpu_layout(root);
	char *text = json_dumps(layout, JSON_COMPACT);

	assert_string_equal(text, expected);
	free(text);
	json_decref(layout);
}

static void
cpu_layout_groups_threads_by_core_and_socket(void **state)
{
	(void)state;
	cpu_add(10, "0", "1");
	cpu_add(0, "0", "0");
	cpu_add(2, "0", "1");
	cpu_add(1, "1", "0");
	cpu_add(3, "1", NULL); /* off line */
	cpu_add(4, "junk", "0");
	check("[{\"socket_id\":0,\"cores\":[{\"core_id\":0,\"lcores\":[0]},"
	      "{\"core_id\":1,\"lcores\":[2,10]}]},"
	      "{\"socket_id\":1,\"cores\":[{\"core_id\":0,\"lcores\":[1]}]}]");
}

static void
cpu_layout_of_nothing_is_empty(void **state)
{
	(void)state;
	check("[]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cpu_layout_groups_threads_by_core_and_socket,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(cpu_layout_of_nothing_is_empty, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
