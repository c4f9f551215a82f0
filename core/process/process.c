/* SPDX-License-Identifier: BSD-3-Clause */
/* How a process comes up, serves and goes down. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>

#include "args.h"
#include "ascii.h"
#include "component.h"
#include "config_apply.h"
#include "config_verb.h"
#include "controller.h"
#include "crash.h"
#include "deadline.h"
#include "dispatch.h"
#include "eal.h"
#include "error.h"
#include "guard.h"
#include "heap.h"
#include "lcore.h"
#include "lcore_verbs.h"
#include "log.h"
#include "loop.h"
#include "main_watch.h"
#include "notify.h"
#include "panel_verbs.h"
#include "plugin_verbs.h"
#include "port.h"
#include "process.h"
#include "publish.h"
#include "reply.h"
#include "role.h"
#include "socket.h"
#include "socket_path.h"
#include "status.h"
#include "worker_watch.h"

/* A worker that has been waited for before gets this much longer to answer. */
#define STUCK_MS 100
/* How long a process that cannot go on may take to stop. */
#define STOP_LIMIT_S 2

static struct {
	struct process_options options;
	struct config *config;
	char name[64]; /* of the process: `spp_vf.1` */
	char socket_path[SOCKET_PATH_SIZE];
	unsigned int nb_started; /* steps */
	bool is_stuck;           /* a worker did not stop: what the worker uses must stay */
} process;

/* Configuration and plugins */

static int
start_config(void)
{
	const char *path = process.options.config_path;
	const char *dir = process.options.plugin_dir;
	int rc =
		path != NULL ? config_load(path, &process.config) : config_default(&process.config);

	if (rc != 0 || dir == NULL)
		return rc;
	free(process.config->plugin_dir);
	process.config->plugin_dir = strdup(dir);
	if (process.config->plugin_dir != NULL)
		return 0;
	config_free(process.config);
	return fail(-ENOMEM, "no memory for the configuration");
}

static void
stop_config(void)
{
	config_free(process.config);
	process.config = NULL;
}

static int
start_plugins(void)
{
	return config_load_plugins(process.config);
}

/* DPDK */

static int
start_eal(void)
{
	const struct process_options *options = &process.options;

	return eal_init(options, process.name, &process.config->eal);
}

static int
start_guards(void)
{
	crash_guard_lcores();
	return main_watch_start(process.options.program, process.options.role);
}

static int
start_memory(void)
{
	return role_start_memory(&process.options, process.config);
}

/* No port goes while a worker may be in the middle of its burst function. */
static void
stop_ports(void)
{
	unsigned int lcore;

	if (publish_wait_all(lcore_quiesce_ms, &lcore) == 0)
		port_fini();
	else
		process.is_stuck = true;
}

static void
stop_lcores(void)
{
	int rc = lcore_fini();

	if (rc == 0)
		return;
	log_err("%s", error_sentence(rc));
	process.is_stuck = true;
}

/* Verbs */

static int
run_get_client_id(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	reply_u64(reply, "client_id", process.options.client_id);
	reply_str(reply, "process_type", process.options.process_type);
	reply_str(reply, "framing", "lf");
	if (status_has_pages())
		reply_str(reply, "status", "pages");
	return 0;
}

