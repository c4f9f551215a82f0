/* SPDX-License-Identifier: BSD-3-Clause */
/* A listening unix socket and its file. */

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "listener.h"
#include "refuse.h"
#include "socket_file.h"

#define LOCK_WAIT_MS 2000
#define LOCK_POLL_MS 10

/* 0 when no process listens at the path. */
static int
check_is_dead(const struct socket_file *file, char *error, size_t size)
{
	const char *path = file->address.sun_path;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc;

	if (fd < 0)
		return refuse(error, size, -errno, "socket %s: %s", path, strerror(errno));
	rc = connect(fd, (const struct sockaddr *)&file->address, sizeof(file->address)) == 0
		     ? 0
		     : errno;
	close(fd);
	if (rc == ECONNREFUSED || rc == ENOENT)
		return 0;
	if (rc == 0 || rc == EAGAIN)
		return refuse(error, size, -EADDRINUSE,
			      "socket %s: another process serves it; stop that one or choose "
			      "another path with --socket",
			      path);
	return refuse(error, size, -rc, "socket %s: cannot tell whether it is in use: %s", path,
		      strerror(rc));
}

static int
remove_stale(const struct socket_file *file, char *error, size_t size)
{
	const char *path = file->address.sun_path;
	struct stat st;
	int rc;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0
				       : refuse(error, size, -errno, "socket %s: %s", path,
						strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return refuse(error, size, -EEXIST,
			      "socket %s: there is a file of that name that is no socket; remove "
			      "it or choose another path with --socket",
			      path);
	rc = check_is_dead(file, error, size);
	if (rc == 0 && unlink(path) != 0 && errno != ENOENT)
		rc = refuse(error, size, -errno, "socket %s: cannot remove the stale file: %s",
			    path, strerror(errno));
	return rc;
}

/* Make the socket file; from its first moment on only the owner can use it. */
static int
bind_file(struct socket_file *file, int fd, char *error, size_t size)
{
	const char *path = file->address.sun_path;
	mode_t mask = umask(0177);
	int rc = bind(fd, (const struct sockaddr *)&file->address, sizeof(file->address));
	struct stat st;

	rc = rc == 0 ? 0 : -errno;
	umask(mask);
	if (rc != 0)
		return refuse(error, size, rc, "socket %s: cannot create it: %s", path,
			      strerror(-rc));
	if (lstat(path, &st) != 0 || listen(fd, LISTENER_BACKLOG) != 0) {
		rc = refuse(error, size, -errno, "socket %s: cannot listen: %s", path,
			    strerror(errno));
		unlink(path);
		return rc;
	}
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	return 0;
}

/* Another process that starts holds the lock for a moment only. */
static bool
lock_in_time(int fd)
{
	const struct timespec poll = {.tv_nsec = LOCK_POLL_MS * 1000000L};

	for (unsigned int waited_ms = 0; flock(fd, LOCK_EX | LOCK_NB) != 0;
	     waited_ms += LOCK_POLL_MS) {
		if (errno != EWOULDBLOCK || waited_ms >= LOCK_WAIT_MS)
			return false;
		nanosleep(&poll, NULL);
	}
	return true;
}

/* Lock the directory: of two processes that start at the same time only one replaces a stale file;
 * the other is refused.  Returns its file descriptor. */
static int
lock_directory(const char *path, char *error, size_t size)
{
	char copy[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	const char *dir;
	int fd, rc;

	snprintf(copy, sizeof(copy), "%s", path);
	dir = dirname(copy);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return refuse(error, size, -errno,
			      "socket %s: cannot open directory %s: %s; choose another path with "
			      "--socket",
			      path, dir, strerror(errno));
	if (lock_in_time(fd))
		return fd;
	rc = refuse(error, size, -errno, "socket %s: directory %s is locked: %s", path, dir,
		    errno == EWOULDBLOCK ? "another process starts there; try again"
					 : strerror(errno));
	close(fd);
	return rc;
}

static int
open_file(struct socket_file *file, char *error, size_t size)
{
	const char *path = file->address.sun_path;
	int lock = lock_directory(path, error, size);
	int fd = -1;
	int rc;

	if (lock < 0)
		return lock;
	rc = remove_stale(file, error, size);
	if (rc != 0)
		goto out;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		rc = refuse(error, size, -errno, "socket %s: %s", path, strerror(errno));
		goto out;
	}
	rc = bind_file(file, fd, error, size);
	if (rc != 0)
		close(fd);
out:
	close(lock);
	return rc == 0 ? fd : rc;
}

int
socket_file_listen(struct socket_file *file, const char *path, char *error, size_t size)
{
	int fd;

	*file = (struct socket_file){.address.sun_family = AF_UNIX};
	if (*path == '\0' || strlen(path) >= sizeof(file->address.sun_path))
		return refuse(error, size, -ENAMETOOLONG, "socket %s: a path has 1 to %zu bytes",
			      path, sizeof(file->address.sun_path) - 1);
	snprintf(file->address.sun_path, sizeof(file->address.sun_path), "%s", path);
	fd = open_file(file, error, size);
	if (fd < 0)
		file->address.sun_path[0] = '\0';
	return fd;
}

void
socket_file_remove(struct socket_file *file)
{
	const char *path = file->address.sun_path;
	struct stat st;

	if (path[0] != '\0' && lstat(path, &st) == 0 && st.st_dev == file->dev &&
	    st.st_ino == file->ino)
		unlink(path);
	file->address.sun_path[0] = '\0';
}
