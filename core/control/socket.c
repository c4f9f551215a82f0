/* SPDX-License-Identifier: BSD-3-Clause */
/* The local unix socket. */

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <stdbool.h>
#include <unistd.h>

#include "conn.h"
#include "error.h"
#include "log.h"
#include "socket.h"
#include "socket_file.h"

#define RETRY_S 1

struct client {
	struct client *next;
	struct conn *conn;
};

static struct {
	struct socket_file file;
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
	log_err("socket %s: cannot accept: %s", server.file.address.sun_path, strerror(errno));
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

int
socket_init(struct event_base *base, const char *path)
{
	char error[512];
	int fd = socket_file_listen(&server.file, path, error, sizeof(error));

	if (fd < 0)
		return fail(fd, "%s", error);
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
	socket_file_remove(&server.file);
	if (server.listener != NULL)
		evconnlistener_free(server.listener);
	if (server.retry != NULL)
		event_free(server.retry);
	memset(&server, 0, sizeof(server));
}
