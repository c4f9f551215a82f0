/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * faulty: a component that hangs or crashes where it is told to, once; for tests of what the host
 * says about it.  Otherwise it sends everything to output 0.
 *
 * Command: `faulty WHERE KIND`, at once for the place `verb`, else at the next call of the place.
 */

#include <spp/component.h>

#include "faulty.h"

/* Of each place the kind of the fault, NULL for none; written by [main]. */
static struct {
	const char *create, *destroy, *process;
} module;

/* Commit the fault once. */
static void
commit(const char **place)
{
	const char *kind = __atomic_exchange_n(place, NULL, __ATOMIC_RELAXED);

	if (kind != NULL)
		faulty_fault(kind);
}

/* Data path */

static void
faulty_process(void *worker, uint16_t input, struct rte_mbuf **pkts, uint16_t nb_pkts,
	       uint16_t *out)
{
	(void)worker;
	(void)input;
	(void)pkts;
	commit(&module.process);
	memset(out, 0, nb_pkts * sizeof(*out));
}

/* Control */

static int
faulty_create(struct spp_component *self, void *worker, const struct spp_args *args, void **state)
{
	(void)self;
	(void)worker;
	(void)args;
	(void)state;
	commit(&module.create);
	return 0;
}

static void
faulty_destroy(void *state)
{
	(void)state;
	commit(&module.destroy);
}

/* The kind as a string that stays. */
static const char *
keep(const char *kind)
{
	static const char *const kinds[] = {"hang", "segv", "stack", "abort", "fpe", "ill", "bus"};

	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i], kind) == 0)
			return kinds[i];
	return NULL;
}

static int
faulty_run(const struct spp_args *args, struct spp_reply *reply)
{
	const char *where = spp_host->arg_str(args, "where");
	const char *kind = keep(spp_host->arg_str(args, "kind"));

	(void)reply;
	if (strcmp(where, "create") == 0)
		module.create = kind;
	else if (strcmp(where, "destroy") == 0)
		module.destroy = kind;
	else if (strcmp(where, "process") == 0)
		__atomic_store_n(&module.process, kind, __ATOMIC_RELAXED);
	else
		faulty_fault(kind);
	return 0;
}

/* Registration */

static const struct spp_component_ops faulty_ops = {
	.size = sizeof(faulty_ops),
	.rx_min = 1,
	.rx_max = 1,
	.tx_min = 1,
	.tx_max = 1,
	.create = faulty_create,
	.destroy = faulty_destroy,
	.process = faulty_process,
};

static const struct spp_verb faulty_verbs[] = {
	{"faulty <where:verb|create|destroy|process> <kind:" FAULTY_KINDS ">",
	 "hang or crash there", faulty_run},
};

static const struct spp_plugin faulty_plugin = {
	.size = sizeof(faulty_plugin),
	.nb_verbs = 1,
	.verb_size = sizeof(struct spp_verb),
	.verbs = faulty_verbs,
	.component = &faulty_ops,
};

SPP_COMPONENT(faulty, "1.0", "hangs or crashes where it is told to", faulty_plugin)
