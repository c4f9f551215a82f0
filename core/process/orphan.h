/* SPDX-License-Identifier: BSD-3-Clause */
/* A secondary whose primary has gone.  [main] */
#ifndef ORPHAN_H
#define ORPHAN_H

struct event_base;

/* From now on the panel is closed, and every status and reply says why.  The process leaves its
 * loop with a failure when a new primary asks for that, or after grace_s seconds, 0: never. */
void orphan_begin(struct event_base *base, unsigned int grace_s);
void orphan_end(void);

#endif
