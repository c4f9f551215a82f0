/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An HTTP answer whose body is sent piece by piece, each piece when the client has taken the one
 * before.
 *
 * A stream lives from http_stream_begin() to http_stream_end(), or until gone() is called.
 */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include <stdbool.h>

struct evhttp_request;
struct http_stream;

struct http_stream_ops {
	void (*ready)(void *arg); /* the client has taken the last piece */
	void (*gone)(void *arg);  /* the client has hung up, and the stream is freed */
};

/* Answer 200 with JSON and with the note, unless that is ""; the body comes later, and request
 * belongs to the stream.  ops outlives the stream.  NULL without memory: request stays the
 * caller's. */
struct http_stream *http_stream_begin(struct evhttp_request *request, const char *note,
				      const struct http_stream_ops *ops, void *arg);

/* Send a piece, a text that is copied and not empty.  Either ready() or gone() is called later. */
void http_stream_send(struct http_stream *stream, const char *text);

/* The body is complete, or is cut off so that the client notices. */
void http_stream_end(struct http_stream *stream, bool complete);

#endif
