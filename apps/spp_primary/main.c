/* SPDX-License-Identifier: BSD-3-Clause */
/* spp_primary: owns the memory, the NICs and the shared rings; watches who uses them. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmdline.h"
#include "primary_verbs.h"
#include "process.h"
#include "registry.h"
#include "pool.h"
#include "rings.h"

#define PROGRAM "spp_primary"
#define CONTROLLER_PORT 5555
#define PORTS_MAX 32
#define QUEUES_MAX 1024
#define MBUFS_MAX (1u << 26)
#define SECONDS_MAX 3600
#define TAKEOVER_WAIT_S 5
#define MBUFS_PER_RESOURCE 1536

enum { OPT_PORT_NUM = CMDLINE_OWN, OPT_MBUFS, OPT_RING_SIZE, OPT_TAKEOVER_WAIT };

static const struct usage_option usage_options[] = {
	{'p', NULL, "MASK", "hexadecimal: bit N makes ethdev N the port phy:N"},
	{'n', NULL, "RINGS", "make ring:0 to ring:RINGS-1, at most 256"},
	{'s', NULL, "[HOST[:PORT]]", "the controller; default 127.0.0.1:5555"},
	{OPT_PORT_NUM, "port-num", "N rxq A txq B", "queues of phy:N; 1 and 1 by default"},
	{OPT_MBUFS, "mbufs", "N", "packet buffers; default 1536 for each ring and port"},
	{OPT_RING_SIZE, "ring-size", "N", "slots of a ring, a power of two; default 1024"},
	{OPT_TAKEOVER_WAIT, "takeover-wait", "SECONDS",
	 "how long secondaries that have outlived an earlier\nprimary may take to end; default 5"},
	{CMDLINE_PLUGIN_DIR, "plugin-dir", "DIR", "where plugins are; default: as installed"},
	{CMDLINE_SOCKET, "socket", "PATH",
	 "where commands are accepted as well; default:\n/run/spp/" PROGRAM ".0.sock, "
	 "with --file-prefix\n/run/spp/" PROGRAM ".0.PREFIX.sock"},
	CMDLINE_COMMON_OPTIONS,
};

static const struct usage usage = {
	.program = PROGRAM,
	.head = "Usage: " PROGRAM " [EAL options] -- -p MASK -n RINGS [options]\n"
		"\n"
		"Options:\n",
	.tail = "\nEAL options are DPDK's.  The main lcore alone is enough.\n",
	.column = CMDLINE_COLUMN,
	.foreign = CMDLINE_FOREIGN,
	.nb_options = RTE_DIM(usage_options),
	.options = usage_options,
};

/* Storage that process_options points to. */
static struct {
	struct process_port_option port_options[2 * PORTS_MAX];
	char names[PORTS_MAX][16];
	char texts[2 * PORTS_MAX][32];
} line;

static uint64_t
parse_mask(const char *text)
{
	const char *digits = strncmp(text, "0x", 2) == 0 ? text + 2 : text;
	size_t len = strspn(digits, "0123456789abcdefABCDEF");
	uint64_t mask;

	if (len == 0 || len > 16 || digits[len] != '\0')
		cmdline_usage_error("-p: '%s' is not a hexadecimal mask", text);
	mask = strtoull(digits, NULL, 16);
	if (mask == 0)
		cmdline_usage_error("-p: the mask selects no port");
	return mask;
}

static const char *
next_word(struct optscan *scan)
{
	const char *word = optscan_word(scan);

	if (word == NULL)
		cmdline_usage_error("--port-num is written `--port-num N rxq A txq B`");
	return word;
}

static void
expect_word(struct optscan *scan, const char *word)
{
	if (strcmp(next_word(scan), word) != 0)
		cmdline_usage_error("--port-num is written `--port-num N rxq A txq B`");
}

static void
parse_port_num(struct optscan *scan, struct process_options *options)
{
	unsigned int port = cmdline_number("--port-num", next_word(scan), 0, PORTS_MAX - 1);
	const char *const names[] = {"rxq", "txq"}, *const keys[] = {"rx_queues", "tx_queues"};

	snprintf(line.names[port], sizeof(line.names[port]), "phy:%u", port);
	for (unsigned int i = 0; i < 2; i++) {
		unsigned int nb = options->nb_port_options;
		uint64_t queues;

		expect_word(scan, names[i]);
		queues = cmdline_number(names[i], next_word(scan), 1, QUEUES_MAX);
		if (nb == RTE_DIM(line.port_options))
			cmdline_usage_error("--port-num is given too often");
		snprintf(line.texts[nb], sizeof(line.texts[nb]), "%s=%u", keys[i],
			 (unsigned int)queues);
		line.port_options[nb] =
			(struct process_port_option){line.names[port], line.texts[nb]};
		options->nb_port_options++;
	}
}

static void
take_option(int id, struct optscan *scan, struct process_options *options)
{
	switch (id) {
	case 'p':
		options->port_mask = parse_mask(scan->value);
		break;
	case 'n':
		options->nb_rings = cmdline_number("-n", scan->value, 1, RINGS_MAX);
		break;
	case OPT_PORT_NUM:
		parse_port_num(scan, options);
		break;
	case OPT_MBUFS:
		options->nb_mbufs = cmdline_number("--mbufs", scan->value, 64, MBUFS_MAX);
		break;
	case OPT_RING_SIZE:
		options->ring_size = cmdline_number("--ring-size", scan->value, 2, 1u << 20);
		break;
	case OPT_TAKEOVER_WAIT:
		options->takeover_wait_s =
			cmdline_number("--takeover-wait", scan->value, 0, SECONDS_MAX);
		break;
	}
}

static const struct cmdline cmdline = {&usage, CONTROLLER_PORT, take_option};

/* Check that the options that must be given are there; fill in the number of mbufs. */
static void
complete_options(struct process_options *options)
{
	if (options->port_mask == 0)
		cmdline_usage_error("say with -p which ports to use, as in -p 0x03");
	if (options->nb_rings == 0)
		cmdline_usage_error("say with -n how many rings to make, as in -n 10");
	if (options->nb_mbufs == 0)
		options->nb_mbufs = MBUFS_PER_RESOURCE *
				    (options->nb_rings + __builtin_popcountll(options->port_mask));
	options->port_options = line.port_options;
}

static void
format_ready(char *text, size_t size)
{
	snprintf(text, size, "%u rings, %u mbufs", rings_nb(), pool_get()->size);
}

int
main(int argc, char **argv)
{
	struct process_options options = {
		.program = PROGRAM,
		.role = PROCESS_PRIMARY,
		.process_type = "primary",
		.client_id = REGISTRY_PRIMARY,
		.takeover_wait_s = TAKEOVER_WAIT_S,
		.add_verbs = primary_verbs_add,
		.format_ready = format_ready,
	};

	cmdline_parse(&cmdline, argc, argv, &options);
	complete_options(&options);
	return process_main(&options);
}
