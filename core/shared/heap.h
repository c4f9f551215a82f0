/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Does DPDK's memory allocator still work?  Its locks lie in shared memory, and the lock of a
 * process that has died inside stays locked for ever: whoever allocates, or starts, then waits
 * without a word.  The primary tries the locks once a second, in a thread that may block.
 */
#ifndef HEAP_H
#define HEAP_H

#include <stdbool.h>
#include <stdint.h>

struct event_base;

/* How long a lock may be locked before its holder is taken for dead, in steps of 100 ms in which
 * this process ran.  The locks are held for microseconds, seconds where much memory is mapped. */
extern uint32_t heap_limit_steps; /* 80 */

/* Primary: begin.  on_stuck() is called once, when a lock is not released in time.  If [main] is
 * blocked itself, the process says so on stderr and ends with status 1.  -errno with fail().
 * [main] */
int heap_watch(struct event_base *base, const char *program, void (*on_stuck)(void));
void heap_unwatch(void);

/* True from on_stuck() on.  [main] */
bool heap_is_stuck(void);

/* What has happened, and what to do: a sentence. */
const char *heap_why_stuck(void);

#endif
