/* SPDX-License-Identifier: BSD-3-Clause */
/* spp_vf: hosts components and ports; alone, or as a secondary of spp_primary. */

#include <stdio.h>

#include <rte_common.h>

#include "cmdline.h"
#include "dispatch.h"
#include "lcore.h"
#include "process.h"
#include "registry.h"
#include "reply.h"
#include "status.h"
#include "worker_watch.h"

#define PROGRAM "spp_vf"
#define CONTROLLER_PORT 6666
#define SECONDS_MAX 86400

/* Peers expect these lists in the status whether or not such a plugin is loaded. */
static const char *const port_types[] = {"phy", "vhost", "ring"};

enum {
	OPT_CLIENT_ID = CMDLINE_OWN,
	OPT_VHOST_CLIENT,
	OPT_STANDALONE,
	OPT_CONFIG,
	OPT_ORPHAN_GRACE,
};

static const struct usage_option usage_options[] = {
	{OPT_CLIENT_ID, "client-id", "ID", "1 to 127: which secondary of the primary this is"},
	{'s', NULL, "[HOST[:PORT]]", "the controller; default 127.0.0.1:6666"},
	{OPT_VHOST_CLIENT, "vhost-client", NULL,
	 "vhost ports connect to sockets that the VMs make"},
	{OPT_STANDALONE, "standalone", NULL, "run without primary process and controller"},
	{OPT_CONFIG, "config", "FILE", "what to load, provide and patch, see spp.conf(5)"},
	{OPT_ORPHAN_GRACE, "orphan-grace", "SECONDS",
	 "end so long after the death of the primary, if no new one\nhas started; default 0: wait "
	 "for a new one"},
	{CMDLINE_PLUGIN_DIR, "plugin-dir", "DIR",
	 "where plugins are; default: as configured, or as installed"},
	{CMDLINE_SOCKET, "socket", "PATH",
	 "where commands are accepted as well; default:\n"
	 "/run/spp/" PROGRAM ".ID.sock for root, else\n"
	 "$XDG_RUNTIME_DIR/spp/" PROGRAM ".ID.sock, where ID is the\n"
	 "client id or `standalone`; ID.PREFIX with --file-prefix"},
	CMDLINE_COMMON_OPTIONS,
};

static const struct usage usage = {
	.program = PROGRAM,
	.head = "Usage: " PROGRAM " [EAL options] -- --client-id ID [options]\n"
		"       " PROGRAM " [EAL options] -- --standalone [options]\n"
		"\n"
		"Options:\n",
	.tail = "\n"
		"EAL options are DPDK's.  The main lcore runs commands, every other lcore is a\n"
		"worker.  An ordinary user needs --standalone with --no-huge -m 256 and "
		"--no-pci.\n",
	.column = CMDLINE_COLUMN,
	.foreign = CMDLINE_FOREIGN,
	.nb_options = RTE_DIM(usage_options),
	.options = usage_options,
};

/* Storage that process_options points to. */
static const struct process_port_option vhost_client = {"vhost", "mode=client"};

static void
take_option(int id, struct optscan *scan, struct process_options *options)
{
	switch (id) {
	case OPT_CLIENT_ID:
		options->client_id = cmdline_number("--client-id", scan->value, 1, REGISTRY_ID_MAX);
		break;
	case OPT_VHOST_CLIENT:
		options->port_options = &vhost_client;
		options->nb_port_options = 1;
		break;
	case OPT_STANDALONE:
		options->role = PROCESS_STANDALONE;
		break;
	case OPT_CONFIG:
		options->config_path = scan->value;
		break;
	case OPT_ORPHAN_GRACE:
		options->orphan_grace_s =
			cmdline_number("--orphan-grace", scan->value, 0, SECONDS_MAX);
		break;
	}
}

/* Kept for add_verbs(), which gets no options. */
static int client_id;

static const struct cmdline cmdline = {&usage, CONTROLLER_PORT, take_option};

/* The status that the process will end with is not seen by who asks for the end. */
static void
note_stuck(struct spp_reply *reply)
{
	char where[160];

	for (int lcore = lcore_next(-1); lcore >= 0; lcore = lcore_next(lcore))
		if (worker_is_stuck(lcore))
			reply_note(reply,
				   "the worker on core %d is stuck in %s: this is no regular end",
				   lcore, worker_describe(lcore, where, sizeof(where)));
}

static int
run_exit(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	note_stuck(reply);
	process_exit();
	return 0;
}

static int
add_verbs(void)
{
	static const struct spp_verb verb = {"exit", "end this process", run_exit};
	int rc = status_init(client_id, port_types, sizeof(port_types) / sizeof(port_types[0]));

	return rc == 0 ? dispatch_add("core", &verb) : rc;
}

static void
format_ready(char *text, size_t size)
{
	unsigned int nb = 0;

	for (int lcore = lcore_next(-1); lcore >= 0; lcore = lcore_next(lcore))
		nb++;
	snprintf(text, size, "%u workers", nb);
}

int
main(int argc, char **argv)
{
	struct process_options options = {
		.program = PROGRAM,
		.role = PROCESS_SECONDARY,
		.process_type = "vf",
		.client_id = -1,
		.add_verbs = add_verbs,
		.format_ready = format_ready,
	};

	cmdline_parse(&cmdline, argc, argv, &options);
	client_id = options.client_id;
	if (options.role != PROCESS_STANDALONE && client_id < 0)
		cmdline_usage_error("say which secondary this is, as in --client-id 1, or run it "
				    "--standalone");
	return process_main(&options);
}
