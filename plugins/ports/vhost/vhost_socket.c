/* SPDX-License-Identifier: BSD-3-Clause */
/* The file of a vhost-user socket: whether the path is free, who may use it, how it is removed; and
 * how long peers may take. */

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <rte_vhost.h>

#include <spp/plugin.h>

#include "vhost_socket.h"

/* Peers send each message in one piece, and read what they asked for. */
#define RECEIVE_LIMIT_MS 100
#define SEND_LIMIT_MS 10

/* The path before the library has it */

static struct sockaddr_un
address_of(const struct vhost_socket *sock)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	memcpy(address.sun_path, sock->path, sizeof(address.sun_path));
	return address;
}

/* 0 or -errno.  The socket is non-blocking, so that a peer with a full backlog does not hold [main]
 * up. */
static int
try_connect(const struct vhost_socket *sock)
{
	struct sockaddr_un address = address_of(sock);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int ret;

	if (fd < 0)
		return -errno;
	ret = connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

/* Bind to the path and leave nothing there.  0 or -errno: the library would not say why it cannot
 * bind. */
static int
try_bind(const struct vhost_socket *sock)
{
	struct sockaddr_un address = address_of(sock);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int ret;

	if (fd < 0)
		return -errno;
	ret = bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
	if (ret == 0)
		unlink(sock->path);
	close(fd);
	return ret;
}

/* Remove a socket that a process left behind when it died, and nothing else. */
static int
remove_stale(const struct vhost_socket *sock)
{
	int ret = try_connect(sock);

	if (ret == 0 || ret == -EAGAIN)
		return spp_host->fail(spp_host, -EADDRINUSE,
				      "vhost:%u: another process serves %s; stop it or choose "
				      "another path with the option socket",
				      sock->id, sock->path);
	if (ret == -ECONNREFUSED)
		ret = unlink(sock->path) < 0 ? -errno : 0;
	if (ret < 0 && ret != -ENOENT)
		return spp_host->fail(spp_host, ret,
				      "vhost:%u: cannot replace the socket %s: %s; remove it or "
				      "choose another path with the option socket",
				      sock->id, sock->path, strerror(-ret));
	return 0;
}

int
vhost_socket_claim(const struct vhost_socket *sock)
{
	struct stat file;
	bool exists = lstat(sock->path, &file) == 0;
	int ret;

	if (exists && !S_ISSOCK(file.st_mode))
		return spp_host->fail(spp_host, -EEXIST,
				      "vhost:%u: %s exists and is no socket; remove it or choose "
				      "another path with the option socket",
				      sock->id, sock->path);
	if (sock->is_client)
		return 0;
	ret = exists ? remove_stale(sock) : 0;
	if (ret < 0)
		return ret;
	ret = try_bind(sock);
	if (ret < 0)
		return spp_host->fail(spp_host, ret,
				      "vhost:%u: cannot create the socket %s: %s; choose another "
				      "path with the option socket",
				      sock->id, sock->path, strerror(-ret));
	return 0;
}

/* The file that the library makes and removes */

/* 0 or -errno.  Until now only the creator may use the socket, so nobody gets in by a group that
 * the socket is about to leave. */
static int
hand_over(const struct vhost_socket *sock)
{
	int ret = 0;

	if (sock->owner != (uid_t)-1 || sock->group != (gid_t)-1)
		ret = lchown(sock->path, sock->owner, sock->group);
	if (ret == 0 && sock->permissions != 0600)
		ret = chmod(sock->path, sock->permissions);
	return ret < 0 ? -errno : 0;
}

int
vhost_socket_hand_over(struct vhost_socket *sock)
{
	int ret;

	if (sock->is_client)
		return 0;
	ret = lstat(sock->path, &sock->file) < 0 ? -errno : hand_over(sock);
	if (ret < 0)
		return spp_host->fail(spp_host, ret,
				      "vhost:%u: cannot give %s to its owner: %s; only root may "
				      "give it to others",
				      sock->id, sock->path, strerror(-ret));
	return 0;
}

/* The library removes whatever has the path of its socket.  A file at that path which the library
 * did not create is moved aside for that moment. */
void
vhost_socket_unregister(const struct vhost_socket *sock)
{
	char aside[sizeof(sock->path) + 16];
	struct stat file;
	bool is_foreign;

	is_foreign = !sock->is_client && lstat(sock->path, &file) == 0 &&
		     (file.st_ino != sock->file.st_ino || file.st_dev != sock->file.st_dev);
	if (is_foreign) {
		snprintf(aside, sizeof(aside), "%s.%d", sock->path, (int)getpid());
		is_foreign = rename(sock->path, aside) == 0;
	}
	rte_vhost_driver_unregister(sock->path);
	if (is_foreign)
		rename(aside, sock->path);
}

/* Connections */

/* True if the descriptor is a connection of the socket.  The library tells only the path. */
static bool
is_connection(const struct vhost_socket *sock, int fd)
{
	struct sockaddr_un address = {0};
	socklen_t size = sizeof(address);
	int ret;

	if (sock->is_client)
		ret = getpeername(fd, (struct sockaddr *)&address, &size);
	else
		ret = getsockname(fd, (struct sockaddr *)&address, &size);
	return ret == 0 && address.sun_family == AF_UNIX &&
	       strncmp(address.sun_path, sock->path, sizeof(address.sun_path)) == 0;
}

static void
set_limit(int fd, int option, unsigned int limit_ms)
{
	const struct timeval limit = {.tv_usec = limit_ms * 1000};

	setsockopt(fd, SOL_SOCKET, option, &limit, sizeof(limit));
}

/* Connections that have the limits get them again, and so does the socket that listens: both are
 * harmless. */
void
vhost_socket_limit_waits(const struct vhost_socket *sock)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;

	if (dir == NULL) {
		spp_host->log(spp_host, SPP_LOG_WARNING,
			      "vhost:%u: a peer of %s may hold up other peers: /proc/self/fd: %s",
			      sock->id, sock->path, strerror(errno));
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		int fd = (int)strtol(entry->d_name, NULL, 10); /* 0 for `.` and `..` */

		if (!is_connection(sock, fd))
			continue;
		set_limit(fd, SO_RCVTIMEO, RECEIVE_LIMIT_MS);
		set_limit(fd, SO_SNDTIMEO, SEND_LIMIT_MS);
	}
	closedir(dir);
}
