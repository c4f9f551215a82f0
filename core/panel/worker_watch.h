/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Workers that do not come back from a component.  The worker counts its passes for RCU anyway:
 * this file asks that counter, so that the data path does nothing more.  [main]
 */
#ifndef WORKER_WATCH_H
#define WORKER_WATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Look at every worker; one that became stuck, or came back, is said in the log.  Called from the
 * event loop about once a second. */
void worker_watch(void);

/* True if the worker of that lcore has not finished a pass for lcore_quiesce_ms or longer.  Looks,
 * so that a worker is known as stuck after two calls with that time between them. */
bool worker_is_stuck(unsigned int lcore);

/* The components that this worker runs, one of which holds it: `component 'cls' of plugin NAME`,
 * with a comma between several.  Returns out. */
char *worker_describe(unsigned int lcore, char *out, size_t size);

#endif
