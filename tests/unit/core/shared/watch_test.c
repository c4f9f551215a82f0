/* SPDX-License-Identifier: BSD-3-Clause */
/* Deaths of other processes, with real processes: a fork shares DPDK's memory. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <event2/event.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_memzone.h>

#include "tests/unit/eal.h"

#include "error.h"
#include "log.h"
#include "registry.h"
#include "registry_claims.h"
#include "pool.h"
#include "rings.h"
#include "watch.h"

#define NB_RINGS 4
/* A test that waits for what never comes ends here. */
#define GIVE_UP_S 60
#define KEPT_DEATHS 8

static struct {
	struct event_base *base;
	FILE *log; /* what has been logged, in text */
	char *text;
	size_t size;
	unsigned int nb_deaths; /* before the test */
	unsigned int nb_calls;  /* of on_primary_death() */
} fixture;

/* Processes */

struct child {
	pid_t pid;
	int order; /* a byte here lets it go on to its end */
};

static void
tell(int fd)
{
	if (write(fd, "", 1) != 1)
		_exit(1);
}

/* Run begin in a child, wait until it has ended; run end when told so, then exit. */
static struct child
spawn(int id, int (*begin)(int id), void (*end)(void))
{
	int ready[2], order[2];
	struct child child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(order), 0);
	child.pid = fork();
	assert_true(child.pid >= 0);
	if (child.pid == 0) {
		close(order[1]);
		if (begin(id) != 0)
			_exit(1);
		tell(ready[1]);
		if (read(order[0], &byte, 1) == 1)
			end();
		_exit(0);
	}
	close(ready[1]);
	close(order[0]);
	child.order = order[1];
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static int
join(int id)
{
	return registry_join("test_vf", id);
}

static int
join_and_claim(int id)
{
	struct attachment_stats *stats;

	if (join(id) != 0)
		return -1;
	return registry_claim("ring:1", SPP_TX, "fwd", &stats);
}

static int
create(int id)
{
	(void)id;
	return registry_create("test_primary", NB_RINGS);
}

/* As in a container: the child of this child is the first process of a PID namespace, and dies with
 * its parent. */
static int
join_in_a_namespace(int id)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (unshare(CLONE_NEWPID) != 0 || pipe(ready) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getpid() != 1 || join(id) != 0)
			_exit(1);
		tell(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	return pid > 0 && read(ready[0], &byte, 1) == 1 ? 0 : -1;
}

static void
forget(struct child *child)
{
	close(child->order);
	assert_int_equal(waitpid(child->pid, NULL, 0), child->pid);
}

static void
kill_child(struct child *child)
{
	assert_int_equal(kill(child->pid, SIGKILL), 0);
	forget(child);
}

static void
let_child_end(struct child *child)
{
	assert_int_equal(write(child->order, "", 1), 1);
	forget(child);
}

/* Waiting */

static void
run_once(int flags)
{
	assert_true(event_base_loop(fixture.base, flags) >= 0);
}

static unsigned int
nb_deaths(void)
{
	unsigned int nb = 0;

	while (watch_death(nb) != NULL)
		nb++;
	return nb;
}

/* Each line of the log counts once. */
static void
wait_for_log(const char *line)
{
	char *found;

	while (fflush(fixture.log) == 0 && (found = strstr(fixture.text, line)) == NULL)
		run_once(EVLOOP_ONCE);
	memset(found, '.', strlen(line));
}

static void
wait_until_watched(const struct child *child, int id)
{
	char line[128];

	snprintf(line, sizeof(line), "test_vf, client id %d, process %d has joined", id,
		 (int)child->pid);
	wait_for_log(line);
}

static void
wait_for_deaths(unsigned int nb)
{
	while (nb_deaths() < fixture.nb_deaths + nb)
		run_once(EVLOOP_ONCE);
}

/* The i-th death of this test. */
static void
assert_death(unsigned int i, const struct child *child, int id, const char *rest)
{
	char expected[256];

	snprintf(expected, sizeof(expected), "test_vf, client id %d, process %d has died: %s", id,
		 (int)child->pid, rest);
	assert_non_null(watch_death(fixture.nb_deaths + i));
	assert_string_equal(watch_death(fixture.nb_deaths + i), expected);
}

#define NOTHING_HELD "0 ports, 0 worker cores taken back"

/* The registry is this process's or, for watch_primary(), another's. */

static int
setup(void **state)
{
	(void)state;
	alarm(GIVE_UP_S);
	fixture.base = event_base_new();
	fixture.log = open_memstream(&fixture.text, &fixture.size);
	if (fixture.base == NULL || fixture.log == NULL || rte_openlog_stream(fixture.log) != 0)
		return -1;
	fixture.nb_deaths = nb_deaths();
	fixture.nb_calls = 0;
	error_clear();
	return 0;
}

