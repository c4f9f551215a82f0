/* SPDX-License-Identifier: BSD-3-Clause */
/* The local socket: order of replies, slow and dead clients, the file. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/control/test_peer.h"

#include "socket.h"

static struct {
	char dir[32];
	char path[64];
} fixture;

static int
setup(void **state)
{
	strcpy(fixture.dir, "/tmp/socket_test.XXXXXX");
	assert_non_null(mkdtemp(fixture.dir));
	snprintf(fixture.path, sizeof(fixture.path), "%s/sock", fixture.dir);
	return server_setup(state);
}

static int
teardown(void **state)
{
	server_teardown(state);
	return rmdir(fixture.dir);
}

static void
serve(void)
{
	if (socket_init(server.base, fixture.path) != 0)
		print_error("%s\n", error_text(-EINVAL));
	assert_int_equal(access(fixture.path, F_OK), 0);
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
	assert_int_equal(server.nb_run, 3);
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

/* As many clients as the server takes; each sends text and reads nothing. */
static void
open_all(int fds[SOCKET_CLIENTS_MAX], const char *text)
{
	for (unsigned int i = 0; i < SOCKET_CLIENTS_MAX; i++) {
		fds[i] = open_client();
		send_text(fds[i], text);
		let_server_run();
	}
}

static void
idle_client_makes_room_for_a_newcomer(void **state)
{
	int fds[SOCKET_CLIENTS_MAX], fd;

	(void)state;
	serve();
	open_all(fds, "echo half");
	fd = open_client();
	send_text(fd, "echo new\n");
	expect_echo(fd, "new");
	expect_error(fds[0], "error occur: too many clients");
	expect_end(fds[0]);
	send_text(fds[1], "\n");
	expect_echo(fds[1], "half");
	close(fd);
	for (unsigned int i = 1; i < SOCKET_CLIENTS_MAX; i++)
		close(fds[i]);
	socket_fini();
}

static void
client_that_is_being_served_makes_no_room(void **state)
{
	int fds[SOCKET_CLIENTS_MAX], fd;

	(void)state;
	serve();
	open_all(fds, "big 900000\n");
	while (server.nb_run < SOCKET_CLIENTS_MAX)
		let_server_run();
	fd = open_client();
	expect_error(fd, "error occur: too many clients");
	expect_end(fd);
	for (unsigned int i = 0; i < SOCKET_CLIENTS_MAX; i++) {
		assert_true(strlen(next_line(fds[i])) > 900000);
		close(fds[i]);
	}
	socket_fini();
}

static unsigned int
nb_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int nb = 0;

	while (readdir(dir) != NULL)
		nb++;
	closedir(dir);
	return nb;
}

/* Ever more silent clients, half requests and clients that leave at once, with an honest client
 * beside each of them. */
static void
flood_keeps_nobody_out(void **state)
{
	enum { NB_SILENT = 300 };
	unsigned int before;
	int fds[NB_SILENT];

	(void)state;
	serve();
	before = nb_descriptors();
	for (unsigned int i = 0; i < NB_SILENT; i++) {
		int fd = open_client();

		close(open_client());
		fds[i] = open_client();
		if (i % 2)
			send_text(fds[i], "echo half");
		send_text(fd, "echo honest\n");
		expect_echo(fd, "honest");
		close(fd);
	}
	/* What the flood holds itself, and no more clients than allowed. */
	assert_true(nb_descriptors() <= before + NB_SILENT + SOCKET_CLIENTS_MAX);
	for (unsigned int i = 0; i < NB_SILENT; i++)
		close(fds[i]);
	socket_fini();
}

static void
without_descriptors_an_idle_client_makes_room(void **state)
{
	int silent, honest, next;
	struct rlimit before, none;

	(void)state;
	serve();
	silent = open_client();
	let_server_run();
	honest = open_client();
	next = dup(0);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){.rlim_cur = next, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	send_text(honest, "echo a\n");
	expect_echo(honest, "a");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	expect_error(silent, "error occur: too many clients");
	expect_end(silent);
	close(honest);
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
	assert_int_equal(server.nb_run, 100);
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
	assert_in_range(server.nb_run, 20, 50);
	for (unsigned int i = 0; i < nb; i++)
		assert_true(strlen(next_line(slow)) > 100000);
	assert_int_equal(server.nb_run, nb + 10);
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
	while (server.nb_run == 0)
		let_server_run();
	send_text(fd, "echo late\n");
	assert_false(socket_drain());
	assert_true(strlen(next_line(fd)) > 900000);
	while (!socket_drain())
		let_server_run();
	let_server_run();
	assert_int_equal(server.nb_run, 1);
	socket_fini();
	expect_end(fd);
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
	event_base_loopexit(server.base, &later);
	event_base_dispatch(server.base);
	assert_int_equal(server.nb_run, 0);
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

	assert_int_equal(socket_init(server.base, fixture.path), err);
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
	assert_int_equal(socket_init(server.base, "/nonexistent/sock"), -ENOENT);
	assert_string_equal(error_sentence(-ENOENT),
			    "socket /nonexistent/sock: cannot open directory /nonexistent: No such "
			    "file or directory; choose another path with --socket");
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(socket_init(server.base, path), -ENAMETOOLONG);
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
		TEST(idle_client_makes_room_for_a_newcomer),
		TEST(client_that_is_being_served_makes_no_room),
		TEST(flood_keeps_nobody_out),
		TEST(without_descriptors_an_idle_client_makes_room),
		TEST(half_closed_client_gets_its_replies_and_part_of_a_request_is_not_run),
		TEST(client_that_vanishes_disturbs_nobody),
		TEST(client_that_does_not_read_is_read_no_further),
		TEST(drain_runs_nothing_more_and_waits_for_replies),
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
