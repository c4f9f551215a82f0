/* SPDX-License-Identifier: BSD-3-Clause */
/* The connection to spp-ctl. */

#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "conn.h"
#include "controller.h"
#include "error.h"
#include "log.h"

/* A connection closed sooner than this counts as refused. */
#define STABLE_MS 1000
#define RETRY_MIN_MS 1000
#define RETRY_MAX_MS 10000

static struct {
	struct event_base *base;
	struct event *retry;
	struct event *connecting; /* the socket on its way */
	struct conn *conn;
	int fd; /* of connecting */
	char host[256];
	char port[8];
	char text[300];
	uint32_t backoff_ms;
	uint64_t connected_ms;
	int said; /* the last failure has been logged */
} controller = {.fd = -1};

static uint64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static void
retry_after(uint32_t ms)
{
	const struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	event_add(controller.retry, &tv);
}

static void
retry_later(void)
{
	retry_after(RETRY_MIN_MS);
}

static void
say_failure(const char *why)
{
	if (!controller.said)
		log_notice("controller %s:%s: %s; trying again until it answers", controller.host,
			   controller.port, why);
	controller.said = 1;
}

static void
on_closed(struct conn *conn, void *arg)
{
	(void)conn;
	(void)arg;
	controller.conn = NULL;
	if (now_ms() - controller.connected_ms >= STABLE_MS)
		controller.backoff_ms = RETRY_MIN_MS;
	say_failure("it has closed the connection");
	/* A controller that accepts and hangs up at once does not want us: less and less often. */
	retry_after(controller.backoff_ms);
	controller.backoff_ms *= 2;
	if (controller.backoff_ms > RETRY_MAX_MS)
		controller.backoff_ms = RETRY_MAX_MS;
}

static void
begin_serving(int fd)
{
	const struct conn_limits limits = CONN_LIMITS_SILENCE;
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	controller.connected_ms = now_ms();
	controller.conn = conn_create(controller.base, fd, &limits, on_closed, NULL);
	if (controller.conn == NULL) {
		retry_later();
		return;
	}
	log_notice("controller %s:%s: connected", controller.host, controller.port);
	controller.said = 0;
}

static void
on_connect(evutil_socket_t fd, short what, void *arg)
{
	int err = 0;
	socklen_t size = sizeof(err);

	(void)what;
	(void)arg;
	event_free(controller.connecting);
	controller.connecting = NULL;
	controller.fd = -1;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size);
	if (err == 0) {
		begin_serving(fd);
		return;
	}
	close(fd);
	say_failure(strerror(err));
	retry_later();
}

static int
open_socket(const struct addrinfo *address)
{
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (connect(fd, address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS) {
		int err = errno;

		close(fd);
		return -err;
	}
	return fd;
}

static void
stop_connecting(void)
{
	if (controller.connecting != NULL)
		event_free(controller.connecting);
	if (controller.fd >= 0)
		close(controller.fd);
	controller.connecting = NULL;
	controller.fd = -1;
}

static void
begin_connecting(evutil_socket_t unused, short what, void *arg)
{
	const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	struct addrinfo *address;
	int rc = getaddrinfo(controller.host, controller.port, &hints, &address);

	(void)unused;
	(void)what;
	(void)arg;
	if (rc != 0) {
		say_failure(gai_strerror(rc));
		retry_later();
		return;
	}
	controller.fd = open_socket(address);
	freeaddrinfo(address);
	if (controller.fd < 0) {
		say_failure(strerror(-controller.fd));
		retry_later();
		return;
	}
	controller.connecting =
		event_new(controller.base, controller.fd, EV_WRITE, on_connect, NULL);
	if (controller.connecting != NULL && event_add(controller.connecting, NULL) == 0)
		return;
	stop_connecting();
	retry_later();
}

int
controller_init(struct event_base *base, const char *host, uint16_t port)
{
	controller.base = base;
	controller.backoff_ms = RETRY_MIN_MS;
	snprintf(controller.host, sizeof(controller.host), "%s", host);
	snprintf(controller.port, sizeof(controller.port), "%u", port);
	controller.retry = evtimer_new(base, begin_connecting, NULL);
	if (controller.retry == NULL)
		return fail(-ENOMEM, "controller %s:%u: no memory for the connection", host, port);
	begin_connecting(-1, 0, NULL);
	return 0;
}

void
controller_fini(void)
{
	if (controller.conn != NULL)
		conn_destroy(controller.conn);
	stop_connecting();
	if (controller.retry != NULL)
		event_free(controller.retry);
	controller.conn = NULL;
	controller.retry = NULL;
}

int
controller_drain(void)
{
	if (controller.conn == NULL)
		return 1;
	conn_stop(controller.conn);
	return conn_is_drained(controller.conn);
}

const char *
controller_state(void)
{
	if (controller.retry == NULL)
		return NULL;
	if (controller.conn != NULL)
		return "connected";
	snprintf(controller.text, sizeof(controller.text), "connecting to %s:%s", controller.host,
		 controller.port);
	return controller.text;
}
