/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything or nothing: what is called in which order, and what a stuck worker holds back. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "core/test_panel.h"

#include <rte_cycles.h>

/* Memory that runs out: the linker sends calls of the panel here.  The n-th call from now fails, 0:
 * none does. */

static struct {
	unsigned int calloc, mem_zalloc;
} fails_in;

static bool
is_its_turn(unsigned int *countdown)
{
	return *countdown > 0 && --*countdown == 0;
}

void *__real_calloc(size_t nb, size_t size);
void *__wrap_calloc(size_t nb, size_t size);

void *
__wrap_calloc(size_t nb, size_t size)
{
	return is_its_turn(&fails_in.calloc) ? NULL : __real_calloc(nb, size);
}

void *__real_mem_zalloc(size_t size, int node);
void *__wrap_mem_zalloc(size_t size, int node);

void *
__wrap_mem_zalloc(size_t size, int node)
{
	return is_its_turn(&fails_in.mem_zalloc) ? NULL : __real_mem_zalloc(size, node);
}

/* What has been called, as `undo1 defer2 `. */

static char events[4096];

static void
note(void *text)
{
	strcat(strcat(events, text), " ");
}

/* Entries for the calls of a test. */
static struct call entries[1024];
static unsigned int nb_entries;

static struct call *
entry(void)
{
	assert_true(nb_entries < RTE_DIM(entries));
	return &entries[nb_entries++];
}

static void
undo(const char *text)
{
	txn_undo(entry(), note, (void *)(uintptr_t)text);
}

static void
on_commit(const char *text)
{
	txn_on_commit(entry(), note, (void *)(uintptr_t)text);
}

static void
defer(const char *text)
{
	txn_defer(entry(), note, (void *)(uintptr_t)text);
}

static void
after(const char *text)
{
	txn_after(entry(), note, (void *)(uintptr_t)text);
}

static int
reset(void **state)
{
	int rc;

	for (int i = 0; i < 2; i++)
		worker_offline(panel_worker[i]);
	memset(&fails_in, 0, sizeof(fails_in));
	error_clear();
	rc = panel_reset(state); /* calls what is still kept */
	events[0] = '\0';
	nb_entries = 0;
	return rc;
}

/* Order */

static void
commit_calls_what_was_asked_for_then_what_was_deferred_in_order(void **state)
{
	(void)state;
	txn_begin();
	undo("undo1");
	defer("defer1");
	on_commit("commit1");
	undo("undo2");
	on_commit("commit2");
	defer("defer2");
	assert_string_equal(events, "");
	assert_int_equal(txn_commit(), 0);
	assert_string_equal(events, "commit1 commit2 defer1 defer2 ");
}

static void
abort_undoes_the_latest_first_then_calls_what_was_deferred_in_order(void **state)
{
	(void)state;
	txn_begin();
	undo("undo1");
	defer("defer1");
	on_commit("commit1");
	undo("undo2");
	defer("defer2");
	undo("undo3");
	assert_string_equal(events, "");
	txn_abort();
	assert_string_equal(events, "undo3 undo2 undo1 defer1 defer2 ");
}

static void
a_transaction_leaves_nothing_to_the_next(void **state)
{
	(void)state;
	txn_begin();
	undo("undo1");
	on_commit("commit1");
	txn_abort();
	events[0] = '\0';
	txn_begin();
	assert_int_equal(txn_commit(), 0);
	txn_begin();
	txn_abort();
	assert_string_equal(events, "");
}

static void
any_number_of_changes_is_put_back(void **state)
{
	static char names[500][8];
	char expected[sizeof(events)] = "";
	size_t used = 0;

	(void)state;
	txn_begin();
	for (unsigned int i = 0; i < RTE_DIM(names); i++) {
		snprintf(names[i], sizeof(names[i]), "u%u", i);
		undo(names[i]);
	}
	txn_abort();
	for (unsigned int i = RTE_DIM(names); i-- > 0;)
		used += snprintf(expected + used, sizeof(expected) - used, "u%u ", i);
	assert_string_equal(events, expected);
}

static void
outside_a_transaction_what_is_deferred_is_called_at_once(void **state)
{
	(void)state;
	defer("defer");
	assert_string_equal(events, "defer ");
	on_commit("commit");
	assert_string_equal(events, "defer commit ");
	undo("undo");
	txn_begin();
	txn_abort();
	assert_string_equal(events, "defer commit ");
}

static void
what_comes_after_all_waits_for_nobody(void **state)
{
	(void)state;
	worker_online(panel_worker[0]);
	txn_begin();
	after("after1");
	undo("undo1");
	defer("defer1");
	after("after2");
	txn_touch_lcore(PANEL_LCORE);
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	assert_string_equal(events, "undo1 after1 after2 ");
}

