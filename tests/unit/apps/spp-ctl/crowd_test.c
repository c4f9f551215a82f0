/* SPDX-License-Identifier: BSD-3-Clause */
/* Who goes first when there are too many connections. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/socket.h>
#include <unistd.h>

#include "crowd.h"

static struct {
	struct crowd crowd;
	struct crowd_seat seats[6], *kept;
	int user[2]; /* a socket of this user, and its other end */
	int unknown; /* a socket whose peer the kernel does not tell */
} fixture;

static int
setup(void **state)
{
	(void)state;
	fixture.kept = NULL;
	crowd_init(&fixture.crowd, 6);
	for (unsigned int i = 0; i < 6; i++)
		fixture.seats[i] = (struct crowd_seat){.rank = 1};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fixture.user), 0);
	fixture.unknown = socket(AF_INET, SOCK_STREAM, 0);
	return fixture.unknown < 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 6; i++)
		crowd_leave(&fixture.crowd, &fixture.seats[i]);
	assert_int_equal(fixture.crowd.nb, 0);
	assert_true(TAILQ_EMPTY(&fixture.crowd.peers));
	close(fixture.user[0]);
	close(fixture.user[1]);
	return close(fixture.unknown);
}

static bool
may_go(const struct crowd_seat *seat)
{
	return seat != fixture.kept;
}

static void
join(unsigned int i, int fd)
{
	assert_int_equal(crowd_join(&fixture.crowd, &fixture.seats[i], fd), 0);
}

static int
next_to_go(void)
{
	const struct crowd_seat *seat = crowd_next_to_go(&fixture.crowd, may_go);

	return seat == NULL ? -1 : (int)(seat - fixture.seats);
}

static void
of_one_peer_the_oldest_goes(void **state)
{
	(void)state;
	assert_int_equal(next_to_go(), -1);
	for (unsigned int i = 0; i < 3; i++)
		join(i, fixture.user[0]);
	assert_int_equal(next_to_go(), 0);
	crowd_renew(&fixture.crowd, &fixture.seats[0]);
	assert_int_equal(next_to_go(), 1);
	crowd_leave(&fixture.crowd, &fixture.seats[1]);
	assert_int_equal(next_to_go(), 2);
	assert_int_equal(fixture.crowd.nb, 2);
}

static void
the_peer_with_most_seats_loses_one(void **state)
{
	(void)state;
	join(0, fixture.unknown);
	join(1, fixture.user[0]);
	join(2, fixture.user[0]);
	assert_int_equal(next_to_go(), 1);
	join(3, fixture.unknown);
	join(4, fixture.unknown);
	assert_int_equal(next_to_go(), 0);
}

static void
a_lower_rank_goes_before_everything_else(void **state)
{
	(void)state;
	join(0, fixture.user[0]);
	join(1, fixture.user[0]);
	join(2, fixture.unknown);
	fixture.seats[2].rank = 0;
	assert_int_equal(next_to_go(), 2);
}

static void
who_may_not_go_stays(void **state)
{
	(void)state;
	join(0, fixture.user[0]);
	join(1, fixture.user[0]);
	fixture.kept = &fixture.seats[0];
	assert_int_equal(next_to_go(), 1);
	crowd_leave(&fixture.crowd, &fixture.seats[1]);
	assert_int_equal(next_to_go(), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_one_peer_the_oldest_goes),
		TEST(the_peer_with_most_seats_loses_one),
		TEST(a_lower_rank_goes_before_everything_else),
		TEST(who_may_not_go_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
