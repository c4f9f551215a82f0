/* SPDX-License-Identifier: BSD-3-Clause */
/* A secondary, in a child, whose primary, another child, dies while [main] waits. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "guard.h"

static char dir[] = "/tmp/spp_guard_XXXXXX";
static char config_path[64];
static pid_t primary;

/* Hold the lock that EAL holds in a primary, until killed; a byte into ready says when. */
static void __attribute__((noreturn)) be_primary(int ready)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open(config_path, O_RDWR | O_CREAT, 0600);

	if (fd < 0 || fcntl(fd, F_SETLK, &lock) != 0 || write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static void
start_primary(void)
{
	int ready[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	primary = fork();
	assert_true(primary >= 0);
	if (primary == 0)
		be_primary(ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

static void
kill_primary(void)
{
	kill(primary, SIGKILL);
	assert_int_equal(waitpid(primary, NULL, 0), primary);
}

/* A secondary writes a byte to stdout when its guard is there. */
static void
say_guarded(void)
{
	if (write(STDOUT_FILENO, ".", 1) != 1)
		_exit(7);
}

static void
start_for_ever(void)
{
	if (guard_start("test", dir) != 0)
		_exit(5);
	say_guarded();
	for (;;)
		pause();
}

static void
serve_and_wait_for_ever(void)
{
	struct event_base *base = event_base_new();

	if (guard_start("test", dir) != 0 || guard_serve(base) != 0)
		_exit(5);
	say_guarded();
	for (;;)
		pause();
}

/* For longer than [main] may be silent. */
static void
serve_on(void)
{
	const struct timeval limit = {.tv_sec = 6};
	struct event_base *base = event_base_new();

	if (guard_start("test", dir) != 0 || guard_serve(base) != 0)
		_exit(5);
	say_guarded();
	event_base_loopexit(base, &limit);
	event_base_dispatch(base);
	guard_unserve();
	guard_stop();
	_exit(3);
}

/* Run a secondary, kill its primary; the exit status of the secondary, and what it printed. */
static int
outlive_primary(void (*secondary)(void), char *text, size_t size)
{
	int status, out[2], err[2];
	ssize_t len;
	pid_t pid;
	char byte;

	start_primary();
	assert_int_equal(pipe(out), 0);
	assert_int_equal(pipe(err), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		secondary();
	}
	close(out[1]);
	close(err[1]);
	assert_int_equal(read(out[0], &byte, 1), 1);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	kill_primary();
	len = read(err[0], text, size - 1);
	assert_true(len >= 0);
	text[len] = '\0';
	close(out[0]);
	close(err[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
a_start_ends_with_its_primary_and_says_why(void **state)
{
	char text[512];

	(void)state;
	assert_int_equal(outlive_primary(start_for_ever, text, sizeof(text)), EXIT_FAILURE);
	assert_string_equal(text, "test: the primary process has gone while this process was "
				  "starting; start spp_primary again, then this process\n");
}

static void
a_main_that_waits_ends_with_its_primary_and_says_why(void **state)
{
	char text[512];

	(void)state;
	assert_int_equal(outlive_primary(serve_and_wait_for_ever, text, sizeof(text)),
			 EXIT_FAILURE);
	assert_memory_equal(text, "test: the primary process has gone, and the main lcore", 54);
}

static void
a_main_that_serves_outlives_its_primary(void **state)
{
	char text[512];

	(void)state;
	assert_int_equal(outlive_primary(serve_on, text, sizeof(text)), 3);
	assert_string_equal(text, "");
}

static void
a_primary_that_has_gone_is_the_cause_of_other_failures(void **state)
{
	struct event_base *base = event_base_new();

	(void)state;
	assert_int_equal(guard_check(), 0);
	start_primary();
	assert_int_equal(guard_start("test", dir), 0);
	assert_int_equal(guard_serve(base), 0);
	assert_int_equal(guard_check(), 0);
	kill_primary();
	error_clear();
	assert_int_equal(guard_check(), -ENOENT);
	assert_non_null(strstr(error_sentence(0), "the primary process has gone while"));
	guard_unserve();
	guard_stop();
	event_base_free(base);
	assert_int_equal(guard_check(), 0);
}

static void
another_primary_in_the_place_of_the_first_is_not_the_first(void **state)
{
	struct event_base *base = event_base_new();

	(void)state;
	start_primary();
	assert_int_equal(guard_start("test", dir), 0);
	assert_int_equal(guard_serve(base), 0);
	kill_primary();
	start_primary();
	assert_int_equal(guard_check(), -ENOENT);
	guard_unserve();
	guard_stop();
	kill_primary();
	event_base_free(base);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_start_ends_with_its_primary_and_says_why),
		cmocka_unit_test(a_main_that_waits_ends_with_its_primary_and_says_why),
		cmocka_unit_test(a_main_that_serves_outlives_its_primary),
		cmocka_unit_test(a_primary_that_has_gone_is_the_cause_of_other_failures),
		cmocka_unit_test(another_primary_in_the_place_of_the_first_is_not_the_first),
	};
	int nb_failed;

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(config_path, sizeof(config_path), "%s/config", dir);
	nb_failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(config_path);
	rmdir(dir);
	return nb_failed;
}
