/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * [main] that does not come back from a command or from a function of a plugin.  A thread of its
 * own looks, so that the log names the culprit and a signal still ends the process.
 */
#ifndef MAIN_WATCH_H
#define MAIN_WATCH_H

#include <stdint.h>

#include "process.h"

/* How long a call may last before the log names it, ms; said once, and again when it is over. */
extern uint32_t main_watch_hang_ms; /* 1000 */
/* How long after SIGINT or SIGTERM [main] may be inside of one call before the process leaves
 * without it, ms. */
extern uint32_t main_watch_leave_ms; /* 5000 */

/* Start and stop the thread.  -errno with fail().  From start to stop the thread may end the
 * process with status 1.  [main] */
int main_watch_start(const char *program, enum process_role role);
void main_watch_stop(void);

#endif
