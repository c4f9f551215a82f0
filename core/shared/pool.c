/* SPDX-License-Identifier: BSD-3-Clause */
/* The pool of packet buffers of the panel: its owner makes the pool, everybody uses it. */

#include <errno.h>

#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include <spp/plugin.h>

#include "error.h"
#include "log.h"
#include "pool.h"

/* The default handler, and the plain stack, hang every user of the pool when a process dies inside
 * them. */
#define POOL_OPS "lf_stack"

static struct {
	struct rte_mempool *pool;
	bool is_guest; /* the pool is the primary's: not to be freed here */
} owned;

static unsigned int
megabytes(unsigned int nb_mbufs)
{
	struct rte_mempool_objsz size;

	rte_mempool_calc_obj_size(sizeof(struct rte_mbuf) + RTE_MBUF_DEFAULT_BUF_SIZE, 0, &size);
	return ((uint64_t)nb_mbufs * size.total_size >> 20) + 1;
}

int
pool_init(unsigned int nb_mbufs)
{
	owned.pool =
		rte_pktmbuf_pool_create_by_ops(SPP_MBUF_POOL_NAME, nb_mbufs, POOL_CACHE_SIZE, 0,
					       RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY, POOL_OPS);
	if (owned.pool != NULL)
		return 0;
	switch (rte_errno) {
	case ENOMEM:
		return fail(-ENOMEM,
			    "mbufs: %u packet buffers need about %u MB, which DPDK does not have; "
			    "set mbufs lower, or give it more memory: -m MB with --no-huge, else "
			    "more hugepages",
			    nb_mbufs, megabytes(nb_mbufs));
	case EINVAL:
		return fail(-EINVAL, "mbufs: %u is too small for a pool with a cache of %u",
			    nb_mbufs, POOL_CACHE_SIZE);
	case ENOENT:
		return fail(-ENOENT, "mbufs: this DPDK has no mempool handler '" POOL_OPS
				     "'; install librte-mempool-stack");
	default:
		return fail(-rte_errno, "mbufs: cannot create the pool: %s",
			    rte_strerror(rte_errno));
	}
}

struct rte_mempool *
pool_get(void)
{
	return owned.pool;
}

int
pool_attach(void)
{
	owned.pool = rte_mempool_lookup(SPP_MBUF_POOL_NAME);
	if (owned.pool == NULL)
		return fail(-ENOENT, "the primary has no pool of packet buffers");
	owned.is_guest = true;
	return 0;
}

void
pool_forget_cache(unsigned int lcore)
{
	struct rte_mempool_cache *cache = rte_mempool_default_cache(owned.pool, lcore);

	/* The last entries of the cache may be stale: the cache counts them before it writes them.
	 * The mbufs in the cache are lost. */
	if (cache != NULL)
		cache->len = 0;
}

void
pool_fini(void)
{
	if (owned.pool != NULL && !owned.is_guest) {
		if (rte_mempool_in_use_count(owned.pool) > 0)
			log_info("mbufs: %u are still in use",
				 rte_mempool_in_use_count(owned.pool));
		rte_mempool_free(owned.pool);
	}
	owned.pool = NULL;
	owned.is_guest = false;
}
