/* SPDX-License-Identifier: BSD-3-Clause */
/* The header Host of a request: which name the client used for this server. */
#ifndef HTTP_HOST_H
#define HTTP_HOST_H

#include <stdbool.h>

/* True if host, `NAME`, `NAME:PORT` or `[IPV6]:PORT`, names an address or localhost.  Another name
 * may be one of somebody else that leads here: a web page of that name could then read and change
 * the panel through its visitor's browser. */
bool http_host_is_good(const char *host);

#endif
