/* SPDX-License-Identifier: BSD-3-Clause */
/* The numbered rings of the panel, between components and between processes. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_memzone.h>

#include <spp/ring.h>

#include "error.h"
#include "rings.h"

static struct {
	struct spp_ring *rings[RINGS_MAX];
	unsigned int nb;
	bool is_guest; /* the rings are the primary's: not to be freed here */
} owned;

int
rings_make_one(unsigned int id, uint32_t size, struct spp_ring **ring)
{
	char name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;

	snprintf(name, sizeof(name), SPP_RING_NAME_FORMAT, id);
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
rings_free_one(unsigned int id, struct spp_ring *ring)
{
	char name[RTE_MEMZONE_NAMESIZE];
	struct rte_mbuf *pkt;

	while (spp_ring_take(ring, &pkt, 1) == 1)
		rte_pktmbuf_free(pkt);
	snprintf(name, sizeof(name), SPP_RING_NAME_FORMAT, id);
	rte_memzone_free(rte_memzone_lookup(name));
}

static void
free_all(void)
{
	while (owned.nb > 0) {
		owned.nb--;
		rings_free_one(owned.nb, owned.rings[owned.nb]);
	}
}

int
rings_init(unsigned int nb, unsigned int size)
{
	if (nb > RINGS_MAX)
		return fail(-EINVAL, "rings: %u is more than %u", nb, RINGS_MAX);
	if (size < 2 || (size & (size - 1)) != 0 || size > RINGS_SIZE_MAX)
		return fail(-EINVAL, "ring_size: %u is not a power of two from 2 to %u", size,
			    RINGS_SIZE_MAX);
	for (unsigned int id = 0; id < nb; id++) {
		int rc = rings_make_one(id, size, &owned.rings[id]);

		if (rc != 0) {
			free_all();
			return rc;
		}
		owned.nb++;
	}
	return 0;
}

unsigned int
rings_nb(void)
{
	return owned.nb;
}

void
rings_attach(unsigned int nb)
{
	owned.nb = nb;
	owned.is_guest = true;
}

void
rings_fini(void)
{
	if (!owned.is_guest)
		free_all();
	owned.nb = 0;
	owned.is_guest = false;
}
