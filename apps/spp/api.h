/* SPDX-License-Identifier: BSD-3-Clause */
/* The REST interface of the current controller; what fails is told to the user here. */
#ifndef API_H
#define API_H

#include <jansson.h>
#include <stdio.h>

struct cli;
struct http_reply;

/* How long an answer may take, and how long a person at the TAB key waits for it. */
#define API_LIMIT_MS 10000
#define API_PEEK_MS 1000

/* Longest path, and longest one word in it. */
#define API_PATH_SIZE 1024
#define API_WORD_SIZE 512

enum api_result {
	API_FAILED = -1, /* the user knows why */
	API_DONE,
	API_NOTED, /* nothing had to be done, as the user was told */
};

/* Send a request whose answer has no data.  body (may be NULL) is taken over. */
enum api_result api_send(struct cli *cli, const char *method, const char *path, json_t *body);

/* As api_send(), but the answer's data, if any, comes back in *reply, unless it was printed as it
 * is (JSON mode): then it is NULL. */
enum api_result api_call(struct cli *cli, const char *method, const char *path, json_t *body,
			 json_t **reply);

/* The two halves of api_call(), for those who look at the answer in between: ask (0, or an error of
 * http_client_request()), and tell the user what came of it, which frees the answer. */
int api_request(struct cli *cli, const char *method, const char *path, json_t *body,
		unsigned int limit_ms, struct http_reply *http);
enum api_result api_finish(struct cli *cli, int err, struct http_reply *http, json_t **reply);

/* The data at path, NULL when it failed and the user knows why. */
json_t *api_get(struct cli *cli, const char *path);

/* The same, but nothing is said, and soon given up. */
json_t *api_peek(struct cli *cli, const char *path);

/* The data at path and the status of the answer (0: there was none), without a word about it. */
json_t *api_fetch(struct cli *cli, const char *path, unsigned int limit_ms, long *status);

/* Show the data at path: as print writes it, or as it came in JSON mode.  0 or -1. */
int api_show(struct cli *cli, const char *path, void (*print)(FILE *out, const json_t *data));

/* A word as it stands in a path; out holds API_WORD_SIZE bytes.  Returns out, NULL if too long. */
const char *api_escape(const char *word, char *out);

/* Text and number of a member, "" and 0 where there is none. */
const char *api_text(const json_t *object, const char *key);
json_int_t api_int(const json_t *object, const char *key);

#endif
