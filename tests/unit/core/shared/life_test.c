/* SPDX-License-Identifier: BSD-3-Clause */
/* Locks that say who lives, with real processes. */

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
#include <sys/wait.h>
#include <unistd.h>

#include "life.h"

static char dir[] = "/tmp/spp_life_test_XXXXXX";

/* Run fn in a child, which then waits to be killed; returns its pid. */
static pid_t
spawn(int (*fn)(void))
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (fn() != 0 || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void
kill_and_wait(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static int
live_as_5(void)
{
	return life_begin(5, "test_vf");
}

static int
do_nothing(void)
{
	return 0;
}

static void
a_life_ends_with_its_process(void **state)
{
	char text[64], expected[64];
	pid_t pid;

	(void)state;
	assert_false(life_is_held(5));
	pid = spawn(live_as_5);
	assert_true(life_is_held(5));
	assert_false(life_is_held(4));
	assert_false(life_is_held(6));
	assert_int_equal(life_begin(5, "other"), -EAGAIN);
	snprintf(expected, sizeof(expected), "test_vf 5 (process %d)", (int)pid);
	life_describe(5, text, sizeof(text));
	assert_string_equal(text, expected);
	kill_and_wait(pid);
	assert_false(life_is_held(5));
	assert_int_equal(life_begin(5, "other"), 0);
	assert_true(life_is_held(5));
	life_end();
	assert_false(life_is_held(5));
}

static void
a_child_does_not_live_on_for_its_parent(void **state)
{
	pid_t pid;

	(void)state;
	assert_int_equal(life_begin(0, "test_primary"), 0);
	pid = spawn(do_nothing);
	life_end();
	assert_false(life_is_held(0));
	kill_and_wait(pid);
}

static void
a_child_that_begins_its_own_life_leaves_its_parent_alone(void **state)
{
	pid_t pid;

	(void)state;
	assert_int_equal(life_begin(0, "test_primary"), 0);
	pid = spawn(live_as_5);
	assert_true(life_is_held(0));
	assert_true(life_is_held(5));
	kill_and_wait(pid);
	assert_true(life_is_held(0));
	assert_false(life_is_held(5));
	life_end();
	assert_false(life_is_held(0));
}

static void
who_asks_others_to_leave_asks_until_its_end(void **state)
{
	pid_t pid;

	(void)state;
	assert_false(life_is_asked_to_leave());
	pid = spawn(life_ask_to_leave);
	assert_true(life_is_asked_to_leave());
	/* Two may ask. */
	assert_int_equal(life_ask_to_leave(), 0);
	kill_and_wait(pid);
	assert_false(life_is_asked_to_leave());
}

static void
without_a_file_nobody_is_declared_dead(void **state)
{
	(void)state;
	life_close();
	assert_int_equal(life_open("/nosuch", false), -ENOENT);
	assert_true(life_is_held(5));
	assert_false(life_is_asked_to_leave());
	assert_int_equal(life_begin(5, "test_vf"), -ENOENT);
	assert_int_equal(life_open(dir, true), 0);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL || life_open(dir, false) != -ENOENT)
		return -1;
	return life_open(dir, true);
}

static int
teardown(void **state)
{
	char path[64];

	(void)state;
	life_close();
	snprintf(path, sizeof(path), "%s/spp_life", dir);
	return unlink(path) == 0 ? rmdir(dir) : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_life_ends_with_its_process),
		cmocka_unit_test(a_child_does_not_live_on_for_its_parent),
		cmocka_unit_test(a_child_that_begins_its_own_life_leaves_its_parent_alone),
		cmocka_unit_test(who_asks_others_to_leave_asks_until_its_end),
		cmocka_unit_test(without_a_file_nobody_is_declared_dead),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
