/* SPDX-License-Identifier: BSD-3-Clause */
/* The connection to the controller, which is a socket of the test: it is made again and again. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/control/test_peer.h"

#include "controller.h"

/* Time: the linker sends timers and looks at the clock here.  A wait of a tenth of a second or more
 * is noted and over at once, the clock stands still. */

#define WAITS_MAX 16

static struct {
	uint32_t waits_ms[WAITS_MAX];
	unsigned int nb_waits;
	time_t now_s;
	bool refuses_next; /* no memory to wait for the next socket */
} fake;

int __real_event_add(struct event *event, const struct timeval *timeout);
int __wrap_event_add(struct event *event, const struct timeval *timeout);

int
__wrap_event_add(struct event *event, const struct timeval *timeout)
{
	const struct timeval at_once = {0};

	if (timeout == NULL && fake.refuses_next) {
		fake.refuses_next = false;
		return -1;
	}
	if (timeout == NULL || (timeout->tv_sec == 0 && timeout->tv_usec < 100000))
		return __real_event_add(event, timeout);
	assert_true(fake.nb_waits < WAITS_MAX);
	fake.waits_ms[fake.nb_waits++] = timeout->tv_sec * 1000 + timeout->tv_usec / 1000;
	return __real_event_add(event, &at_once);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

int
__wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	assert_int_equal(clock, CLOCK_MONOTONIC);
	*now = (struct timespec){.tv_sec = fake.now_s};
	return 0;
}

/* The controller */

static struct {
	int fd; /* bound, so that the port is ours, and listening after controller_up() */
	uint16_t port;
	char connecting[64];
} controller;

static int
setup(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);

	memset(&fake, 0, sizeof(fake));
	controller.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(controller.fd, (struct sockaddr *)&address, size) != 0 ||
	    getsockname(controller.fd, (struct sockaddr *)&address, &size) != 0)
		return -1;
	controller.port = ntohs(address.sin_port);
	snprintf(controller.connecting, sizeof(controller.connecting), "connecting to 127.0.0.1:%u",
		 controller.port);
	return server_setup(state);
}

static int
teardown(void **state)
{
	controller_fini();
	close(controller.fd);
	return server_teardown(state);
}

static void
controller_up(void)
{
	assert_int_equal(listen(controller.fd, 8), 0);
}

static void
connect_to_controller(void)
{
	assert_int_equal(controller_init(server.base, "127.0.0.1", controller.port), 0);
}

static void
run_once(void)
{
	assert_true(event_base_loop(server.base, EVLOOP_ONCE) >= 0);
}

/* The other end of the connection. */
static int
accept_connection(void)
{
	int fd;

	while ((fd = accept4(controller.fd, NULL, NULL, SOCK_NONBLOCK)) < 0) {
		assert_int_equal(errno, EAGAIN);
		run_once();
	}
	while (strcmp(controller_state(), "connected") != 0)
		run_once();
	return fd;
}

static void
hang_up(int fd)
{
	unsigned int nb = fake.nb_waits;

	close(fd);
	while (fake.nb_waits == nb)
		run_once();
}

static void
assert_waits(const uint32_t *expected, unsigned int nb)
{
	assert_int_equal(fake.nb_waits, nb);
	for (unsigned int i = 0; i < nb; i++)
		assert_int_equal(fake.waits_ms[i], expected[i]);
}

/* Names: what the thread of the loop asks of the resolver must not need a name server. */

int __real_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		       struct addrinfo **result);
int __wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		       struct addrinfo **result);

int
__wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		   struct addrinfo **result)
{
	assert_true((hints->ai_flags & AI_NUMERICHOST) != 0);
	return __real_getaddrinfo(name, service, hints, result);
}

/* Connections */

static void
without_a_controller_there_is_no_state_and_nothing_to_drain(void **state)
{
	(void)state;
	assert_null(controller_state());
	assert_true(controller_drain());
}

static void
a_controller_that_is_there_is_connected_and_answered(void **state)
{
	int fd;

	(void)state;
	controller_up();
	connect_to_controller();
	assert_string_equal(controller_state(), controller.connecting);
	fd = accept_connection();
	assert_string_equal(controller_state(), "connected");
	send_text(fd, "echo a\n");
	expect_echo(fd, "a");
	send_text(fd, "echo b");
	expect_echo(fd, "b");
	assert_int_equal(fake.nb_waits, 0);
	close(fd);
}

