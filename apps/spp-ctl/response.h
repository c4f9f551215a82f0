/* SPDX-License-Identifier: BSD-3-Clause */
/* The answer to a REST request, before it becomes HTTP.  Pure. */
#ifndef RESPONSE_H
#define RESPONSE_H

#include <jansson.h>

struct response {
	int status;      /* HTTP status, 0 while nothing was decided */
	char text[1024]; /* body of an error: one line */
	json_t *json;    /* body of a 200, owned */
	char note[512];  /* header X-SPP-Note, "" for none */
	char allow[64];  /* header Allow, "" for none */
};

/* Answer with an error.  A response that was there before is dropped. */
void response_error(struct response *response, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Answer 200 with json, which the response takes over; NULL (no memory) becomes 500. */
void response_json(struct response *response, json_t *json);

/* Answer 204. */
void response_empty(struct response *response);

/* Free what the response owns. */
void response_fini(struct response *response);

#endif
