/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host for tests of one port plugin: the core's arguments, sentences and replies, nothing behind
 * them.  The plugin is linked in; include once per test program.
 */
#ifndef PORT_HOST_H
#define PORT_HOST_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mbuf.h>

#include <spp/ext/status.h>
#include <spp/port.h>

#include "args.h"
#include "reply.h"

/* cmocka has a macro of that name. */
#pragma push_macro("fail")
#undef fail
#include "error.h"
#pragma pop_macro("fail")

#define LOG_LINES_MAX 512
#define WAIT_LIMIT_S 30

static struct {
	const struct spp_plugin *plugin;
	const struct spp_port_ops *ops;
	bool no_memory;
	int (*wait_quiescent)(void);

	pthread_mutex_t lock; /* the rest: plugins log on any thread */
	pthread_cond_t logged;
	unsigned int nb_lines;
	char lines[LOG_LINES_MAX][256];
} port_host = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.logged = PTHREAD_COND_INITIALIZER,
};

static void __attribute__((format(printf, 3, 4)))
port_host_log(const struct spp_host *host, uint32_t level, const char *fmt, ...)
{
	va_list ap;

	(void)host;
	(void)level;
	pthread_mutex_lock(&port_host.lock);
	assert_true(port_host.nb_lines < LOG_LINES_MAX);
	va_start(ap, fmt);
	vsnprintf(port_host.lines[port_host.nb_lines++], sizeof(port_host.lines[0]), fmt, ap);
	va_end(ap);
	pthread_cond_broadcast(&port_host.logged);
	pthread_mutex_unlock(&port_host.lock);
}

static int __attribute__((format(printf, 3, 4)))
port_host_fail(const struct spp_host *host, int err, const char *fmt, ...)
{
	va_list ap;

	(void)host;
	va_start(ap, fmt);
	vfail(err, fmt, ap);
	va_end(ap);
	return err;
}

static int __attribute__((format(printf, 3, 4)))
port_host_fail_arg(const struct spp_host *host, const char *arg, const char *fmt, ...)
{
	va_list ap;

	(void)host;
	va_start(ap, fmt);
	vfail_arg(arg, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static void *
port_host_zalloc(const struct spp_host *host, size_t size, int32_t numa_node)
{
	void *mem = NULL;

	(void)host;
	(void)numa_node;
	if (port_host.no_memory || posix_memalign(&mem, RTE_CACHE_LINE_SIZE, size) != 0)
		return NULL;
	return memset(mem, 0, size);
}

static void
port_host_free(const struct spp_host *host, void *mem)
{
	(void)host;
	free(mem);
}

static int
port_host_wait_quiescent(const struct spp_host *host)
{
	(void)host;
	return port_host.wait_quiescent != NULL ? port_host.wait_quiescent() : 0;
}

static const struct spp_host port_host_table = {
	.size = sizeof(port_host_table),
	.abi_major = SPP_ABI_MAJOR,
	.abi_minor = SPP_ABI_MINOR,
	.log = port_host_log,
	.fail = port_host_fail,
	.fail_arg = port_host_fail_arg,
	.zalloc = port_host_zalloc,
	.free = port_host_free,
	.wait_quiescent = port_host_wait_quiescent,
	.arg_str = args_str,
	.arg_u64 = args_u64,
	.arg_mac = args_mac,
	.reply_str = reply_str,
	.reply_u64 = reply_u64,
	.reply_bool = reply_bool,
	.reply_open = reply_open,
	.reply_close = reply_close,
	.reply_note = reply_note,
};

static inline void
port_host_remove_runtime_dir(void)
{
	rmdir(rte_eal_get_runtime_dir());
}

/* EAL without hugepages, privileges or files, and the plugin. */
static inline void
port_host_init(const char *name)
{
	static char program[32], prefix[64];
	static char *argv[] = {program,
			       (char *)(uintptr_t) "--no-huge",
			       (char *)(uintptr_t) "--no-shconf",
			       (char *)(uintptr_t) "--no-pci",
			       (char *)(uintptr_t) "--no-telemetry",
			       (char *)(uintptr_t) "-m",
			       (char *)(uintptr_t) "64",
			       (char *)(uintptr_t) "--lcores",
			       (char *)(uintptr_t) "0@(0-1)",
			       (char *)(uintptr_t) "--log-level",
			       (char *)(uintptr_t) "*:error",
			       (char *)(uintptr_t) "--file-prefix",
			       prefix};

	snprintf(program, sizeof(program), "%s", name);
	snprintf(prefix, sizeof(prefix), "spp_test_%s", name);
	if (rte_eal_init(RTE_DIM(argv), argv) < 0)
		fail_msg("rte_eal_init: %s", rte_strerror(rte_errno));
	atexit(port_host_remove_runtime_dir);
	assert_int_equal(spp_plugin_entry(&port_host_table, &port_host.plugin), 0);
	port_host.ops = port_host.plugin->port;
	assert_non_null(port_host.ops);
}

/* Open with at most two options, given as name and value; NULL name for none. */
static inline int
port_host_open(uint32_t id, const char *name0, const char *value0, const char *name1,
	       const char *value1, void **port)
{
	struct spp_args args = {0};

	if (name0 != NULL)
		args_add(&args, name0, value0);
	if (name1 != NULL)
		args_add(&args, name1, value1);
	error_clear();
	return port_host.ops->open(id, &args, port);
}

static inline struct spp_port_queue
port_host_attach(void *port, uint16_t dir, uint16_t queue)
{
	struct spp_port_queue io = {0};

	assert_int_equal(port_host.ops->attach(port, dir, queue, &io), 0);
	assert_non_null(io.burst);
	return io;
}

static inline uint16_t
port_host_burst(const struct spp_port_queue *io, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	return io->burst(io->queue, pkts, nb_pkts);
}

/* What the plugin adds to the status of a port, or of the process if port is NULL; json_decref()
 * it. */
static inline json_t *
port_host_status(void *port)
{
	const struct spp_status_ext *status = port_host.plugin->get_extension(SPP_EXT_STATUS);
	struct spp_reply reply;
	json_t *json;

	assert_non_null(status);
	assert_int_equal(reply_init(&reply), 0);
	if (port != NULL)
		status->instance_status(port, &reply);
	else
		status->process_status(&reply);
	json = json_deep_copy(reply.stack[0]);
	assert_non_null(json);
	reply_fini(&reply);
	return json;
}

/* Number of lines logged so far that contain the text. */
static inline unsigned int
port_host_count_logged(const char *text)
{
	unsigned int nb = 0;

	for (unsigned int i = 0; i < port_host.nb_lines; i++)
		nb += strstr(port_host.lines[i], text) != NULL;
	return nb;
}

static inline void
port_host_forget_logged(void)
{
	pthread_mutex_lock(&port_host.lock);
	port_host.nb_lines = 0;
	pthread_mutex_unlock(&port_host.lock);
}

/* Wait until nb lines with the text have been logged. */
static inline void
port_host_wait_logged(const char *text, unsigned int nb)
{
	struct timespec limit;
	int ret = 0;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += WAIT_LIMIT_S;
	pthread_mutex_lock(&port_host.lock);
	while (port_host_count_logged(text) < nb && ret == 0)
		ret = pthread_cond_timedwait(&port_host.logged, &port_host.lock, &limit);
	pthread_mutex_unlock(&port_host.lock);
	if (ret != 0)
		fail_msg("not logged within %d s: %u times '%s'", WAIT_LIMIT_S, nb, text);
}

#endif
