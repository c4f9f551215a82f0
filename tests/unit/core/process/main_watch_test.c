/* SPDX-License-Identifier: BSD-3-Clause */
/* Who watches [main]: a call that does not come back is named once, and ends the process when the
 * process was told to end.  Each story runs in a process of its own, whose stderr is a pipe. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_log.h>

#include "activity.h"
#include "loop.h"
#include "main_watch.h"

#define LEFT "test: told to end, but the main lcore has not come back within 40 ms from "

static struct {
	int from_child, to_child; /* pipes: stderr of the child, what the child waits for */
	pid_t pid;
	char text[8192]; /* what the child has said so far */
	size_t used;
} fixture;

static void
child(void (*story)(int wait_fd), enum process_role role, int wait_fd)
{
	/* Nothing of cmocka's in the child: its status is all that counts. */
	main_watch_hang_ms = 20;
	main_watch_leave_ms = 40;
	rte_openlog_stream(stderr);
	if (loop_start() != 0 || main_watch_start("test", role) != 0)
		_exit(100);
	story(wait_fd);
	main_watch_stop();
	loop_stop();
	_exit(0);
}

static void
start(void (*story)(int wait_fd), enum process_role role)
{
	int out[2], in[2];

	memset(&fixture, 0, sizeof(fixture));
	assert_int_equal(pipe(out), 0);
	assert_int_equal(pipe(in), 0);
	fflush(NULL);
	fixture.pid = fork();
	if (fixture.pid == 0) {
		dup2(out[1], STDERR_FILENO);
		close(out[1]);
		close(in[1]);
		child(story, role, in[0]);
	}
	close(out[1]);
	close(in[0]);
	fixture.from_child = out[0];
	fixture.to_child = in[1];
}

/* Read until the child has said it, or has ended; false if it has not said it. */
static bool
says(const char *part)
{
	while (strstr(fixture.text, part) == NULL) {
		ssize_t nb = read(fixture.from_child, fixture.text + fixture.used,
				  sizeof(fixture.text) - 1 - fixture.used);

		if (nb <= 0)
			return false;
		fixture.used += nb;
	}
	return true;
}

static void
let_go(void)
{
	assert_int_equal(write(fixture.to_child, "x", 1), 1);
}

static unsigned int
count(const char *part)
{
	unsigned int nb = 0;

	for (const char *c = fixture.text; (c = strstr(c, part)) != NULL; c++)
		nb++;
	return nb;
}

