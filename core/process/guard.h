/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A secondary takes locks in the memory of its primary, while it starts and later.  When the holder
 * of one has died, DPDK waits for it for ever, without a word, and [main] with it.  The primary
 * notices that and ends (heap.h); a thread of the secondary then ends the secondary.
 */
#ifndef GUARD_H
#define GUARD_H

struct event_base;

/* From now on the process says so and ends with status 1 when the primary of that runtime directory
 * has gone.  A start that lasts long is said once.  Both strings stay valid until guard_stop().
 * -errno with fail(). [main] */
int guard_start(const char *program, const char *runtime_dir);
void guard_stop(void);

/* While this process starts: -ENOENT with fail() when the primary has gone, the cause behind any
 * other failure. 0 in a process that has no guard. [main] */
int guard_check(void);

/* From now on [main] notices the death of the primary itself: the process ends only if [main] does
 * not come back to its loop any more.  Undone by guard_unserve(): then [main] is on its way out,
 * and has as long for that. -ENOMEM with fail(). [main] */
int guard_serve(struct event_base *base);
void guard_unserve(void);

#endif
