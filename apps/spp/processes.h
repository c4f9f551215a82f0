/* SPDX-License-Identifier: BSD-3-Clause */
/* The controller's list of processes. */
#ifndef PROCESSES_H
#define PROCESSES_H

#include <jansson.h>
#include <stdbool.h>

bool processes_have_primary(const json_t *processes);

/* Visit the secondaries: all nfv, all vf, all mirror, all pcap, each in the order of the list.
 * Returns the sum of what visit() returns. */
int processes_visit(const json_t *processes,
		    int (*visit)(const char *type, const char *id, void *arg), void *arg);

#endif