/* The exit status of the child, which says nothing more that is not read. */
static int
ended(void)
{
	int status;

	assert_false(says("\001"));
	assert_int_equal(waitpid(fixture.pid, &status, 0), fixture.pid);
	close(fixture.from_child);
	close(fixture.to_child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
wait_for_parent(int fd)
{
	char byte;

	while (read(fd, &byte, 1) < 0)
		;
}

/* Stories, in the child */

static void
hang_in_two_commands(int fd)
{
	activity_enter("command 'first'");
	activity_enter("create() of plugin p for component 'c'");
	wait_for_parent(fd);
	activity_leave();
	activity_leave();
	activity_enter("command 'second'");
	wait_for_parent(fd);
	activity_leave();
	wait_for_parent(fd);
}

static void
hang_to_the_end(int fd)
{
	activity_enter("command 'third'");
	wait_for_parent(fd);
	activity_leave();
}

static void
hang_for_ever(int fd)
{
	(void)fd;
	activity_enter("command 'component start c 3 p'");
	activity_enter("create() of plugin p for component 'c'");
	for (;;)
		pause();
}

static void
on_loop(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	fprintf(stderr, "in the loop\n");
	for (;;)
		pause();
}

static void
hang_in_the_loop(int fd)
{
	(void)fd;
	event_base_once(loop_base(), -1, EV_TIMEOUT, on_loop, NULL, NULL);
	loop_run();
}

static void
many_short_calls(int fd)
{
	(void)fd;
	for (unsigned int i = 0; i < 200000; i++) {
		activity_enter("command '%u'", i);
		activity_leave();
	}
}

/* Told to end, and on the way out for longer than one call may last, in calls that return. */
static void
a_long_way_out(int fd)
{
	(void)fd;
	raise(SIGTERM);
	for (unsigned int i = 0; i < 8; i++) {
		activity_enter("close() %u", i);
		activity_leave();
		usleep(main_watch_leave_ms * 1000 / 4);
	}
}

/* Nobody reads what is written to stderr, and the pipe is full. */
static void
hang_with_a_full_pipe(int fd)
{
	(void)fd;
	fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
	while (write(STDERR_FILENO, "x", 1) == 1)
		;
	fcntl(STDERR_FILENO, F_SETFL, 0);
	raise(SIGTERM);
	activity_enter("command 'x'");
	for (;;)
		pause();
}

/* Tests */

static void
a_hang_is_named_once_and_its_end_once(void **state)
{
	(void)state;
	start(hang_in_two_commands, PROCESS_STANDALONE);
	assert_true(
		says("spp.core: the main lcore is stuck: it has not come back within 20 ms from "
		     "create() of plugin p for component 'c', in command 'first'\n"));
	assert_int_equal(count("not stuck any more"), 0);
	let_go();
	assert_true(says("spp.core: the main lcore is not stuck any more: it has come back from "
			 "command 'first'\n"));
	assert_true(says("it has not come back within 20 ms from command 'second'\n"));
	let_go();
	assert_true(says("it has come back from command 'second'\n"));
	let_go();
	assert_int_equal(ended(), 0);
	assert_int_equal(count("is stuck"), 2);
	assert_int_equal(count("not stuck any more"), 2);
}

static void
the_end_of_the_last_hang_is_said(void **state)
{
	(void)state;
	start(hang_to_the_end, PROCESS_STANDALONE);
	assert_true(says("it has not come back within 20 ms from command 'third'\n"));
	let_go();
	assert_int_equal(ended(), 0);
	assert_int_equal(count("it has come back from command 'third'\n"), 1);
}

static void
a_hang_alone_ends_nothing(void **state)
{
	(void)state;
	start(hang_to_the_end, PROCESS_STANDALONE);
	assert_true(says("it has not come back"));
	usleep(3 * 40 * 1000); /* of which the child knows nothing */
	let_go();
	assert_int_equal(ended(), 0);
	assert_int_equal(count("told to end"), 0);
}

static void
a_signal_ends_a_process_whose_main_hangs(void **state)
{
	static const struct {
		enum process_role role;
		const char *consequence;
	} cases[] = {
		{PROCESS_STANDALONE, "nothing it uses was closed"},
		{PROCESS_PRIMARY, "secondaries stop their components, as after a death"},
		{PROCESS_SECONDARY,
		 "the primary takes back its ports and ring ends, as after a death"},
	};

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		char text[512];

		snprintf(text, sizeof(text),
			 LEFT
			 "create() of plugin p for component 'c', in command 'component start c "
			 "3 p'; left without closing what it holds: %s\n",
			 cases[i].consequence);
		start(hang_for_ever, cases[i].role);
		assert_true(says("is stuck"));
		kill(fixture.pid, i == 0 ? SIGINT : SIGTERM);
		assert_int_equal(ended(), EXIT_FAILURE);
		assert_int_equal(count(text), 1);
		assert_int_equal(count("told to end"), 1);
	}
}

static void
a_signal_ends_a_process_that_hangs_in_its_loop(void **state)
{
	(void)state;
	start(hang_in_the_loop, PROCESS_STANDALONE);
	assert_true(says("in the loop"));
	kill(fixture.pid, SIGTERM);
	assert_int_equal(ended(), EXIT_FAILURE);
	assert_int_equal(count(LEFT "no command; left"), 1);
}

static void
a_full_pipe_holds_nothing_up(void **state)
{
	int status;

	(void)state;
	start(hang_with_a_full_pipe, PROCESS_STANDALONE);
	assert_int_equal(waitpid(fixture.pid, &status, 0), fixture.pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE);
	close(fixture.from_child);
	close(fixture.to_child);
}

static void
calls_that_return_are_not_said(void **state)
{
	(void)state;
	start(many_short_calls, PROCESS_STANDALONE);
	assert_int_equal(ended(), 0);
	assert_int_equal(count("told to end"), 0);
	start(a_long_way_out, PROCESS_STANDALONE);
	assert_int_equal(ended(), 0);
	assert_int_equal(count("told to end"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hang_is_named_once_and_its_end_once),
		cmocka_unit_test(the_end_of_the_last_hang_is_said),
		cmocka_unit_test(a_hang_alone_ends_nothing),
		cmocka_unit_test(a_signal_ends_a_process_whose_main_hangs),
		cmocka_unit_test(a_signal_ends_a_process_that_hangs_in_its_loop),
		cmocka_unit_test(a_full_pipe_holds_nothing_up),
		cmocka_unit_test(calls_that_return_are_not_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
