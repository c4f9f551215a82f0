/* SPDX-License-Identifier: BSD-3-Clause */
/* One connection: where requests end, how replies leave, and how it ends. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/control/test_peer.h"

#include "conn.h"

static void
on_closed(struct conn *conn, void *arg)
{
	(void)conn;
	*(bool *)arg = true;
}

static struct conn *
open_pair(const struct conn_limits *limits, int *peer, bool *is_closed)
{
	int fds[2];
	struct conn *conn;

	*is_closed = false;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	*peer = fds[1];
	conn = conn_create(server.base, fds[0], limits, on_closed, is_closed);
	assert_non_null(conn);
	return conn;
}

static void
peer_that_takes_nothing_is_disconnected(void **state)
{
	const struct conn_limits limits = {.output_max = 1000, .stall_ms = 20};
	bool is_closed;
	int peer;

	(void)state;
	open_pair(&limits, &peer, &is_closed);
	send_text(peer, "big 1000000\nbig 1000000\n");
	while (!is_closed)
		assert_true(event_base_loop(server.base, EVLOOP_ONCE) >= 0);
	assert_int_equal(server.nb_run, 1);
	close(peer);
}

static void
idle_peer_stays_connected(void **state)
{
	/* Long enough for a reply on a loaded machine, and then twice as long without any. */
	const struct conn_limits limits = {.output_max = 1000, .stall_ms = 400};
	const struct timeval later = {.tv_usec = 800000};
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&limits, &peer, &is_closed);
	send_text(peer, "echo a\n");
	expect_echo(peer, "a");
	event_base_loopexit(server.base, &later);
	event_base_dispatch(server.base);
	assert_false(is_closed);
	send_text(peer, "echo b\n");
	expect_echo(peer, "b");
	conn_destroy(conn);
	close(peer);
}

/* The time of the command is not the peer's. */
static void
a_command_longer_than_the_limit_is_answered(void **state)
{
	const struct conn_limits limits = {.output_max = 1000, .stall_ms = 200};
	static const char expected[] = "{\"results\":[{\"result\":\"success\"}]}\n";
	char reply[sizeof(expected)] = "";
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&limits, &peer, &is_closed);
	send_text(peer, "slow 600\n");
	while (!is_closed && recv(peer, reply, sizeof(reply) - 1, MSG_DONTWAIT) < 0)
		assert_true(event_base_loop(server.base, EVLOOP_ONCE) >= 0);
	assert_false(is_closed);
	assert_string_equal(reply, expected);
	conn_destroy(conn);
	close(peer);
}

/* Silence: the linker sends timers of the panel here.  A silence of that length never comes by
 * itself; fall_silent() makes it come. */

#define SILENCE_MS 3600000

static struct event *silence;

int __real_event_add(struct event *event, const struct timeval *timeout);
int __wrap_event_add(struct event *event, const struct timeval *timeout);

int
__wrap_event_add(struct event *event, const struct timeval *timeout)
{
	if (timeout != NULL && timeout->tv_sec == SILENCE_MS / 1000)
		silence = event;
	return __real_event_add(event, timeout);
}

static const struct conn_limits by_silence = {
	.output_max = 1 << 20, .stall_ms = 30000, .silence_ms = SILENCE_MS};

static int
setup(void **state)
{
	silence = NULL;
	return server_setup(state);
}

/* Everything sent has arrived, then nothing more. */
static void
fall_silent(void)
{
	let_server_run();
	assert_non_null(silence);
	assert_true(evtimer_pending(silence, NULL));
	event_active(silence, EV_TIMEOUT, 0);
	let_server_run();
}

static void
send_bytes(int fd, const char *bytes, size_t nb)
{
	assert_int_equal(send(fd, bytes, nb, 0), nb);
}

/* Nothing has been answered so far. */
static void
expect_nothing(int fd)
{
	char byte;

	let_server_run();
	assert_int_equal(recv(fd, &byte, 1, MSG_PEEK), -1);
	assert_int_equal(errno, EAGAIN);
}

static void
silence_ends_a_request_by_itself(void **state)
{
	const struct conn_limits limits = CONN_LIMITS_SILENCE;
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&limits, &peer, &is_closed);
	send_text(peer, "echo a");
	expect_echo(peer, "a");
	conn_destroy(conn);
	close(peer);
}