/* Calls made while a transaction settles */

static void
add_one_of_each(void *text)
{
	note(text);
	undo("late-undo");
	on_commit("late-commit");
	defer("late-defer");
}

static void
what_undo_adds_is_deferred_and_cannot_be_undone(void **state)
{
	(void)state;
	txn_begin();
	defer("defer1");
	txn_undo(entry(), add_one_of_each, (void *)(uintptr_t) "undo1");
	txn_abort();
	assert_string_equal(events, "undo1 defer1 late-commit late-defer ");
}

static void
what_a_commit_adds_is_deferred_and_cannot_be_undone(void **state)
{
	(void)state;
	txn_begin();
	defer("defer1");
	txn_on_commit(entry(), add_one_of_each, (void *)(uintptr_t) "commit1");
	on_commit("commit2");
	assert_int_equal(txn_commit(), 0);
	assert_string_equal(events, "commit1 commit2 defer1 late-commit late-defer ");
}

static void
what_a_deferred_call_adds_is_called_as_well(void **state)
{
	(void)state;
	txn_begin();
	txn_defer(entry(), add_one_of_each, (void *)(uintptr_t) "defer1");
	defer("defer2");
	assert_int_equal(txn_commit(), 0);
	assert_string_equal(events, "defer1 defer2 late-commit late-defer ");
}

/* Plans */

static void
only_touched_lcores_get_a_new_plan(void **state)
{
	const struct plan *old[] = {panel_worker[0]->plan, panel_worker[1]->plan};

	(void)state;
	txn_begin();
	txn_touch_lcore(PANEL_LCORE + 1);
	assert_int_equal(txn_commit(), 0);
	assert_ptr_equal(panel_worker[0]->plan, old[0]);
	assert_ptr_not_equal(panel_worker[1]->plan, old[1]);
}

static void
a_touch_ends_with_its_transaction(void **state)
{
	const struct plan *old = panel_worker[0]->plan;

	(void)state;
	txn_touch_lcore(PANEL_LCORE);
	txn_begin();
	txn_touch_lcore(PANEL_LCORE);
	txn_abort();
	txn_begin();
	assert_int_equal(txn_commit(), 0);
	assert_ptr_equal(panel_worker[0]->plan, old);
}

/* Stuck workers: online, and they make no pass. */

static void
a_stuck_worker_refuses_the_commit_and_nothing_changes(void **state)
{
	const struct plan *old[] = {panel_worker[0]->plan, panel_worker[1]->plan};

	(void)state;
	worker_online(panel_worker[1]);
	txn_begin();
	undo("undo1");
	on_commit("commit1");
	undo("undo2");
	txn_touch_lcore(PANEL_LCORE);
	txn_touch_lcore(PANEL_LCORE + 1);
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	assert_string_equal(error_sentence(-ETIMEDOUT),
			    "the worker on core 4 has not finished a pass within 1 ms, nothing "
			    "was changed; see which component runs there in status");
	assert_string_equal(events, "undo2 undo1 ");
	assert_ptr_equal(panel_worker[0]->plan, old[0]);
	assert_ptr_equal(panel_worker[1]->plan, old[1]);
}

static void
what_a_stuck_worker_may_see_is_kept_until_it_moves_on(void **state)
{
	(void)state;
	worker_online(panel_worker[0]);
	txn_begin();
	txn_undo(entry(), add_one_of_each, (void *)(uintptr_t) "undo1");
	defer("defer1");
	txn_touch_lcore(PANEL_LCORE);
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	txn_reap();
	assert_string_equal(events, "undo1 ");
	worker_pass(panel_worker[0]);
	txn_reap();
	assert_string_equal(events, "undo1 defer1 late-commit late-defer ");
	txn_reap();
	assert_string_equal(events, "undo1 defer1 late-commit late-defer ");
}

static void
a_stuck_worker_that_goes_offline_holds_nothing(void **state)
{
	(void)state;
	worker_online(panel_worker[0]);
	txn_begin();
	defer("defer1");
	txn_touch_lcore(PANEL_LCORE);
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	worker_offline(panel_worker[0]);
	txn_reap();
	assert_string_equal(events, "defer1 ");
}

static void
all_touched_workers_have_to_move_on(void **state)
{
	(void)state;
	worker_online(panel_worker[0]);
	worker_online(panel_worker[1]);
	txn_begin();
	defer("defer1");
	txn_touch_lcore(PANEL_LCORE);
	txn_touch_lcore(PANEL_LCORE + 1);
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	worker_pass(panel_worker[0]);
	txn_reap();
	assert_string_equal(events, "");
	worker_pass(panel_worker[1]);
	txn_reap();
	assert_string_equal(events, "defer1 ");
}

