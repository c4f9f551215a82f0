/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A listening unix socket and its file.  A stale file is replaced; a socket that a process serves,
 * or a file that is no socket, is refused and left alone.
 */
#ifndef SOCKET_FILE_H
#define SOCKET_FILE_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/un.h>

struct socket_file {
	struct sockaddr_un address; /* path "" while there is no file */
	dev_t dev;                  /* identity of the file that bind() made */
	ino_t ino;
};

/* Listen on path with a file for the owner only.  Returns the non-blocking socket, or -errno with a
 * sentence in error, which names --socket as the way to another path; file->address has no path
 * then. */
int socket_file_listen(struct socket_file *file, const char *path, char *error, size_t size);

/* Remove the file if it is still the one that socket_file_listen() made. */
void socket_file_remove(struct socket_file *file);

#endif
