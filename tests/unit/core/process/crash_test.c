/* SPDX-License-Identifier: BSD-3-Clause */
/* Last words: each fault in a process of its own, whose stderr is a pipe.  What workers and plugins
 * add to the line is in tests/smoke/crash_test.sh. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_common.h>

#include "activity.h"
#include "crash.h"

#include "../../../plugins/faulty.h"

static char said[4096];

/* Run the story in a child and take what it says; returns how the child ended. */
static int
run(void (*story)(const char *kind), const char *kind)
{
	const struct rlimit no_core = {0};
	int out[2], status;
	size_t used = 0;
	ssize_t nb;
	pid_t pid;

	assert_int_equal(pipe(out), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		dup2(out[1], STDERR_FILENO);
		setrlimit(RLIMIT_CORE, &no_core);
		/* cmocka's handlers are not those of a program. */
		crash_init("test");
		story(kind);
		_exit(0);
	}
	close(out[1]);
	while ((nb = read(out[0], said + used, sizeof(said) - 1 - used)) > 0)
		used += nb;
	said[used] = '\0';
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
assert_died(int status, int number)
{
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), number);
}

/* One line, with that begin and that end. */
static void
assert_line(const char *begin, const char *end)
{
	size_t len = strlen(said), len_end = strlen(end);

	if (strncmp(said, begin, strlen(begin)) != 0 || len < len_end ||
	    strcmp(said + len - len_end, end) != 0)
		print_error("'%s' is not '%s ... %s'\n", said, begin, end);
	assert_memory_equal(said, begin, strlen(begin));
	assert_true(len >= len_end);
	assert_string_equal(said + len - len_end, end);
	assert_ptr_equal(strchr(said, '\n'), said + len - 1);
}

/* Stories, in the child */

static void
in_nothing(const char *kind)
{
	faulty_fault(kind);
}

static void
in_a_command(const char *kind)
{
	activity_enter("command 'x'");
	activity_enter("create() of plugin p for component 'c'");
	faulty_fault(kind);
}

static void
in_a_long_command(const char *kind)
{
	char text[ACTIVITY_TEXT_SIZE];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (unsigned int i = 0; i < ACTIVITY_DEPTH; i++)
		activity_enter("%s", text);
	faulty_fault(kind);
}

static void
by_signal(const char *kind)
{
	kill(getpid(), atoi(kind));
}

static void *
fault_in_thread(void *kind)
{
	pthread_setname_np(pthread_self(), "other");
	faulty_fault(kind);
	return NULL;
}

static void
in_a_thread(const char *kind)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, fault_in_thread, (void *)(uintptr_t)kind) == 0)
		pthread_join(thread, NULL);
}

static void
in_many_threads(const char *kind)
{
	pthread_t thread[8];

	for (unsigned int i = 0; i < RTE_DIM(thread); i++)
		pthread_create(&thread[i], NULL, fault_in_thread, (void *)(uintptr_t)kind);
	for (unsigned int i = 0; i < RTE_DIM(thread); i++)
		pthread_join(thread[i], NULL);
}

static void
with_stderr_closed(const char *kind)
{
	close(STDERR_FILENO);
	faulty_fault(kind);
}

/* Tests */

static void
each_fault_has_its_line_and_its_end(void **state)
{
	static const struct {
		const char *kind;
		int number;
		const char *begin;
	} cases[] = {
		{"segv", SIGSEGV, "test: SIGSEGV at address 0x8 on the main lcore; "},
		{"stack", SIGSEGV, "test: SIGSEGV at address 0x"},
		{"abort", SIGABRT, "test: SIGABRT on the main lcore; "},
		{"ill", SIGILL, "test: SIGILL at address 0x"},
#if defined(__x86_64__)
		{"fpe", SIGFPE, "test: SIGFPE at address 0x"},
#endif
		{"bus", SIGBUS, "test: SIGBUS at address 0x"},
	};

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(cases); i++) {
		assert_died(run(in_nothing, cases[i].kind), cases[i].number);
		assert_line(cases[i].begin, " on the main lcore; no command runs\n");
	}
}

static void
the_command_and_the_function_are_named(void **state)
{
	(void)state;
	assert_died(run(in_a_command, "segv"), SIGSEGV);
	assert_line("test: SIGSEGV at address 0x8 on the main lcore; the main lcore is in ",
		    "create() of plugin p for component 'c', in command 'x'\n");
}

static void
the_longest_line_is_one_line(void **state)
{
	(void)state;
	assert_died(run(in_a_long_command, "segv"), SIGSEGV);
	assert_line("test: SIGSEGV at address 0x8 on the main lcore; the main lcore is in xxx",
		    "xxx\n");
}

static void
a_signal_that_was_sent_names_the_sender(void **state)
{
	static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(numbers); i++) {
		char number[8];

		snprintf(number, sizeof(number), "%d", numbers[i]);
		assert_died(run(by_signal, number), numbers[i]);
		assert_line("test: SIG", " on the main lcore; no command runs\n");
		assert_non_null(strstr(said, " sent by process "));
	}
}

static void
another_thread_has_its_name(void **state)
{
	(void)state;
	assert_died(run(in_a_thread, "segv"), SIGSEGV);
	assert_line("test: SIGSEGV at address 0x8 on thread other; ", "no command runs\n");
}

static void
of_many_threads_one_speaks(void **state)
{
	(void)state;
	assert_died(run(in_many_threads, "segv"), SIGSEGV);
	assert_line("test: SIGSEGV at address 0x8 on thread other; ", "no command runs\n");
}

static void
without_stderr_the_end_is_the_same(void **state)
{
	(void)state;
	assert_died(run(with_stderr_closed, "segv"), SIGSEGV);
	assert_string_equal(said, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_has_its_line_and_its_end),
		cmocka_unit_test(the_command_and_the_function_are_named),
		cmocka_unit_test(the_longest_line_is_one_line),
		cmocka_unit_test(a_signal_that_was_sent_names_the_sender),
		cmocka_unit_test(another_thread_has_its_name),
		cmocka_unit_test(of_many_threads_one_speaks),
		cmocka_unit_test(without_stderr_the_end_is_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
