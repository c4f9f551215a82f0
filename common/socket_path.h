/* SPDX-License-Identifier: BSD-3-Clause */
/* The default path of a process's socket, and its directory. */
#ifndef SOCKET_PATH_H
#define SOCKET_PATH_H

#include <stddef.h>

#define SOCKET_PATH_SIZE 256

/* `<dir>/<name of the process>.sock`, or `<dir>/<name of the process>.<prefix>.sock` for a panel
 * with a file prefix of its own (NULL: none); dir is /run/spp for root, else $XDG_RUNTIME_DIR/spp,
 * else /tmp/spp-<user id>.  Returns out. */
char *socket_path_default(const char *process_name, const char *prefix, char *out, size_t size);

/* Make the directory of the default path; only the owner may put files there.  -errno with a
 * sentence in error. */
int socket_path_prepare(const char *socket_path, char *error, size_t size);

#endif
