/* SPDX-License-Identifier: BSD-3-Clause */
/* The numbered rings of the panel, between components and between processes.  [main] */
#ifndef RINGS_H
#define RINGS_H

#include <stdint.h>

#include <spp/plugin.h>
#include <spp/ring.h>

#define RINGS_MAX 256
#define RINGS_SIZE_DEFAULT 1024
#define RINGS_SIZE_MAX (1u << 30)

/* Create rings 0..nb-1 of size slots (a power of two).  -errno with fail(). */
int rings_init(unsigned int nb, unsigned int size);

/* Secondary: use the nb rings that the primary made. */
void rings_attach(unsigned int nb);

/* Free the rings, if this process made them; packets left in rings go back to their pool. */
void rings_fini(void);

/* Number of rings. */
unsigned int rings_nb(void);

/* Create one ring of size slots, for whoever looks its name up; rings_fini() does not know it.
 * -errno with fail(). */
int rings_make_one(unsigned int id, uint32_t size, struct spp_ring **ring);
/* Free a ring that nobody uses any more; packets left in the ring go back to their pool. */
void rings_free_one(unsigned int id, struct spp_ring *ring);

#endif
