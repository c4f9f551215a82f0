/* SPDX-License-Identifier: BSD-3-Clause */
/* One HTTP request at a time, with a time limit. */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <signal.h>
#include <stddef.h>
#include <stdio.h>

struct http_client;

struct http_reply {
	long status;
	char *body; /* NUL-terminated, never NULL after success */
	size_t len;
	char note[512]; /* header X-SPP-Note, or "" */
};

/* What admits the user, and whom the user trusts; each may be NULL.  The strings outlive the
 * client. */
struct http_credentials {
	const char *token;
	const char *ca;         /* file of authorities; NULL: those of the system */
	const char *cert, *key; /* files */
};

/* A set *interrupted ends a request; interrupted may be NULL.  NULL without memory. */
struct http_client *http_client_open(const volatile sig_atomic_t *interrupted,
				     const struct http_credentials *credentials);
void http_client_close(struct http_client *http);

/* socket_path: the unix socket to connect to, or NULL for the host of the URL.  body: JSON text, or
 * NULL for none.  0 with a reply, which http_reply_free() frees, or -ECONNREFUSED (no connection),
 * -EACCES (the socket may not be opened), -EKEYREJECTED (the certificate of the server), -EPROTO
 * (TLS fails otherwise), -ECONNRESET (the reply breaks
 * off), -ETIMEDOUT, -EINTR, -EMSGSIZE (reply too large), -EIO. */
int http_client_request(struct http_client *http, const char *method, const char *socket_path,
			const char *url, const char *body, unsigned int limit_ms,
			struct http_reply *reply);

/* GET a body of any length: with status 200 it is written to out as it comes, and reply has none.
 * Nothing for silence_ms is -ETIMEDOUT; otherwise as http_client_request(). */
int http_client_copy(struct http_client *http, const char *socket_path, const char *url,
		     unsigned int silence_ms, FILE *out, struct http_reply *reply);

void http_reply_free(struct http_reply *reply);

#endif
