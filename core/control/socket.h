/* SPDX-License-Identifier: BSD-3-Clause */
/* The local unix socket: newline-framed commands from several clients at a time.  [main] */
#ifndef SOCKET_H
#define SOCKET_H

#include <stdbool.h>

struct event_base;

/* Clients served at a time; one more is told so and disconnected. */
#define SOCKET_CLIENTS_MAX 64

/* Listen on path, owner-only.  A stale socket file is replaced; one that somebody serves, or a
 * file that is no socket, is refused.  The process ignores SIGPIPE.  -errno with fail(). */
int socket_init(struct event_base *base, const char *path);

/* Take no more requests; true once every reply has gone out. */
bool socket_drain(void);

/* Close the clients, remove the file if it is still ours. */
void socket_fini(void);

#endif
