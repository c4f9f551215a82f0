/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What [main] is inside of, for those who look from outside when it does not come back or crashes:
 * the command, and in it the function of a plugin.
 */
#ifndef ACTIVITY_H
#define ACTIVITY_H

#include <stdbool.h>
#include <stdint.h>

/* How deep calls nest: a command, a verb of a plugin, and room for one more. */
#define ACTIVITY_DEPTH 3
#define ACTIVITY_TEXT_SIZE 192

struct activity {
	uint64_t id;       /* of the outermost call: no two have the same */
	uint64_t since_ns; /* CLOCK_MONOTONIC, when the outermost call began */
	unsigned int depth;
	bool is_whole; /* false: [main] wrote all the while, texts of two calls may be mixed */
	/* The outermost first: `command 'status'`, `create() of plugin NAME for component 'c'`. */
	char text[ACTIVITY_DEPTH][ACTIVITY_TEXT_SIZE];
};

/* [main] is about to call what the text says, and is back.  Control characters in the text become
 * `?`.  Each enter has its leave.  [main] */
void activity_enter(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void activity_leave(void);

/* Copy what [main] is inside of; false with depth 0 when it is inside of nothing.  Takes no lock
 * and never waits for [main], so that a signal handler on any thread may call it.  Every text ends
 * with NUL, whole or not.  [any] */
bool activity_read(struct activity *out);

/* The clock of since_ns. */
uint64_t activity_clock_ns(void);

#endif
