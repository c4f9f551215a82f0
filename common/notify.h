/* SPDX-License-Identifier: BSD-3-Clause */
/* Telling a service manager how we are. */
#ifndef NOTIFY_H
#define NOTIFY_H

/* Send a state such as `READY=1` to the socket named by NOTIFY_SOCKET, if there is one. */
void notify(const char *state);

#endif
