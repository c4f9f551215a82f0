/* SPDX-License-Identifier: BSD-3-Clause */
/* The event loop of a process.  [main] */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct event_base;

/* From here on the process outlives its terminal, and readers of what it writes: to be called
 * before anything is started. */
void loop_ignore_signals(void);

/* Make the loop.  From here on a signal waits until the loop is asked, so that it interrupts no
 * step of starting half way.  -errno with fail(). */
int loop_start(void);
void loop_stop(void);

/* The loop itself, NULL before loop_start(). */
struct event_base *loop_base(void);

/* Handle what has happened meanwhile, without waiting; true if the process was told to end. */
bool loop_is_leaving(void);

/* Serve commands until loop_leave(), SIGINT or SIGTERM, then let the last replies go out.  0 or
 * -errno with fail(). */
int loop_run(void);

/* Leave loop_run() after the reply being written has gone out. */
void loop_leave(void);

/* The same, but loop_run() returns -ECANCELED with that sentence in fail(). */
void loop_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* When the first SIGINT or SIGTERM came, on the clock of activity_clock_ns(); 0: none has come.
 * Further ones change nothing. [any] */
uint64_t loop_told_ns(void);

/* True from the begin of loop_run() to its end. [any] */
bool loop_is_serving(void);

#endif