static void
a_controller_that_is_away_is_tried_five_times_a_second(void **state)
{
	static const uint32_t waits[] = {200, 200, 200};
	int fd;

	(void)state;
	connect_to_controller();
	while (fake.nb_waits < 3)
		run_once();
	assert_waits(waits, 3);
	assert_string_equal(controller_state(), controller.connecting);
	controller_up();
	fd = accept_connection();
	send_text(fd, "echo a\n");
	expect_echo(fd, "a");
	close(fd);
}

static void
a_controller_without_an_address_is_tried_again(void **state)
{
	(void)state;
	/* No address of the family that is asked for. */
	assert_int_equal(controller_init(server.base, "::1", 5555), 0);
	assert_string_equal(controller_state(), "connecting to ::1:5555");
	while (fake.nb_waits < 2)
		run_once();
	assert_int_equal(fake.waits_ms[1], 200);
}

static void
a_name_is_looked_up_without_holding_up_the_loop(void **state)
{
	char expected[64];

	(void)state;
	controller_up();
	assert_int_equal(controller_init(server.base, "localhost", controller.port), 0);
	snprintf(expected, sizeof(expected), "connecting to localhost:%u", controller.port);
	assert_string_equal(controller_state(), expected);
	close(accept_connection());
}

/* The process's end of a connection to the controller, among the descriptors of this test. */
static int
find_other_end(int peer)
{
	struct sockaddr_in ours, theirs;
	socklen_t size = sizeof(ours);

	assert_int_equal(getpeername(peer, (struct sockaddr *)&ours, &size), 0);
	for (int fd = 3; fd < 1024; fd++) {
		size = sizeof(theirs);
		if (fd != peer && getsockname(fd, (struct sockaddr *)&theirs, &size) == 0 &&
		    theirs.sin_family == AF_INET && theirs.sin_port == ours.sin_port)
			return fd;
	}
	return -1;
}

static int
option_of(int fd, int level, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	assert_int_equal(getsockopt(fd, level, option, &value, &size), 0);
	return value;
}

