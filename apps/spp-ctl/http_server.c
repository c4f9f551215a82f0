/* SPDX-License-Identifier: BSD-3-Clause */
/* The REST server: requests come from evhttp and go to request.c. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "http_answer.h"
#include "http_conn.h"
#include "http_server.h"
#include "listener.h"
#include "request.h"
#include "tls.h"

#define HEADERS_MAX 16384
#define BODY_MAX 65536
#define TIMEOUT_S 60

/* evhttp hands requests of all these methods over, so that a wrong method is answered with 405 here
 * and not by evhttp. */
#define METHODS                                                                                    \
	(EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | \
	 EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH)

/* One for each listener. */
#define SERVERS_MAX 2

struct http_server {
	struct evhttp *http;
	struct listener *listener;
	bool has_tls;
};

static struct {
	struct http_server list[SERVERS_MAX];
	unsigned int nb;
} servers;

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

static struct bufferevent *
accepted(struct event_base *base, void *arg)
{
	const struct http_server *server = arg;

	listener_accepted(server->listener);
	return http_conn_add(server->has_tls ? tls_accept(base)
					     : bufferevent_socket_new(base, -1, 0));
}

static void
set_options(struct http_server *server, const struct route *routes)
{
	evhttp_set_bevcb(server->http, accepted, server);
	evhttp_set_allowed_methods(server->http, METHODS);
	evhttp_set_max_headers_size(server->http, HEADERS_MAX);
	evhttp_set_max_body_size(server->http, BODY_MAX);
	evhttp_set_timeout(server->http, TIMEOUT_S);
	evhttp_set_gencb(server->http, request_arrived, (void *)(uintptr_t)routes);
}

int
http_server_listen(struct event_base *base, struct listener *listener, bool has_tls,
		   const struct route *routes)
{
	struct http_server *server = &servers.list[servers.nb];

	if (servers.nb == SERVERS_MAX || (server->http = evhttp_new(base)) == NULL) {
		listener_destroy(listener);
		return -ENOMEM;
	}
	server->listener = listener;
	server->has_tls = has_tls;
	servers.nb++;
	set_options(server, routes);
	return evhttp_bind_listener(server->http, listener_give(listener)) == NULL ? -ENOMEM : 0;
}

void
http_server_fini(void)
{
	for (unsigned int i = 0; i < servers.nb; i++) {
		listener_destroy(servers.list[i].listener);
		evhttp_free(servers.list[i].http);
	}
	servers.nb = 0;
	http_conn_fini();
}
