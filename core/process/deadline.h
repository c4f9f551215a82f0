/* SPDX-License-Identifier: BSD-3-Clause */
/* An end for what may block for ever, as a lock in shared memory whose holder has died.  [main] */
#ifndef DEADLINE_H
#define DEADLINE_H

/* If deadline_end() is not called within so many seconds, print the sentence on stderr and end the
 * process with status 1, whatever its threads wait for. */
void deadline_begin(unsigned int seconds, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void deadline_end(void);

#endif
