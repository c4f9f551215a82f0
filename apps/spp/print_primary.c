/* SPDX-License-Identifier: BSD-3-Clause */
/* Layout of the status of spp_primary and of spp_nfv, whose forwarders are the same. */

#include <stdbool.h>
#include <string.h>

#include "api.h"
#include "print_data.h"
#include "print_primary.h"

/* The main lcore and the workers; a single worker stands without brackets. */
static void
print_lcores(FILE *out, const json_t *status)
{
	const json_t *lcores = json_object_get(status, "lcores"), *lcore;
	const json_t *main_lcore = json_object_get(status, "master-lcore");
	json_t *workers = json_array();
	size_t i;

	if (main_lcore == NULL)
		main_lcore = json_array_get(lcores, 0);
	json_array_foreach (lcores, i, lcore) {
		if (!json_equal(lcore, main_lcore))
			json_array_append_new(workers, json_integer(json_integer_value(lcore)));
	}
	fprintf(out, "- lcore_ids:\n  - master: %" JSON_INTEGER_FORMAT "\n",
		json_integer_value(main_lcore));
	if (json_array_size(workers) > 0) {
		bool single = json_array_size(workers) == 1;

		fprintf(out, "  - %s: ", single ? "slave" : "slaves");
		if (single)
			print_value(out, json_array_get(workers, 0));
		else
			print_list(out, workers, NULL);
		fputc('\n', out);
	}
	json_decref(workers);
}

static const char *
patched_to(const json_t *patches, const char *port)
{
	const json_t *patch;
	size_t i;

	json_array_foreach (patches, i, patch) {
		if (strcmp(api_text(patch, "src"), port) == 0)
			return api_text(patch, "dst");
	}
	return NULL;
}

static void
print_patched(FILE *out, const json_t *forwarder, const char *indent)
{
	const json_t *patches = json_object_get(forwarder, "patches");
	const json_t *ports = json_object_get(forwarder, "ports"), *port;
	size_t i;

	fprintf(out, "%s- ports:\n", indent);
	json_array_foreach (ports, i, port) {
		const char *from = json_string_value(port), *to;

		if (from == NULL)
			continue;
		to = patched_to(patches, from);
		fprintf(out, "%s  - %s%s%s\n", indent, from, to == NULL ? "" : " -> ",
			to == NULL ? "" : to);
	}
}

void
print_nfv(FILE *out, const json_t *status)
{
	fprintf(out, "- status: %s\n", api_text(status, "status"));
	print_lcores(out, status);
	print_patched(out, status, "");
}

static void
print_pipes(FILE *out, const json_t *pipes)
{
	const json_t *pipe;
	size_t i;

	fprintf(out, "- pipes:\n");
	json_array_foreach (pipes, i, pipe)
		fprintf(out,
			"  - pipe:%" JSON_INTEGER_FORMAT " ring:%" JSON_INTEGER_FORMAT
			" ring:%" JSON_INTEGER_FORMAT "\n",
			api_int(pipe, "id"), api_int(pipe, "rx"), api_int(pipe, "tx"));
}

static void
print_physical_ports(FILE *out, const json_t *ports)
{
	const json_t *port;
	size_t i;

	fprintf(out, "  - physical ports:\n"
		     "      ID          rx          tx     tx_drop  rxq  txq mac_addr\n");
	json_array_foreach (ports, i, port) {
		const json_t *queues = json_object_get(port, "nof_queues");

		fprintf(out,
			"      %2" JSON_INTEGER_FORMAT "  %10" JSON_INTEGER_FORMAT
			"  %10" JSON_INTEGER_FORMAT "  %10" JSON_INTEGER_FORMAT
			" %4" JSON_INTEGER_FORMAT " %4" JSON_INTEGER_FORMAT " %s\n",
			api_int(port, "id"), api_int(port, "rx"), api_int(port, "tx"),
			api_int(port, "tx_drop"), api_int(queues, "rx"), api_int(queues, "tx"),
			api_text(port, "eth"));
	}
}

static void
print_ring_ports(FILE *out, const json_t *ports)
{
	const json_t *port;
	size_t i;

	fprintf(out, "  - ring ports:\n"
		     "      ID          rx          tx     rx_drop     tx_drop\n");
	json_array_foreach (ports, i, port)
		fprintf(out,
			"      %2" JSON_INTEGER_FORMAT "  %10" JSON_INTEGER_FORMAT
			"  %10" JSON_INTEGER_FORMAT "  %10" JSON_INTEGER_FORMAT
			"  %10" JSON_INTEGER_FORMAT "\n",
			api_int(port, "id"), api_int(port, "rx"), api_int(port, "tx"),
			api_int(port, "rx_drop"), api_int(port, "tx_drop"));
}

void
print_primary(FILE *out, const json_t *status)
{
	const json_t *forwarder = json_object_get(status, "forwarder");

	print_lcores(out, status);
	if (forwarder != NULL) {
		fprintf(out, "- forwarder:\n  - status: %s\n", api_text(forwarder, "status"));
		print_patched(out, forwarder, "  ");
	}
	print_pipes(out, json_object_get(status, "pipes"));
	fprintf(out, "- stats\n");
	print_physical_ports(out, json_object_get(status, "phy_ports"));
	print_ring_ports(out, json_object_get(status, "ring_ports"));
}
