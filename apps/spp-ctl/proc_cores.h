/* SPDX-License-Identifier: BSD-3-Clause */
/* The lcores of a process, out of its status.  Pure. */
#ifndef PROC_CORES_H
#define PROC_CORES_H

#include <jansson.h>

/* A new object {"master-lcore": 1, "lcores": [1, 2]}: the main lcore comes first, and each lcore
 * once.  A status of any size gives a small object: ids above 1023 are left out.  NULL without
 * memory. */
json_t *proc_cores(const json_t *info);

#endif
