/* SPDX-License-Identifier: BSD-3-Clause */
/* The kinds of processes, with the names that REST and the processes themselves use. */
#ifndef PROC_TYPE_H
#define PROC_TYPE_H

enum proc_type { PROC_PRIMARY, PROC_VF, PROC_NFV, PROC_MIRROR, PROC_PCAP, PROC_NONE };

/* `vf` and the like, as in GET /v1/processes; `unknown` for PROC_NONE. */
const char *proc_type_name(enum proc_type type);

/* The type of that name; PROC_NONE when no type has it. */
enum proc_type proc_type_find(const char *name);

#endif
