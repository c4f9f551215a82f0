/* SPDX-License-Identifier: BSD-3-Clause */
/* One HTTP request at a time, with a time limit. */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <signal.h>
#include <stddef.h>

struct http_client;

struct http_reply {
	long status;
	char *body; /* NUL-terminated, never NULL after success */
	size_t len;
	char note[512]; /* header X-SPP-Note, or "" */
};

/* A set *interrupted ends a request; interrupted may be NULL.  NULL without memory. */
struct http_client *http_client_open(const volatile sig_atomic_t *interrupted);
void http_client_close(struct http_client *http);

/* body: JSON text, or NULL for none.  0 with a reply, which http_reply_free() frees, or
 * -ECONNREFUSED (no connection), -ETIMEDOUT, -EINTR, -EMSGSIZE (reply too large), -EIO. */
int http_client_request(struct http_client *http, const char *method, const char *url,
			const char *body, unsigned int limit_ms, struct http_reply *reply);
void http_reply_free(struct http_reply *reply);

#endif
