/* SPDX-License-Identifier: BSD-3-Clause */
/* The pool of packet buffers of the panel: its owner makes the pool, everybody uses it. */
#ifndef POOL_H
#define POOL_H

#include <rte_mempool.h>

#define POOL_CACHE_SIZE 32

/* Create the pool of nb mbufs, lf_stack: a process that dies inside it blocks nobody.
 * -errno with fail(), which names what to change. [main] */
int pool_init(unsigned int nb_mbufs);

/* Secondary: find the pool that the primary made.  -errno with fail(). [main] */
int pool_attach(void);

/* The pool; NULL before the pool exists. */
struct rte_mempool *pool_get(void);

/* Free the pool, if this process made it.  [main] */
void pool_fini(void);

/* Empty the pool's cache of an lcore whose worker has died: the content of that cache is not to be
 * trusted.  [main] */
void pool_forget_cache(unsigned int lcore);

#endif
