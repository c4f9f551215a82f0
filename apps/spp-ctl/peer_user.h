/* SPDX-License-Identifier: BSD-3-Clause */
/* Which user of this machine has the other end of a connection. */
#ifndef PEER_USER_H
#define PEER_USER_H

#include <sys/types.h>

/* The user at the other end of the connected socket fd.  Of a unix socket it is the user who
 * connected it.  Of a TCP socket it is the user who owns the socket at the other end, as the kernel
 * tells by sock_diag.  0; -ENOENT when no socket of this network namespace is the other end: the
 * peer is remote, or has closed its socket already; another -errno when the kernel does not tell.
 */
int peer_user(int fd, uid_t *user);

#endif
