/* SPDX-License-Identifier: BSD-3-Clause */
/* A response becomes the HTTP answer to a request. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "ctl_log.h"
#include "http_answer.h"
#include "http_conn.h"

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

/* The body of the answer; NULL without memory.  The text of an error has no newline at its end. */
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

	/* evhttp leaves the length out where there is no body, which is with 204 and with HEAD. */
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
say_answer(const struct response *response)
{
	static struct ctl_log_limit limit = CTL_LOG_LIMIT("requests refused with 403");

	if (response->status != 403 || ctl_log_may(&limit))
		ctl_log_line("%d %s", response->status, response->text);
}

void
http_answer(struct evhttp_request *http, struct response *response)
{
	struct evbuffer *body = body_create(response);

	say_answer(response);
	http_conn_request_answered(http, response->status != 403);
	headers_add(http, response, body == NULL ? 0 : evbuffer_get_length(body));
	if (body != NULL && evhttp_request_get_command(http) == EVHTTP_REQ_HEAD)
		evbuffer_drain(body, evbuffer_get_length(body));
	evhttp_send_reply(http, response->status, status_reason(response->status), body);
	if (body != NULL)
		evbuffer_free(body);
	response_fini(response);
}
