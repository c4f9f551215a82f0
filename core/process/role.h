/* SPDX-License-Identifier: BSD-3-Clause */
/* The steps of starting a process that differ by its role.  [main] */
#ifndef ROLE_H
#define ROLE_H

#include <stdbool.h>

#include "config.h"
#include "process.h"

struct event_base;

/* Make packet buffers and rings; a secondary enters the registry and finds those of the primary.
 * options and config are borrowed until role_stop_memory().  -errno with fail(). */
int role_start_memory(const struct process_options *options, const struct config *config);
void role_stop_memory(void);

/* Open the ports that plugins list; the primary makes the registry and publishes its ports there.
 * Undone by port_fini().  -errno with fail(). */
int role_start_ports(void);

/* Notice the death of secondaries, or that of the primary.  -errno with fail(). */
int role_start_watch(struct event_base *base);
void role_stop_watch(void);

/* True, with a line in the log, when secondaries still use what this primary made. */
bool role_has_users(void);

#endif