static void
silence_ends_what_no_newline_has_ended(void **state)
{
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&by_silence, &peer, &is_closed);
	send_text(peer, "echo b\necho c");
	expect_echo(peer, "b");
	expect_nothing(peer);
	fall_silent();
	expect_echo(peer, "c");
	send_text(peer, "ec");
	let_server_run();
	send_text(peer, "ho d");
	expect_nothing(peer);
	fall_silent();
	expect_echo(peer, "d");
	assert_int_equal(server.nb_run, 3);
	conn_destroy(conn);
	close(peer);
}

static void
silence_after_a_complete_request_runs_nothing(void **state)
{
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&by_silence, &peer, &is_closed);
	send_text(peer, "echo a\n");
	expect_echo(peer, "a");
	fall_silent();
	send_text(peer, " \r\n");
	fall_silent();
	expect_nothing(peer);
	assert_int_equal(server.nb_run, 1);
	conn_destroy(conn);
	close(peer);
}

static void
silence_ends_a_request_that_is_too_long(void **state)
{
	static char text[10000];
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&by_silence, &peer, &is_closed);
	memset(text, 'x', sizeof(text));
	send_bytes(peer, text, sizeof(text));
	expect_error(peer, "Wrong message format: the request is longer than 4095 bytes");
	send_bytes(peer, text, sizeof(text));
	expect_nothing(peer);
	fall_silent();
	expect_nothing(peer);
	send_text(peer, "echo a");
	fall_silent();
	expect_echo(peer, "a");
	conn_destroy(conn);
	close(peer);
}

/* Where requests end */

static void
requests_in_one_packet_are_answered_in_order(void **state)
{
	const struct conn_limits limits = CONN_LIMITS_LOCAL;
	struct conn *conn;
	char text[32];
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&limits, &peer, &is_closed);
	send_text(peer, "echo a\nnonsense\necho b\n");
	expect_echo(peer, "a");
	expect_error(peer, "Invalid value (command)");
	expect_echo(peer, "b");
	/* More requests than one turn takes. */
	for (unsigned int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "echo n%u\n", i);
		send_text(peer, text);
	}
	for (unsigned int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "n%u", i);
		expect_echo(peer, text);
	}
	conn_destroy(conn);
	close(peer);
}

static void
blanks_and_zero_bytes_around_a_request_do_not_matter(void **state)
{
	static const char bytes[] = "echo a\r\n\r\n\n\0\0echo b \r\0echo c\0";
	const struct conn_limits limits = CONN_LIMITS_LOCAL;
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&limits, &peer, &is_closed);
	send_bytes(peer, bytes, sizeof(bytes) - 1);
	expect_echo(peer, "a");
	expect_echo(peer, "b");
	expect_echo(peer, "c");
	expect_nothing(peer);
	assert_int_equal(server.nb_run, 3);
	conn_destroy(conn);
	close(peer);
}

static void
the_longest_request_runs_and_one_byte_more_is_refused(void **state)
{
	const struct conn_limits limits = CONN_LIMITS_LOCAL;
	static char text[4096 + 1];
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&limits, &peer, &is_closed);
	memset(text, ' ', sizeof(text) - 1);
	memcpy(text, "echo", 4);
	text[4094] = 'a';
	text[4095] = '\n';
	send_text(peer, text);
	expect_echo(peer, "a");
	text[4094] = ' ';
	text[4095] = 'b';
	send_text(peer, text);
	send_text(peer, "more of it\necho c\n");
	expect_error(peer, "Wrong message format: the request is longer than 4095 bytes");
	expect_echo(peer, "c");
	conn_destroy(conn);
	close(peer);
}

/* How replies leave */

/* A socket that keeps what is sent at once together. */
static void
a_reply_leaves_in_one_piece(void **state)
{
	const struct conn_limits limits = CONN_LIMITS_LOCAL;
	static char reply[REPLY_MAX];
	struct conn *conn;
	bool is_closed = false;
	ssize_t nb = -1;
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	conn = conn_create(server.base, fds[0], &limits, on_closed, &is_closed);
	assert_non_null(conn);
	send_text(fds[1], "big 100000\n");
	while (nb < 0) {
		let_server_run();
		nb = recv(fds[1], reply, sizeof(reply), 0);
		assert_true(nb > 0 || errno == EAGAIN);
	}
	assert_true(nb > 100000);
	assert_ptr_equal(memchr(reply, '\n', nb), reply + nb - 1);
	conn_destroy(conn);
	close(fds[1]);
}

