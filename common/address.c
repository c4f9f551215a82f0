/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses of servers. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "decimal.h"

static const char host_bytes[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

int
address_parse(const char *text, uint16_t default_port, struct address *address)
{
	size_t len = strspn(text, host_bytes);
	uint64_t port = default_port;

	if (len == 0 || len >= ADDRESS_HOST_SIZE || text[0] == '-')
		return -EINVAL;
	if (text[len] == ':') {
		const char *end = decimal_read(&text[len + 1], UINT16_MAX, &port);

		if (end == NULL || *end != '\0' || port == 0)
			return -EINVAL;
	} else if (text[len] != '\0') {
		return -EINVAL;
	}
	snprintf(address->host, sizeof(address->host), "%.*s", (int)len, text);
	address->port = port;
	return 0;
}
