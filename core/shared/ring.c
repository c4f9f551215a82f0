/* SPDX-License-Identifier: BSD-3-Clause */
/* What the owner of the shared memory provides to everybody: the mbuf pool and numbered rings. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_memzone.h>
#include <rte_mempool.h>

#include <spp/ring.h>

#include "error.h"
#include "log.h"
#include "ring.h"
#include "res_uid.h"

/* The default handler, and the plain stack, hang every user of the pool when a process dies inside
 * them. */
#define POOL_OPS "lf_stack"

static struct {
	struct rte_mempool *pool;
	struct spp_ring *rings[RING_MAX];
	unsigned int nb;
	bool is_guest; /* pool and rings are the primary's: not to be freed here */
} owned;

/* Rings */

int
ring_create(unsigned int id, uint32_t size, struct spp_ring **ring)
{
	char name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;

	snprintf(name, sizeof(name), RING_NAME_FORMAT, id);
	zone = rte_memzone_reserve_aligned(name, spp_ring_bytes(size), SOCKET_ID_ANY, 0,
					   RTE_CACHE_LINE_SIZE);
	if (zone != NULL) {
		*ring = zone->addr;
		spp_ring_init(*ring, size);
		return 0;
	}
	if (rte_errno == ENOMEM)
		return fail(-ENOMEM,
			    "ring:%u: no memory for %u slots (%zu KB); set rings or ring_size "
			    "lower, or give DPDK more memory with -m",
			    id, size, spp_ring_bytes(size) / 1024);
	return fail(-rte_errno, "ring:%u: cannot create it: %s", id, rte_strerror(rte_errno));
}

void
ring_destroy(unsigned int id, struct spp_ring *ring)
{
	char name[RTE_MEMZONE_NAMESIZE];
	struct rte_mbuf *pkt;

	while (spp_ring_take(ring, &pkt, 1) == 1)
		rte_pktmbuf_free(pkt);
	snprintf(name, sizeof(name), RING_NAME_FORMAT, id);
	rte_memzone_free(rte_memzone_lookup(name));
}

static void
ring_destroy_all(void)
{
	while (owned.nb > 0) {
		owned.nb--;
		ring_destroy(owned.nb, owned.rings[owned.nb]);
	}
}

int
ring_init(unsigned int nb, unsigned int size)
{
	if (nb > RING_MAX)
		return fail(-EINVAL, "rings: %u is more than %u", nb, RING_MAX);
	if (size < 2 || (size & (size - 1)) != 0 || size > RING_SIZE_MAX)
		return fail(-EINVAL, "ring_size: %u is not a power of two from 2 to %u", size,
			    RING_SIZE_MAX);
	for (unsigned int id = 0; id < nb; id++) {
		int rc = ring_create(id, size, &owned.rings[id]);

		if (rc != 0) {
			ring_destroy_all();
			return rc;
		}
		owned.nb++;
	}
	return 0;
}

unsigned int
ring_nb(void)
{
	return owned.nb;
}

/* Pool */

static unsigned int
pool_megabytes(unsigned int nb_mbufs)
{
	struct rte_mempool_objsz size;

	rte_mempool_calc_obj_size(sizeof(struct rte_mbuf) + RTE_MBUF_DEFAULT_BUF_SIZE, 0, &size);
	return ((uint64_t)nb_mbufs * size.total_size >> 20) + 1;
}

int
ring_pool_init(unsigned int nb_mbufs)
{
	owned.pool =
		rte_pktmbuf_pool_create_by_ops(SPP_MBUF_POOL_NAME, nb_mbufs, MBUF_CACHE_SIZE, 0,
					       RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY, POOL_OPS);
	if (owned.pool != NULL)
		return 0;
	switch (rte_errno) {
	case ENOMEM:
		return fail(-ENOMEM,
			    "mbufs: %u packet buffers need about %u MB, which DPDK does not have; "
			    "set mbufs lower, or give it more memory: -m MB with --no-huge, else "
			    "more hugepages",
			    nb_mbufs, pool_megabytes(nb_mbufs));
	case EINVAL:
		return fail(-EINVAL, "mbufs: %u is too small for a pool with a cache of %u",
			    nb_mbufs, MBUF_CACHE_SIZE);
	case ENOENT:
		return fail(-ENOENT, "mbufs: this DPDK has no mempool handler '" POOL_OPS
				     "'; install librte-mempool-stack");
	default:
		return fail(-rte_errno, "mbufs: cannot create the pool: %s",
			    rte_strerror(rte_errno));
	}
}

struct rte_mempool *
ring_pool(void)
{
	return owned.pool;
}

int
ring_attach(unsigned int nb)
{
	owned.pool = rte_mempool_lookup(SPP_MBUF_POOL_NAME);
	if (owned.pool == NULL)
		return fail(-ENOENT, "the primary has no pool of packet buffers");
	owned.is_guest = true;
	owned.nb = nb;
	return 0;
}

/* Death of others */

void
ring_forget_cache(unsigned int lcore)
{
	struct rte_mempool_cache *cache = rte_mempool_default_cache(owned.pool, lcore);

	/* The last entries of the cache may be stale: the cache counts them before it writes them.
	 * The mbufs in the cache are lost. */
	if (cache != NULL)
		cache->len = 0;
}

void
ring_fini(void)
{
	if (owned.is_guest) {
		owned.pool = NULL;
		owned.nb = 0;
		return;
	}
	ring_destroy_all();
	if (owned.pool == NULL)
		return;
	if (rte_mempool_in_use_count(owned.pool) > 0)
		log_info("mbufs: %u are still in use", rte_mempool_in_use_count(owned.pool));
	rte_mempool_free(owned.pool);
	owned.pool = NULL;
}
