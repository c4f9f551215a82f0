/* SPDX-License-Identifier: BSD-3-Clause */
/* How many packet buffers are left, looked at now and then. */

#include <stdint.h>

#include <rte_common.h>
#include <rte_lcore.h>
#include <rte_mempool.h>

#include "log.h"
#include "pool_level.h"
#include "pool.h"

static struct {
	bool is_low;
} level;

bool
pool_level_is_low(void)
{
	return level.is_low;
}

/* Workers change their caches meanwhile, so the two sums need not agree. */
static unsigned int
count_left(const struct rte_mempool *pool)
{
	unsigned int nb_free = rte_mempool_avail_count(pool), nb_cached = 0;

	for (unsigned int l = 0; pool->cache_size > 0 && l < RTE_MAX_LCORE; l++)
		nb_cached += pool->local_cache[l].len;
	return nb_free - RTE_MIN(nb_free, nb_cached);
}

void
pool_level_look(void)
{
	const struct rte_mempool *pool = pool_get();
	unsigned int nb_left;
	uint64_t percent;

	if (pool == NULL) {
		level.is_low = false;
		return;
	}
	nb_left = count_left(pool);
	percent = UINT64_C(100) * nb_left / pool->size;
	if (!level.is_low && percent < POOL_LEVEL_LOW) {
		level.is_low = true;
		log_warning("mbufs: %u of %u packet buffers are left; frames will be lost when "
			    "there are none, so set mbufs higher where the pool is made",
			    nb_left, pool->size);
	} else if (level.is_low && percent > POOL_LEVEL_IN_ORDER) {
		level.is_low = false;
		log_notice("mbufs: %u of %u packet buffers are left: enough again", nb_left,
			   pool->size);
	}
}
