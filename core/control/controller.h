/* SPDX-License-Identifier: BSD-3-Clause */
/* The connection to spp-ctl: made for ever again, whoever restarts.  [main] */
#ifndef CONTROLLER_H
#define CONTROLLER_H

#include <stdint.h>

struct event_base;

/* Connect to host:port, in the background; no controller is no error.  -errno with fail(). */
int controller_init(struct event_base *base, const char *host, uint16_t port);
void controller_fini(void);

/* True when every reply has gone to the kernel; stops taking requests. */
int controller_drain(void);

/* `connected`, `connecting to HOST:PORT`, or NULL when there is to be none. */
const char *controller_state(void);

#endif
