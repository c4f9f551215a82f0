/* SPDX-License-Identifier: BSD-3-Clause */
/* The unix socket of REST clients: where it is, and who may open it. */
#ifndef REST_SOCKET_H
#define REST_SOCKET_H

#include <stddef.h>

struct ctl_options;

/* Listen on the socket that the options describe, or on the default path.  Owner and group of the
 * socket are admitted from then on.  Returns the socket, or -errno with a sentence in error. */
int rest_socket_open(const struct ctl_options *options, char *error, size_t size);

/* The path; "" while there is no socket. */
const char *rest_socket_path(void);

/* Remove the file if it is still the one that was made. */
void rest_socket_remove(void);

#endif
