/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's sockets, cores and hardware threads. */
#ifndef CPU_H
#define CPU_H

#include <jansson.h>

#define CPU_ROOT "/sys/devices/system/cpu"

/* `[{"socket_id": 0, "cores": [{"core_id": 0, "lcores": [0]}]}]` from the topology files below
 * root, in numerical order.  The array is empty when there are no such files, and NULL without
 * memory. */
json_t *cpu_layout(const char *root);

#endif
