/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of core/panel/mem.c on a machine of two NUMA nodes that the functions below pretend. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <numa.h>
#include <numaif.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>

#include "mem.h"

#define HUGE_SIZE ((size_t)2 << 20)

/* What mbind() was asked for last. */
static struct {
	int max_node;
	unsigned int nb_calls;
	void *start;
	unsigned long len;
	int mode;
	unsigned long nodes;
} fake;

int
numa_available(void)
{
	return 0;
}

int
numa_max_node(void)
{
	return fake.max_node;
}

long
mbind(void *start, unsigned long len, int mode, const unsigned long *nodes, unsigned long max_node,
      unsigned int flags)
{
	(void)max_node;
	(void)flags;
	fake.nb_calls++;
	fake.start = start;
	fake.len = len;
	fake.mode = mode;
	fake.nodes = nodes == NULL ? 0 : *nodes;
	return 0;
}

static int
reset(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.max_node = 1;
	return 0;
}

static bool
is_zero(const uint8_t *mem, size_t size)
{
	return size == 0 || (mem[0] == 0 && memcmp(mem, mem + 1, size - 1) == 0);
}

static void
mem_is_zeroed_and_aligned(void **state)
{
	static const size_t sizes[] = {0, 1, 63, 64, 65, 4095, 4096, 100000, HUGE_SIZE - 1};

	(void)state;
	/* Twice: the second time the blocks have been used before. */
	for (unsigned int round = 0; round < 2; round++) {
		for (size_t i = 0; i < RTE_DIM(sizes); i++) {
			uint8_t *mem = mem_zalloc(sizes[i], -1);

			assert_non_null(mem);
			assert_int_equal((uintptr_t)mem % RTE_CACHE_LINE_SIZE, 0);
			assert_true(is_zero(mem, sizes[i]));
			memset(mem, 0xa5, sizes[i]);
			mem_free(mem);
		}
	}
}

static void
mem_of_huge_size_is_aligned_for_huge_pages(void **state)
{
	uint8_t *mem = mem_zalloc(HUGE_SIZE, -1);
	uint8_t *more = mem_zalloc(3 * HUGE_SIZE + 5, 0);

	(void)state;
	assert_int_equal((uintptr_t)mem % HUGE_SIZE, 0);
	assert_int_equal((uintptr_t)more % HUGE_SIZE, 0);
	assert_true(is_zero(mem, HUGE_SIZE));
	assert_true(is_zero(more, 3 * HUGE_SIZE + 5));
	mem_free(mem);
	mem_free(more);
}

static void
mem_beyond_the_address_space_is_refused(void **state)
{
	(void)state;
	assert_null(mem_zalloc(SIZE_MAX, -1));
	assert_null(mem_zalloc(SIZE_MAX - 1, 0));
	mem_free(NULL);
}

static void
mem_prefers_its_node_from_a_page_on(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *mem = mem_zalloc(3 * page, 1);

	(void)state;
	assert_int_equal(fake.nb_calls, 1);
	assert_ptr_equal(fake.start, mem);
	assert_int_equal(fake.len, 3 * page);
	assert_int_equal(fake.mode, MPOL_PREFERRED);
	assert_int_equal(fake.nodes, 1u << 1);
	/* The next owner of the pages has no wish. */
	mem_free(mem);
	assert_int_equal(fake.nb_calls, 2);
	assert_ptr_equal(fake.start, mem);
	assert_int_equal(fake.mode, MPOL_DEFAULT);
}

static void
mem_without_need_is_not_placed(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *small = mem_zalloc(64, 1);
	void *any = mem_zalloc(page, -1);
	void *no_such_node = mem_zalloc(page, 2);

	(void)state;
	assert_int_equal(fake.nb_calls, 0);
	mem_free(small);
	mem_free(any);
	mem_free(no_such_node);

	reset(NULL);
	fake.max_node = 0;
	mem_free(mem_zalloc(page, 0));
	assert_int_equal(fake.nb_calls, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(mem_is_zeroed_and_aligned, reset),
		cmocka_unit_test_setup(mem_of_huge_size_is_aligned_for_huge_pages, reset),
		cmocka_unit_test_setup(mem_beyond_the_address_space_is_refused, reset),
		cmocka_unit_test_setup(mem_prefers_its_node_from_a_page_on, reset),
		cmocka_unit_test_setup(mem_without_need_is_not_placed, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