static void
a_peer_that_reads_slowly_gets_every_reply(void **state)
{
	const struct conn_limits limits = {.output_max = 1000, .stall_ms = 30000};
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&limits, &peer, &is_closed);
	send_text(peer, "big 900000\nbig 900000\necho a\n");
	let_server_run();
	assert_int_equal(server.nb_run, 1);
	assert_false(conn_is_drained(conn));
	assert_true(strlen(next_line(peer)) > 900000);
	assert_true(strlen(next_line(peer)) > 900000);
	expect_echo(peer, "a");
	assert_true(conn_is_drained(conn));
	conn_destroy(conn);
	close(peer);
}

/* How it ends */

static void
wait_until(const bool *is_closed)
{
	while (!*is_closed)
		assert_true(event_base_loop(server.base, EVLOOP_ONCE) >= 0);
}

static void
a_peer_that_closes_in_the_middle_of_a_request_runs_nothing(void **state)
{
	bool is_closed;
	int peer;

	(void)state;
	open_pair(&by_silence, &peer, &is_closed);
	send_text(peer, "echo a");
	let_server_run();
	close(peer);
	wait_until(&is_closed);
	assert_int_equal(server.nb_run, 0);
}

static void
a_peer_that_says_no_more_gets_the_replies_to_what_is_complete(void **state)
{
	bool is_closed;
	int peer;

	(void)state;
	open_pair(&by_silence, &peer, &is_closed);
	send_text(peer, "big 900000\necho a\necho par");
	let_server_run();
	assert_true(evtimer_pending(silence, NULL));
	assert_int_equal(shutdown(peer, SHUT_WR), 0);
	let_server_run();
	/* While replies wait, no silence makes a request of the part. */
	assert_false(evtimer_pending(silence, NULL));
	assert_true(strlen(next_line(peer)) > 900000);
	expect_echo(peer, "a");
	expect_end(peer);
	wait_until(&is_closed);
	assert_int_equal(server.nb_run, 2);
}

static void
a_stopped_connection_runs_nothing_more_and_keeps_its_replies(void **state)
{
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&by_silence, &peer, &is_closed);
	send_text(peer, "big 900000\necho late");
	let_server_run();
	assert_int_equal(server.nb_run, 1);
	conn_stop(conn);
	send_text(peer, "\necho later\n");
	fall_silent();
	assert_false(conn_is_drained(conn));
	assert_true(strlen(next_line(peer)) > 900000);
	let_server_run();
	assert_true(conn_is_drained(conn));
	assert_int_equal(server.nb_run, 1);
	assert_false(is_closed);
	conn_destroy(conn);
	expect_end(peer);
}

static void
a_destroyed_connection_is_closed_without_a_word(void **state)
{
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&by_silence, &peer, &is_closed);
	send_text(peer, "echo a");
	let_server_run();
	conn_destroy(conn);
	let_server_run();
	expect_end(peer);
	assert_false(is_closed);
	assert_int_equal(server.nb_run, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, server_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(peer_that_takes_nothing_is_disconnected),
		TEST(idle_peer_stays_connected),
		TEST(a_command_longer_than_the_limit_is_answered),
		TEST(silence_ends_a_request_by_itself),
		TEST(silence_ends_what_no_newline_has_ended),
		TEST(silence_after_a_complete_request_runs_nothing),
		TEST(silence_ends_a_request_that_is_too_long),
		TEST(requests_in_one_packet_are_answered_in_order),
		TEST(blanks_and_zero_bytes_around_a_request_do_not_matter),
		TEST(the_longest_request_runs_and_one_byte_more_is_refused),
		TEST(a_reply_leaves_in_one_piece),
		TEST(a_peer_that_reads_slowly_gets_every_reply),
		TEST(a_peer_that_closes_in_the_middle_of_a_request_runs_nothing),
		TEST(a_peer_that_says_no_more_gets_the_replies_to_what_is_complete),
		TEST(a_stopped_connection_runs_nothing_more_and_keeps_its_replies),
		TEST(a_destroyed_connection_is_closed_without_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
