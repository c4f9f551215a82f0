/* SPDX-License-Identifier: BSD-3-Clause */
/* Plans change hands, and after the wait no worker sees the old plan. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <pthread.h>

#include "core/test_panel.h"

/* Too long to pass: a wait that lasts so long has failed. */
#define LONG_MS 60000

static int
reset(void **state)
{
	for (int i = 0; i < 2; i++)
		worker_offline(panel_worker[i]);
	return panel_reset(state);
}

/* A plan of one component that counts its runs. */

static unsigned int nb_runs;

static uint32_t
count_run(const struct plan_component *component)
{
	(void)component;
	nb_runs++;
	return 7;
}

static void
swap_returns_the_old_plan_and_the_next_pass_runs_the_new_one(void **state)
{
	struct plan *first = panel_worker[0]->plan;
	struct plan *counting = calloc(1, sizeof(*counting) + sizeof(counting->components[0]));

	(void)state;
	assert_non_null(counting);
	counting->nb_components = 1;
	counting->components[0].run = count_run;
	nb_runs = 0;
	assert_int_equal(panel_pass(), 0);
	assert_ptr_equal(publish_swap(panel_worker[0], counting), first);
	assert_int_equal(panel_pass(), 7);
	assert_int_equal(nb_runs, 1);
	assert_ptr_equal(publish_swap(panel_worker[0], first), counting);
	assert_int_equal(panel_pass(), 0);
	assert_int_equal(nb_runs, 1);
	free(counting);
}

static void
swap_leaves_the_other_workers_alone(void **state)
{
	struct plan *other = panel_worker[1]->plan;
	struct plan *plan = plan_build(NULL, PANEL_LCORE, -1);

	(void)state;
	assert_non_null(plan);
	plan_free(publish_swap(panel_worker[0], plan));
	assert_ptr_equal(panel_worker[0]->plan, plan);
	assert_ptr_equal(panel_worker[1]->plan, other);
}

static void
nobody_waits_for_an_offline_worker(void **state)
{
	(void)state;
	assert_int_equal(publish_wait(panel_worker[0], 0), 0);
	assert_int_equal(publish_wait(panel_worker[0], LONG_MS), 0);
}

static void
a_worker_that_makes_no_pass_is_given_up(void **state)
{
	(void)state;
	worker_online(panel_worker[0]);
	assert_int_equal(publish_wait(panel_worker[0], 0), -ETIMEDOUT);
	assert_int_equal(publish_wait(panel_worker[0], 1), -ETIMEDOUT);
}

static void
a_pass_before_the_wait_does_not_count(void **state)
{
	(void)state;
	worker_online(panel_worker[0]);
	worker_pass(panel_worker[0]);
	assert_int_equal(publish_wait(panel_worker[0], 1), -ETIMEDOUT);
}

/* An lcore of one's own: a thread that makes passes until the worker is to stop. */
static void *
run_worker(void *arg)
{
	struct worker *worker = arg;

	while (!__atomic_load_n(&worker->stop, __ATOMIC_RELAXED))
		worker_pass(worker);
	worker_offline(worker);
	return NULL;
}

static void
the_wait_ends_with_a_pass_of_a_running_worker(void **state)
{
	struct worker *worker = panel_worker[0];
	pthread_t thread;

	(void)state;
	/* The worker is online before the thread runs, so that each wait needs a pass of the
	 * thread. */
	worker_online(worker);
	assert_int_equal(pthread_create(&thread, NULL, run_worker, worker), 0);
	for (int i = 0; i < 100; i++) {
		struct plan *plan = plan_build(NULL, PANEL_LCORE, -1);

		assert_non_null(plan);
		plan = publish_swap(worker, plan);
		assert_int_equal(publish_wait(worker, LONG_MS), 0);
		/* A worker that still read the old plan would show under the address sanitizer. */
		plan_free(plan);
	}
	__atomic_store_n(&worker->stop, true, __ATOMIC_RELAXED);
	assert_int_equal(pthread_join(thread, NULL), 0);
	worker->stop = false;
}

static void
wait_all_names_the_first_worker_that_is_stuck(void **state)
{
	unsigned int stuck = 99;

	(void)state;
	assert_int_equal(publish_wait_all(0, &stuck), 0);
	assert_int_equal(stuck, 99);
	worker_online(panel_worker[1]);
	assert_int_equal(publish_wait_all(1, &stuck), -ETIMEDOUT);
	assert_int_equal(stuck, PANEL_LCORE + 1);
	worker_online(panel_worker[0]);
	assert_int_equal(publish_wait_all(1, &stuck), -ETIMEDOUT);
	assert_int_equal(stuck, PANEL_LCORE);
}

#define TEST(f) cmocka_unit_test_teardown(f, reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(swap_returns_the_old_plan_and_the_next_pass_runs_the_new_one),
		TEST(swap_leaves_the_other_workers_alone),
		TEST(nobody_waits_for_an_offline_worker),
		TEST(a_worker_that_makes_no_pass_is_given_up),
		TEST(a_pass_before_the_wait_does_not_count),
		TEST(the_wait_ends_with_a_pass_of_a_running_worker),
		TEST(wait_all_names_the_first_worker_that_is_stuck),
	};

	return cmocka_run_group_tests(tests, panel_setup, panel_teardown);
}
