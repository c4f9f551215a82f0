/* SPDX-License-Identifier: BSD-3-Clause */
/* How long a process may take, and how much it may say; the test is the process. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <event2/event.h>
#include <event2/util.h>

#include "proc.h"
#include "time_limits.h"

/* Pieces of a reply come PIECE_MS after each other, and all of them take longer than ANSWER_MS. */
#define PIECE_MS 60
#define ANSWER_MS 600
#define NB_PIECES 15

static const char reply[] = "{\"results\":[{\"result\":\"success\"}]}";

static struct {
	struct event_base *base;
	struct event *timer;
	struct proc *proc;
	int fd; /* the end of the process */
	size_t sent;
	bool is_closed, is_done;
	enum outcome_kind kind;
	char text[512];
} fixture;

static void
closed(struct proc *proc)
{
	(void)proc;
	fixture.is_closed = true;
}

static void
done(struct proc *proc, const struct outcome *outcome, void *arg)
{
	(void)proc;
	(void)arg;
	fixture.is_done = true;
	fixture.kind = outcome->kind;
	snprintf(fixture.text, sizeof(fixture.text), "%s", outcome->text);
}

static int
set_up(void **state)
{
	int fds[2];

	(void)state;
	memset(&fixture, 0, sizeof(fixture));
	fixture.base = event_base_new();
	if (fixture.base == NULL || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 ||
	    evutil_make_socket_nonblocking(fds[0]) != 0 ||
	    evutil_make_socket_nonblocking(fds[1]) != 0)
		return -1;
	fixture.fd = fds[1];
	fixture.proc = proc_create(fixture.base, fds[0], "vf 1", closed);
	return fixture.proc == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	if (fixture.timer != NULL)
		event_free(fixture.timer);
	if (!fixture.is_closed)
		proc_close(fixture.proc, "is cut off: the test ends");
	close(fixture.fd);
	event_base_free(fixture.base);
	return 0;
}

static void
run_until_done(void)
{
	while (!fixture.is_done)
		assert_int_equal(event_base_loop(fixture.base, EVLOOP_ONCE), 0);
}

/* The next piece of the reply; the last piece is the rest. */
static void
send_piece(evutil_socket_t unused, short what, void *arg)
{
	const size_t len = strlen(reply), piece = len / NB_PIECES;
	size_t n = len - fixture.sent < 2 * piece ? len - fixture.sent : piece;

	(void)unused;
	(void)what;
	(void)arg;
	assert_int_equal(write(fixture.fd, reply + fixture.sent, n), n);
	fixture.sent += n;
	if (fixture.sent == len)
		event_del(fixture.timer);
}

static void
a_reply_that_makes_progress_is_awaited(void **state)
{
	const struct timeval tv = {.tv_usec = PIECE_MS * 1000};

	(void)state;
	proc_answer_ms = ANSWER_MS;
	assert_true(NB_PIECES * PIECE_MS > ANSWER_MS);
	fixture.timer = event_new(fixture.base, -1, EV_PERSIST, send_piece, NULL);
	assert_non_null(fixture.timer);
	event_add(fixture.timer, &tv);
	proc_call(fixture.proc, "status", done, NULL);
	run_until_done();
	assert_int_equal(fixture.kind, OUTCOME_SUCCESS);
	assert_false(fixture.is_closed);
}

static void
a_process_without_a_sign_of_life_is_given_up(void **state)
{
	(void)state;
	proc_answer_ms = 20;
	proc_call(fixture.proc, "status", done, NULL);
	run_until_done();
	assert_int_equal(fixture.kind, OUTCOME_BROKEN);
	assert_string_equal(fixture.text, "vf 1 did not answer in time");
	assert_true(fixture.is_closed);
}

/* The process gives up first, and says so. */
static void
the_process_has_less_time_than_its_controller(void **state)
{
	(void)state;
	assert_true(LIMIT_ANSWER_MS > LIMIT_QUIESCE_WAITS * LIMIT_QUIESCE_MS);
}

static void
send_block(evutil_socket_t fd, short what, void *arg)
{
	static char block[1 << 16];

	(void)what;
	(void)arg;
	if (fixture.sent == 0)
		assert_int_equal(write(fd, "{\"a\":\"", 6), 6);
	memset(block, 'x', sizeof(block));
	fixture.sent += send(fd, block, sizeof(block), MSG_NOSIGNAL) > 0;
}

static void
a_reply_without_end_ends_the_connection(void **state)
{
	(void)state;
	proc_answer_ms = LIMIT_ANSWER_MS;
	fixture.timer =
		event_new(fixture.base, fixture.fd, EV_WRITE | EV_PERSIST, send_block, NULL);
	assert_non_null(fixture.timer);
	event_add(fixture.timer, NULL);
	proc_call(fixture.proc, "status", done, NULL);
	run_until_done();
	assert_int_equal(fixture.kind, OUTCOME_BROKEN);
	assert_string_equal(fixture.text,
			    "vf 1 is cut off: its reply to `status` has more than 1048576 bytes or "
			    "65536 values; let it give its status in pages, as spp_vf does, or "
			    "shorten its tables");
	assert_true(fixture.is_closed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_reply_that_makes_progress_is_awaited, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_process_without_a_sign_of_life_is_given_up,
						set_up, tear_down),
		cmocka_unit_test(the_process_has_less_time_than_its_controller),
		cmocka_unit_test_setup_teardown(a_reply_without_end_ends_the_connection, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
