/* SPDX-License-Identifier: BSD-3-Clause */
/* A listener beside floods: it returns to the loop, rests after a failure, and makes room. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <event2/event.h>

#include "listener.h"

#define CLIENTS_MAX 200
#define GIVE_UP_S 60

static struct {
	struct event_base *base;
	struct listener *listener;
	struct sockaddr_un address;
	int clients[CLIENTS_MAX], accepted[CLIENTS_MAX];
	unsigned int nb_clients, nb_accepted, nb_sentences, nb_asked;
	bool has_room;
	char sentence[512];
} fixture;

static void
on_accepted(int fd, const struct sockaddr *address, void *arg)
{
	assert_ptr_equal(arg, &fixture);
	assert_int_equal(address->sa_family, AF_UNIX);
	assert_true(fixture.nb_accepted < CLIENTS_MAX);
	fixture.accepted[fixture.nb_accepted++] = fd;
}

static bool
make_room(void *arg)
{
	assert_ptr_equal(arg, &fixture);
	fixture.nb_asked++;
	if (!fixture.has_room || fixture.nb_accepted == 0)
		return false;
	close(fixture.accepted[--fixture.nb_accepted]);
	return true;
}

static void
say(const char *sentence)
{
	fixture.nb_sentences++;
	snprintf(fixture.sentence, sizeof(fixture.sentence), "%s", sentence);
}

static int
setup(void **state)
{
	static const struct listener_ops ops = {on_accepted, make_room, say, 0};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	(void)state;
	memset(&fixture, 0, sizeof(fixture));
	alarm(GIVE_UP_S);
	fixture.address.sun_family = AF_UNIX;
	/* A name of the abstract namespace: no file is left. */
	snprintf(fixture.address.sun_path + 1, sizeof(fixture.address.sun_path) - 1,
		 "listener_test.%d", getpid());
	assert_int_equal(
		bind(fd, (const struct sockaddr *)&fixture.address, sizeof(fixture.address)), 0);
	assert_int_equal(listen(fd, LISTENER_BACKLOG), 0);
	fixture.base = event_base_new();
	fixture.listener = listener_create(fixture.base, fd, "socket x", &ops, &fixture);
	assert_non_null(fixture.listener);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < fixture.nb_clients; i++)
		close(fixture.clients[i]);
	for (unsigned int i = 0; i < fixture.nb_accepted; i++)
		close(fixture.accepted[i]);
	listener_destroy(fixture.listener);
	event_base_free(fixture.base);
	alarm(0);
	return 0;
}

static void
connect_clients(unsigned int nb)
{
	for (unsigned int i = 0; i < nb; i++) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		assert_true(fd >= 0);
		assert_int_equal(connect(fd, (const struct sockaddr *)&fixture.address,
					 sizeof(fixture.address)),
				 0);
		fixture.clients[fixture.nb_clients++] = fd;
	}
}

static void
turn(void)
{
	assert_true(event_base_loop(fixture.base, EVLOOP_ONCE) >= 0);
}

static void
a_turn_accepts_few_and_the_next_goes_on(void **state)
{
	unsigned int most = 0;

	(void)state;
	connect_clients(100);
	while (fixture.nb_accepted < 100) {
		unsigned int before = fixture.nb_accepted;

		turn();
		if (fixture.nb_accepted - before > most)
			most = fixture.nb_accepted - before;
	}
	assert_in_range(most, 1, 16);
	assert_int_equal(fixture.nb_sentences, 0);
}

/* Leave this process no descriptor to spare; returns what was allowed before. */
static struct rlimit
use_up_descriptors(void)
{
	struct rlimit before, none;
	int next = dup(0);

	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){.rlim_cur = next, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	return before;
}

static void
turns_for_ms(unsigned int ms)
{
	const struct timeval tv = {.tv_usec = ms * 1000};

	event_base_loopexit(fixture.base, &tv);
	event_base_dispatch(fixture.base);
}

static void
without_descriptors_it_rests_says_so_once_and_accepts_when_there_are_some(void **state)
{
	struct rlimit before;

	(void)state;
	connect_clients(3);
	before = use_up_descriptors();
	turns_for_ms(500);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(fixture.nb_accepted, 0);
	/* One attempt in 100 ms. */
	assert_in_range(fixture.nb_asked, 1, 10);
	assert_int_equal(fixture.nb_sentences, 1);
	assert_string_equal(
		fixture.sentence,
		"socket x: cannot accept: Too many open files (1 times); a client waits "
		"or loses its connection");
	while (fixture.nb_accepted < 3)
		turn();
}

static void
room_that_is_made_goes_to_the_next_client(void **state)
{
	struct rlimit before;
	char byte;

	(void)state;
	connect_clients(2);
	while (fixture.nb_accepted < 2)
		turn();
	connect_clients(1);
	fixture.has_room = true;
	before = use_up_descriptors();
	while (fixture.nb_asked == 0)
		turn();
	while (fixture.nb_accepted < 2)
		turn();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(recv(fixture.clients[0], &byte, 1, 0), -1);
	assert_int_equal(errno, EAGAIN);
	/* The second client made room. */
	assert_int_equal(recv(fixture.clients[1], &byte, 1, 0), 0);
	assert_int_equal(fixture.nb_sentences, 1);
}

static void
stopped_it_accepts_nothing_even_in_the_middle_of_a_rest(void **state)
{
	(void)state;
	connect_clients(20);
	while (fixture.nb_accepted < 16)
		turn();
	listener_stop(fixture.listener);
	turns_for_ms(50);
	assert_int_equal(fixture.nb_accepted, 16);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_turn_accepts_few_and_the_next_goes_on),
		TEST(without_descriptors_it_rests_says_so_once_and_accepts_when_there_are_some),
		TEST(room_that_is_made_goes_to_the_next_client),
		TEST(stopped_it_accepts_nothing_even_in_the_middle_of_a_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
