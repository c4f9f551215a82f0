/* SPDX-License-Identifier: BSD-3-Clause */
/* The controllers that the program knows, and which of them it talks to. */

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "decimal.h"
#include "servers.h"

#define PORT_MIN 1023
#define HOST_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

static bool
host_is_good(const char *host)
{
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
	struct in_addr address;

	if (*host == '\0' || *host == '-' || host[strspn(host, HOST_CHARACTERS)] != '\0')
		return false;
	if (host[strspn(host, "0123456789.")] == '\0')
		return inet_pton(AF_INET, host, &address) == 1;
	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		return false;
	freeaddrinfo(found);
	return true;
}

static const char *
skip_scheme(const char *text, enum server_kind *kind)
{
	*kind = SERVER_HTTP;
	if (strncmp(text, "http://", 7) == 0)
		return text + 7;
	if (strncmp(text, "https://", 8) != 0)
		return text;
	*kind = SERVER_HTTPS;
	return text + 8;
}

const char *
server_port_text(const char *text)
{
	enum server_kind kind;
	const char *port = strchr(skip_scheme(text, &kind), ':');

	return port == NULL ? text : port + 1;
}

static enum server_fault
parse_path(const char *path, struct server *server)
{
	if (path[0] != '/' || strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return SERVER_BAD_ADDRESS;
	server->kind = SERVER_UNIX;
	snprintf(server->host, sizeof(server->host), "%s", path);
	server->port = 0;
	return SERVER_GOOD;
}

enum server_fault
server_parse(const char *text, struct server *server)
{
	uint64_t port = SERVER_PORT_DEFAULT;
	size_t len;

	if (strncmp(text, "unix:", 5) == 0)
		return parse_path(text + 5, server);
	text = skip_scheme(text, &server->kind);
	len = strcspn(text, ":");
	if (len >= sizeof(server->host))
		return SERVER_BAD_ADDRESS;
	snprintf(server->host, sizeof(server->host), "%.*s", (int)len, text);
	if (text[len] == ':') {
		const char *end = decimal_read(text + len + 1, UINT16_MAX, &port);

		if (end == NULL || *end != '\0' || port < PORT_MIN)
			return SERVER_BAD_PORT;
	}
	server->port = (uint16_t)port;
	return host_is_good(server->host) ? SERVER_GOOD : SERVER_BAD_ADDRESS;
}

const char *
server_format(const struct server *server, char *out)
{
	if (server->kind == SERVER_UNIX)
		snprintf(out, SERVER_TEXT_SIZE, "unix:%s", server->host);
	else
		snprintf(out, SERVER_TEXT_SIZE, "%s%s:%u",
			 server->kind == SERVER_HTTPS ? "https://" : "", server->host,
			 server->port);
	return out;
}

const struct server *
servers_current(const struct servers *servers)
{
	return &servers->list[servers->current];
}

int
servers_find(const struct servers *servers, const struct server *server)
{
	for (unsigned int i = 0; i < servers->nb; i++) {
		if (servers->list[i].kind == server->kind &&
		    servers->list[i].port == server->port &&
		    strcmp(servers->list[i].host, server->host) == 0)
			return (int)i;
	}
	return -1;
}

int
servers_add(struct servers *servers, const struct server *server)
{
	if (servers_find(servers, server) >= 0)
		return -EEXIST;
	if (servers->nb == SERVERS_MAX)
		return -ENOSPC;
	servers->list[servers->nb++] = *server;
	return 0;
}

void
servers_del(struct servers *servers, unsigned int i)
{
	if (i < servers->current)
		servers->current--;
	servers->nb--;
	memmove(&servers->list[i], &servers->list[i + 1],
		(servers->nb - i) * sizeof(servers->list[0]));
}
