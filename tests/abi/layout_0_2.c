/* SPDX-License-Identifier: BSD-3-Clause */
/* The ABI as 0.2 has it: what 0.2 appended to 0.1. */
#include "layout_0_1.c"

#include <spp/ext/config.h>
#include <spp/ring.h>

#if SPP_ABI_MINOR < 2
#error "this file describes the ABI from 0.2 on"
#endif

/* As FIRST_SIZE(), for a table that 0.2 has made longer. */
#define SECOND_SIZE(table, bytes)                                                                  \
	_Static_assert(SPP_ABI_MINOR > 2 ? sizeof(struct table) >= (bytes)                         \
					 : sizeof(struct table) == (bytes),                        \
		       #table " has another size, SPP_ABI_MINOR is the same")

SECOND_SIZE(spp_host, 192);
SECOND_SIZE(spp_verb, 24);
SECOND_SIZE(spp_plugin, 56);
SECOND_SIZE(spp_port_ops, 72);
FROZEN(spp_port_ops, get_nombuf, 64, int (*)(void *, uint64_t *));

/* In shared memory, so programs and plugins of one panel must agree. */
FROZEN_SIZE(spp_ring_side, 128);
FROZEN(spp_ring_side, index, 0, uint32_t);
FROZEN(spp_ring_side, seen, 4, uint32_t);
FROZEN_SIZE(spp_ring, 384);
FROZEN(spp_ring, size, 0, uint32_t);
FROZEN(spp_ring, put, 128, struct spp_ring_side);
FROZEN(spp_ring, take, 256, struct spp_ring_side);

/* <spp/ext/config.h> */

FROZEN_VALUE(SPP_CONFIG_LARGE, 1);

_Static_assert(_Generic((spp_config_emit)0, int (*)(void *, const char *) : 1, default : 0),
	       "spp_config_emit has another type");

SECOND_SIZE(spp_config_ext, 24);
FROZEN(spp_config_ext, size, 0, uint32_t);
FROZEN(spp_config_ext, flags, 4, uint32_t);
FROZEN(spp_config_ext, process_config, 8, int (*)(spp_config_emit, void *));
FROZEN(spp_config_ext, instance_config, 16, int (*)(void *, spp_config_emit, void *));
