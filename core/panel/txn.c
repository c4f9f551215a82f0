/* SPDX-License-Identifier: BSD-3-Clause */
/* Transactions: undo, publish, wait, release. */

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include <rte_config.h>
#include <rte_cycles.h>

#include "burst.h"
#include "calls.h"
#include "error.h"
#include "lcore.h"
#include "plan.h"
#include "publish.h"
#include "txn.h"

/* How long a command waits for workers that it has not touched, ms: none is stuck as a rule, and
 * all answer in microseconds. */
#define UNTOUCHED_MS 10
#define POLL_NS 20000

/* Calls that wait for workers which did not answer in time: a worker may still see what the calls
 * release.  txn_reap() makes the calls when every such worker has passed a quiescent state. */
struct pending {
	struct pending *next;
	bool is_last; /* also waits for all that came before it */
	bool waits_for[RTE_MAX_LCORE];
	uint64_t token[RTE_MAX_LCORE];
	struct calls calls;
};

enum state {
	TXN_CLOSED,
	TXN_OPEN,
	TXN_SETTLING, /* the outcome is decided: undo takes no more calls */
};

static struct {
	enum state state;
	bool touched[RTE_MAX_LCORE];
	bool is_doomed;                   /* an undo could not be recorded */
	struct plan *plan[RTE_MAX_LCORE]; /* new ones, then the replaced ones */
	struct calls undo;                /* the latest first */
	struct calls on_commit, defer, defer_all, after;
	struct pending *pending; /* the oldest first */
	struct pending spare;    /* for when there is no memory for another one */
} txn;

void
txn_begin(void)
{
	assert(txn.state == TXN_CLOSED);
	txn.state = TXN_OPEN;
}

void
txn_undo(struct call *call, void (*fn)(void *arg), void *arg)
{
	if (txn.state == TXN_OPEN)
		calls_push(&txn.undo, call, fn, arg);
}

void
txn_on_commit(struct call *call, void (*fn)(void *arg), void *arg)
{
	if (txn.state == TXN_OPEN)
		calls_append(&txn.on_commit, call, fn, arg);
	else
		txn_defer(call, fn, arg);
}

/* Without a transaction no worker runs: start and end of the process. */
static void
add_or_call(struct calls *calls, struct call *call, void (*fn)(void *arg), void *arg)
{
	if (txn.state == TXN_CLOSED)
		fn(arg);
	else
		calls_append(calls, call, fn, arg);
}

void
txn_defer(struct call *call, void (*fn)(void *arg), void *arg)
{
	add_or_call(&txn.defer, call, fn, arg);
}

void
txn_defer_all(struct call *call, void (*fn)(void *arg), void *arg)
{
	add_or_call(&txn.defer_all, call, fn, arg);
}

void
txn_after(struct call *call, void (*fn)(void *arg), void *arg)
{
	add_or_call(&txn.after, call, fn, arg);
}

static int
fail_record(void)
{
	return fail(-ENOMEM, "no memory to record the change");
}

int
txn_plugin_undo(void (*fn)(void *arg), void *arg)
{
	struct call *call;

	if (txn.state != TXN_OPEN)
		return 0;
	call = calls_new_entry();
	if (call == NULL) {
		txn.is_doomed = true;
		return fail_record();
	}
	txn_undo(call, fn, arg);
	return 0;
}

int
txn_plugin_defer(void (*fn)(void *arg), void *arg)
{
	struct call *call;

	if (txn.state == TXN_CLOSED) {
		fn(arg);
		return 0;
	}
	call = calls_new_entry();
	if (call == NULL)
		return fail_record();
	txn_defer_all(call, fn, arg);
	return 0;
}

void
txn_touch_lcore(unsigned int lcore)
{
	if (txn.state == TXN_OPEN)
		txn.touched[lcore] = true;
}

/* The next touched lcore after lcore, as lcore_next() counts; -1 after the last. */
static int
next_touched(int lcore)
{
	do
		lcore = lcore_next(lcore);
	while (lcore >= 0 && !txn.touched[lcore]);
	return lcore;
}

static void
close_txn(void)
{
	txn.is_doomed = false;
	for (unsigned int i = 0; i < RTE_MAX_LCORE; i++) {
		txn.touched[i] = false;
		txn.plan[i] = NULL;
	}
	txn.state = TXN_CLOSED;
}

static int
fail_stuck(int lcore)
{
	return fail(-ETIMEDOUT,
		    "the worker on core %d has not finished a pass within %u ms, nothing was "
		    "changed; see which component runs there in status",
		    lcore, lcore_quiesce_ms);
}

/* Wait for all touched workers; the limit is for all of them together.  The lcore that is late, or
 * -1. */
static int
wait_touched(void)
{
	uint64_t deadline = rte_get_timer_cycles() + lcore_quiesce_ms * (rte_get_timer_hz() / 1000);

	for (int l = next_touched(-1); l >= 0; l = next_touched(l)) {
		uint64_t now = rte_get_timer_cycles();
		uint32_t left_ms =
			now < deadline ? (deadline - now) / (rte_get_timer_hz() / 1000) : 0;

		if (publish_wait(lcore_worker(l), left_ms) != 0)
			return l;
	}
	return -1;
}

/* A new one at the end of the list.  Without memory the last one there is takes more calls, or the
 * spare one if there is none: calls keep their order. */
