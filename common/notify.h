/* SPDX-License-Identifier: BSD-3-Clause */
/* Tell a service manager the state of this process. */
#ifndef NOTIFY_H
#define NOTIFY_H

/* Send a state such as `READY=1` to the socket that NOTIFY_SOCKET names, if the variable is set. */
void notify(const char *state);

#endif
