/* SPDX-License-Identifier: BSD-3-Clause */
/* Process-private memory: the C library's, aligned, zeroed and placed. */

#include <malloc.h>
#include <numa.h>
#include <numaif.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_common.h>

#include "mem.h"

/* Size of the transparent huge pages of x86-64 and of arm64 with 4 KiB pages. */
#define HUGE_SIZE ((size_t)2 << 20)

static bool
has_nodes(void)
{
	return numa_available() >= 0 && numa_max_node() > 0;
}

/* Set the policy of the pages that lie completely in the block.  Pages that the C library has used
 * before move.  Placement is a wish: memory on another node is slower, and good all the same. */
static void
set_policy(void *mem, size_t size, int mode, int node)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = RTE_ALIGN_CEIL((uintptr_t)mem, page);
	uintptr_t end = RTE_ALIGN_FLOOR((uintptr_t)mem + size, page);
	struct bitmask *nodes;

	if (start >= end)
		return;
	if (mode == MPOL_DEFAULT) {
		(void)mbind((void *)start, end - start, mode, NULL, 0, 0);
		return;
	}
	nodes = numa_allocate_nodemask();
	numa_bitmask_setbit(nodes, (unsigned int)node);
	(void)mbind((void *)start, end - start, mode, nodes->maskp, nodes->size + 1, MPOL_MF_MOVE);
	numa_bitmask_free(nodes);
}

static size_t
alignment_of(size_t size, bool placed)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (size >= HUGE_SIZE)
		return HUGE_SIZE;
	return placed && size >= page ? page : RTE_CACHE_LINE_SIZE;
}

void *
mem_zalloc(size_t size, int node)
{
	bool placed = node >= 0 && has_nodes() && node <= numa_max_node();
	void *mem;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = RTE_ALIGN_CEIL(RTE_MAX(size, (size_t)1), (size_t)RTE_CACHE_LINE_SIZE);
	if (posix_memalign(&mem, alignment_of(size, placed), size) != 0)
		return NULL;

	if (size >= HUGE_SIZE)
		(void)madvise(mem, RTE_ALIGN_FLOOR(size, HUGE_SIZE), MADV_HUGEPAGE);
	if (placed)
		set_policy(mem, size, MPOL_PREFERRED, node);
	return memset(mem, 0, size);
}

void
mem_free(void *mem)
{
	/* The next owner of these pages has not asked for the node. */
	if (mem != NULL && has_nodes())
		set_policy(mem, malloc_usable_size(mem), MPOL_DEFAULT, -1);
	free(mem);
}
