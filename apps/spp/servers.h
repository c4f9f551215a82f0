/* SPDX-License-Identifier: BSD-3-Clause */
/* The controllers that the program knows, and which of them it talks to. */
#ifndef SERVERS_H
#define SERVERS_H

#include <stdint.h>

#define SERVERS_MAX 64
#define SERVER_HOST_SIZE 254
#define SERVER_TEXT_SIZE (SERVER_HOST_SIZE + 16)
#define SERVER_PORT_DEFAULT 7777

enum server_kind { SERVER_HTTP, SERVER_HTTPS, SERVER_UNIX };

struct server {
	enum server_kind kind;
	char host[SERVER_HOST_SIZE]; /* of SERVER_UNIX: the path */
	uint16_t port;               /* of SERVER_UNIX: 0 */
};

struct servers {
	struct server list[SERVERS_MAX];
	unsigned int nb, current; /* current < nb once there is a server */
};

enum server_fault { SERVER_GOOD, SERVER_BAD_ADDRESS, SERVER_BAD_PORT };

/* Read `[http://|https://]HOST[:PORT]` or `unix:/PATH`; the host is a dotted address or a name that
 * resolves. */
enum server_fault server_parse(const char *text, struct server *server);

/* What follows the host in a text whose port is bad; the text itself if it has no port. */
const char *server_port_text(const char *text);

/* Write `HOST:PORT`, `https://HOST:PORT` or `unix:/PATH`; out holds SERVER_TEXT_SIZE bytes. Returns
 * out. */
const char *server_format(const struct server *server, char *out);

const struct server *servers_current(const struct servers *servers);

/* Index of the server with that host and port; -1 when it is not known. */
int servers_find(const struct servers *servers, const struct server *server);

/* Add a server.  The first one becomes the current one.  0, -EEXIST, -ENOSPC. */
int servers_add(struct servers *servers, const struct server *server);

/* Remove server i, which must not be the current one.  The current one stays the same. */
void servers_del(struct servers *servers, unsigned int i);

#endif
