/* SPDX-License-Identifier: BSD-3-Clause */
/* Process-private memory on a NUMA node.  What a worker reads must not lie in DPDK's shared heap: a
 * block there outlives the process when the process is killed.  [any] */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>

/* Allocate a zeroed block that shares no cache line with another block; node -1 for any.  NULL
 * without memory.  From 2 MiB on, the block is aligned for huge pages and marked to get huge
 * pages. */
void *mem_zalloc(size_t size, int node);
void mem_free(void *mem);

#endif
