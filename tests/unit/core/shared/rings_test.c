/* SPDX-License-Identifier: BSD-3-Clause */
/* The numbered rings. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_memzone.h>

#include <spp/plugin.h>

#include "tests/unit/eal.h"

#include "error.h"
#include "rings.h"

static int
start_eal(void **state)
{
	(void)state;
	return test_eal_init("0@0");
}

static int
stop_eal(void **state)
{
	(void)state;
	return test_eal_fini();
}

static int
forget_all(void **state)
{
	(void)state;
	rings_fini();
	error_clear();
	return 0;
}

static struct spp_ring *
lookup(unsigned int id)
{
	char name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;

	snprintf(name, sizeof(name), SPP_RING_NAME_FORMAT, id);
	zone = rte_memzone_lookup(name);
	return zone == NULL ? NULL : zone->addr;
}

static void
rings_are_numbered_empty_and_found_by_name(void **state)
{
	struct spp_ring *ring;

	(void)state;
	assert_int_equal(rings_init(3, 64), 0);
	assert_int_equal(rings_nb(), 3);
	for (unsigned int id = 0; id < 3; id++) {
		ring = lookup(id);
		assert_non_null(ring);
		assert_int_equal(ring->size, 64);
		assert_int_equal(spp_ring_used(ring), 0);
		assert_int_equal((uintptr_t)ring % RTE_CACHE_LINE_SIZE, 0);
	}
	assert_null(lookup(3));
	rings_fini();
	assert_int_equal(rings_nb(), 0);
	assert_null(lookup(0));
}

static void
no_ring_at_all_is_fine(void **state)
{
	(void)state;
	assert_int_equal(rings_init(0, 1024), 0);
	assert_int_equal(rings_nb(), 0);
}

static void
wrong_numbers_are_refused_and_named(void **state)
{
	static const unsigned int sizes[] = {0, 1, 3, 1000, 1023, 1025};
	char sentence[128];

	(void)state;
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(rings_init(1, sizes[i]), -EINVAL);
		snprintf(sentence, sizeof(sentence),
			 "ring_size: %u is not a power of two from 2 to 1073741824", sizes[i]);
		assert_string_equal(error_sentence(-EINVAL), sentence);
	}
	assert_int_equal(rings_init(RINGS_MAX + 1, 1024), -EINVAL);
	assert_string_equal(error_sentence(-EINVAL), "rings: 257 is more than 256");
	assert_int_equal(rings_nb(), 0);
}

static void
rings_that_do_not_fit_leave_none_behind(void **state)
{
	(void)state;
	assert_int_equal(rings_init(16, 1 << 20), -ENOMEM);
	assert_non_null(strstr(error_sentence(-ENOMEM), "no memory for 1048576 slots (8192 KB)"));
	assert_non_null(strstr(error_sentence(-ENOMEM), "set rings or ring_size lower"));
	assert_int_equal(rings_nb(), 0);
	assert_null(lookup(0));
}

static void
packets_left_in_rings_go_back_to_the_pool(void **state)
{
	/* This pool is not the one that rings_fini() frees, so the test can look at it
	 * afterwards. */
	struct rte_mempool *pool = rte_pktmbuf_pool_create("ring_test", 64, 0, 0, 256, -1);
	struct rte_mbuf *mbufs[8];

	(void)state;
	assert_non_null(pool);
	assert_int_equal(rings_init(2, 16), 0);
	assert_int_equal(rte_pktmbuf_alloc_bulk(pool, mbufs, 8), 0);
	assert_int_equal(spp_ring_put(lookup(1), mbufs, 8), 8);
	assert_int_equal(rte_mempool_avail_count(pool), 56);
	rings_fini();
	assert_int_equal(rte_mempool_avail_count(pool), 64);
	rte_mempool_free(pool);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget_all)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rings_are_numbered_empty_and_found_by_name),
		TEST(no_ring_at_all_is_fine),
		TEST(wrong_numbers_are_refused_and_named),
		TEST(rings_that_do_not_fit_leave_none_behind),
		TEST(packets_left_in_rings_go_back_to_the_pool),
	};

	return cmocka_run_group_tests(tests, start_eal, stop_eal);
}
