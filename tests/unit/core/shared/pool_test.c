/* SPDX-License-Identifier: BSD-3-Clause */
/* The pool of packet buffers. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#include <spp/plugin.h>

#include "tests/unit/eal.h"

#include "error.h"
#include "pool.h"

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
	pool_fini();
	error_clear();
	return 0;
}

static void
pool_has_the_name_handler_and_sizes_that_everybody_expects(void **state)
{
	struct rte_mempool *pool;

	(void)state;
	assert_null(pool_get());
	assert_int_equal(pool_init(1024), 0);
	pool = rte_mempool_lookup(SPP_MBUF_POOL_NAME);
	assert_non_null(pool);
	assert_ptr_equal(pool_get(), pool);
	assert_string_equal(rte_mempool_get_ops(pool->ops_index)->name, "lf_stack");
	assert_int_equal(pool->cache_size, POOL_CACHE_SIZE);
	assert_int_equal(rte_mempool_avail_count(pool), 1024);
	assert_int_equal(rte_pktmbuf_data_room_size(pool), 2048 + RTE_PKTMBUF_HEADROOM);
	pool_fini();
	assert_null(pool_get());
	assert_null(rte_mempool_lookup(SPP_MBUF_POOL_NAME));
}

static void
pool_that_does_not_fit_says_how_much_it_needs(void **state)
{
	const char *sentence;

	(void)state;
	assert_int_equal(pool_init(1000000), -ENOMEM);
	sentence = error_sentence(-ENOMEM);
	assert_non_null(strstr(sentence, "mbufs: 1000000 packet buffers need about 2"));
	assert_non_null(strstr(sentence, " MB"));
	assert_non_null(strstr(sentence, "set mbufs lower"));
	assert_null(pool_get());
	/* Nothing is in the way of a smaller pool. */
	assert_int_equal(pool_init(1024), 0);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget_all)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pool_has_the_name_handler_and_sizes_that_everybody_expects),
		TEST(pool_that_does_not_fit_says_how_much_it_needs),
	};

	return cmocka_run_group_tests(tests, start_eal, stop_eal);
}
