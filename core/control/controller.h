/* SPDX-License-Identifier: BSD-3-Clause */
/* The connection to spp-ctl: made again for ever, whichever side restarts.  [main] */
#ifndef CONTROLLER_H
#define CONTROLLER_H

#include <stdint.h>

struct event_base;

/* Connect to host:port, in the background; no controller is no error.  -errno with fail(). */
int controller_init(struct event_base *base, const char *host, uint16_t port);
void controller_fini(void);

/* Called by a command that refuses what the controller takes for granted: if the controller has
 * sent it, the connection is closed after the reply and made again, for the controller may have
 * forgotten this process. */
void controller_reconnect(void);

/* True when every reply has gone to the kernel; stops taking requests. */
int controller_drain(void);

/* `connected`, `connecting to HOST:PORT`, or NULL when the process has no controller. */
const char *controller_state(void);

#endif
