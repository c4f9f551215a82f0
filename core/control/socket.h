/* SPDX-License-Identifier: BSD-3-Clause */
/* The local unix socket: newline-framed commands from several clients at a time.  [main] */
#ifndef SOCKET_H
#define SOCKET_H

#include <stdbool.h>

struct event_base;

/* How many clients are served at a time.  One client more takes the place of the client that has
 * been idle longest; while none is idle, the newcomer is told so and disconnected. */
#define SOCKET_CLIENTS_MAX 64

/* Listen on path, owner-only.  A stale socket file is replaced; a socket that a process serves, or
 * a file that is no socket, is refused.  The process ignores SIGPIPE.  -errno with fail(). */
int socket_init(struct event_base *base, const char *path);

/* Take no more requests; true once every reply has gone out. */
bool socket_drain(void);

/* Close the clients; remove the file if it is still the one that socket_init() made. */
void socket_fini(void);

#endif
