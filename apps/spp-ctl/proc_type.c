/* SPDX-License-Identifier: BSD-3-Clause */
/* The kinds of processes and their names. */
#include <string.h>

#include "proc_type.h"

static const char *const names[] = {"primary", "vf", "nfv", "mirror", "pcap"};

const char *
proc_type_name(enum proc_type type)
{
	return type < PROC_NONE ? names[type] : "unknown";
}

enum proc_type
proc_type_find(const char *name)
{
	enum proc_type type = PROC_PRIMARY;

	while (type < PROC_NONE && strcmp(name, names[type]) != 0)
		type++;
	return type;
}
