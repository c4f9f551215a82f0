/* SPDX-License-Identifier: BSD-3-Clause */
/* One connection: where requests end, how replies leave, and how it ends. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
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

static void
silence_ends_a_request_where_that_is_the_framing(void **state)
{
	const struct conn_limits limits = CONN_LIMITS_SILENCE;
	struct conn *conn;
	bool is_closed;
	int peer;

	(void)state;
	conn = open_pair(&limits, &peer, &is_closed);
	send_text(peer, "echo a");
	expect_echo(peer, "a");
	send_text(peer, "echo b\necho c");
	expect_echo(peer, "b");
	expect_echo(peer, "c");
	send_text(peer, "ec");
	let_server_run();
	send_text(peer, "ho d");
	expect_echo(peer, "d");
	assert_int_equal(server.nb_run, 4);
	conn_destroy(conn);
	close(peer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, server_setup, server_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(peer_that_takes_nothing_is_disconnected),
		TEST(idle_peer_stays_connected),
		TEST(silence_ends_a_request_where_that_is_the_framing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
