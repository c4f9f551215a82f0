/* SPDX-License-Identifier: BSD-3-Clause */
/* The local socket and its connections: framing, order, slow and dead clients, the file. */

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
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "args.h"
#include "conn.h"
#include "dispatch.h"
#include "error.h"
#include "log.h"
#include "reply.h"
#include "socket.h"

#define REPLY_MAX (1 << 20)
/* A test that waits for what never comes ends here. */
#define GIVE_UP_S 60

static struct {
	struct event_base *base;
	char dir[32];
	char path[64];
	unsigned int nb_run; /* commands */
} fixture;

/* Verbs: `echo WORD` replies with it, `big N` with N bytes. */

static int
run_echo(const struct spp_args *args, struct spp_reply *reply)
{
	fixture.nb_run++;
	reply_str(reply, "text", args_str(args, "word"));
	return 0;
}

static int
run_big(const struct spp_args *args, struct spp_reply *reply)
{
	uint64_t size;
	char *text;

	fixture.nb_run++;
	if (args_u64(args, "size", &size) != 0)
		return -EINVAL;
	text = malloc(size + 1);
	assert_non_null(text);
	memset(text, 'x', size);
	text[size] = '\0';
	reply_str(reply, "text", text);
	free(text);
	return 0;
}

static const struct spp_verb verbs[] = {
	{"echo <word:WORD>", "reply with the word", run_echo},
	{"big <size:UNSIGNED_INT>", "reply with so many bytes", run_big},
};

static int
setup(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	alarm(GIVE_UP_S);
	rte_log_set_level(log_core, RTE_LOG_CRIT);
	error_clear();
	fixture.nb_run = 0;
	fixture.base = event_base_new();
	strcpy(fixture.dir, "/tmp/socket_test.XXXXXX");
	assert_non_null(mkdtemp(fixture.dir));
	snprintf(fixture.path, sizeof(fixture.path), "%s/sock", fixture.dir);
	for (unsigned int i = 0; i < 2; i++)
		assert_int_equal(dispatch_add("test", &verbs[i]), 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	alarm(0);
	dispatch_del("test");
	event_base_free(fixture.base);
	return rmdir(fixture.dir);
}

static void
serve(void)
{
	if (socket_init(fixture.base, fixture.path) != 0)
		print_error("%s\n", error_text(-EINVAL));
	assert_int_equal(access(fixture.path, F_OK), 0);
}

/* Clients, in the thread of the server: whoever waits lets the server run. */

static void
let_server_run(void)
{
	assert_true(event_base_loop(fixture.base, EVLOOP_NONBLOCK) >= 0);
}

static int
open_client(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", fixture.path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void
send_text(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n < 0) {
			assert_int_equal(errno, EAGAIN);
			let_server_run();
			continue;
		}
		text += n;
		len -= n;
	}
}

/* Take bytes up to and with the newline from what has arrived; 0 at the end of the stream, -1 when
 * there is nothing yet. */
static ssize_t
take_up_to_newline(int fd, char *out, size_t size)
{
	ssize_t n = recv(fd, out, size, MSG_PEEK);
	const char *newline = n > 0 ? memchr(out, '\n', n) : NULL;

	if (n > 0)
		return recv(fd, out, newline != NULL ? newline - out + 1 : n, 0);
	/* A server that goes without having read everything resets the connection. */
	if (n == 0 || errno == ECONNRESET)
		return 0;
	assert_int_equal(errno, EAGAIN);
	return -1;
}

/* The next line without its newline, "" at the end of the stream. */
static const char *
next_line(int fd)
{
	static char line[REPLY_MAX];
	size_t len = 0;

	for (;;) {
		ssize_t n = take_up_to_newline(fd, line + len, sizeof(line) - len);

		if (n == 0) {
			assert_int_equal(len, 0);
			return "";
		}
		if (n < 0) {
			assert_true(event_base_loop(fixture.base, EVLOOP_ONCE) >= 0);
			continue;
		}
		len += n;
		if (line[len - 1] == '\n') {
			line[len - 1] = '\0';
			return line;
		}
		assert_true(len < sizeof(line));
	}
}

static void
expect_echo(int fd, const char *word)
{
	char reply[256];

	snprintf(reply, sizeof(reply), "{\"results\":[{\"result\":\"success\"}],\"text\":\"%s\"}",
		 word);
	assert_string_equal(next_line(fd), reply);
}

static void
expect_error(int fd, const char *message)
{
	char reply[256];

	snprintf(reply, sizeof(reply),
		 "{\"results\":[{\"result\":\"error\",\"error_details\":{\"message\":\"%s",
		 message);
	assert_memory_equal(next_line(fd), reply, strlen(reply));
}

static void
expect_end(int fd)
{
	assert_string_equal(next_line(fd), "");
	close(fd);
}

/* Requests */