static void
an_abort_keeps_what_a_stuck_worker_may_see(void **state)
{
	(void)state;
	worker_online(panel_worker[0]);
	txn_begin();
	undo("undo1");
	defer("defer1");
	txn_touch_lcore(PANEL_LCORE);
	txn_abort();
	assert_string_equal(events, "undo1 ");
	worker_pass(panel_worker[0]);
	txn_reap();
	assert_string_equal(events, "undo1 defer1 ");
}

static void
a_stuck_worker_delays_no_change_elsewhere(void **state)
{
	(void)state;
	worker_online(panel_worker[0]);
	txn_begin();
	defer("first");
	txn_touch_lcore(PANEL_LCORE);
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	txn_begin();
	defer("second");
	txn_touch_lcore(PANEL_LCORE + 1);
	assert_int_equal(txn_commit(), 0);
	assert_string_equal(events, "second ");
	worker_pass(panel_worker[0]);
	txn_reap();
	assert_string_equal(events, "second first ");
}

static void
each_refused_transaction_waits_for_its_own_workers(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++)
		worker_online(panel_worker[i]);
	txn_begin();
	defer("first");
	txn_touch_lcore(PANEL_LCORE);
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	txn_begin();
	defer("second");
	txn_touch_lcore(PANEL_LCORE + 1);
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	txn_begin();
	defer("third");
	txn_touch_lcore(PANEL_LCORE);
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	worker_pass(panel_worker[1]);
	txn_reap();
	assert_string_equal(events, "second ");
	worker_pass(panel_worker[0]);
	txn_reap();
	assert_non_null(strstr(events, "first "));
	assert_non_null(strstr(events, "third "));
}

/* What plugins defer: components on other lcores may see it too. */

static void
plugin_defer(const char *text)
{
	assert_int_equal(txn_plugin_defer(note, (void *)(uintptr_t)text), 0);
}

static void
what_a_plugin_defers_waits_for_workers_that_nobody_touched(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++)
		worker_online(panel_worker[i]);
	txn_begin();
	plugin_defer("free");
	assert_int_equal(txn_commit(), 0);
	assert_string_equal(events, "");
	worker_pass(panel_worker[0]);
	txn_reap();
	assert_string_equal(events, "");
	worker_pass(panel_worker[1]);
	txn_reap();
	assert_string_equal(events, "free ");
}

static void
what_a_plugin_defers_waits_for_untouched_workers_beside_a_touched_one(void **state)
{
	(void)state;
	worker_online(panel_worker[1]);
	txn_begin();
	plugin_defer("free");
	txn_touch_lcore(PANEL_LCORE);
	txn_abort();
	assert_string_equal(events, "");
	txn_begin();
	plugin_defer("another");
	txn_touch_lcore(PANEL_LCORE);
	assert_int_equal(txn_commit(), 0);
	assert_string_equal(events, "");
	worker_offline(panel_worker[1]);
	txn_reap();
	assert_string_equal(events, "free another ");
}

static void
what_a_plugin_defers_comes_after_what_was_deferred_before(void **state)
{
	(void)state;
	worker_online(panel_worker[0]);
	txn_begin();
	defer("release");
	txn_touch_lcore(PANEL_LCORE);
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	txn_begin();
	plugin_defer("destroy");
	assert_int_equal(txn_commit(), 0);
	assert_string_equal(events, "");
	worker_pass(panel_worker[0]);
	txn_begin();
	txn_abort();
	assert_string_equal(events, "release destroy ");
}

static void
a_command_that_defers_nothing_waits_for_nobody(void **state)
{
	uint64_t start = rte_get_timer_cycles();

	(void)state;
	worker_online(panel_worker[0]);
	lcore_quiesce_ms = 1000;
	txn_begin();
	undo("undo1");
	on_commit("commit1");
	after("after1");
	assert_int_equal(txn_commit(), 0);
	lcore_quiesce_ms = 1;
	assert_string_equal(events, "commit1 after1 ");
	assert_true(rte_get_timer_cycles() - start < rte_get_timer_hz() / 200);
}

/* Memory */

static void
without_memory_for_a_plan_everything_is_put_back(void **state)
{
	const struct plan *old[] = {panel_worker[0]->plan, panel_worker[1]->plan};

	(void)state;
	txn_begin();
	undo("undo1");
	on_commit("commit1");
	defer("defer1");
	txn_touch_lcore(PANEL_LCORE);
	txn_touch_lcore(PANEL_LCORE + 1);
	fails_in.mem_zalloc = 2;
	assert_int_equal(txn_commit(), -ENOMEM);
	assert_string_equal(error_sentence(-ENOMEM), "no memory for the plan of core 4");
	assert_string_equal(events, "undo1 defer1 ");
	assert_ptr_equal(panel_worker[0]->plan, old[0]);
	assert_ptr_equal(panel_worker[1]->plan, old[1]);
}

