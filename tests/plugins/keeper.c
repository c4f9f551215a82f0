/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * keeper: sends everything to output 0, and has verbs that configure: a number for each component,
 * one for all of them.  It writes the lines that rebuild both.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <spp/component.h>
#include <spp/ext/config.h>

#define KEEPERS_MAX 8

struct keeper {
	struct spp_component *self;
	uint64_t number; /* 0: none */
};

static struct {
	struct keeper *list[KEEPERS_MAX];
	uint64_t number; /* of all, 0: none */
} keepers;

/* Control */

static int
keeper_create(struct spp_component *self, void *worker, const struct spp_args *args, void **state)
{
	struct keeper *keeper = spp_host->zalloc(spp_host, sizeof(*keeper), SPP_NUMA_ANY);
	unsigned int i = 0;

	(void)worker;
	(void)args;
	while (i < KEEPERS_MAX && keepers.list[i] != NULL)
		i++;
	if (keeper == NULL || i == KEEPERS_MAX) {
		spp_host->free(spp_host, keeper);
		return spp_host->fail(spp_host, -ENOMEM, "keeper %s: no place",
				      spp_host->component_name(self));
	}
	keeper->self = self;
	keepers.list[i] = keeper;
	*state = keeper;
	return 0;
}

static void
keeper_destroy(void *state)
{
	for (unsigned int i = 0; i < KEEPERS_MAX; i++)
		if (keepers.list[i] == state)
			keepers.list[i] = NULL;
	spp_host->free(spp_host, state);
}

static struct keeper *
keeper_find(const char *name)
{
	for (unsigned int i = 0; i < KEEPERS_MAX; i++)
		if (keepers.list[i] != NULL &&
		    strcmp(spp_host->component_name(keepers.list[i]->self), name) == 0)
			return keepers.list[i];
	return NULL;
}

static int
keep_run(const struct spp_args *args, struct spp_reply *reply)
{
	const char *name = spp_host->arg_str(args, "component name");
	struct keeper *keeper = name == NULL ? NULL : keeper_find(name);

	(void)reply;
	if (name != NULL && keeper == NULL)
		return spp_host->fail_arg(spp_host, "component name", "there is no keeper '%s'",
					  name);
	return spp_host->arg_u64(args, "number",
				 keeper != NULL ? &keeper->number : &keepers.number);
}

/* Configuration */

static int
keeper_process_config(spp_config_emit emit, void *arg)
{
	char line[64];

	snprintf(line, sizeof(line), "keep_all %" PRIu64, keepers.number);
	return keepers.number == 0 ? 0 : emit(arg, line);
}

static int
keeper_instance_config(void *state, spp_config_emit emit, void *arg)
{
	const struct keeper *keeper = state;
	char line[96];

	snprintf(line, sizeof(line), "keep %s %" PRIu64, spp_host->component_name(keeper->self),
		 keeper->number);
	return keeper->number == 0 ? 0 : emit(arg, line);
}

static const void *
keeper_get_extension(const char *id)
{
	static const struct spp_config_ext config = {
		.size = sizeof(config),
		.process_config = keeper_process_config,
		.instance_config = keeper_instance_config,
	};

	return strcmp(id, SPP_EXT_CONFIG) == 0 ? &config : NULL;
}

/* Registration */

static const struct spp_verb keeper_verbs[] = {
	{"keep <component name:NAME> <number:UNSIGNED_INT>", "keep a number, 0 for none", keep_run},
	{"keep_all <number:UNSIGNED_INT>", "keep a number for all, 0 for none", keep_run},
};

static const struct spp_component_ops keeper_ops = {
	.size = sizeof(keeper_ops),
	.rx_min = 1,
	.rx_max = 1,
	.tx_min = 1,
	.tx_max = 1,
	.create = keeper_create,
	.destroy = keeper_destroy,
};

static const struct spp_plugin keeper_plugin = {
	.size = sizeof(keeper_plugin),
	.nb_verbs = 2,
	.verb_size = sizeof(struct spp_verb),
	.verbs = keeper_verbs,
	.component = &keeper_ops,
	.get_extension = keeper_get_extension,
};

SPP_COMPONENT(keeper, "1.0", "has verbs that configure", keeper_plugin)
