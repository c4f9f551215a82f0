/* SPDX-License-Identifier: BSD-3-Clause */
/* The REST listener: HTTP in, HTTP out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "conn.h"
#include "http.h"
#include "log.h"
#include "request.h"

#define HEADERS_MAX 16384
#define BODY_MAX 65536
#define TIMEOUT_S 60

/* Methods that evhttp is to hand over, so that a wrong one is answered by us. */
#define METHODS                                                                                    \
	(EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | \
	 EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH)

static struct evhttp *server;

static const char *
method_name(enum evhttp_cmd_type type)
{
	switch (type) {
	case EVHTTP_REQ_GET:
		return "GET";
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_HEAD:
		return "HEAD";
	case EVHTTP_REQ_PUT:
		return "PUT";
	case EVHTTP_REQ_DELETE:
		return "DELETE";
	case EVHTTP_REQ_OPTIONS:
		return "OPTIONS";
	case EVHTTP_REQ_TRACE:
		return "TRACE";
	case EVHTTP_REQ_CONNECT:
		return "CONNECT";
	default:
		return "PATCH";
	}
}

static const char *
status_reason(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 204:
		return "No Content";
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	default:
		return "Internal Server Error";
	}
}

static struct bufferevent *
request_bev(struct evhttp_request *http)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(http);

	/* A client that hung up meanwhile leaves a request without connection. */
	return connection == NULL ? NULL : evhttp_connection_get_bufferevent(connection);
}

/* The body of the answer; an error's has no newline at its end. */
static struct evbuffer *
body_create(const struct response *response)
{
	struct evbuffer *body = evbuffer_new();
	char *text;

	if (body == NULL || response->status == 204)
		return body;
	if (response->json == NULL) {
		evbuffer_add(body, response->text, strlen(response->text));
		return body;
	}
	text = json_dumps(response->json, JSON_ENCODE_ANY);
	if (text != NULL)
		evbuffer_add(body, text, strlen(text));
	free(text);
	return body;
}

static void
headers_add(struct evhttp_request *http, const struct response *response, size_t len)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(http);
	char text[32];

	/* evhttp leaves it out where there is no body: 204 and HEAD. */
	snprintf(text, sizeof(text), "%zu", len);
	evhttp_add_header(headers, "Content-Length", text);
	if (response->status != 204)
		evhttp_add_header(headers, "Content-Type",
				  response->json != NULL ? "application/json" : "text/plain");
	if (response->note[0] != '\0')
		evhttp_add_header(headers, "X-SPP-Note", response->note);
	if (response->allow[0] != '\0')
		evhttp_add_header(headers, "Allow", response->allow);
}

static void
answer(struct evhttp_request *http, struct response *response)
{
	struct evbuffer *body = body_create(response);
	struct bufferevent *bev = request_bev(http);

	log_line("%d %s", response->status, response->text);
	if (bev != NULL)
		conn_request_answered(bev);
	headers_add(http, response, body == NULL ? 0 : evbuffer_get_length(body));
	if (body != NULL && evhttp_request_get_command(http) == EVHTTP_REQ_HEAD)
		evbuffer_drain(body, evbuffer_get_length(body));
	evhttp_send_reply(http, response->status, status_reason(response->status), body);
	if (body != NULL)
		evbuffer_free(body);
	response_fini(response);
}

void
request_reply(struct request *request, struct response *response)
{
	answer(request->http, response);
	free(request->command);
	free(request);
}

/* A browser adds Origin to what a page sends: no page is to change anything here. */
static bool
origin_is_good(struct evhttp_request *http, struct response *response)
{
	enum evhttp_cmd_type type = evhttp_request_get_command(http);

	if (type == EVHTTP_REQ_GET || type == EVHTTP_REQ_HEAD ||
	    evhttp_find_header(evhttp_request_get_input_headers(http), "Origin") == NULL)
		return true;
	response_error(response, 403,
		       "Requests with a header Origin, as web pages send them, may not change "
		       "anything.");
	return false;
}

static struct request *
request_create(struct evhttp_request *http, struct response *response)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(http);
	const char *path = uri == NULL ? NULL : evhttp_uri_get_path(uri);
	const char *method = method_name(evhttp_request_get_command(http));
	struct request *request;

	log_line("%s %s called", method, path == NULL ? "" : path);
	if (!origin_is_good(http, response))
		return NULL;
	request = calloc(1, sizeof(*request));
	if (request == NULL) {
		response_error(response, 500, "spp-ctl has no memory for the request");
		return NULL;
	}
	request->http = http;
	request->route = route_find(method, path == NULL ? "" : path, &request->args, response);
	if (request->route != NULL)
		return request;
	free(request);
	return NULL;
}

static void
request_arrived(struct evhttp_request *http, void *arg)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(http);
	struct response response = {0};
	struct request *request;
	size_t len;

	(void)arg;
	if (request_bev(http) != NULL)
		conn_request_arrived(request_bev(http));
	request = request_create(http, &response);
	if (request == NULL) {
		answer(http, &response);
		return;
	}
	len = evbuffer_get_length(input);
	request_run(request, len == 0 ? "" : (const char *)evbuffer_pullup(input, -1), len);
}

int
http_init(struct event_base *base, struct evconnlistener *listener)
{
	server = evhttp_new(base);
	if (server == NULL || evhttp_bind_listener(server, listener) == NULL)
		return -ENOMEM;
	conn_init(base);
	evhttp_set_bevcb(server, conn_accept, NULL);
	evhttp_set_allowed_methods(server, METHODS);
	evhttp_set_max_headers_size(server, HEADERS_MAX);
	evhttp_set_max_body_size(server, BODY_MAX);
	evhttp_set_timeout(server, TIMEOUT_S);
	evhttp_set_gencb(server, request_arrived, NULL);
	return 0;
}

void
http_fini(void)
{
	if (server == NULL)
		return;
	evhttp_free(server);
	conn_fini();
	server = NULL;
}
