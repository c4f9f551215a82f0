/* SPDX-License-Identifier: BSD-3-Clause */
/* The local unix socket. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <stdbool.h>
#include <unistd.h>

#include "conn.h"
#include "error.h"
#include "listener.h"
#include "log.h"
#include "socket.h"
#include "socket_file.h"

static const char too_many[] =
	"{\"results\":[{\"result\":\"error\",\"error_details\":{\"message\":"
	"\"error occur: too many clients on this socket; the one that has been idle longest is "
	"closed\"}}]}\n";

struct client {
	struct client *next;
	struct conn *conn;
};

static struct {
	struct socket_file file;
	struct event_base *base;
	struct listener *listener;
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
turn_away(int fd)
{
	send(fd, too_many, strlen(too_many), MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

/* The client that has been idle longest; of several that have been so equally long, the one that
 * came first.  NULL when each is being served. */
static struct client *
find_idlest(void)
{
	uint64_t since_ms = UINT64_MAX - 1;
	struct client *idlest = NULL;

	for (struct client *client = server.clients; client != NULL; client = client->next) {
		if (conn_idle_since_ms(client->conn) > since_ms)
			continue;
		since_ms = conn_idle_since_ms(client->conn);
		idlest = client;
	}
	return idlest;
}

/* A client that came and does nothing keeps nobody out. */
static bool
make_room(void *arg)
{
	struct client *idlest = find_idlest();

	(void)arg;
	if (idlest != NULL)
		conn_turn_away(idlest->conn, too_many);
	return idlest != NULL;
}

static void
on_accept(int fd, const struct sockaddr *address, void *arg)
{
	static const struct conn_limits limits = CONN_LIMITS_LOCAL;
	struct client *client;

	(void)address;
	(void)arg;
	if (server.nb_clients == SOCKET_CLIENTS_MAX && !make_room(NULL)) {
		turn_away(fd);
		return;
	}
	client = calloc(1, sizeof(*client));
	if (client == NULL) {
		turn_away(fd);
		return;
	}
	client->conn = conn_create(server.base, fd, &limits, on_closed, client);
	if (client->conn == NULL) {
		free(client);
		return;
	}
	client->next = server.clients;
	server.clients = client;
	server.nb_clients++;
}

static void
say(const char *sentence)
{
	log_err("%s", sentence);
}

int
socket_init(struct event_base *base, const char *path)
{
	static const struct listener_ops ops = {on_accept, make_room, say, 0};
	char error[512], name[160];
	int fd = socket_file_listen(&server.file, path, error, sizeof(error));

	if (fd < 0)
		return fail(fd, "%s", error);
	server.base = base;
	snprintf(name, sizeof(name), "socket %s", path);
	server.listener = listener_create(base, fd, name, &ops, NULL);
	if (server.listener != NULL)
		return 0;
	socket_fini();
	return fail(-ENOMEM, "socket %s: no memory", path);
}

bool
socket_drain(void)
{
	bool is_drained = true;

	if (server.listener != NULL)
		listener_stop(server.listener);
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
		listener_destroy(server.listener);
	memset(&server, 0, sizeof(server));
}
