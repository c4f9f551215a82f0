/* SPDX-License-Identifier: BSD-3-Clause */
/* The local unix socket. */

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "conn.h"
#include "error.h"
#include "log.h"
#include "socket.h"

#define LOCK_WAIT_MS 2000
#define LOCK_POLL_MS 10
#define BACKLOG 64
#define RETRY_S 1

struct client {
	struct client *next;
	struct conn *conn;
};

static struct {
	struct sockaddr_un address;
	dev_t dev; /* identity of the file that bind() made */
	ino_t ino;
	struct evconnlistener *listener;
	struct event *retry; /* accepting again after a failure */
	struct client *clients;
	unsigned int nb_clients;
} server;

/* Clients */

static void
on_closed(struct conn *conn, void *arg)
{
	struct client **link = &server.clients;

	(void)conn;
	while (*link != arg)
		link = &(*link)->next;
	*link = (*link)->next;
	server.nb_clients--;
	free(arg);
}

static void
turn_away(evutil_socket_t fd)
{
	static const char text[] =
		"{\"results\":[{\"result\":\"error\",\"error_details\":{\"message\":"
		"\"error occur: too many clients on this socket; close one first\"}}]}\n";

	send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
	evutil_closesocket(fd);
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address, int len,
	  void *arg)
{
	static const struct conn_limits limits = CONN_LIMITS_LOCAL;
	struct client *client;

	(void)address;
	(void)len;
	(void)arg;
	if (server.nb_clients == SOCKET_CLIENTS_MAX) {
		turn_away(fd);
		return;
	}
	client = calloc(1, sizeof(*client));
	if (client == NULL) {
		turn_away(fd);
		return;
	}
	client->conn =
		conn_create(evconnlistener_get_base(listener), fd, &limits, on_closed, client);
	if (client->conn == NULL) {
		free(client);
		return;
	}
	client->next = server.clients;
	server.clients = client;
	server.nb_clients++;
}

/* accept() failed, for want of file descriptors for example: the listener rests for a while,
 * because the waiting client would wake the loop again and again. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	const struct timeval later = {.tv_sec = RETRY_S};

	(void)arg;
	log_err("socket %s: cannot accept: %s", server.address.sun_path, strerror(errno));
	evconnlistener_disable(listener);
	evtimer_add(server.retry, &later);
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	evconnlistener_enable(server.listener);
}

/* The file */

/* 0 when no process listens at the path. */
static int
check_is_dead(const char *path)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc;

	if (fd < 0)
		return fail(-errno, "socket %s: %s", path, strerror(errno));
	rc = connect(fd, (struct sockaddr *)&server.address, sizeof(server.address)) == 0 ? 0
											  : errno;
	close(fd);
	if (rc == ECONNREFUSED || rc == ENOENT)
		return 0;
	if (rc == 0 || rc == EAGAIN)
		return fail(-EADDRINUSE,
			    "socket %s: another process serves it; stop that one or choose "
			    "another path with --socket",
			    path);
	return fail(-rc, "socket %s: cannot tell whether it is in use: %s", path, strerror(rc));
}

static int
remove_stale(const char *path)
{
	struct stat st;
	int rc;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : fail(-errno, "socket %s: %s", path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return fail(-EEXIST,
			    "socket %s: there is a file of that name that is no socket; remove it "
			    "or choose another path with --socket",
			    path);
	rc = check_is_dead(path);
	if (rc == 0 && unlink(path) != 0 && errno != ENOENT)
		rc = fail(-errno, "socket %s: cannot remove the stale file: %s", path,
			  strerror(errno));
	return rc;
}

/* Make the socket file; from its first moment on only the owner can use it. */
static int
bind_file(int fd, const char *path)
{
	mode_t mask = umask(0177);
	int rc = bind(fd, (struct sockaddr *)&server.address, sizeof(server.address));
	struct stat st;

	rc = rc == 0 ? 0 : -errno;
	umask(mask);
	if (rc != 0)
		return fail(rc, "socket %s: cannot create it: %s", path, strerror(-rc));
	if (lstat(path, &st) != 0 || listen(fd, BACKLOG) != 0) {
		rc = fail(-errno, "socket %s: cannot listen: %s", path, strerror(errno));
		unlink(path);
		return rc;
	}
	server.dev = st.st_dev;
	server.ino = st.st_ino;
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
lock_directory(const char *path)
{
	char copy[sizeof(server.address.sun_path)];
	const char *dir;
	int fd, rc;

	snprintf(copy, sizeof(copy), "%s", path);
	dir = dirname(copy);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail(-errno,
			    "socket %s: cannot open directory %s: %s; choose another path with "
			    "--socket",
			    path, dir, strerror(errno));
	if (!lock_in_time(fd)) {
		rc = fail(-errno, "socket %s: directory %s is locked: %s", path, dir,
			  errno == EWOULDBLOCK ? "another process starts there; try again"
					       : strerror(errno));
		close(fd);
		return rc;
	}
	return fd;
}

static int
open_file(const char *path)
{
	int lock = lock_directory(path);
	int fd = -1;
	int rc;

	if (lock < 0)
		return lock;
	rc = remove_stale(path);
	if (rc != 0)
		goto out;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		rc = fail(-errno, "socket %s: %s", path, strerror(errno));
		goto out;
	}
	rc = bind_file(fd, path);
	if (rc != 0)
		close(fd);
out:
	close(lock);
	return rc == 0 ? fd : rc;
}

static void
remove_file(void)
{
	struct stat st;

	if (lstat(server.address.sun_path, &st) == 0 && st.st_dev == server.dev &&
	    st.st_ino == server.ino)
		unlink(server.address.sun_path);
}

int
socket_init(struct event_base *base, const char *path)
{
	int fd;

	if (*path == '\0' || strlen(path) >= sizeof(server.address.sun_path))
		return fail(-ENAMETOOLONG, "socket %s: a path has 1 to %zu bytes", path,
			    sizeof(server.address.sun_path) - 1);
	server.address.sun_family = AF_UNIX;
	snprintf(server.address.sun_path, sizeof(server.address.sun_path), "%s", path);
	fd = open_file(path);
	if (fd < 0)
		return fd;
	server.retry = evtimer_new(base, on_retry, NULL);
	server.listener = evconnlistener_new(base, on_accept, NULL,
					     LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	if (server.retry == NULL || server.listener == NULL) {
		if (server.listener == NULL)
			close(fd);
		socket_fini();
		return fail(-ENOMEM, "socket %s: no memory", path);
	}
	evconnlistener_set_error_cb(server.listener, on_accept_error);
	return 0;
}

bool
socket_drain(void)
{
	bool is_drained = true;

	if (server.listener != NULL)
		evconnlistener_disable(server.listener);
	if (server.retry != NULL)
		evtimer_del(server.retry);
	for (struct client *client = server.clients; client != NULL; client = client->next) {
		conn_stop(client->conn);
		is_drained = is_drained && conn_is_drained(client->conn);
	}
	return is_drained;
}

void
socket_fini(void)
{
	while (server.clients != NULL) {
		struct client *client = server.clients;

		server.clients = client->next;
		conn_destroy(client->conn);
		free(client);
	}
	server.nb_clients = 0;
	if (server.address.sun_path[0] != '\0')
		remove_file();
	if (server.listener != NULL)
		evconnlistener_free(server.listener);
	if (server.retry != NULL)
		event_free(server.retry);
	memset(&server, 0, sizeof(server));
}
