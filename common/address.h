/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses of servers as users write them: `HOST`, `HOST:PORT`. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdint.h>

#define ADDRESS_HOST_SIZE 256

struct address {
	char host[ADDRESS_HOST_SIZE]; /* name or dotted IPv4 */
	uint16_t port;
};

/* Read text; the port is default_port if text has none.  0 or -EINVAL; *address is unchanged on
 * error. */
int address_parse(const char *text, uint16_t default_port, struct address *address);

#endif