static int
setup_as_primary(void **state)
{
	return setup(state) != 0 || create(0) != 0 ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	watch_fini();
	registry_leave();
	rte_openlog_stream(NULL);
	fclose(fixture.log);
	free(fixture.text);
	event_base_free(fixture.base);
	alarm(0);
	return rte_memzone_free(rte_memzone_lookup("spp_registry"));
}

/* Secondaries */

static void
death_of_a_secondary_is_noticed_and_what_it_had_is_taken_back(void **state)
{
	struct registry_process process;
	struct attachment_stats *stats;
	struct child child;

	(void)state;
	assert_int_equal(watch_secondaries(fixture.base), 0);
	child = spawn(5, join_and_claim, registry_leave);
	wait_until_watched(&child, 5);
	kill_child(&child);
	wait_for_deaths(1);
	assert_death(0, &child, 5, "1 ports, 0 worker cores taken back");
	assert_false(registry_next(REGISTRY_PRIMARY, &process));
	assert_int_equal(registry_claim("ring:1", SPP_TX, "mine", &stats), 0);
	registry_release("ring:1", SPP_TX);
	wait_for_log("has died: 1 ports");
}

static void
a_secondary_that_lives_is_left_alone(void **state)
{
	struct registry_process process;
	struct child one, two;

	(void)state;
	assert_int_equal(watch_secondaries(fixture.base), 0);
	one = spawn(5, join, registry_leave);
	two = spawn(6, join, registry_leave);
	wait_until_watched(&one, 5);
	wait_until_watched(&two, 6);
	kill_child(&two);
	wait_for_deaths(1);
	assert_death(0, &two, 6, NOTHING_HELD);
	assert_true(registry_next(REGISTRY_PRIMARY, &process));
	assert_int_equal(process.id, 5);
	let_child_end(&one);
}

/* Scans see it live; its pid means this test's first ancestor here. */
static void
a_secondary_of_another_pid_namespace_lives_until_it_dies(void **state)
{
	struct registry_process process;
	struct child child;

	(void)state;
	if (geteuid() != 0)
		skip(); /* makes a namespace */
	assert_int_equal(watch_secondaries(fixture.base), 0);
	child = spawn(5, join_in_a_namespace, registry_leave);
	wait_for_log("test_vf, client id 5, process 1 has joined");
	for (int scans = 0; scans < 3; scans++)
		run_once(EVLOOP_ONCE);
	assert_int_equal(nb_deaths(), fixture.nb_deaths);
	assert_true(registry_next(REGISTRY_PRIMARY, &process));
	assert_false(registry_is_pid_ours(&process));
	kill_child(&child);
	wait_for_deaths(1);
	child.pid = 1;
	assert_death(0, &child, 5, NOTHING_HELD);
	assert_false(registry_next(REGISTRY_PRIMARY, &process));
}

static void
a_secondary_that_leaves_in_good_order_is_no_death(void **state)
{
	struct child leaver, other;

	(void)state;
	assert_int_equal(watch_secondaries(fixture.base), 0);
	leaver = spawn(5, join, registry_leave);
	other = spawn(6, join, registry_leave);
	wait_until_watched(&leaver, 5);
	wait_until_watched(&other, 6);
	let_child_end(&leaver);
	/* The kernel reports the end of the leaver before the death of the other. */
	kill_child(&other);
	wait_for_deaths(1);
	run_once(EVLOOP_NONBLOCK);
	assert_int_equal(nb_deaths(), fixture.nb_deaths + 1);
	assert_death(0, &other, 6, NOTHING_HELD);
}

static void
a_secondary_that_dies_before_it_is_seen_is_reaped(void **state)
{
	struct registry_process process;
	struct child child = spawn(5, join, registry_leave);

	(void)state;
	kill_child(&child);
	assert_int_equal(watch_secondaries(fixture.base), 0);
	wait_for_deaths(1);
	assert_death(0, &child, 5, NOTHING_HELD);
	assert_false(registry_next(REGISTRY_PRIMARY, &process));
}

static void
a_successor_of_the_same_id_is_watched_like_the_first(void **state)
{
	struct child first, second;

	(void)state;
	assert_int_equal(watch_secondaries(fixture.base), 0);
	first = spawn(5, join, registry_leave);
	wait_until_watched(&first, 5);
	let_child_end(&first);
	second = spawn(5, join, registry_leave);
	wait_until_watched(&second, 5);
	kill_child(&second);
	wait_for_deaths(1);
	assert_death(0, &second, 5, NOTHING_HELD);
}