/* The sentence comes as one word: the controller closes the connection behind it. */
static int
run_refused(const struct spp_args *args, struct spp_reply *reply)
{
	char why[256];

	(void)reply;
	snprintf(why, sizeof(why), "%s", args_str(args, "why"));
	for (char *c = why; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	ascii_sanitize(why);
	log_err("the controller refuses this process, because %s", why);
	return 0;
}

static const struct spp_verb refused_verb = {
	"_refused <why:WORD>", "why the controller hangs up; told by the controller", run_refused};

static const struct spp_verb get_client_id_verb = {
	"_get_client_id", "which process this is; asked by the controller", run_get_client_id};

static void
stop_verbs(void)
{
	dispatch_del("core");
}

static int
start_verbs(void)
{
	const struct process_options *options = &process.options;
	int rc = panel_verbs_add();

	if (rc == 0)
		rc = plugin_verbs_add();
	if (rc == 0)
		rc = options->add_verbs();
	if (rc == 0)
		rc = dispatch_init();
	if (rc == 0 && options->role == PROCESS_SECONDARY)
		rc = dispatch_add("core", &get_client_id_verb);
	if (rc == 0)
		rc = dispatch_add("core", &refused_verb);
	if (rc == 0)
		rc = lcore_verbs_add();
	if (rc == 0)
		rc = config_verb_add();
	if (rc != 0)
		stop_verbs();
	return rc;
}

/* The patch panel */

static int
start_patch(void)
{
	return config_apply(process.config);
}

/* Components that are still there have ports, and perhaps a worker that is inside of a plugin. */
static void
stop_patch(void)
{
	int rc = component_stop_all();

	if (rc == 0)
		return;
	log_err("%s", error_sentence(rc));
	process.is_stuck = true;
}

/* The socket */

/* Of this panel, if it was given one, so that a second panel needs nothing else. */
static const char *
own_prefix(void)
{
	const char *prefix = eal_prefix();
	bool is_default =
		strcmp(prefix, EAL_PREFIX_DEFAULT) == 0 || strcmp(prefix, process.name) == 0;

	return is_default ? NULL : prefix;
}

static int
start_socket(void)
{
	const char *given = process.options.socket_path;
	char error[512];
	int rc;

	if (given != NULL) {
		snprintf(process.socket_path, sizeof(process.socket_path), "%s", given);
	} else {
		socket_path_default(process.name, own_prefix(), process.socket_path,
				    sizeof(process.socket_path));
		rc = socket_path_prepare(process.socket_path, error, sizeof(error));
		if (rc != 0)
			return fail(rc, "%s", error);
	}
	return socket_init(loop_base(), process.socket_path);
}

/* Other processes */

static int
start_watch(void)
{
	return role_start_watch(loop_base());
}

static int
start_controller(void)
{
	const struct address *controller = process.options.controller;

	if (controller == NULL)
		return 0;
	return controller_init(loop_base(), controller->host, controller->port);
}

/* The order.  A step that fails has undone its own part. */

static const struct step {
	int (*start)(void);
	void (*stop)(void);
} steps[] = {
	{start_config, stop_config},      /* what the operator wants */
	{start_plugins, NULL},            /* before EAL: their libraries register with it */
	{loop_start, loop_stop},          /* signals; no commands yet */
	{start_eal, eal_fini},            /* memory, lcores, devices */
	{start_guards, main_watch_stop},  /* who tell what hangs or crashes */
	{start_memory, role_stop_memory}, /* mbuf pool, rings; a secondary joins here */
	{lcore_init, stop_lcores},        /* workers, idle */
	{role_start_ports, stop_ports},   /* those that exist by themselves */
	{start_verbs, stop_verbs},        /* the core's; plugins have registered theirs */
	{start_patch, stop_patch},        /* components, attachments, table entries */
	{start_watch, role_stop_watch},   /* deaths of other processes */
	{start_socket, socket_fini},
	{start_controller, controller_fini},
};

static void
stop_all(void)
{
	notify("STOPPING=1");
	if (role_has_users() || heap_is_stuck()) {
		controller_fini();
		socket_fini();
		return;
	}
	while (process.nb_started > 0 && !process.is_stuck) {
		void (*stop)(void) = steps[--process.nb_started].stop;

		if (stop != NULL)
			stop();
	}
}

static int
start_all(const struct process_options *options)
{
	char text[1024];
	int rc = 0;

	process.options = *options;
	if (options->client_id >= 0)
		snprintf(process.name, sizeof(process.name), "%s.%d", options->program,
			 options->client_id);
	else
		snprintf(process.name, sizeof(process.name), "%s.standalone", options->program);
	error_clear();
	while (rc == 0 && process.nb_started < RTE_DIM(steps)) {
		rc = steps[process.nb_started].start();
		process.nb_started += rc == 0;
		if (rc == 0 && loop_is_leaving())
			rc = fail(-EINTR, "told to end while starting");
	}
	if (rc == 0) {
		notify("READY=1");
		return 0;
	}
	if (guard_check() != 0)
		rc = -ENOENT;
	/* Stopping may store another sentence. */
	snprintf(text, sizeof(text), "%s", error_sentence(rc));
	stop_all();
	fail_text(text);
	return rc;
}

static int
say_failure(int err)
{
	fprintf(stderr, "%s: %s\n", process.options.program, error_sentence(err));
	return EXIT_FAILURE;
}

/* Who holds this process up: the worker of the first lcore that has not come back. */
static const char *
describe_stuck(char *out, size_t size)
{
	unsigned int lcore;
	char where[512];

	snprintf(out, size, "a worker did not stop");
	if (publish_wait_all(STUCK_MS, &lcore) != 0)
		snprintf(out, size, "the worker on core %u is stuck in %s", lcore,
			 worker_describe(lcore, where, sizeof(where)));
	return out;
}

/* Leave at once: what would be taken down on a regular way out, a worker still uses. */
static void __attribute__((noreturn)) leave_stuck(void)
{
	char text[600];

	fprintf(stderr, "%s: %s; nothing it uses was closed\n", process.options.program,
		describe_stuck(text, sizeof(text)));
	fflush(NULL);
	_exit(EXIT_FAILURE);
}

void
process_exit(void)
{
	loop_leave();
}

static int
end_well(void)
{
	stop_all();
	return EXIT_SUCCESS;
}

/* What keeps this process from going on may keep it from stopping as well. */
static int
end_badly(int err)
{
	char text[1024];

	/* Stopping may store sentences of its own. */
	snprintf(text, sizeof(text), "%s", error_sentence(err));
	deadline_begin(STOP_LIMIT_S, "%s: %s", process.options.program, text);
	stop_all();
	fail_text(text);
	say_failure(err);
	/* On a regular way out DPDK would wait for the lock as well. */
	if (heap_is_stuck()) {
		fflush(NULL);
		_exit(EXIT_FAILURE);
	}
	return EXIT_FAILURE;
}

int
process_main(const struct process_options *options)
{
	char ready[128];
	int rc;

	crash_init(options->program);
	loop_ignore_signals();
	rc = start_all(options);
	if (rc != 0) {
		rc = say_failure(rc);
		if (process.is_stuck)
			leave_stuck();
		return rc;
	}
	options->format_ready(ready, sizeof(ready));
	printf("%s: ready, %s, commands at %s\n", options->program, ready, process.socket_path);
	fflush(stdout);
	rc = loop_run();
	rc = rc == 0 ? end_well() : end_badly(rc);
	if (process.is_stuck)
		leave_stuck();
	return rc;
}