static void
requests_may_arrive_in_pieces_and_glued(void **state)
{
	int fd;

	(void)state;
	serve();
	fd = open_client();
	send_text(fd, "ec");
	let_server_run();
	send_text(fd, "ho a\necho b\nec");
	expect_echo(fd, "a");
	expect_echo(fd, "b");
	send_text(fd, "ho c \r\n\n  \n");
	expect_echo(fd, "c");
	assert_int_equal(fixture.nb_run, 3);
	close(fd);
	socket_fini();
}

static void
replies_come_in_order_of_requests(void **state)
{
	char text[32];
	int fd;

	(void)state;
	serve();
	fd = open_client();
	for (unsigned int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), i % 2 ? "echo n%u\n" : "ech%u\n", i);
		send_text(fd, text);
	}
	for (unsigned int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "n%u", i);
		if (i % 2)
			expect_echo(fd, text);
		else
			expect_error(fd, "Invalid value (command)");
	}
	close(fd);
	socket_fini();
}

static void
overlong_request_is_answered_and_skipped(void **state)
{
	char text[10000];
	int fd;

	(void)state;
	serve();
	fd = open_client();
	memset(text, 'x', sizeof(text));
	strcpy(text + sizeof(text) - 9, "\necho a\n");
	send_text(fd, text);
	expect_error(fd, "Wrong message format: the request is longer than 4095 bytes");
	expect_echo(fd, "a");
	close(fd);
	socket_fini();
}

static void
one_reply_may_be_larger_than_all_buffers(void **state)
{
	int fd;

	(void)state;
	serve();
	fd = open_client();
	send_text(fd, "big 1000000\necho a\n");
	assert_true(strlen(next_line(fd)) > 1000000);
	expect_echo(fd, "a");
	close(fd);
	socket_fini();
}

/* Clients */

static void
clients_are_served_independently_up_to_the_limit(void **state)
{
	int fds[SOCKET_CLIENTS_MAX], fd;
	char text[32];

	(void)state;
	serve();
	for (unsigned int i = 0; i < SOCKET_CLIENTS_MAX; i++) {
		fds[i] = open_client();
		snprintf(text, sizeof(text), "echo c%u\necho half", i);
		send_text(fds[i], text);
	}
	for (unsigned int i = SOCKET_CLIENTS_MAX; i-- > 0;) {
		snprintf(text, sizeof(text), "c%u", i);
		expect_echo(fds[i], text);
	}
	fd = open_client();
	expect_error(fd, "error occur: too many clients");
	expect_end(fd);
	close(fds[0]);
	let_server_run();
	fd = open_client();
	send_text(fd, "echo late\n");
	expect_echo(fd, "late");
	close(fd);
	for (unsigned int i = 1; i < SOCKET_CLIENTS_MAX; i++)
		close(fds[i]);
	socket_fini();
}

static void
half_closed_client_gets_its_replies_and_part_of_a_request_is_not_run(void **state)
{
	int fd;

	(void)state;
	serve();
	fd = open_client();
	for (unsigned int i = 0; i < 100; i++)
		send_text(fd, "echo a\n");
	send_text(fd, "echo part");
	shutdown(fd, SHUT_WR);
	for (unsigned int i = 0; i < 100; i++)
		expect_echo(fd, "a");
	expect_end(fd);
	assert_int_equal(fixture.nb_run, 100);
	socket_fini();
}

static void
client_that_vanishes_disturbs_nobody(void **state)
{
	int fd, other;

	(void)state;
	serve();
	other = open_client();
	for (unsigned int i = 0; i < 100; i++) {
		fd = open_client();
		send_text(fd, "big 100000\nbig 100000\necho par");
		if (i % 2)
			let_server_run();
		close(fd);
	}
	send_text(other, "echo a\n");
	expect_echo(other, "a");
	close(other);
	socket_fini();
}

static void
client_that_does_not_read_is_read_no_further(void **state)
{
	const unsigned int nb = 200;
	int slow, other;

	(void)state;
	serve();
	slow = open_client();
	other = open_client();
	for (unsigned int i = 0; i < nb; i++)
		send_text(slow, "big 100000\n");
	for (unsigned int i = 0; i < 10; i++) {
		send_text(other, "echo a\n");
		expect_echo(other, "a");
	}
	/* About a megabyte of replies, and what the kernel took. */
	assert_in_range(fixture.nb_run, 20, 50);
	for (unsigned int i = 0; i < nb; i++)
		assert_true(strlen(next_line(slow)) > 100000);
	assert_int_equal(fixture.nb_run, nb + 10);
	close(slow);
	close(other);
	socket_fini();
}

static void
drain_runs_nothing_more_and_waits_for_replies(void **state)
{
	int fd;

	(void)state;
	serve();
	fd = open_client();
	send_text(fd, "big 900000\n");
	while (fixture.nb_run == 0)
		let_server_run();
	send_text(fd, "echo late\n");
	assert_false(socket_drain());
	assert_true(strlen(next_line(fd)) > 900000);
	while (!socket_drain())
		let_server_run();
	let_server_run();
	assert_int_equal(fixture.nb_run, 1);
	socket_fini();
	expect_end(fd);
}

