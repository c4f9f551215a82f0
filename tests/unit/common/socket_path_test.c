/* SPDX-License-Identifier: BSD-3-Clause */
/* Default sockets: one name for each process of each panel. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <libgen.h>
#include <string.h>

#include "socket_path.h"

static void
assert_name(const char *process, const char *prefix, const char *expected)
{
	char path[SOCKET_PATH_SIZE];

	assert_ptr_equal(socket_path_default(process, prefix, path, sizeof(path)), path);
	assert_int_equal(path[0], '/');
	assert_string_equal(basename(path), expected);
}

static void
a_panel_without_a_prefix_has_the_names_of_its_processes(void **state)
{
	(void)state;
	assert_name("spp_primary.0", NULL, "spp_primary.0.sock");
	assert_name("spp_vf.1", NULL, "spp_vf.1.sock");
}

static void
the_prefix_of_a_panel_is_in_the_name(void **state)
{
	(void)state;
	assert_name("spp_primary.0", "second", "spp_primary.0.second.sock");
	assert_name("spp_vf.1", "a.b", "spp_vf.1.a.b.sock");
}

static void
a_path_without_room_is_cut_not_overrun(void **state)
{
	char path[16];

	(void)state;
	memset(path, 'x', sizeof(path));
	socket_path_default("spp_vf.1", "a_prefix_that_is_long", path, 12);
	assert_int_equal(strlen(path), 11);
	assert_int_equal(path[12], 'x');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_panel_without_a_prefix_has_the_names_of_its_processes),
		cmocka_unit_test(the_prefix_of_a_panel_is_in_the_name),
		cmocka_unit_test(a_path_without_room_is_cut_not_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
