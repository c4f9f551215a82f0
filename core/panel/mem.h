/* SPDX-License-Identifier: BSD-3-Clause */
/* Process-private memory on a NUMA node.  What a worker reads must not lie in the shared heap: it
 * would outlive a killed process there.  [any] */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>

/* Zeroed, cache-line aligned, in cache lines of its own; node -1 for any.  NULL when there is
 * none.  From 2 MiB on, aligned for huge pages and marked to get them. */
void *mem_zalloc(size_t size, int node);
void mem_free(void *mem);

#endif
