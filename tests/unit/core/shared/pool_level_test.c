/* SPDX-License-Identifier: BSD-3-Clause */
/* What the log says when the packet buffers run out, and when they are back. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <stdio.h>
#include <stdlib.h>

#include <rte_log.h>
#include <rte_mbuf.h>

#include "tests/unit/eal.h"

#include "log.h"
#include "pool_level.h"
#include "pool.h"

#define NB_MBUFS 1000

static struct {
	FILE *stream;
	char *text;
	size_t size;
	size_t seen;
} said;

static struct {
	struct rte_mbuf *taken[NB_MBUFS];
	unsigned int nb_taken;
} pool;

static void
take(unsigned int nb)
{
	for (unsigned int i = 0; i < nb; i++) {
		pool.taken[pool.nb_taken] = rte_mbuf_raw_alloc(pool_get());
		assert_non_null(pool.taken[pool.nb_taken]);
		pool.nb_taken++;
	}
}

/* Give back all but nb, and empty the cache of this lcore: buffers in a cache are not left. */
static void
give_back_to(unsigned int nb)
{
	while (pool.nb_taken > nb)
		rte_pktmbuf_free(pool.taken[--pool.nb_taken]);
	rte_mempool_cache_flush(NULL, pool_get());
}

/* Look, and expect what is said beyond what has been said before. */
static void
look_and_expect(const char *expected)
{
	pool_level_look();
	assert_int_equal(fflush(said.stream), 0);
	assert_string_equal(said.text + said.seen, expected);
	said.seen = said.size;
}

static void
nothing_is_said_before_there_is_a_pool(void **state)
{
	(void)state;
	look_and_expect("");
	assert_false(pool_level_is_low());
}

static void
a_pool_that_runs_dry_is_told_once(void **state)
{
	(void)state;
	assert_int_equal(pool_init(NB_MBUFS), 0);
	give_back_to(0);
	look_and_expect("");
	take(900);
	rte_mempool_cache_flush(NULL, pool_get());
	look_and_expect("");
	assert_false(pool_level_is_low());
	take(1);
	rte_mempool_cache_flush(NULL, pool_get());
	look_and_expect("spp.core: mbufs: 99 of 1000 packet buffers are left; frames will be lost "
			"when there are none, so set mbufs higher where the pool is made\n");
	assert_true(pool_level_is_low());
	take(99);
	assert_null(rte_mbuf_raw_alloc(pool_get()));
	look_and_expect("");

	/* A level between the limits changes nothing. */
	give_back_to(800);
	look_and_expect("");
	assert_true(pool_level_is_low());
	give_back_to(790);
	look_and_expect("spp.core: mbufs: 210 of 1000 packet buffers are left: enough again\n");
	assert_false(pool_level_is_low());
	take(90);
	rte_mempool_cache_flush(NULL, pool_get());
	look_and_expect("");
	assert_false(pool_level_is_low());
	give_back_to(0);
}

static int
setup(void **state)
{
	(void)state;
	if (test_eal_init("0@0") != 0)
		return -1;
	rte_log_set_global_level(RTE_LOG_NOTICE);
	rte_log_set_level(log_core, RTE_LOG_NOTICE);
	said.stream = open_memstream(&said.text, &said.size);
	return said.stream == NULL ? -1 : rte_openlog_stream(said.stream);
}

static int
teardown(void **state)
{
	(void)state;
	pool_fini();
	rte_openlog_stream(NULL);
	fclose(said.stream);
	free(said.text);
	return test_eal_fini();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_said_before_there_is_a_pool),
		cmocka_unit_test(a_pool_that_runs_dry_is_told_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
