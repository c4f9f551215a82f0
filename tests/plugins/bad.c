/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A plugin that breaks one rule.  Without -D options it is a good component that sends everything
 * to output 0; each name in meson.build defines what it does differently, and nothing else.
 */

#include <errno.h>
#include <string.h>

#include <spp/component.h>
#include <spp/ext/config.h>
#include <spp/ext/status.h>
#include <spp/port.h>

/* Manifest */

#ifndef MAGIC
#define MAGIC SPP_MANIFEST_MAGIC
#endif
#ifndef MANIFEST_SIZE
#define MANIFEST_SIZE sizeof(struct spp_manifest)
#endif
#ifndef KIND
#define KIND SPP_KIND_COMPONENT
#endif
#ifndef ABI_MAJOR
#define ABI_MAJOR SPP_ABI_MAJOR
#endif
#ifndef ABI_MINOR_NEEDED
#define ABI_MINOR_NEEDED SPP_ABI_MINOR
#endif
#ifndef DPDK_YEAR
#define DPDK_YEAR RTE_VER_YEAR
#endif
#ifndef DPDK_MONTH
#define DPDK_MONTH RTE_VER_MONTH
#endif
#ifndef MBUF_SIZE
#define MBUF_SIZE sizeof(struct rte_mbuf)
#endif
#ifndef HEADROOM
#define HEADROOM RTE_PKTMBUF_HEADROOM
#endif
#ifndef CACHE_LINE
#define CACHE_LINE RTE_CACHE_LINE_SIZE
#endif
#ifndef MAX_LCORE
#define MAX_LCORE RTE_MAX_LCORE
#endif
#ifndef MANIFEST_NAME
#define MANIFEST_NAME NAME
#endif
#ifndef VERSION
#define VERSION "1.0"
#endif
#ifndef SUMMARY
#define SUMMARY "breaks one rule"
#endif
#ifndef MANIFEST_SYMBOL
#define MANIFEST_SYMBOL spp_manifest
#endif

#ifndef NO_MANIFEST
SPP_EXPORT SPP_MANIFEST_ATTR const struct spp_manifest MANIFEST_SYMBOL = {
	.magic = MAGIC,
	.size = MANIFEST_SIZE,
	.kind = KIND,
	.abi_major = ABI_MAJOR,
	.abi_minor = SPP_ABI_MINOR,
	.abi_minor_needed = ABI_MINOR_NEEDED,
	.dpdk_year = DPDK_YEAR,
	.dpdk_month = DPDK_MONTH,
	.mbuf_size = MBUF_SIZE,
	.mbuf_headroom = HEADROOM,
	.cache_line_size = CACHE_LINE,
	.max_lcore = MAX_LCORE,
	.name = MANIFEST_NAME,
	.version = VERSION,
	.summary = SUMMARY,
};
#endif

#ifdef SECOND_MANIFEST
/* The section says one thing, the symbol another. */
SPP_EXPORT const struct spp_manifest spp_manifest = {.magic = MAGIC, .name = NAME};
#endif

/* Component */

#ifndef DROP_REASONS
#define DROP_REASONS "runt"
#endif
#ifndef NB_DROP_REASONS
#define NB_DROP_REASONS 1
#endif
#ifndef RX_MIN
#define RX_MIN 1
#endif
#ifndef RX_MAX
#define RX_MAX 1
#endif
#ifndef TX_MIN
#define TX_MIN 1
#endif
#ifndef TX_MAX
#define TX_MAX 1
#endif
#ifndef OPTIONS
#define OPTIONS NULL
#endif
#ifndef COMPONENT_SIZE
#define COMPONENT_SIZE sizeof(component)
#endif
#ifndef COMPONENT
#define COMPONENT (&component)
#endif

static const char *const drop_reasons[] = {DROP_REASONS};

static const struct spp_component_ops component __attribute__((unused)) = {
	.size = COMPONENT_SIZE,
	.rx_min = RX_MIN,
	.rx_max = RX_MAX,
	.tx_min = TX_MIN,
	.tx_max = TX_MAX,
	.drop_reasons = drop_reasons,
	.nb_drop_reasons = NB_DROP_REASONS,
	.options = OPTIONS,
};

/* Port */

#ifndef OPEN
#define OPEN bad_open
#endif
#ifndef ATTACH
#define ATTACH bad_attach
#endif
#ifndef PORT_SIZE
#define PORT_SIZE sizeof(port)
#endif
#ifndef PORT
#define PORT NULL
#endif

static int __attribute__((unused)) bad_open(uint32_t id, const struct spp_args *args, void **port)
{
	(void)id;
	(void)args;
	(void)port;
	return -ENODEV;
}

static int __attribute__((unused))
bad_attach(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out)
{
	(void)port;
	(void)dir;
	(void)queue;
	(void)out;
	return -ENODEV;
}

static const struct spp_port_ops port __attribute__((unused)) = {
	.size = PORT_SIZE,
	.open = OPEN,
	.attach = ATTACH,
};

/* Verbs and the plugin table */

#ifndef VERB
#define VERB NAME
#endif
#ifndef NB_VERBS
#define NB_VERBS 2
#endif
#ifndef VERB_SIZE
#define VERB_SIZE sizeof(struct spp_verb)
#endif
#ifndef VERBS
#define VERBS verbs
#endif
#ifndef RUN
#define RUN bad_run
#endif
#ifndef TABLE_SIZE
#define TABLE_SIZE sizeof(plugin)
#endif
#ifndef STATUS_SIZE
#define STATUS_SIZE sizeof(status)
#endif
#ifndef CONFIG_SIZE
#define CONFIG_SIZE sizeof(config)
#endif

static int __attribute__((unused)) bad_run(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	(void)reply;
	return 0;
}

/* The good verb comes first: the host must take it away again when it refuses the plugin for the
 * second verb. */
static const struct spp_verb verbs[] __attribute__((unused)) = {
	{NAME " <action:test>", "a good verb", bad_run},
	{VERB, "a bad verb", RUN},
};

static const struct spp_status_ext status = {.size = STATUS_SIZE};
static const struct spp_config_ext config = {.size = CONFIG_SIZE};

static const void *
get_extension(const char *id)
{
	if (strcmp(id, SPP_EXT_CONFIG) == 0)
		return &config;
	return strcmp(id, SPP_EXT_STATUS) == 0 ? &status : NULL;
}

static const struct spp_plugin plugin __attribute__((unused)) = {
	.size = TABLE_SIZE,
	.nb_verbs = NB_VERBS,
	.verb_size = VERB_SIZE,
	.verbs = VERBS,
	.component = COMPONENT,
	.port = PORT,
	.get_extension = get_extension,
};

/* Entry */

#ifdef NEEDED_SYMBOL
/* A use of this symbol keeps its library in the list of needed libraries. */
int NEEDED_SYMBOL(void);
#define USE_NEEDED_SYMBOL() ((void)NEEDED_SYMBOL())
#else
#define USE_NEEDED_SYMBOL()
#endif

#ifndef ENTRY
#define ENTRY(host, table) (*(table) = &plugin, 0)
#endif

#ifndef NO_ENTRY
SPP_EXPORT int
spp_plugin_entry(const struct spp_host *host, const struct spp_plugin **table)
{
	(void)host;
	(void)table;
	USE_NEEDED_SYMBOL();
	return ENTRY(host, table);
}
#endif
