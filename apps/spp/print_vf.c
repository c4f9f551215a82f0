/* SPDX-License-Identifier: BSD-3-Clause */
/* Layout of the status of spp_vf, spp_mirror and spp_pcap. */

#include <stdbool.h>
#include <string.h>

#include "api.h"
#include "print_data.h"
#include "print_vf.h"

/* The cores of all entries, each core once. */
static void
print_cores(FILE *out, const json_t *entries)
{
	const char *separator = "";
	const json_t *entry;
	size_t i, k;

	fputc('[', out);
	json_array_foreach (entries, i, entry) {
		json_int_t core = api_int(entry, "core");

		for (k = 0; k < i; k++) {
			if (api_int(json_array_get(entries, k), "core") == core)
				break;
		}
		if (k < i)
			continue;
		fprintf(out, "%s%" JSON_INTEGER_FORMAT, separator, core);
		separator = ", ";
	}
	fprintf(out, "]\n");
}

static unsigned int
count_cores(const json_t *entries)
{
	json_int_t first = api_int(json_array_get(entries, 0), "core");
	const json_t *entry;
	size_t i;

	json_array_foreach (entries, i, entry) {
		if (api_int(entry, "core") != first)
			return 2;
	}
	return json_array_size(entries) > 0 ? 1 : 0;
}

/* With single set, a single worker stands without brackets, as for a mirror. */
static void
print_workers(FILE *out, const json_t *entries, bool single)
{
	if (single && count_cores(entries) == 1)
		fprintf(out, "    - slave: %" JSON_INTEGER_FORMAT "\n",
			api_int(json_array_get(entries, 0), "core"));
	else {
		fprintf(out, "    - slaves: ");
		print_cores(out, entries);
	}
}

static void
print_basic(FILE *out, const json_t *status, bool single)
{
	fprintf(out, "Basic Information:\n  - client-id: %" JSON_INTEGER_FORMAT "\n",
		api_int(status, "client-id"));
	if (json_object_get(status, "primary") != NULL)
		fprintf(out, "  - primary: %s: %s\n", api_text(status, "primary"),
			api_text(status, "primary_gone"));
	fprintf(out, "  - ports: ");
	print_list(out, json_object_get(status, "ports"), NULL);
	fprintf(out, "\n  - lcore_ids:\n    - master: %" JSON_INTEGER_FORMAT "\n",
		api_int(status, "master-lcore"));
	print_workers(out, json_object_get(status, "components"), single);
}

void
print_vf_entries(FILE *out, const json_t *table)
{
	const json_t *entry;
	size_t i;

	json_array_foreach (table, i, entry)
		fprintf(out, "  - %s, %s\n", api_text(entry, "value"), api_text(entry, "port"));
}

static void
print_ports(FILE *out, const char *dir, const json_t *ports)
{
	const json_t *port;
	size_t i;

	json_array_foreach (ports, i, port) {
		const json_t *vlan = json_object_get(port, "vlan");
		const char *operation = api_text(vlan, "operation");

		fprintf(out, "    - %s: %s", dir, api_text(port, "port"));
		if (strcmp(operation, "add") == 0)
			fprintf(out,
				" (vlan operation: add, id: %" JSON_INTEGER_FORMAT
				", pcp: %" JSON_INTEGER_FORMAT ")",
				api_int(vlan, "id"), api_int(vlan, "pcp"));
		else if (strcmp(operation, "del") == 0)
			fprintf(out, " (vlan operation: del)");
		fputc('\n', out);
	}
}

static void
print_component(FILE *out, const json_t *component)
{
	fprintf(out, "  - core:%" JSON_INTEGER_FORMAT " '%s' (type: %s)\n",
		api_int(component, "core"), api_text(component, "name"),
		api_text(component, "type"));
}

static bool
is_idle(const json_t *component)
{
	return strcmp(api_text(component, "type"), "unuse") == 0;
}

/* A controller that keeps a wish says what it could not put back; nothing is printed when nothing
 * lacks. */
static void
print_restore(FILE *out, const json_t *status)
{
	const json_t *restore = json_object_get(status, "restore");
	const char *failed = json_string_value(json_object_get(restore, "failed_command"));

	if (api_int(restore, "not_restored") <= 0)
		return;
	fprintf(out,
		"Not restored (%s):\n  - commands that were asked for: %" JSON_INTEGER_FORMAT "\n",
		api_text(restore, "status"), api_int(restore, "not_restored"));
	if (failed != NULL)
		fprintf(out, "  - %s: %s\n", failed, api_text(restore, "message"));
}

void
print_vf_head(FILE *out, const json_t *status)
{
	const json_t *table = json_object_get(status, "classifier_table");

	print_basic(out, status, false);
	fprintf(out, "Classifier Table:\n");
	if (json_array_size(table) == 0)
		fprintf(out, "  No entries.\n");
	print_vf_entries(out, table);
}

void
print_vf_components(FILE *out, const json_t *status)
{
	const json_t *components = json_object_get(status, "components"), *component;
	size_t i;

	fprintf(out, "Components:\n");
	json_array_foreach (components, i, component) {
		print_component(out, component);
		if (is_idle(component))
			continue;
		print_ports(out, "rx", json_object_get(component, "rx_port"));
		print_ports(out, "tx", json_object_get(component, "tx_port"));
	}
	print_restore(out, status);
}

/* One line for what comes in, one for where its copies go. */
static void
print_mirror_ports(FILE *out, const json_t *component)
{
	const json_t *rx = json_object_get(component, "rx_port");
	const json_t *tx = json_object_get(component, "tx_port");

	fprintf(out, "    - rx: %s\n    - tx: ", api_text(json_array_get(rx, 0), "port"));
	if (json_array_size(tx) > 0)
		print_list(out, tx, "port");
	fputc('\n', out);
}

void
print_mirror(FILE *out, const json_t *status)
{
	const json_t *components = json_object_get(status, "components"), *component;
	size_t i;

	print_basic(out, status, true);
	fprintf(out, "Components:\n");
	json_array_foreach (components, i, component) {
		print_component(out, component);
		if (!is_idle(component))
			print_mirror_ports(out, component);
	}
	print_restore(out, status);
}

static void
print_pcap_core(FILE *out, const json_t *core)
{
	const json_t *rx = json_object_get(core, "rx_port");

	fprintf(out, "  - core:%" JSON_INTEGER_FORMAT " %s\n", api_int(core, "core"),
		api_text(core, "role"));
	if (strcmp(api_text(core, "role"), "write") == 0)
		fprintf(out, "    - filename: %s\n", api_text(core, "filename"));
	else
		fprintf(out, "    - rx: %s\n", api_text(json_array_get(rx, 0), "port"));
}

void
print_pcap(FILE *out, const json_t *status)
{
	const json_t *cores = json_object_get(status, "core"), *core;
	size_t i;

	fprintf(out,
		"Basic Information:\n  - client-id: %" JSON_INTEGER_FORMAT
		"\n  - status: %s\n  - lcore_ids:\n    - master: %" JSON_INTEGER_FORMAT "\n",
		api_int(status, "client-id"), api_text(status, "status"),
		api_int(status, "master-lcore"));
	print_workers(out, cores, false);
	fprintf(out, "Components:\n");
	json_array_foreach (cores, i, core)
		print_pcap_core(out, core);
}
