/* SPDX-License-Identifier: BSD-3-Clause */
/* The controller's list of processes. */

#include <stdio.h>
#include <string.h>

#include "api.h"
#include "processes.h"

bool
processes_have_primary(const json_t *processes)
{
	const json_t *process;
	size_t i;

	json_array_foreach (processes, i, process) {
		if (strcmp(api_text(process, "type"), "primary") == 0)
			return true;
	}
	return false;
}

int
processes_visit(const json_t *processes, int (*visit)(const char *type, const char *id, void *arg),
		void *arg)
{
	static const char *const types[] = {"nfv", "vf", "mirror", "pcap"};
	const json_t *process;
	int sum = 0;
	size_t i;

	for (unsigned int t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
		json_array_foreach (processes, i, process) {
			char id[32];

			snprintf(id, sizeof(id), "%" JSON_INTEGER_FORMAT,
				 api_int(process, "client-id"));
			if (strcmp(api_text(process, "type"), types[t]) == 0)
				sum += visit(types[t], id, arg);
		}
	}
	return sum;
}
