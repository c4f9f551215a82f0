/* SPDX-License-Identifier: BSD-3-Clause */
/* The connection to spp-ctl. */

#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "conn.h"
#include "controller.h"
#include "error.h"
#include "log.h"

/* While the controller is away: so long at most after its return, the process is there again. */
#define RETRY_MS 200
/* A connection closed sooner than this counts as refused: such attempts become fewer. */
#define STABLE_MS 1000
#define REFUSED_MIN_MS 1000
#define REFUSED_MAX_MS 10000
#define RESOLVE_POLL_MS 50

/* A controller that is gone without a word is noticed in about five seconds. */
#define KEEPALIVE_IDLE_S 2
#define KEEPALIVE_INTERVAL_S 1
#define KEEPALIVE_PROBES 3
#define UNANSWERED_MS 5000
/* Attempts to connect: 1, 2 and 4 s. */
#define SYN_RETRIES 2

static struct {
	struct event_base *base;
	struct event *retry;
	struct event *connecting; /* waits for the socket that is being connected */
	struct conn *conn;
	int fd;              /* of connecting */
	struct gaicb lookup; /* of the name, in a thread of the C library */
	struct addrinfo hints;
	bool is_looking_up;
	char host[256];
	char port[8];
	char text[300];
	uint32_t backoff_ms;
	uint64_t connected_ms;
	int is_hung_up; /* by us */
	int said;       /* the last failure has been logged */
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
	retry_after(RETRY_MS);
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
	if (!controller.is_hung_up)
		say_failure("it has closed the connection");
	if (controller.is_hung_up || now_ms() - controller.connected_ms >= STABLE_MS) {
		controller.backoff_ms = REFUSED_MIN_MS;
		retry_later();
		return;
	}
	/* A controller that accepts and hangs up at once does not want this process: the process
	 * asks less and less often. */
	retry_after(controller.backoff_ms);
	controller.backoff_ms *= 2;
	if (controller.backoff_ms > REFUSED_MAX_MS)
		controller.backoff_ms = REFUSED_MAX_MS;
}

static void
set_option(int fd, int level, int option, int value)
{
	setsockopt(fd, level, option, &value, sizeof(value));
}

/* The kernel asks a silent controller whether it is there, and gives up one that does not answer.
 */
static void
set_keepalive(int fd)
{
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
	set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, UNANSWERED_MS);
}

static void
begin_serving(int fd)
{
	const struct conn_limits limits = CONN_LIMITS_SILENCE;

	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_keepalive(fd);
	controller.connected_ms = now_ms();
	controller.is_hung_up = 0;
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
	set_option(fd, IPPROTO_TCP, TCP_SYNCNT, SYN_RETRIES);
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
connect_to(struct addrinfo *address)
{
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

static void
say_unknown(int rc)
{
	say_failure(gai_strerror(rc));
	retry_later();
}

/* A name server may take many seconds, so the name is looked up in a thread of the C library. */
static void
begin_lookup(void)
{
	struct gaicb *list[] = {&controller.lookup};
	int rc;

	controller.lookup = (struct gaicb){.ar_name = controller.host,
					   .ar_service = controller.port,
					   .ar_request = &controller.hints};
	rc = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);
	if (rc != 0) {
		say_unknown(rc);
		return;
	}
	controller.is_looking_up = true;
	retry_after(RESOLVE_POLL_MS);
}

static void
end_lookup(void)
{
	int rc = gai_error(&controller.lookup);

	if (rc == EAI_INPROGRESS) {
		retry_after(RESOLVE_POLL_MS);
		return;
	}
	controller.is_looking_up = false;
	if (rc != 0)
		say_unknown(rc);
	else
		connect_to(controller.lookup.ar_result);
}

static void
begin_connecting(evutil_socket_t unused, short what, void *arg)
{
	const struct addrinfo numeric = {
		.ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
	struct addrinfo *address;

	(void)unused;
	(void)what;
	(void)arg;
	if (controller.is_looking_up)
		end_lookup();
	else if (getaddrinfo(controller.host, controller.port, &numeric, &address) == 0)
		connect_to(address);
	else
		begin_lookup();
}

int
controller_init(struct event_base *base, const char *host, uint16_t port)
{
	controller.base = base;
	controller.backoff_ms = REFUSED_MIN_MS;
	controller.hints = (struct addrinfo){.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
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
	if (controller.is_looking_up)
		gai_cancel(&controller.lookup);
	controller.is_looking_up = false;
	if (controller.retry != NULL)
		event_free(controller.retry);
	controller.conn = NULL;
	controller.retry = NULL;
}

void
controller_reconnect(void)
{
	if (controller.conn == NULL || !conn_is_running(controller.conn))
		return;
	log_notice("controller %s:%s: connecting again, it may have forgotten this process",
		   controller.host, controller.port);
	controller.is_hung_up = 1;
	conn_hang_up(controller.conn);
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
