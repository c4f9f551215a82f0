/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How many packet buffers are left, looked at now and then.  [main]
 *
 * Buffers that a worker keeps in its cache are not left for others, so they do not count.
 */
#ifndef POOL_LEVEL_H
#define POOL_LEVEL_H

#include <stdbool.h>

/* The pool is low when less than the first share of its buffers is left, and again in order when
 * more than the second share is left; percent. */
#define POOL_LEVEL_LOW 10
#define POOL_LEVEL_IN_ORDER 20

/* Look at the pool, if there is one; say in the log when the pool has become low, and when it is in
 * order again.  Called about once a second. */
void pool_level_look(void);

/* True if the pool was low at the last look. */
bool pool_level_is_low(void);

#endif
