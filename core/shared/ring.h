/* SPDX-License-Identifier: BSD-3-Clause */
/* What the owner of the shared memory provides to everybody: the mbuf pool and numbered rings. */
#ifndef RING_H
#define RING_H

#include <rte_mempool.h>
#include <stdbool.h>
#include <stdint.h>

#include <spp/plugin.h>
#include <spp/ring.h>

#define RING_MAX 256
#define RING_SIZE_DEFAULT 1024
#define RING_SIZE_MAX (1u << 30)
#define RING_NAME_FORMAT SPP_RING_NAME_FORMAT
#define MBUF_CACHE_SIZE 32

/* Create one ring of size slots, for whoever looks its name up.  -errno with fail(). [main] */
int ring_create(unsigned int id, uint32_t size, struct spp_ring **ring);
/* Free a ring that nobody uses any more; packets left in the ring go back to their pool. [main] */
void ring_destroy(unsigned int id, struct spp_ring *ring);

/* Create rings 0..nb-1 of size slots (a power of two).  -errno with fail(). [main] */
int ring_init(unsigned int nb, unsigned int size);

/* Create the pool of nb mbufs, lf_stack: a process that dies inside it blocks nobody.
 * -errno with fail(), which names what to change. [main] */
int ring_pool_init(unsigned int nb_mbufs);

/* Secondary: find the pool and the nb rings that the primary made.  -errno with fail(). [main] */
int ring_attach(unsigned int nb);

/* The pool; NULL before the pool exists. */
struct rte_mempool *ring_pool(void);

/* Free rings and pool; packets left in rings go back to the pool first.  [main] */
void ring_fini(void);

/* Number of rings. */
unsigned int ring_nb(void);

/* Empty the pool's cache of an lcore whose worker has died: the content of that cache is not to be
 * trusted.  [main] */
void ring_forget_cache(unsigned int lcore);

#endif
