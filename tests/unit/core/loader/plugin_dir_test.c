/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a program finds its plugins: in a build directory, installed, moved, or nowhere. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin_dir.h"

static char root[] = "/tmp/plugin_dir_test.XXXXXX";
static char path[PATH_MAX];

static void
shell(const char *fmt, ...)
{
	char command[2048];
	va_list ap;
	int len = snprintf(command, sizeof(command), "set -e; cd %s; ", root);

	va_start(ap, fmt);
	vsnprintf(command + len, sizeof(command) - len, fmt, ap);
	va_end(ap);
	assert_int_equal(system(command), 0);
}

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(strcpy(root, "/tmp/plugin_dir_test.XXXXXX")) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static bool
find(const char *executable)
{
	char whole[PATH_MAX];

	snprintf(whole, sizeof(whole), "%s/%s", root, executable);
	path[0] = '\0';
	return plugin_dir_find(whole, path, sizeof(path));
}

static void
expect(const char *executable, const char *dir)
{
	char whole[PATH_MAX];

	snprintf(whole, sizeof(whole), "%s/%s", root, dir);
	assert_true(find(executable));
	assert_string_equal(path, whole);
}

/* Configured to places that do not move with the prefix: there is nothing to find. */
static void
skip_unless_movable(void)
{
	if (BINDIR[0] == '/' || PLUGIN_SUBDIR[0] == '/')
		skip();
}

static void
a_program_in_a_build_directory_finds_that_of_the_build(void **state)
{
	(void)state;
	shell("mkdir -p b/apps/tool b/plugins; touch b/build.ninja");
	expect("b/apps/tool/tool", "b/plugins");
}

static void
a_directory_is_no_build_directory_without_its_mark(void **state)
{
	(void)state;
	shell("mkdir -p b/apps/tool b/plugins");
	assert_false(find("b/apps/tool/tool"));
	shell("touch b/build.ninja; rmdir b/plugins");
	assert_false(find("b/apps/tool/tool"));
	shell("touch b/plugins");
	assert_false(find("b/apps/tool/tool"));
}

static void
other_places_in_a_build_directory_are_not_meant(void **state)
{
	(void)state;
	shell("mkdir -p b/apps/tool b/tests/tool b/plugins; touch b/build.ninja");
	assert_false(find("b/tests/tool/tool"));
	assert_false(find("b/apps/tool/other"));
	assert_false(find("b/apps/tool"));
}

static void
an_installed_program_finds_what_was_installed_with_it(void **state)
{
	(void)state;
	skip_unless_movable();
	shell("mkdir -p p/%s p/%s", BINDIR, PLUGIN_SUBDIR);
	expect("p/" BINDIR "/tool", "p/" PLUGIN_SUBDIR);
	shell("mv p elsewhere");
	assert_false(find("p/" BINDIR "/tool"));
	expect("elsewhere/" BINDIR "/tool", "elsewhere/" PLUGIN_SUBDIR);
}

static void
a_prefix_in_a_build_directory_is_a_prefix(void **state)
{
	(void)state;
	skip_unless_movable();
	shell("mkdir -p b/plugins b/p/%s b/p/%s; touch b/build.ninja", BINDIR, PLUGIN_SUBDIR);
	expect("b/p/" BINDIR "/tool", "b/p/" PLUGIN_SUBDIR);
}

static void
a_program_somewhere_finds_nothing(void **state)
{
	(void)state;
	skip_unless_movable();
	shell("mkdir -p p/s%s p/%s", BINDIR, PLUGIN_SUBDIR);
	assert_false(find("p/s" BINDIR "/tool"));
	assert_false(find("tool"));
	assert_false(plugin_dir_find("/tool", path, sizeof(path)));
	assert_false(plugin_dir_find("/", path, sizeof(path)));
	assert_false(plugin_dir_find("", path, sizeof(path)));
	assert_false(plugin_dir_find(BINDIR "/tool", path, sizeof(path)));
}

static void
a_path_that_does_not_fit_is_not_found(void **state)
{
	static char too_long[2 * PATH_MAX] = "/";
	char whole[PATH_MAX];

	(void)state;
	skip_unless_movable();
	shell("mkdir -p p/%s p/%s", BINDIR, PLUGIN_SUBDIR);
	snprintf(whole, sizeof(whole), "%s/p/" BINDIR "/tool", root);
	assert_true(plugin_dir_find(whole, path, strlen(root) + strlen("/p/" PLUGIN_SUBDIR) + 1));
	assert_false(plugin_dir_find(whole, path, strlen(root) + strlen("/p/" PLUGIN_SUBDIR)));
	memset(too_long + 1, 'x', sizeof(too_long) - 2);
	assert_false(plugin_dir_find(too_long, path, sizeof(path)));
}

/* This test is no program of a build directory, and it is not installed. */
static void
the_configured_directory_is_the_last_resort(void **state)
{
	(void)state;
	assert_string_equal(plugin_dir_default(), PLUGIN_DIR);
}

#define WITH_ROOT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ROOT(a_program_in_a_build_directory_finds_that_of_the_build),
		WITH_ROOT(a_directory_is_no_build_directory_without_its_mark),
		WITH_ROOT(other_places_in_a_build_directory_are_not_meant),
		WITH_ROOT(an_installed_program_finds_what_was_installed_with_it),
		WITH_ROOT(a_prefix_in_a_build_directory_is_a_prefix),
		WITH_ROOT(a_program_somewhere_finds_nothing),
		WITH_ROOT(a_path_that_does_not_fit_is_not_found),
		cmocka_unit_test(the_configured_directory_is_the_last_resort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
