/* SPDX-License-Identifier: BSD-3-Clause */
/* An HTTP answer whose body is sent piece by piece. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>

#include "http_conn.h"
#include "http_stream.h"

struct http_stream {
	struct evhttp_request *request;
	const struct http_stream_ops *ops;
	void *arg;
};

static void
stream_free(struct http_stream *stream)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(stream->request);

	if (connection != NULL)
		evhttp_connection_set_closecb(connection, NULL, NULL);
	/* A request without a connection is freed by this. */
	evhttp_send_reply_end(stream->request);
	free(stream);
}

static void
stream_taken(struct evhttp_connection *connection, void *arg)
{
	const struct http_stream *stream = arg;

	(void)connection;
	stream->ops->ready(stream->arg);
}

/* evhttp has taken the request off the connection that it is about to free. */
static void
stream_closed(struct evhttp_connection *connection, void *arg)
{
	struct http_stream *stream = arg;
	const struct http_stream_ops *ops = stream->ops;
	void *ops_arg = stream->arg;

	(void)connection;
	stream_free(stream);
	ops->gone(ops_arg);
}

struct http_stream *
http_stream_begin(struct evhttp_request *request, const char *note,
		  const struct http_stream_ops *ops, void *arg)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
	struct evhttp_connection *connection = evhttp_request_get_connection(request);
	struct http_stream *stream = calloc(1, sizeof(*stream));

	if (stream == NULL)
		return NULL;
	*stream = (struct http_stream){request, ops, arg};
	evhttp_add_header(headers, "Content-Type", "application/json");
	if (note[0] != '\0')
		evhttp_add_header(headers, "X-SPP-Note", note);
	evhttp_send_reply_start(request, 200, "OK");
	if (connection != NULL)
		evhttp_connection_set_closecb(connection, stream_closed, stream);
	return stream;
}

/* A client that has hung up before the stream began has no connection. */
static bool
stream_is_gone(struct http_stream *stream)
{
	const struct http_stream_ops *ops = stream->ops;
	void *arg = stream->arg;

	if (evhttp_request_get_connection(stream->request) != NULL)
		return false;
	stream_free(stream);
	ops->gone(arg);
	return true;
}

/* The client hangs up when it sees that no more is sent, and gone() is called. */
static void
stream_cut_off(const struct http_stream *stream)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(stream->request);

	if (connection != NULL)
		shutdown(bufferevent_getfd(evhttp_connection_get_bufferevent(connection)),
			 SHUT_RDWR);
}

void
http_stream_send(struct http_stream *stream, const char *text)
{
	struct evbuffer *piece;

	if (stream_is_gone(stream))
		return;
	piece = evbuffer_new();
	if (piece != NULL && evbuffer_add(piece, text, strlen(text)) == 0)
		evhttp_send_reply_chunk_with_cb(stream->request, piece, stream_taken, stream);
	else
		stream_cut_off(stream);
	if (piece != NULL)
		evbuffer_free(piece);
}

void
http_stream_end(struct http_stream *stream, bool complete)
{
	/* The end of the body cannot leave any more: the client sees that the body is cut off. */
	if (!complete)
		stream_cut_off(stream);
	http_conn_request_answered(stream->request, true);
	stream_free(stream);
}
