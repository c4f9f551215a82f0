/* SPDX-License-Identifier: BSD-3-Clause */
/* The event loop: commands run on it, the look at workers, what each signal does and when. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "activity.h"
#include "dispatch.h"
#include "loop.h"
#include "reply.h"
#include "socket.h"
#include "txn.h"
#include "worker_watch.h"

static struct {
	char dir[32];
	char path[64];
	unsigned int nb_watched, nb_reaped;
	unsigned int watched_max; /* leave at that many looks; 0: never */
} fixture;

/* In place of the panel: these workers are looked at, and there are none. */

void __wrap_worker_watch(void);
void __wrap_txn_reap(void);

void
__wrap_worker_watch(void)
{
	if (++fixture.nb_watched == fixture.watched_max)
		loop_leave();
}

void
__wrap_txn_reap(void)
{
	fixture.nb_reaped++;
}

/* Verbs */

static int
run_leave(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	assert_true(loop_is_serving());
	reply_str(reply, "farewell", "so long");
	loop_leave();
	return 0;
}

static int
run_signal(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	(void)reply;
	raise(SIGTERM);
	raise(SIGTERM);
	return 0;
}

/* More than the sockets in between hold. */
static int
run_much(const struct spp_args *args, struct spp_reply *reply)
{
	static char text[1024 * 1024];

	(void)args;
	memset(text, 'x', sizeof(text) - 1);
	reply_str(reply, "much", text);
	loop_leave();
	return 0;
}

static int
setup(void **state)
{
	static const struct spp_verb verbs[] = {
		{"leave", "leave", run_leave},
		{"signal", "two signals", run_signal},
		{"much", "leave with a long reply", run_much},
	};

	(void)state;
	strcpy(fixture.dir, "/tmp/loop_test.XXXXXX");
	if (mkdtemp(fixture.dir) == NULL)
		return -1;
	snprintf(fixture.path, sizeof(fixture.path), "%s/sock", fixture.dir);
	for (unsigned int i = 0; i < 3; i++)
		if (dispatch_add("core", &verbs[i]) != 0)
			return -1;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	dispatch_del("core");
	return rmdir(fixture.dir);
}

static int
start(void **state)
{
	(void)state;
	fixture.nb_watched = fixture.nb_reaped = fixture.watched_max = 0;
	return loop_start();
}

static int
stop(void **state)
{
	(void)state;
	loop_stop();
	return 0;
}

/* A client that has sent a command before the loop runs. */
static int
open_client(const char *command)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(socket_init(loop_base(), fixture.path), 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", fixture.path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(write(fd, command, strlen(command)), strlen(command));
	return fd;
}

static void
expect_reply(int fd, const char *part)
{
	char text[256] = "";

	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_non_null(strstr(text, part));
}

/* The end */

static void
each_signal_to_end_ends_the_loop(void **state)
{
	static const int signals[] = {SIGTERM, SIGINT};

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(loop_start(), 0);
		assert_false(loop_is_serving());
		assert_int_equal(loop_told_ns(), 0);
		raise(signals[i]);
		assert_int_equal(loop_run(), 0);
		assert_false(loop_is_serving());
		loop_stop();
	}
}

static void
a_signal_waits_until_the_loop_is_asked(void **state)
{
	(void)state;
	assert_false(loop_is_leaving());
	raise(SIGTERM);
	/* Noticed at once, acted upon later. */
	assert_true(loop_told_ns() > 0 && loop_told_ns() <= activity_clock_ns());
	assert_true(loop_is_leaving());
	assert_true(loop_is_leaving());
}

static void
the_first_signal_is_the_one_that_counts(void **state)
{
	uint64_t told;

	(void)state;
	raise(SIGTERM);
	told = loop_told_ns();
	for (unsigned int i = 0; i < 100000; i++) /* more than the pipe holds */
		raise(i % 2 ? SIGTERM : SIGINT);
	assert_int_equal(loop_told_ns(), told);
	assert_int_equal(loop_run(), 0);
	/* While the process is taken down. */
	raise(SIGTERM);
	raise(SIGINT);
	assert_int_equal(loop_told_ns(), told);
}

static void
a_hangup_ends_nothing(void **state)
{
	(void)state;
	fixture.watched_max = 1;
	raise(SIGHUP);
	raise(SIGHUP);
	assert_false(loop_is_leaving());
	assert_int_equal(loop_told_ns(), 0);
	assert_int_equal(loop_run(), 0);
	assert_int_equal(fixture.nb_watched, 1); /* only that has ended the loop */
}

static void
a_hangup_does_not_hide_the_signal_behind_it(void **state)
{
	(void)state;
	raise(SIGHUP);
	raise(SIGTERM);
	assert_int_equal(loop_run(), 0);
	assert_true(loop_told_ns() > 0);
}

/* What runs on it */

static void
the_reply_goes_out_before_the_loop_ends(void **state)
{
	int fd = open_client("leave\n");

	(void)state;
	assert_int_equal(loop_run(), 0);
	assert_true(loop_is_leaving());
	assert_int_equal(loop_told_ns(), 0);
	expect_reply(fd, "so long");
	socket_fini();
	close(fd);
}

static void
a_command_is_finished_and_answered_whatever_signals_come(void **state)
{
	int fd = open_client("signal\n");

	(void)state;
	assert_int_equal(loop_run(), 0);
	expect_reply(fd, "success");
	socket_fini();
	close(fd);
}

static void
a_client_that_does_not_read_holds_nothing_up(void **state)
{
	int fd = open_client("much\n");

	(void)state;
	assert_int_equal(loop_run(), 0);
	socket_fini();
	close(fd);
}

static void
workers_are_looked_at_again_and_again(void **state)
{
	(void)state;
	fixture.watched_max = 2;
	assert_int_equal(loop_run(), 0);
	assert_int_equal(fixture.nb_watched, 2);
	assert_int_equal(fixture.nb_reaped, 2);
}

/* Signals without the loop */

static void
assert_handler(int number, void (*handler)(int))
{
	struct sigaction now;

	assert_int_equal(sigaction(number, NULL, &now), 0);
	assert_ptr_equal(now.sa_handler, handler);
}

static void
before_and_after_the_loop_signals_do_what_they_did(void **state)
{
	(void)state;
	loop_ignore_signals();
	for (unsigned int i = 0; i < 2; i++) {
		assert_handler(SIGPIPE, SIG_IGN);
		assert_handler(SIGHUP, SIG_IGN);
		assert_handler(SIGTERM, SIG_DFL);
		assert_handler(SIGINT, SIG_DFL);
		assert_null(loop_base());
		assert_int_equal(loop_start(), 0);
		assert_non_null(loop_base());
		assert_handler(SIGPIPE, SIG_IGN);
		loop_stop();
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_signal_to_end_ends_the_loop),
		TEST(a_signal_waits_until_the_loop_is_asked),
		TEST(the_first_signal_is_the_one_that_counts),
		TEST(a_hangup_ends_nothing),
		TEST(a_hangup_does_not_hide_the_signal_behind_it),
		TEST(the_reply_goes_out_before_the_loop_ends),
		TEST(a_command_is_finished_and_answered_whatever_signals_come),
		TEST(a_client_that_does_not_read_holds_nothing_up),
		TEST(workers_are_looked_at_again_and_again),
		cmocka_unit_test(before_and_after_the_loop_signals_do_what_they_did),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
