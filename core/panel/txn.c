/* SPDX-License-Identifier: BSD-3-Clause */
/* Transactions: undo, publish, wait, release. */

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <rte_config.h>
#include <rte_cycles.h>

#include "burst.h"
#include "error.h"
#include "lcore.h"
#include "log.h"
#include "plan.h"
#include "publish.h"
#include "txn.h"

struct call {
	void (*fn)(void *arg);
	void *arg;
};

struct calls {
	unsigned int nb, max;
	struct call *call;
};

/* What workers that did not answer in time may still see: released when they do. */
struct pending {
	struct pending *next;
	bool waits_for[RTE_MAX_LCORE];
	uint64_t token[RTE_MAX_LCORE];
	struct calls calls;
};

enum state {
	TXN_CLOSED,
	TXN_OPEN,
	TXN_SETTLING, /* committed or refused: what is called now cannot be refused any more */
};

static struct {
	enum state state;
	bool touched[RTE_MAX_LCORE];
	struct plan *plan[RTE_MAX_LCORE]; /* new ones, then the replaced ones */
	struct calls undo, on_commit, defer;
	struct pending *pending;
} txn;

static int
calls_add(struct calls *calls, void (*fn)(void *arg), void *arg)
{
	if (calls->nb == calls->max) {
		unsigned int max = calls->max == 0 ? 16 : 2 * calls->max;
		struct call *call = realloc(calls->call, max * sizeof(*call));

		if (call == NULL)
			return fail(-ENOMEM, "no memory to record the change");
		calls->call = call;
		calls->max = max;
	}
	calls->call[calls->nb++] = (struct call){fn, arg};
	return 0;
}

static void
calls_clear(struct calls *calls)
{
	free(calls->call);
	*calls = (struct calls){0};
}

/* In order, those included that a call adds. */
static void
calls_run(struct calls *calls)
{
	for (unsigned int i = 0; i < calls->nb; i++)
		calls->call[i].fn(calls->call[i].arg);
	calls_clear(calls);
}

static void
calls_run_backwards(struct calls *calls)
{
	while (calls->nb > 0) {
		struct call call = calls->call[--calls->nb];

		call.fn(call.arg);
	}
	calls_clear(calls);
}

void
txn_begin(void)
{
	assert(txn.state == TXN_CLOSED);
	txn.state = TXN_OPEN;
}

int
txn_undo(void (*fn)(void *arg), void *arg)
{
	if (txn.state != TXN_OPEN)
		return 0;
	return calls_add(&txn.undo, fn, arg);
}

int
txn_on_commit(void (*fn)(void *arg), void *arg)
{
	if (txn.state != TXN_OPEN)
		return txn_defer(fn, arg);
	return calls_add(&txn.on_commit, fn, arg);
}

int
txn_defer(void (*fn)(void *arg), void *arg)
{
	/* Without a transaction no worker runs: start and end of the process. */
	if (txn.state == TXN_CLOSED) {
		fn(arg);
		return 0;
	}
	return calls_add(&txn.defer, fn, arg);
}

void
txn_touch_lcore(unsigned int lcore)
{
	if (txn.state == TXN_OPEN)
		txn.touched[lcore] = true;
}

/* The touched worker after lcore, in the way of lcore_next(). */
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
	calls_clear(&txn.undo);
	calls_clear(&txn.on_commit);
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

/* All touched workers within one limit: the lcore that is late, or -1. */
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

/* Keep txn.defer until the touched workers have passed a quiescent state. */
static void
keep_pending(void)
{
	struct pending *pending = calloc(1, sizeof(*pending));

	if (pending == NULL) {
		log_err("no memory to release later what a stuck worker holds: it is lost");
		calls_clear(&txn.defer);
		return;
	}
	for (int l = next_touched(-1); l >= 0; l = next_touched(l)) {
		pending->waits_for[l] = true;
		pending->token[l] = rte_rcu_qsbr_start(lcore_worker(l)->qsbr);
	}
	pending->calls = txn.defer;
	txn.defer = (struct calls){0};
	pending->next = txn.pending;
	txn.pending = pending;
}

static void
free_plan(void *plan)
{
	plan_free(plan);
}

/* Plans of all touched lcores, or none. */
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
		return fail(-ENOMEM, "no memory for the plan of core %d", l);
	}
	return 0;
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
		txn_defer(free_plan, txn.plan[l]);
}

int
txn_commit(void)
{
	int rc = build_plans();
	int stuck;

	if (rc != 0) {
		txn_abort();
		return rc;
	}
	swap_plans();
	stuck = wait_touched();
	if (stuck >= 0) {
		swap_plans(); /* the old ones are back, the new ones are what retires */
		txn.state = TXN_SETTLING;
		retire_plans();
		calls_run_backwards(&txn.undo);
		keep_pending();
		close_txn();
		return fail_stuck(stuck);
	}
	txn.state = TXN_SETTLING;
	retire_plans();
	calls_run(&txn.on_commit);
	calls_run(&txn.defer);
	close_txn();
	return 0;
}

void
txn_abort(void)
{
	assert(txn.state == TXN_OPEN);
	txn.state = TXN_SETTLING;
	calls_run_backwards(&txn.undo);
	if (txn.defer.nb > 0 && wait_touched() >= 0)
		keep_pending();
	calls_run(&txn.defer);
	close_txn();
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

void
txn_reap(void)
{
	struct pending **link = &txn.pending;

	while (*link != NULL) {
		struct pending *pending = *link;

		if (!pending_is_over(pending)) {
			link = &pending->next;
			continue;
		}
		*link = pending->next;
		calls_run(&pending->calls);
		free(pending);
	}
}
