/* SPDX-License-Identifier: BSD-3-Clause */
/* The REST server: requests come from evhttp and go to request.c. */
#include <errno.h>
#include <stddef.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

#include "http_answer.h"
#include "http_conn.h"
#include "http_server.h"
#include "request.h"

#define HEADERS_MAX 16384
#define BODY_MAX 65536
#define TIMEOUT_S 60

/* evhttp hands requests of all these methods over, so that a wrong method is answered with 405 here
 * and not by evhttp. */
#define METHODS                                                                                    \
	(EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | \
	 EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH)

static struct evhttp *server;

static void
request_arrived(struct evhttp_request *http, void *arg)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(http);
	struct response response = {0};
	struct request *request;
	size_t len;

	http_conn_request_arrived(http);
	request = request_create(http, arg, &response);
	if (request == NULL) {
		http_answer(http, &response);
		return;
	}
	len = evbuffer_get_length(input);
	request_run(request, len == 0 ? "" : (const char *)evbuffer_pullup(input, -1), len);
}

int
http_server_init(struct event_base *base, struct evconnlistener *listener,
		 const struct route *routes)
{
	server = evhttp_new(base);
	if (server == NULL || evhttp_bind_listener(server, listener) == NULL)
		return -ENOMEM;
	http_conn_init(base);
	evhttp_set_bevcb(server, http_conn_accept, NULL);
	evhttp_set_allowed_methods(server, METHODS);
	evhttp_set_max_headers_size(server, HEADERS_MAX);
	evhttp_set_max_body_size(server, BODY_MAX);
	evhttp_set_timeout(server, TIMEOUT_S);
	evhttp_set_gencb(server, request_arrived, (void *)routes);
	return 0;
}

void
http_server_fini(void)
{
	if (server == NULL)
		return;
	evhttp_free(server);
	http_conn_fini();
	server = NULL;
}
