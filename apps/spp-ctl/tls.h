/* SPDX-License-Identifier: BSD-3-Clause */
/* TLS for REST clients: the certificate of this server, and those of clients. */
#ifndef TLS_H
#define TLS_H

#include <stdbool.h>
#include <stddef.h>

struct bufferevent;
struct event_base;

/* Read the server's certificate, with its chain, and key, and the certificates of the authorities
 * (ca, may be NULL) that vouch for clients; all are PEM files.  -EINVAL with a sentence in error.
 */
int tls_init(const char *cert, const char *key, const char *ca, char *error, size_t size);
void tls_fini(void);

bool tls_is_on(void);
/* True if a client can show a certificate. */
bool tls_knows_clients(void);

/* The server's end of a connection whose socket is not known yet.  NULL without memory. */
struct bufferevent *tls_accept(struct event_base *base);

/* True if bev is a TLS connection whose client has shown a certificate of a known authority. */
bool tls_client_is_known(struct bufferevent *bev);

/* Give a reference to bev back, whether it is a TLS connection or not; for one reference only. */
void tls_release(struct bufferevent *bev);
/* True if bev is a TLS connection. */
bool tls_is_used(struct bufferevent *bev);

#endif