/* The primary */

static void
on_primary_death(void)
{
	fixture.nb_calls++;
}

static void
death_of_the_primary_calls_back_once(void **state)
{
	struct child primary = spawn(REGISTRY_PRIMARY, create, registry_leave);

	(void)state;
	assert_int_equal(join(5), 0);
	assert_int_equal(watch_primary(fixture.base, on_primary_death), 0);
	run_once(EVLOOP_NONBLOCK);
	assert_int_equal(fixture.nb_calls, 0);
	kill_child(&primary);
	while (fixture.nb_calls == 0)
		run_once(EVLOOP_ONCE);
	run_once(EVLOOP_NONBLOCK);
	assert_int_equal(fixture.nb_calls, 1);
}

/* A secondary cannot go on without its primary, however the primary ended. */
static void
a_primary_that_leaves_calls_back_as_well(void **state)
{
	struct child primary = spawn(REGISTRY_PRIMARY, create, registry_leave);

	(void)state;
	assert_int_equal(join(5), 0);
	assert_int_equal(watch_primary(fixture.base, on_primary_death), 0);
	let_child_end(&primary);
	while (fixture.nb_calls == 0)
		run_once(EVLOOP_ONCE);
	assert_int_equal(fixture.nb_calls, 1);
}

static void
a_primary_that_has_gone_is_refused(void **state)
{
	struct child primary = spawn(REGISTRY_PRIMARY, create, registry_leave);

	(void)state;
	assert_int_equal(join(5), 0);
	let_child_end(&primary);
	assert_int_equal(watch_primary(fixture.base, on_primary_death), -ESRCH);
	assert_string_equal(error_sentence(-ESRCH), "the primary process has gone");
}

static void
a_primary_that_has_died_is_refused(void **state)
{
	struct child primary = spawn(REGISTRY_PRIMARY, create, registry_leave);

	(void)state;
	assert_int_equal(join(5), 0);
	kill_child(&primary);
	assert_int_equal(watch_primary(fixture.base, on_primary_death), -ESRCH);
	assert_string_equal(error_sentence(-ESRCH), "the primary process has gone");
}

/* Last: the texts stay. */

static void
the_last_deaths_are_kept(void **state)
{
	struct child children[KEPT_DEATHS + 2];

	(void)state;
	for (int i = 0; i < KEPT_DEATHS + 2; i++)
		children[i] = spawn(i + 1, join, registry_leave);
	for (int i = 0; i < KEPT_DEATHS + 2; i++)
		kill_child(&children[i]);
	assert_int_equal(watch_secondaries(fixture.base), 0);
	fixture.nb_deaths = 0;
	while (nb_deaths() < KEPT_DEATHS ||
	       strstr(watch_death(KEPT_DEATHS - 1), "client id 10,") == NULL)
		run_once(EVLOOP_ONCE);
	for (int i = 0; i < KEPT_DEATHS; i++)
		assert_death(i, &children[i + 2], i + 3, NOTHING_HELD);
	assert_null(watch_death(KEPT_DEATHS));
}

static int
group_setup(void **state)
{
	(void)state;
	if (test_eal_init("0@0") != 0)
		return -1;
	rte_log_set_global_level(RTE_LOG_NOTICE);
	rte_log_set_level(log_core, RTE_LOG_NOTICE);
	return pool_init(255) != 0 || rings_init(NB_RINGS, 64) != 0 ? -1 : 0;
}

static int
group_teardown(void **state)
{
	(void)state;
	rings_fini();
	pool_fini();
	return test_eal_fini();
}

#define PRIMARY(name) cmocka_unit_test_setup_teardown(name, setup_as_primary, teardown)
#define SECONDARY(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PRIMARY(death_of_a_secondary_is_noticed_and_what_it_had_is_taken_back),
		PRIMARY(a_secondary_that_lives_is_left_alone),
		PRIMARY(a_secondary_of_another_pid_namespace_lives_until_it_dies),
		PRIMARY(a_secondary_that_leaves_in_good_order_is_no_death),
		PRIMARY(a_secondary_that_dies_before_it_is_seen_is_reaped),
		PRIMARY(a_successor_of_the_same_id_is_watched_like_the_first),
		SECONDARY(death_of_the_primary_calls_back_once),
		SECONDARY(a_primary_that_leaves_calls_back_as_well),
		SECONDARY(a_primary_that_has_gone_is_refused),
		SECONDARY(a_primary_that_has_died_is_refused),
		PRIMARY(the_last_deaths_are_kept),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
