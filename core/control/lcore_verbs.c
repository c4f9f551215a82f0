/* SPDX-License-Identifier: BSD-3-Clause */
/* The verb idle: what a worker does when nothing arrives. */

#include <errno.h>
#include <stdlib.h>

#include <rte_lcore.h>

#include "args.h"
#include "dispatch.h"
#include "error.h"
#include "lcore.h"
#include "lcore_verbs.h"
#include "txn.h"
#include "worker.h"

static bool is_set[RTE_MAX_LCORE];

bool
lcore_idle_is_set(unsigned int lcore)
{
	return lcore < RTE_MAX_LCORE && is_set[lcore];
}

struct idle_change {
	unsigned int lcore;
	struct idle_policy old;
	bool was_set;
	struct call undo, after;
};

static void
undo_idle(void *arg)
{
	struct idle_change *change = arg;

	worker_set_idle(lcore_worker(change->lcore), &change->old);
	is_set[change->lcore] = change->was_set;
}

int
lcore_set_idle(unsigned int lcore, const struct idle_policy *policy)
{
	struct worker *worker = lcore_worker(lcore);
	struct idle_change *change;

	if (worker == NULL)
		return lcore_fail(lcore);
	change = calloc(1, sizeof(*change));
	if (change == NULL)
		return fail(-ENOMEM, "no memory to change the idle policy of core %u", lcore);
	change->lcore = lcore;
	change->was_set = is_set[lcore];
	worker_get_idle(worker, &change->old);
	txn_undo(&change->undo, undo_idle, change);
	txn_after(&change->after, free, change);
	worker_set_idle(worker, policy);
	is_set[lcore] = true;
	return 0;
}

static int
run_idle(const struct spp_args *args, struct spp_reply *reply)
{
	const char *text = args_str(args, "policy");
	struct idle_policy policy;
	uint64_t core;
	int rc = args_u64(args, "core", &core);

	(void)reply;
	if (rc != 0)
		return rc;
	if (idle_parse(text, &policy) != 0)
		return fail_arg("policy",
				"'%s' is not busy, yield, or adaptive:CAP with a CAP such as "
				"200us or 1ms, at most 1 s",
				text);
	return lcore_set_idle(core, &policy);
}

int
lcore_verbs_add(void)
{
	static const struct spp_verb verb = {
		"idle <core:CORE> <policy:WORD>",
		"what a worker does when nothing arrives: busy, yield, adaptive:CAP", run_idle};

	return dispatch_add("core", &verb);
}