static struct pending *
add_pending(void)
{
	struct pending *pending = calloc(1, sizeof(*pending));
	struct pending **link = &txn.pending;

	while (*link != NULL && (pending != NULL || (*link)->next != NULL))
		link = &(*link)->next;
	if (pending == NULL && *link != NULL)
		return *link;
	if (pending == NULL) {
		pending = &txn.spare;
		*pending = (struct pending){0};
	}
	*link = pending;
	return pending;
}

/* Wait for what this worker does now. */
static void
wait_for(struct pending *pending, int lcore)
{
	pending->waits_for[lcore] = true;
	pending->token[lcore] = rte_rcu_qsbr_start(lcore_worker(lcore)->qsbr);
}

/* Keep txn.defer until the touched workers have passed a quiescent state. */
static void
keep_for_touched(void)
{
	struct pending *pending = add_pending();

	for (int l = next_touched(-1); l >= 0; l = next_touched(l))
		wait_for(pending, l);
	calls_move(&txn.defer, &pending->calls);
}

/* Keep txn.defer_all until all workers have, and what was kept before is released. */
static const struct pending *
keep_for_all(void)
{
	struct pending *pending = add_pending();

	pending->is_last = true;
	for (int l = lcore_next(-1); l >= 0; l = lcore_next(l))
		wait_for(pending, l);
	calls_move(&txn.defer_all, &pending->calls);
	return pending;
}

static void
free_plan(void *plan)
{
	plan_free(plan);
}

/* Plans of all touched lcores, or none: the lcore that there is no memory for, or -1. */
static int
build_plans(void)
{
	for (int l = next_touched(-1); l >= 0; l = next_touched(l)) {
		txn.plan[l] = plan_build(panel_first(), l, lcore_worker(l)->numa_node);
		if (txn.plan[l] != NULL) {
			burst_resolve(txn.plan[l]);
			continue;
		}
		for (int k = next_touched(-1); k != l; k = next_touched(k))
			plan_free(txn.plan[k]);
		return l;
	}
	return -1;
}

static void
swap_plans(void)
{
	for (int l = next_touched(-1); l >= 0; l = next_touched(l))
		txn.plan[l] = publish_swap(lcore_worker(l), txn.plan[l]);
}

static void
retire_plans(void)
{
	for (int l = next_touched(-1); l >= 0; l = next_touched(l))
		txn_defer(&txn.plan[l]->retire, free_plan, txn.plan[l]);
}

/* Committed or refused.  What is not to be called is forgotten first: the calls may free its
 * entries. */
static void
decide(struct calls *calls, struct calls *others)
{
	calls_clear(others);
	txn.state = TXN_SETTLING;
	calls_run(calls);
}

static bool
pending_is_over(const struct pending *pending)
{
	for (int l = lcore_next(-1); l >= 0; l = lcore_next(l))
		if (pending->waits_for[l] &&
		    rte_rcu_qsbr_check(lcore_worker(l)->qsbr, pending->token[l], false) == 0)
			return false;
	return true;
}

static void
wait_a_little(const struct pending *pending)
{
	uint32_t limit_ms = RTE_MIN(lcore_quiesce_ms, (uint32_t)UNTOUCHED_MS);
	uint64_t deadline = rte_get_timer_cycles() + limit_ms * (rte_get_timer_hz() / 1000);
	const struct timespec poll = {.tv_nsec = POLL_NS};

	while (!pending_is_over(pending) && rte_get_timer_cycles() < deadline)
		nanosleep(&poll, NULL);
}

/* The last calls of a transaction that is decided.  A call may defer others. */
static void
settle(bool is_stuck)
{
	if (is_stuck)
		keep_for_touched();
	calls_run(&txn.defer);
	calls_run(&txn.after);
	if (!calls_is_empty(&txn.defer_all))
		wait_a_little(keep_for_all());
	close_txn();
	txn_reap();
}

/* The sentence comes last: what puts things back may speak through fail() too. */
static int
refuse_without_memory(int lcore)
{
	bool is_doomed = txn.is_doomed;

	txn_abort();
	if (is_doomed)
		return fail_record();
	return fail(-ENOMEM, "no memory for the plan of core %d", lcore);
}

int
txn_commit(void)
{
	int lcore = txn.is_doomed ? -1 : build_plans();

	if (txn.is_doomed || lcore >= 0)
		return refuse_without_memory(lcore);
	swap_plans();
	lcore = wait_touched();
	if (lcore >= 0)
		swap_plans(); /* the old ones are back, the new ones are what retires */
	retire_plans();
	if (lcore < 0)
		decide(&txn.on_commit, &txn.undo);
	else
		decide(&txn.undo, &txn.on_commit);
	settle(lcore >= 0);
	return lcore < 0 ? 0 : fail_stuck(lcore);
}

void
txn_abort(void)
{
	assert(txn.state == TXN_OPEN);
	decide(&txn.undo, &txn.on_commit);
	settle(!calls_is_empty(&txn.defer) && wait_touched() >= 0);
}

static void
release(struct pending *pending)
{
	calls_run(&pending->calls);
	if (pending != &txn.spare)
		free(pending);
}

void
txn_reap(void)
{
	struct pending **link = &txn.pending;

	assert(txn.state == TXN_CLOSED);
	txn.state = TXN_SETTLING;
	while (*link != NULL) {
		struct pending *pending = *link;
		bool has_to_wait = pending->is_last && pending != txn.pending;

		if (has_to_wait || !pending_is_over(pending)) {
			link = &pending->next;
			continue;
		}
		*link = pending->next;
		release(pending);
	}
	calls_run(&txn.defer);
	calls_run(&txn.after);
	if (!calls_is_empty(&txn.defer_all))
		keep_for_all();
	close_txn();
}
