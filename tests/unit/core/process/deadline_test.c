/* SPDX-License-Identifier: BSD-3-Clause */
/* The end of a process that waits for ever. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_spinlock.h>

#include "deadline.h"

static rte_spinlock_t of_a_dead_process = RTE_SPINLOCK_INITIALIZER;

/* What fn prints on stderr in a child, and the exit status of that. */
static int
run_in_child(int (*fn)(void), char *text, size_t size)
{
	int status, err[2];
	ssize_t len;
	pid_t pid;

	assert_int_equal(pipe(err), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(err[1], STDERR_FILENO);
		_exit(fn());
	}
	close(err[1]);
	len = read(err[0], text, size - 1);
	close(err[0]);
	assert_true(len >= 0);
	text[len] = '\0';
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
spin_for_ever(void)
{
	deadline_begin(1, "%s: %d waits for ever", "test", 7);
	rte_spinlock_lock(&of_a_dead_process);
	return 3;
}

static void
who_spins_beyond_it_says_why_and_ends(void **state)
{
	char text[128];

	(void)state;
	rte_spinlock_lock(&of_a_dead_process);
	assert_int_equal(run_in_child(spin_for_ever, text, sizeof(text)), EXIT_FAILURE);
	assert_string_equal(text, "test: 7 waits for ever\n");
}

static int
end_in_time(void)
{
	deadline_begin(1, "never said");
	deadline_end();
	sleep(2);
	return 3;
}

static void
who_ends_in_time_hears_nothing_of_it(void **state)
{
	char text[128];

	(void)state;
	assert_int_equal(run_in_child(end_in_time, text, sizeof(text)), 3);
	assert_string_equal(text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_spins_beyond_it_says_why_and_ends),
		cmocka_unit_test(who_ends_in_time_hears_nothing_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
