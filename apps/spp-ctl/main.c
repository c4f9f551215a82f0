/* SPDX-License-Identifier: BSD-3-Clause */
/* spp-ctl: processes of the panel connect to it, REST clients use them through it. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <event2/event.h>

#include "admission.h"
#include "ctl_log.h"
#include "ctl_options.h"
#include "descriptors.h"
#include "http_conn.h"
#include "http_server.h"
#include "listener.h"
#include "notify.h"
#include "proc_table.h"
#include "rest_socket.h"
#include "restore.h"
#include "route_table.h"
#include "state.h"
#include "tls.h"

/* Connections of each kind that are closed when no descriptor is left: files need some, too. */
#define ROOM 4
#define BATCH_MAX 16

static struct {
	struct ctl_options options;
	struct descriptors descriptors;
	struct event_base *base;
	struct addrinfo *addr;
	struct listener *primary, *secondary;
	struct event *sigint, *sigterm, *second;
} ctl;

/* IPv4 comes first: processes connect to 127.0.0.1, and localhost may be ::1 as well. */
static int
resolve(const char *host, struct addrinfo **addr)
{
	struct addrinfo hints = {
		.ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	int err = getaddrinfo(host, NULL, &hints, addr);

	if (err != 0) {
		hints.ai_family = AF_INET6;
		err = getaddrinfo(host, NULL, &hints, addr);
	}
	if (err == 0)
		return 0;
	fprintf(stderr, "spp-ctl: cannot use address %s: %s; give another one with -b\n", host,
		gai_strerror(err));
	return -EADDRNOTAVAIL;
}

static bool
is_loopback(void)
{
	const struct sockaddr_in *in = (const void *)ctl.addr->ai_addr;
	const struct sockaddr_in6 *in6 = (const void *)ctl.addr->ai_addr;

	if (ctl.addr->ai_family == AF_INET)
		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

/* Processes cannot show a token: unless everybody is admitted as one, nobody beyond this machine
 * reaches their ports. */
static struct sockaddr_storage
listen_address(bool for_processes, uint16_t port)
{
	struct sockaddr_storage address = {0};
	/* The port is at the same place in addresses of IPv4 and IPv6. */
	struct sockaddr_in *in = (void *)&address;
	struct sockaddr_in6 *in6 = (void *)&address;

	memcpy(&address, ctl.addr->ai_addr, ctl.addr->ai_addrlen);
	in->sin_port = htons(port);
	if (!for_processes || admission_has_remote_processes() || is_loopback())
		return address;
	if (address.ss_family == AF_INET)
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		in6->sin6_addr = in6addr_loopback;
	return address;
}

/* `whom on HOST port PORT`, with the port that the kernel has chosen. */
static void
listener_name(int fd, const char *whom, char *name, size_t size)
{
	struct sockaddr_storage addr;
	socklen_t len = sizeof(addr);
	char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "?";

	if (getsockname(fd, (void *)&addr, &len) == 0)
		getnameinfo((void *)&addr, len, host, sizeof(host), port, sizeof(port),
			    NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(name, size, "%s on %s port %s", whom, host, port);
}

/* A listening socket, or -errno. */
static int
socket_open(const struct sockaddr_storage *address)
{
	int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (const void *)address, ctl.addr->ai_addrlen) == 0 &&
	    listen(fd, LISTENER_BACKLOG) == 0)
		return fd;
	on = errno;
	close(fd);
	return -on;
}

static bool
make_room(void *arg)
{
	bool is_made = false;

	(void)arg;
	for (unsigned int i = 0; i < ROOM; i++) {
		is_made |= http_conn_make_room();
		is_made |= proc_table_make_room();
	}
	return is_made;
}

static void
say(const char *sentence)
{
	ctl_log_line("%s", sentence);
}

/* A client that is accepted is read from before others can take its place. */
static unsigned int
batch_max(unsigned int places)
{
	return places / 4 < BATCH_MAX ? places / 4 : BATCH_MAX;
}

/* Takes the socket over. */
static struct listener *
listener_open(int fd, const char *name, unsigned int places,
	      void (*accepted)(int fd, const struct sockaddr *addr, void *arg))
{
	const struct listener_ops ops = {accepted, make_room, say, batch_max(places)};
	struct listener *listener = listener_create(ctl.base, fd, name, &ops, NULL);

	if (listener == NULL)
		fprintf(stderr, "spp-ctl: no memory to start\n");
	else
		ctl_log_line("listening for %s", name);
	return listener;
}

static bool
is_socket_asked_for(void)
{
	const struct ctl_options *options = &ctl.options;

	return options->socket_path != NULL || options->socket_owner != NULL ||
	       options->socket_group != NULL || options->socket_mode != 0;
}

static struct listener *
listen_on(uint16_t port, char option, const char *whom, unsigned int places,
	  void (*accepted)(int fd, const struct sockaddr *addr, void *arg))
{
	struct sockaddr_storage address = listen_address(accepted != NULL, port);
	char name[NI_MAXHOST + 64];
	int fd = socket_open(&address);

	if (fd < 0) {
		fprintf(stderr,
			"spp-ctl: cannot listen on %s port %u: %s; end what uses it, or choose "
			"another port with -%c\n",
			ctl.options.bind_addr, port, strerror(-fd), option);
		return NULL;
	}
	listener_name(fd, whom, name, sizeof(name));
	return listener_open(fd, name, places, accepted);
}

/* The default path may be in use by another spp-ctl: then there is no unix socket here.  A path
 * that was asked for must do. */
static int
listen_local(void)
{
	char error[512], name[256];
	struct listener *listener;
	int fd;

	if (ctl.options.no_socket)
		return 0;
	fd = rest_socket_open(&ctl.options, error, sizeof(error));
	if (fd < 0 && is_socket_asked_for()) {
		fprintf(stderr, "spp-ctl: %s\n", error);
		return fd;
	}
	if (fd < 0) {
		ctl_log_line("no unix socket: %s", error);
		return 0;
	}
	snprintf(name, sizeof(name), "REST clients on %s", rest_socket_path());
	listener = listener_open(fd, name, ctl.descriptors.rest_max, NULL);
	return listener == NULL ? -ENOMEM
				: http_server_listen(ctl.base, listener, false, route_table);
}

static int
listen_all(void)
{
	struct listener *rest;
	int err;

	ctl.primary = listen_on(ctl.options.primary_port, 'p', "the primary",
				ctl.descriptors.connecting_max, proc_table_accept_primary);
	if (ctl.primary == NULL)
		return -EADDRINUSE;
	ctl.secondary = listen_on(ctl.options.secondary_port, 's', "secondaries",
				  ctl.descriptors.connecting_max, proc_table_accept_secondary);
	if (ctl.secondary == NULL)
		return -EADDRINUSE;
	rest = listen_on(ctl.options.rest_port, 'a', "REST clients", ctl.descriptors.rest_max,
			 NULL);
	if (rest == NULL)
		return -EADDRINUSE;
	err = http_server_listen(ctl.base, rest, tls_is_on(), route_table);
	return err == 0 ? listen_local() : err;
}

static void
warn_of_reach(void)
{
	const char *addr = ctl.options.bind_addr;

	if (ctl.options.admit_all)
		ctl_log_line("warning: whoever reaches %s controls the panel: there is no "
			     "authentication",
			     addr);
	else if (ctl.options.admit_processes)
		ctl_log_line("warning: whoever reaches %s may come as a process of the panel",
			     addr);
	if (!ctl.options.admit_all && !tls_is_on())
		ctl_log_line("warning: a token is no secret on the way to %s: encrypt with "
			     "--tls-cert and --tls-key",
			     addr);
}

/* Beyond loopback nobody tells which user has the other end. */
static int
check_reach(void)
{
	if (is_loopback())
		return 0;
	if (!admission_has_remote() && !tls_knows_clients()) {
		fprintf(stderr,
			"spp-ctl: -b %s: who reaches that address would control the panel; give a "
			"token with --token-file, or certificates with --tls-ca, or say with "
			"--admit-all that this is meant\n",
			ctl.options.bind_addr);
		return -EPERM;
	}
	warn_of_reach();
	return 0;
}

static int
admit(void)
{
	const struct ctl_options *options = &ctl.options;
	char error[512];
	int err = 0;

	if (options->admit_all)
		admission_admit_all();
	if (options->admit_processes)
		admission_admit_processes();
	for (unsigned int i = 0; err == 0 && i < options->nb_admit; i++)
		err = admission_admit(options->admit[i], error, sizeof(error));
	if (err == 0 && options->token_file != NULL)
		err = admission_read_token(options->token_file, error, sizeof(error));
	if (err == 0 && options->tls_cert != NULL)
		err = tls_init(options->tls_cert, options->tls_key, options->tls_ca, error,
			       sizeof(error));
	if (err != 0)
		fprintf(stderr, "spp-ctl: %s\n", error);
	return err;
}

static void
signal_taken(evutil_socket_t fd, short what, void *arg)
{
	(void)what;
	(void)arg;
	ctl_log_line("ending: %s", strsignal((int)fd));
	event_base_loopbreak(ctl.base);
}

static void
second_passed(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	ctl_log_tell_left_out();
}

static int
loop_create(void)
{
	const struct timeval second = {.tv_sec = 1};

	ctl.base = event_base_new();
	if (ctl.base == NULL)
		return -ENOMEM;
	ctl.sigint = evsignal_new(ctl.base, SIGINT, signal_taken, NULL);
	ctl.sigterm = evsignal_new(ctl.base, SIGTERM, signal_taken, NULL);
	ctl.second = event_new(ctl.base, -1, EV_PERSIST, second_passed, NULL);
	if (ctl.sigint == NULL || ctl.sigterm == NULL || ctl.second == NULL)
		return -ENOMEM;
	event_add(ctl.second, &second);
	event_add(ctl.sigint, NULL);
	event_add(ctl.sigterm, NULL);
	return 0;
}

static int
state_open(void)
{
	char error[512];
	int err = state_init(ctl.base, ctl.options.state_dir, error, sizeof(error));

	if (err != 0)
		fprintf(stderr, "spp-ctl: %s\n", error);
	return err;
}

static int
share_descriptors(void)
{
	char error[256];
	int err = descriptors_share(&ctl.descriptors, error, sizeof(error));

	if (err == 0) {
		proc_table_init(ctl.base, ctl.descriptors.connecting_max, ctl.descriptors.procs_max,
				restore_begin, restore_end);
		err = http_conn_init(ctl.base, ctl.descriptors.rest_max);
		snprintf(error, sizeof(error), "no memory to start");
	}
	if (err != 0)
		fprintf(stderr, "spp-ctl: %s\n", error);
	return err;
}

static int
start(void)
{
	int err = loop_create();

	if (err != 0) {
		fprintf(stderr, "spp-ctl: no memory to start\n");
		return err;
	}
	err = resolve(ctl.options.bind_addr, &ctl.addr);
	if (err == 0)
		err = admit();
	if (err == 0)
		err = check_reach();
	if (err != 0)
		return err;
	err = share_descriptors();
	if (err != 0)
		return err;
	restore_init(ctl.options.no_restore);
	err = state_open();
	if (err != 0)
		return err;
	err = listen_all();
	if (err == 0)
		notify("READY=1");
	return err;
}

static void
stop(void)
{
	notify("STOPPING=1");
	if (ctl.primary != NULL)
		listener_destroy(ctl.primary);
	if (ctl.secondary != NULL)
		listener_destroy(ctl.secondary);
	/* Closing a process ends its commands, which answers the requests that wait for them, or
	 * for the disk after them.  Only then may HTTP go. */
	proc_table_fini();
	state_drain();
	http_server_fini();
	rest_socket_remove();
	tls_fini();
	state_fini();
	if (ctl.addr != NULL)
		freeaddrinfo(ctl.addr);
	if (ctl.sigint != NULL)
		event_free(ctl.sigint);
	if (ctl.sigterm != NULL)
		event_free(ctl.sigterm);
	if (ctl.second != NULL)
		event_free(ctl.second);
	if (ctl.base != NULL)
		event_base_free(ctl.base);
	libevent_global_shutdown();
}

/* Options that are answered without starting the controller. */
static bool
answer_options(void)
{
	if (ctl.options.help)
		ctl_options_print_usage(stdout);
	else if (ctl.options.version)
		puts("spp-ctl " SPP_VERSION);
	else if (ctl.options.bash_completion)
		ctl_options_print_completion(stdout);
	else
		return false;
	return true;
}

int
main(int argc, char **argv)
{
	char error[256];
	int err;

	setvbuf(stderr, NULL, _IOLBF, 0);
	/* Neither a reader that has gone nor a terminal that is closed ends the controller. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (ctl_options_parse(argc, argv, &ctl.options, error, sizeof(error)) != 0) {
		fprintf(stderr, "spp-ctl: %s\n", error);
		ctl_options_print_usage(stderr);
		return 2;
	}
	if (answer_options())
		return EXIT_SUCCESS;
	err = start();
	if (err == 0)
		event_base_dispatch(ctl.base);
	stop();
	return err == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
