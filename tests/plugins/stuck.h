/* SPDX-License-Identifier: BSD-3-Clause */
/* The switch of the component `stuck`, for tests: plugin->table.get_extension(STUCK_EXT). */
#ifndef STUCK_H
#define STUCK_H

#include <stdint.h>

#define STUCK_EXT "test.stuck/1"

struct stuck_ext {
	uint32_t size;
	uint32_t reserved0;

	void (*hold)(void);    /* the next burst does not return from process() ... */
	void (*release)(void); /* ... until this */
	int (*is_held)(void);  /* non-zero while a worker is inside process() and held */
};

#endif