static void
a_controller_that_is_gone_without_a_word_is_noticed_in_seconds(void **state)
{
	int peer, fd, idle_s, probes_s;

	(void)state;
	controller_up();
	connect_to_controller();
	peer = accept_connection();
	fd = find_other_end(peer);
	assert_true(fd >= 0);
	assert_int_equal(option_of(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
	idle_s = option_of(fd, IPPROTO_TCP, TCP_KEEPIDLE);
	probes_s =
		option_of(fd, IPPROTO_TCP, TCP_KEEPINTVL) * option_of(fd, IPPROTO_TCP, TCP_KEEPCNT);
	assert_true(idle_s > 0 && idle_s + probes_s <= 10);
	assert_in_range(option_of(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), 1, 10000);
	close(peer);
}

static void
a_controller_that_comes_back_is_connected_again(void **state)
{
	int fd;

	(void)state;
	controller_up();
	connect_to_controller();
	for (unsigned int i = 0; i < 3; i++) {
		fd = accept_connection();
		send_text(fd, "echo a\n");
		expect_echo(fd, "a");
		hang_up(fd);
		assert_string_equal(controller_state(), controller.connecting);
	}
	assert_int_equal(server.nb_run, 3);
}

static void
a_controller_that_hangs_up_at_once_is_tried_less_and_less_often(void **state)
{
	static const uint32_t waits[] = {1000, 2000, 4000, 8000, 10000, 10000};

	(void)state;
	controller_up();
	connect_to_controller();
	for (size_t i = 0; i < RTE_DIM(waits); i++)
		hang_up(accept_connection());
	assert_waits(waits, RTE_DIM(waits));
}

static void
a_connection_that_has_lasted_ends_the_patience(void **state)
{
	static const uint32_t waits[] = {1000, 2000, 200, 1000};
	int fd;

	(void)state;
	controller_up();
	connect_to_controller();
	hang_up(accept_connection());
	hang_up(accept_connection());
	fd = accept_connection();
	fake.now_s += 2;
	hang_up(fd);
	hang_up(accept_connection());
	assert_waits(waits, RTE_DIM(waits));
}

static void
an_attempt_without_memory_is_made_again(void **state)
{
	static const uint32_t waits[] = {200};

	(void)state;
	controller_up();
	fake.refuses_next = true;
	connect_to_controller();
	assert_string_equal(controller_state(), controller.connecting);
	assert_waits(waits, 1);
	/* The one that was closed at once, and the one that stays. */
	close(accept_connection());
	close(accept_connection());
}

/* Leaving on purpose */

static int
run_leave(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	(void)reply;
	controller_reconnect();
	return fail(-EBUSY, "not now");
}

static void
a_refusal_may_end_the_connection_after_its_reply(void **state)
{
	static const struct spp_verb leave = {"leave", "refuse, and connect again", run_leave};
	static const uint32_t waits[] = {200};
	int fd;

	(void)state;
	assert_int_equal(dispatch_add("test", &leave), 0);
	controller_up();
	connect_to_controller();
	fd = accept_connection();
	fake.now_s += 2;
	send_text(fd, "echo a\nleave\necho b\n");
	expect_echo(fd, "a");
	assert_non_null(strstr(next_line(fd), "not now"));
	/* What had been sent already is answered. */
	expect_echo(fd, "b");
	expect_end(fd);
	fd = accept_connection();
	assert_waits(waits, 1);
	/* The same without a newline, and by who is not the controller. */
	send_text(fd, "leave");
	assert_non_null(strstr(next_line(fd), "not now"));
	expect_end(fd);
	fd = accept_connection();
	free(dispatch_run("leave"));
	send_text(fd, "echo c\n");
	expect_echo(fd, "c");
	close(fd);
}

/* The end */

static void
drain_runs_nothing_more_and_waits_for_replies(void **state)
{
	int fd;

	(void)state;
	controller_up();
	/* Far less than the reply, whatever the system gives by itself. */
	assert_int_equal(
		setsockopt(controller.fd, SOL_SOCKET, SO_RCVBUF, &(int){4096}, sizeof(int)), 0);
	connect_to_controller();
	fd = accept_connection();
	send_text(fd, "big 8000000\n");
	while (server.nb_run == 0)
		run_once();
	send_text(fd, "echo late\n");
	assert_false(controller_drain());
	while (!controller_drain()) {
		char bytes[65536];

		(void)!recv(fd, bytes, sizeof(bytes), 0);
		let_server_run();
	}
	let_server_run();
	assert_int_equal(server.nb_run, 1);
	close(fd);
}

static void
fini_closes_the_connection_and_forgets_the_controller(void **state)
{
	int fd;

	(void)state;
	controller_up();
	connect_to_controller();
	fd = accept_connection();
	controller_fini();
	expect_end(fd);
	assert_null(controller_state());
	assert_int_equal(fake.nb_waits, 0);
	/* And again, as if for the first time. */
	connect_to_controller();
	close(accept_connection());
}

static void
fini_gives_up_a_connection_on_its_way(void **state)
{
	int fd, next;

	(void)state;
	controller_up();
	connect_to_controller();
	controller_fini();
	assert_null(controller_state());
	let_server_run();
	fd = accept4(controller.fd, NULL, NULL, SOCK_NONBLOCK);
	assert_true(fd >= 0);
	expect_end(fd);
	/* No descriptor of the controller is open: the next number is the same again. */
	next = open("/dev/null", O_RDONLY);
	assert_true(next >= 0);
	close(next);
	connect_to_controller();
	controller_fini();
	assert_int_equal(open("/dev/null", O_RDONLY), next);
	close(next);
}

static void
fini_after_an_attempt_without_memory_closes_nothing_of_others(void **state)
{
	int other;

	(void)state;
	controller_up();
	fake.refuses_next = true;
	connect_to_controller();
	/* This file gets the number that the socket had. */
	other = open("/dev/null", O_RDONLY);
	assert_true(other >= 0);
	controller_fini();
	assert_int_equal(close(other), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_controller_there_is_no_state_and_nothing_to_drain),
		TEST(a_controller_that_is_there_is_connected_and_answered),
		TEST(a_controller_that_is_away_is_tried_five_times_a_second),
		TEST(a_controller_without_an_address_is_tried_again),
		TEST(a_name_is_looked_up_without_holding_up_the_loop),
		TEST(a_controller_that_is_gone_without_a_word_is_noticed_in_seconds),
		TEST(a_controller_that_comes_back_is_connected_again),
		TEST(a_controller_that_hangs_up_at_once_is_tried_less_and_less_often),
		TEST(a_connection_that_has_lasted_ends_the_patience),
		TEST(an_attempt_without_memory_is_made_again),
		TEST(a_refusal_may_end_the_connection_after_its_reply),
		TEST(drain_runs_nothing_more_and_waits_for_replies),
		TEST(fini_closes_the_connection_and_forgets_the_controller),
		TEST(fini_gives_up_a_connection_on_its_way),
		TEST(fini_after_an_attempt_without_memory_closes_nothing_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