/* Connections by themselves */

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
	conn = conn_create(fixture.base, fds[0], limits, on_closed, is_closed);
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
		assert_true(event_base_loop(fixture.base, EVLOOP_ONCE) >= 0);
	assert_int_equal(fixture.nb_run, 1);
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
	event_base_loopexit(fixture.base, &later);
	event_base_dispatch(fixture.base);
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
	assert_int_equal(fixture.nb_run, 4);
	conn_destroy(conn);
	close(peer);
}

static void
silence_ends_nothing_on_the_local_socket(void **state)
{
	const struct timeval later = {.tv_usec = 50000};
	int fd;

	(void)state;
	serve();
	fd = open_client();
	send_text(fd, "echo a");
	event_base_loopexit(fixture.base, &later);
	event_base_dispatch(fixture.base);
	assert_int_equal(fixture.nb_run, 0);
	send_text(fd, "b\n");
	expect_echo(fd, "ab");
	close(fd);
	socket_fini();
}

/* The file */

static void
socket_file_is_owner_only_and_goes_with_the_socket(void **state)
{
	struct stat st;

	(void)state;
	serve();
	assert_int_equal(lstat(fixture.path, &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0600);
	socket_fini();
	assert_int_equal(lstat(fixture.path, &st), -1);
}

static void
stale_socket_file_is_replaced(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", fixture.path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	serve();
	fd = open_client();
	send_text(fd, "echo a\n");
	expect_echo(fd, "a");
	close(fd);
	socket_fini();
}

static void
assert_init_fails(int err, const char *sentence)
{
	char expected[256];

	assert_int_equal(socket_init(fixture.base, fixture.path), err);
	snprintf(expected, sizeof(expected), "socket %s: %s", fixture.path, sentence);
	assert_string_equal(error_sentence(err), expected);
}

static void
socket_that_is_served_is_refused_and_left_alone(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", fixture.path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_init_fails(-EADDRINUSE, "another process serves it; stop that one or choose another "
				       "path with --socket");
	assert_int_equal(access(fixture.path, F_OK), 0);
	close(fd);
	unlink(fixture.path);
}

static void
file_that_is_no_socket_is_refused_and_left_alone(void **state)
{
	(void)state;
	close(open(fixture.path, O_CREAT | O_WRONLY, 0600));
	assert_init_fails(-EEXIST,
			  "there is a file of that name that is no socket; remove it or choose "
			  "another path with --socket");
	assert_int_equal(unlink(fixture.path), 0);
}

static void
file_of_somebody_else_is_not_removed(void **state)
{
	(void)state;
	serve();
	unlink(fixture.path);
	close(open(fixture.path, O_CREAT | O_WRONLY, 0600));
	socket_fini();
	assert_int_equal(unlink(fixture.path), 0);
}

static void
unusable_paths_are_refused(void **state)
{
	char path[200], sentence[256];

	(void)state;
	assert_int_equal(socket_init(fixture.base, "/nonexistent/sock"), -ENOENT);
	assert_string_equal(error_sentence(-ENOENT),
			    "socket /nonexistent/sock: cannot open directory /nonexistent: No such "
			    "file or directory; choose another path with --socket");
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(socket_init(fixture.base, path), -ENAMETOOLONG);
	snprintf(sentence, sizeof(sentence), "socket %s: a path has 1 to 107 bytes", path);
	assert_string_equal(error_sentence(-ENAMETOOLONG), sentence);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(requests_may_arrive_in_pieces_and_glued),
		TEST(replies_come_in_order_of_requests),
		TEST(overlong_request_is_answered_and_skipped),
		TEST(one_reply_may_be_larger_than_all_buffers),
		TEST(clients_are_served_independently_up_to_the_limit),
		TEST(half_closed_client_gets_its_replies_and_part_of_a_request_is_not_run),
		TEST(client_that_vanishes_disturbs_nobody),
		TEST(client_that_does_not_read_is_read_no_further),
		TEST(drain_runs_nothing_more_and_waits_for_replies),
		TEST(peer_that_takes_nothing_is_disconnected),
		TEST(idle_peer_stays_connected),
		TEST(silence_ends_a_request_where_that_is_the_framing),
		TEST(silence_ends_nothing_on_the_local_socket),
		TEST(socket_file_is_owner_only_and_goes_with_the_socket),
		TEST(stale_socket_file_is_replaced),
		TEST(socket_that_is_served_is_refused_and_left_alone),
		TEST(file_that_is_no_socket_is_refused_and_left_alone),
		TEST(file_of_somebody_else_is_not_removed),
		TEST(unusable_paths_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
