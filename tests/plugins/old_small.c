/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * old_small: tables that end with the mandatory fields, as an older ABI might have had them.
 * Behind the tables lie bytes of 0xff: a host that reads on finds bad pointers.
 */

#include <spp/component.h>

#define FF_64                                                                                      \
	{                                                                                          \
		[0 ... 63] = 0xff                                                                  \
	}

struct old_verb {
	const char *grammar;
	const char *help;
	int (*run)(const struct spp_args *args, struct spp_reply *reply);
};

struct old_component_ops {
	uint32_t size;
	uint32_t worker_size;
	uint16_t rx_min, rx_max;
	uint16_t tx_min, tx_max;
};

struct old_plugin {
	uint32_t size;
	uint32_t nb_verbs;
	uint32_t verb_size;
	uint32_t reserved0;
	const struct old_verb *verbs;
	const struct old_component_ops *component;
	const void *port;
};

static int
old_small_run(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	spp_host->reply_str(reply, "old", "small");
	return 0;
}

static const struct old_verb verbs[] = {
	{"old_small <action:first>", "", old_small_run},
	{"old_small <action:second>", NULL, old_small_run},
};

static const struct {
	struct old_component_ops table;
	uint8_t behind[64];
} old_component = {
	.table = {.size = sizeof(old_component.table), .rx_min = 1, .rx_max = 1, .tx_max = 1},
	.behind = FF_64,
};

static const struct {
	struct old_plugin table;
	uint8_t behind[64];
} old_plugin = {
	.table =
		{
			.size = sizeof(old_plugin.table),
			.nb_verbs = 2,
			.verb_size = sizeof(struct old_verb),
			.verbs = verbs,
			.component = &old_component.table,
		},
	.behind = FF_64,
};

SPP_COMPONENT(old_small, "0.9", "tables of an older ABI",
	      *(const struct spp_plugin *)(const void *)&old_plugin.table)
