/* SPDX-License-Identifier: BSD-3-Clause */
/* The header Host of a request. */
#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "http_host.h"

#define NAME_SIZE 64

/* What stands before the port, without brackets; "" if it is too long for an address. */
static void
cut_name(const char *host, char name[NAME_SIZE])
{
	const char *begin = host[0] == '[' ? host + 1 : host;
	size_t len = strcspn(begin, host[0] == '[' ? "]" : ":");

	name[0] = '\0';
	if (len < NAME_SIZE) {
		memcpy(name, begin, len);
		name[len] = '\0';
	}
}

bool
http_host_is_good(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];
	char name[NAME_SIZE];

	cut_name(host, name);
	return (host[0] != '[' && strcasecmp(name, "localhost") == 0) ||
	       inet_pton(host[0] == '[' ? AF_INET6 : AF_INET, name, address) == 1;
}
