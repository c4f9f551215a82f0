/* SPDX-License-Identifier: BSD-3-Clause */
/* The services of struct spp_host: each checks the thread and calls whoever does the work. */

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include <rte_lcore.h>

#include "args.h"
#include "component.h"
#include "error.h"
#include "group.h"
#include "host.h"
#include "lcore.h"
#include "log.h"
#include "mem.h"
#include "publish.h"
#include "reply.h"
#include "txn.h"

struct host {
	struct spp_host table;
	int log_type;
};

static struct {
	bool is_set;
	pthread_t main_thread;
} module;

/* The thread tags of the SDK are assertions only: a plugin that breaks one is to be fixed. */

static bool
is_main(void)
{
	return module.is_set && pthread_equal(pthread_self(), module.main_thread);
}

static bool
is_worker(void)
{
	unsigned int lcore = rte_lcore_id();

	return lcore != LCORE_ID_ANY && !is_main() && rte_lcore_has_role(lcore, ROLE_RTE);
}

#define ASSERT_MAIN() assert(is_main())
#define ASSERT_ANY() assert(!is_worker())

/* Services, in the order of the table */

static void
host_log(const struct spp_host *host, uint32_t level, const char *fmt, ...)
{
	const struct host *self = (const struct host *)host;
	va_list ap;

	ASSERT_ANY();
	/* The levels are the syslog numbers; DPDK's are one higher. */
	level = level < SPP_LOG_ERR ? SPP_LOG_ERR : level > SPP_LOG_DEBUG ? SPP_LOG_DEBUG : level;
	va_start(ap, fmt);
	log_vline(self->log_type, level + 1, fmt, ap);
	va_end(ap);
}

static int
host_fail(const struct spp_host *host, int err, const char *fmt, ...)
{
	va_list ap;

	(void)host;
	ASSERT_MAIN();
	va_start(ap, fmt);
	err = vfail(err, fmt, ap);
	va_end(ap);
	return err;
}

static int
host_fail_arg(const struct spp_host *host, const char *arg, const char *fmt, ...)
{
	va_list ap;
	int err;

	(void)host;
	ASSERT_MAIN();
	va_start(ap, fmt);
	err = vfail_arg(arg, fmt, ap);
	va_end(ap);
	return err;
}

static void *
host_zalloc(const struct spp_host *host, size_t size, int32_t numa_node)
{
	(void)host;
	ASSERT_ANY();
	return mem_zalloc(size, numa_node);
}

static void
host_free(const struct spp_host *host, void *mem)
{
	(void)host;
	ASSERT_ANY();
	mem_free(mem);
}

static int
host_defer(const struct spp_host *host, void (*fn)(void *arg), void *arg)
{
	(void)host;
	ASSERT_MAIN();
	return txn_plugin_defer(fn, arg);
}

static int
host_undo(const struct spp_host *host, void (*fn)(void *arg), void *arg)
{
	(void)host;
	ASSERT_MAIN();
	return txn_plugin_undo(fn, arg);
}

static int
host_wait_quiescent(const struct spp_host *host)
{
	unsigned int stuck;

	(void)host;
	ASSERT_ANY();
	return publish_wait_all(lcore_quiesce_ms, &stuck);
}

static const char *
host_arg_str(const struct spp_args *args, const char *name)
{
	ASSERT_MAIN();
	return args_str(args, name);
}

static int
host_arg_u64(const struct spp_args *args, const char *name, uint64_t *value)
{
	ASSERT_MAIN();
	return args_u64(args, name, value);
}

static int
host_arg_mac(const struct spp_args *args, const char *name, uint8_t mac[6])
{
	ASSERT_MAIN();
	return args_mac(args, name, mac);
}

static void
host_reply_str(struct spp_reply *reply, const char *name, const char *value)
{
	ASSERT_MAIN();
	reply_str(reply, name, value);
}

static void
host_reply_u64(struct spp_reply *reply, const char *name, uint64_t value)
{
	ASSERT_MAIN();
	reply_u64(reply, name, value);
}

static void
host_reply_bool(struct spp_reply *reply, const char *name, int value)
{
	ASSERT_MAIN();
	reply_bool(reply, name, value);
}

static void
host_reply_open(struct spp_reply *reply, const char *name, uint32_t container)
{
	ASSERT_MAIN();
	reply_open(reply, name, container);
}

static void
host_reply_close(struct spp_reply *reply)
{
	ASSERT_MAIN();
	reply_close(reply);
}

static void
host_reply_note(struct spp_reply *reply, const char *fmt, ...)
{
	char text[sizeof(reply->note)];
	va_list ap;

	ASSERT_MAIN();
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	reply_note(reply, "%s", text);
}

static const char *
host_component_name(const struct spp_component *self)
{
	ASSERT_MAIN();
	return self->name;
}

static uint32_t
host_component_lcore(const struct spp_component *self)
{
	ASSERT_MAIN();
	return self->lcore;
}

static int32_t
host_component_numa_node(const struct spp_component *self)
{
	ASSERT_MAIN();
	return self->numa_node;
}

static int
host_component_set_group(struct spp_component *self, uint16_t group, const uint16_t *outputs,
			 uint16_t nb_outputs)
{
	ASSERT_MAIN();
	return group_set(self, group, outputs, nb_outputs);
}

static void
host_component_touch(struct spp_component *self)
{
	ASSERT_MAIN();
	component_touch(self);
}

static const void *
host_get_extension(const struct spp_host *host, const char *id)
{
	(void)host;
	(void)id;
	ASSERT_MAIN();
	return NULL; /* the host offers no extension yet */
}

static const struct spp_host services = {
	.size = sizeof(services),
	.abi_major = SPP_ABI_MAJOR,
	.abi_minor = SPP_ABI_MINOR,
	.log = host_log,
	.fail = host_fail,
	.fail_arg = host_fail_arg,
	.zalloc = host_zalloc,
	.free = host_free,
	.defer = host_defer,
	.undo = host_undo,
	.wait_quiescent = host_wait_quiescent,
	.arg_str = host_arg_str,
	.arg_u64 = host_arg_u64,
	.arg_mac = host_arg_mac,
	.reply_str = host_reply_str,
	.reply_u64 = host_reply_u64,
	.reply_bool = host_reply_bool,
	.reply_open = host_reply_open,
	.reply_close = host_reply_close,
	.reply_note = host_reply_note,
	.component_name = host_component_name,
	.component_lcore = host_component_lcore,
	.component_numa_node = host_component_numa_node,
	.component_set_group = host_component_set_group,
	.component_touch = host_component_touch,
	.get_extension = host_get_extension,
};

void
host_set_main_thread(void)
{
	module.main_thread = pthread_self();
	module.is_set = true;
}

const struct spp_host *
host_create(int log_type)
{
	struct host *host = malloc(sizeof(*host));

	if (host == NULL)
		return NULL;
	if (!module.is_set)
		host_set_main_thread();
	*host = (struct host){.table = services, .log_type = log_type};
	return &host->table;
}

void
host_destroy(const struct spp_host *host)
{
	free((void *)(uintptr_t)host);
}