/* A plugin that cannot say how to put its change back may have made it all the same. */
static void
without_memory_for_the_undo_of_a_plugin_the_commit_is_refused(void **state)
{
	(void)state;
	txn_begin();
	assert_int_equal(txn_plugin_undo(note, (void *)(uintptr_t) "undo1"), 0);
	fails_in.calloc = 1;
	assert_int_equal(txn_plugin_undo(note, (void *)(uintptr_t) "undo2"), -ENOMEM);
	assert_string_equal(error_sentence(-ENOMEM), "no memory to record the change");
	on_commit("commit1");
	assert_int_equal(txn_commit(), -ENOMEM);
	assert_string_equal(error_sentence(-ENOMEM), "no memory to record the change");
	assert_string_equal(events, "undo1 ");
	txn_begin();
	assert_int_equal(txn_commit(), 0);
}

static void
without_memory_a_plugin_defers_nothing_and_goes_on(void **state)
{
	(void)state;
	txn_begin();
	assert_int_equal(txn_plugin_defer(note, (void *)(uintptr_t) "defer1"), 0);
	fails_in.calloc = 1;
	assert_int_equal(txn_plugin_defer(note, (void *)(uintptr_t) "defer2"), -ENOMEM);
	assert_int_equal(txn_commit(), 0);
	assert_string_equal(events, "defer1 ");
}

static void
refuse_with_a_stuck_worker(const char *text, int lcore)
{
	txn_begin();
	defer(text);
	txn_touch_lcore(lcore);
	fails_in.calloc = 1;
	assert_int_equal(txn_commit(), -ETIMEDOUT);
	assert_int_equal(fails_in.calloc, 0);
}

static void
what_a_stuck_worker_may_see_is_kept_without_memory_too(void **state)
{
	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 2; i++)
			worker_online(panel_worker[i]);
		events[0] = '\0';
		refuse_with_a_stuck_worker("first", PANEL_LCORE);
		refuse_with_a_stuck_worker("second", PANEL_LCORE + 1);
		worker_pass(panel_worker[0]);
		txn_reap();
		assert_string_equal(events, "");
		worker_pass(panel_worker[1]);
		txn_reap();
		assert_string_equal(events, "first second ");
	}
}

#define TEST(f) cmocka_unit_test_teardown(f, reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(commit_calls_what_was_asked_for_then_what_was_deferred_in_order),
		TEST(abort_undoes_the_latest_first_then_calls_what_was_deferred_in_order),
		TEST(a_transaction_leaves_nothing_to_the_next),
		TEST(any_number_of_changes_is_put_back),
		TEST(outside_a_transaction_what_is_deferred_is_called_at_once),
		TEST(what_comes_after_all_waits_for_nobody),
		TEST(what_undo_adds_is_deferred_and_cannot_be_undone),
		TEST(what_a_commit_adds_is_deferred_and_cannot_be_undone),
		TEST(what_a_deferred_call_adds_is_called_as_well),
		TEST(only_touched_lcores_get_a_new_plan),
		TEST(a_touch_ends_with_its_transaction),
		TEST(a_stuck_worker_refuses_the_commit_and_nothing_changes),
		TEST(what_a_stuck_worker_may_see_is_kept_until_it_moves_on),
		TEST(a_stuck_worker_that_goes_offline_holds_nothing),
		TEST(all_touched_workers_have_to_move_on),
		TEST(an_abort_keeps_what_a_stuck_worker_may_see),
		TEST(a_stuck_worker_delays_no_change_elsewhere),
		TEST(each_refused_transaction_waits_for_its_own_workers),
		TEST(what_a_plugin_defers_waits_for_workers_that_nobody_touched),
		TEST(what_a_plugin_defers_waits_for_untouched_workers_beside_a_touched_one),
		TEST(what_a_plugin_defers_comes_after_what_was_deferred_before),
		TEST(a_command_that_defers_nothing_waits_for_nobody),
		TEST(without_memory_for_a_plan_everything_is_put_back),
		TEST(without_memory_for_the_undo_of_a_plugin_the_commit_is_refused),
		TEST(without_memory_a_plugin_defers_nothing_and_goes_on),
		TEST(what_a_stuck_worker_may_see_is_kept_without_memory_too),
	};

	lcore_quiesce_ms = 1;
	return cmocka_run_group_tests(tests, panel_setup, panel_teardown);
}
