/* SPDX-License-Identifier: BSD-3-Clause */
/* Workers that do not come back from a component. */

#include <stdint.h>
#include <stdio.h>

#include <rte_config.h>
#include <rte_cycles.h>

#include "lcore.h"
#include "log.h"
#include "panel.h"
#include "worker_watch.h"
#include "worker.h"

/* The question that a worker has not answered yet, or has answered. */
static struct question {
	const struct worker *worker; /* NULL: not asked */
	uint64_t token;
	uint64_t asked; /* timer cycles */
	bool is_said;   /* that it is stuck */
} questions[RTE_MAX_LCORE];

static void
ask(struct question *question, struct worker *worker)
{
	question->worker = worker;
	question->token = rte_rcu_qsbr_start(worker->qsbr);
	question->asked = rte_get_timer_cycles();
}

bool
worker_is_stuck(unsigned int lcore)
{
	struct worker *worker = lcore_worker(lcore);
	struct question *question = &questions[lcore];
	uint64_t limit = lcore_quiesce_ms * (rte_get_timer_hz() / 1000);

	if (question->worker == worker &&
	    rte_rcu_qsbr_check(worker->qsbr, question->token, false) == 0)
		return rte_get_timer_cycles() - question->asked >= limit;
	ask(question, worker);
	return false;
}

char *
worker_describe(unsigned int lcore, char *out, size_t size)
{
	size_t used = 0;

	snprintf(out, size, "no component");
	for (const struct spp_component *c = panel_first(); c != NULL && used < size; c = c->next)
		if (c->lcore == lcore && panel_can_run(c))
			used += snprintf(out + used, size - used, "%scomponent '%s' of plugin %s",
					 used > 0 ? ", " : "", c->name, c->plugin->name);
	return out;
}

void
worker_watch(void)
{
	for (int l = lcore_next(-1); l >= 0; l = lcore_next(l)) {
		struct question *question = &questions[l];
		bool is_stuck = worker_is_stuck(l);
		char where[512];

		if (is_stuck && !question->is_said)
			log_err("the worker on core %d is stuck: it has not finished a pass within "
				"%u ms; it runs %s",
				l, lcore_quiesce_ms, worker_describe(l, where, sizeof(where)));
		if (!is_stuck && question->is_said)
			log_notice("the worker on core %d is not stuck any more", l);
		question->is_said = is_stuck;
	}
}
