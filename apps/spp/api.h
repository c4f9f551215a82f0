/* SPDX-License-Identifier: BSD-3-Clause */
/* The REST interface of the current controller; what fails is told to the user here. */
#ifndef API_H
#define API_H

#include <jansson.h>
#include <stdio.h>

struct cli;
struct http_reply;

/* How long an answer may take, and how long it may take after a press of the TAB key. */
#define API_LIMIT_MS 10000
#define API_PEEK_MS 1000

/* Longest path, and longest word in a path. */
#define API_PATH_SIZE 1024
#define API_WORD_SIZE 512

enum api_result {
	API_FAILED = -1, /* the user was told why */
	API_DONE,
	API_NOTED, /* nothing had to be done, and the user was told */
};

/* Send a request whose answer has no data.  The function takes body (may be NULL) over. */
enum api_result api_send(struct cli *cli, const char *method, const char *path, json_t *body);

/* As api_send(), and *reply gets the data of the answer, which the caller frees.  It is NULL when
 * there is none, and in JSON mode, where the data is printed at once. */
enum api_result api_call(struct cli *cli, const char *method, const char *path, json_t *body,
			 json_t **reply);

/* The two halves of api_call(), for callers that look at the answer in between.  api_request()
 * returns 0 or an error of http_client_request(); api_finish() tells the user what came of the
 * request and frees the answer. */
int api_request(struct cli *cli, const char *method, const char *path, json_t *body,
		unsigned int limit_ms, struct http_reply *http);
enum api_result api_finish(struct cli *cli, int err, struct http_reply *http, json_t **reply);

/* The data at path, which the caller frees; NULL when the user was told why there is none. */
json_t *api_get(struct cli *cli, const char *path);

/* The data at path within API_PEEK_MS, which the caller frees.  NULL without a word to the user. */
json_t *api_peek(struct cli *cli, const char *path);

/* The data at path, which the caller frees, and the HTTP status (0: no answer), without a word to
 * the user. */
json_t *api_fetch(struct cli *cli, const char *path, unsigned int limit_ms, long *status);

enum api_answer {
	API_ANSWERS,
	API_REFUSES, /* the controller, or its certificate, or a permission; the user was told why
		      */
	API_SILENT,  /* no controller answers there, and the user was not told */
};

/* Whether the current controller answers. */
enum api_answer api_check(struct cli *cli);

/* Show the data at path, as print() writes it, or in JSON mode as it came.  0 or -1. */
int api_show(struct cli *cli, const char *path, void (*print)(FILE *out, const json_t *data));

/* Write the data at path to the user as it comes, however long it is.  0 or -1. */
int api_copy(struct cli *cli, const char *path);

/* Write a word as it stands in a path; out holds API_WORD_SIZE bytes.  Returns out, or NULL when
 * the word is too long. */
const char *api_escape(const char *word, char *out);

/* Text and number of a member; "" and 0 where the object has no such member. */
const char *api_text(const json_t *object, const char *key);
json_int_t api_int(const json_t *object, const char *key);

#endif
