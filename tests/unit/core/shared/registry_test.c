/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of who uses what, with real processes: a fork shares DPDK's memory. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_eal.h>

#include "tests/unit/eal.h"

#include "error.h"
#include "registry.h"
#include "registry_claims.h"
#include "pool.h"
#include "rings.h"

#define NB_RINGS 4

/* Run fn in a secondary with that id, which then waits to be killed; returns its pid. */
static pid_t
spawn(int id, int (*fn)(void))
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (registry_join("test_vf", id) != 0 || fn() != 0)
			_exit(1);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void
kill_and_wait(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
reap(int id, const char *expected)
{
	char text[256];

	registry_reap(id, text, sizeof(text));
	if (strstr(text, expected) == NULL)
		print_error("%s\n", text);
	assert_non_null(strstr(text, expected));
}

/* Exit status of fn in a child process. */
static int
run_in_child(int (*fn)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(fn());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WEXITSTATUS(status);
}

static int
do_nothing(void)
{
	return 0;
}

static int
is_refused_with(int rc, int expected, const char *sentence)
{
	if (rc == expected && strstr(error_sentence(rc), sentence) != NULL)
		return 0;
	fprintf(stderr, "%d: %s\n", rc, error_sentence(rc));
	return 1;
}

static int
join_5_again(void)
{
	return is_refused_with(registry_join("test_vf", 5), -EBUSY,
			       "client id 5 belongs to test_vf, process ");
}

static void
an_id_of_a_live_process_is_refused_naming_it(void **state)
{
	pid_t pid = spawn(5, do_nothing);
	struct registry_process process;

	(void)state;
	assert_int_equal(run_in_child(join_5_again), 0);
	assert_true(registry_next(REGISTRY_PRIMARY, &process));
	assert_int_equal(process.id, 5);
	assert_int_equal(process.pid, pid);
	assert_true(registry_is_alive(&process));
	assert_false(registry_next(5, &process));
	kill_and_wait(pid);
	registry_next(REGISTRY_PRIMARY, &process);
	assert_false(registry_is_alive(&process));
	reap(5, "test_vf, client id 5, process ");
	assert_false(registry_next(REGISTRY_PRIMARY, &process));
}

/* A pid says nothing: neither one that belongs to somebody else by now, nor one of another
 * namespace. */
static void
life_is_not_judged_by_the_pid(void **state)
{
	pid_t pid = spawn(5, do_nothing);
	struct registry_process process;

	(void)state;
	assert_true(registry_next(REGISTRY_PRIMARY, &process));
	process.pid = 1 << 30;
	assert_true(registry_is_alive(&process));
	kill_and_wait(pid);
	process.pid = getpid();
	assert_false(registry_is_alive(&process));
	reap(5, "has died");
}

static void
a_successor_does_not_live_for_a_dead_one(void **state)
{
	struct registry_process dead, successor;
	pid_t pid = spawn(5, do_nothing);

	(void)state;
	assert_true(registry_next(REGISTRY_PRIMARY, &dead));
	kill_and_wait(pid);
	reap(5, "has died");
	pid = spawn(5, do_nothing);
	assert_true(registry_next(REGISTRY_PRIMARY, &successor));
	assert_true(registry_is_alive(&successor));
	assert_false(registry_is_alive(&dead));
	kill_and_wait(pid);
	reap(5, "has died");
}

static int
claim_ring_1(void)
{
	struct attachment_stats *stats;
	int rc = registry_claim("ring:1", SPP_TX, "fwd", &stats);

	if (rc == 0)
		stats->packets = 7;
	return rc;
}

static int
claim_ring_1_as_6(void)
{
	struct attachment_stats *stats;

	if (registry_join("test_vf", 6) != 0)
		return 2;
	return is_refused_with(registry_claim("ring:1", SPP_TX, "other", &stats), -EINVAL,
			       "Invalid value (port rxtx): ring:1 is already tx port of component "
			       "'fwd' of client id 5; delete it there first");
}

static void
a_claimed_end_is_refused_naming_process_and_component(void **state)
{
	pid_t pid = spawn(5, claim_ring_1);
	struct attachment_stats *stats;

	(void)state;
	assert_int_equal(run_in_child(claim_ring_1_as_6), 0);
	reap(6, "0 ports");
	/* The other end is free. */
	assert_int_equal(registry_claim("ring:1", SPP_RX, "mine", &stats), 0);
	registry_release("ring:1", SPP_RX);
	kill_and_wait(pid);
	reap(5, "1 ports");
	assert_int_equal(registry_claim("ring:1", SPP_TX, "mine", &stats), 0);
	registry_release("ring:1", SPP_TX);
}

static void
totals_outlive_their_writers_and_can_be_cleared(void **state)
{
	struct registry_totals totals;
	struct attachment_stats *stats;

	(void)state;
	registry_clear_totals();
	assert_int_equal(registry_claim("x:2 nq 0", SPP_RX, "a", &stats), 0);
	stats->packets = 10;
	assert_int_equal(registry_claim("x:2 nq 1", SPP_RX, "b", &stats), 0);
	stats->packets = 5;
	stats->dropped = 1;
	assert_int_equal(registry_claim("x:20", SPP_RX, "c", &stats), 0);
	stats->packets = 1000;
	registry_release("x:2 nq 0", SPP_RX);
	registry_totals("x", 2, SPP_RX, &totals);
	assert_int_equal(totals.packets, 15);
	assert_int_equal(totals.dropped, 1);
	registry_clear_totals();
	registry_totals("x", 2, SPP_RX, &totals);
	assert_int_equal(totals.packets, 0);
	registry_release("x:2 nq 1", SPP_RX);
	registry_release("x:20", SPP_RX);
	registry_totals("x", 2, SPP_RX, &totals);
	assert_int_equal(totals.packets, 0);
}

static uint64_t
packets_of(uint32_t id)
{
	struct registry_totals totals;

	registry_totals("many", id, SPP_RX, &totals);
	return totals.packets;
}

static int
use(uint32_t id, uint64_t packets)
{
	struct attachment_stats *stats;
	char name[RES_UID_SIZE];
	int rc;

	snprintf(name, sizeof(name), "many:%u", id);
	rc = registry_claim(name, SPP_RX, "a", &stats);
	if (rc != 0)
		return rc;
	stats->packets = packets;
	registry_release(name, SPP_RX);
	return 0;
}

/* More ports than there are places for totals, one after the other. */
static void
the_history_of_ports_is_in_nobodys_way(void **state)
{
	struct attachment_stats *stats;

	(void)state;
	assert_int_equal(registry_claim("many:0", SPP_RX, "stays", &stats), 0);
	stats->packets = 7;
	for (uint32_t id = 1; id <= 2000; id++) {
		assert_int_equal(use(id, 1), 0);
		assert_int_equal(packets_of(id), 1);
	}
	/* The one in use keeps its count, of the others the youngest do. */
	assert_int_equal(packets_of(0), 7);
	assert_int_equal(packets_of(1), 0);
	assert_int_equal(packets_of(2000), 1);
	assert_int_equal(packets_of(1500), 1);
	registry_release("many:0", SPP_RX);
	assert_int_equal(packets_of(0), 7);
}

static void
totals_that_show_zero_are_forgotten_first(void **state)
{
	(void)state;
	assert_int_equal(use(1, 1), 0);
	/* All 1024 places but that of the first show zero; they are younger. */
	for (uint32_t id = 3000; id < 6000; id++)
		assert_int_equal(use(id, 0), 0);
	assert_int_equal(packets_of(1), 1);
	registry_clear_totals();
	assert_int_equal(packets_of(1), 0);
	assert_int_equal(use(1, 3), 0);
	assert_int_equal(packets_of(1), 3);
}

static void
published_ports_are_found(void **state)
{
	const struct registry_port port = {.type = "nic", .id = 3, .nb_rx = 2, .nb_tx = 4};
	struct registry_port found;

	(void)state;
	assert_int_equal(registry_publish(&port), 0);
	assert_true(registry_find_port("nic", 3, &found));
	assert_int_equal(found.nb_tx, 4);
	assert_false(registry_find_port("nic", 4, &found));
	assert_false(registry_find_port("other", 3, &found));
	assert_int_equal(registry_nb_rings(), NB_RINGS);
}

/* The successor waits in registry_join() until the primary has cleared the dead one away. */
static int
join_5(void)
{
	return registry_join("test_vf", 5) == 0 ? 0 : 1;
}

static void
a_successor_waits_for_the_dead_to_be_cleared_away(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	kill_and_wait(spawn(5, do_nothing));
	pid = fork();
	if (pid == 0)
		_exit(join_5());
	reap(5, "has died");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
	reap(5, "has died");
}

static int
leave_7(void)
{
	struct attachment_stats *stats;

	if (registry_join("test_vf", 7) != 0 || registry_claim("ring:3", SPP_RX, "a", &stats) != 0)
		return 1;
	registry_leave();
	return registry_is_there();
}

static void
who_leaves_gives_everything_back(void **state)
{
	struct registry_process process;
	struct attachment_stats *stats;

	(void)state;
	assert_int_equal(run_in_child(leave_7), 0);
	assert_false(registry_next(REGISTRY_PRIMARY, &process));
	assert_int_equal(registry_claim("ring:3", SPP_RX, "mine", &stats), 0);
	registry_release("ring:3", SPP_RX);
}

static int
setup(void **state)
{
	(void)state;
	if (test_eal_init("0@0") != 0)
		return -1;
	if (pool_init(255) != 0 || rings_init(NB_RINGS, 64) != 0)
		return -1;
	return registry_create("test_primary", NB_RINGS);
}

static int
teardown(void **state)
{
	(void)state;
	registry_leave();
	rings_fini();
	pool_fini();
	return test_eal_fini();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_of_a_live_process_is_refused_naming_it),
		cmocka_unit_test(life_is_not_judged_by_the_pid),
		cmocka_unit_test(a_successor_does_not_live_for_a_dead_one),
		cmocka_unit_test(a_claimed_end_is_refused_naming_process_and_component),
		cmocka_unit_test(totals_outlive_their_writers_and_can_be_cleared),
		cmocka_unit_test(the_history_of_ports_is_in_nobodys_way),
		cmocka_unit_test(totals_that_show_zero_are_forgotten_first),
		cmocka_unit_test(published_ports_are_found),
		cmocka_unit_test(a_successor_waits_for_the_dead_to_be_cleared_away),
		cmocka_unit_test(who_leaves_gives_everything_back),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
