/* SPDX-License-Identifier: BSD-3-Clause */
/* The process table and the two listeners that fill it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <event2/listener.h>

#include "admission.h"
#include "ctl_log.h"
#include "proc_table.h"

/* The most connections in all, and the most of them that have not said who they are. */
#define CONNECTIONS_MAX 256
#define CONNECTING_MAX 64
#define CLIENT_ID_MAX 127
#define HELLO "_get_client_id"

TAILQ_HEAD(proc_list, proc);

static struct {
	struct event_base *base;
	void (*ready)(struct proc *proc);
	void (*left)(struct proc *proc);
	struct proc_list procs;      /* ready */
	struct proc_list connecting; /* not yet */
	unsigned int nb_procs, nb_connecting;
} table;

struct event_base *
proc_table_base(void)
{
	return table.base;
}

struct proc *
proc_table_first(void)
{
	return TAILQ_FIRST(&table.procs);
}

struct proc *
proc_table_next(struct proc *proc)
{
	return TAILQ_NEXT(proc, link);
}

struct proc *
proc_table_find(enum proc_type type, int client_id)
{
	struct proc *proc;

	TAILQ_FOREACH (proc, &table.procs, link)
		if (proc->type == type && (type == PROC_PRIMARY || proc->client_id == client_id))
			return proc;
	return NULL;
}

/* All types of secondaries share one space of client ids; the primary has 0. */
static struct proc *
find_same_place(const struct proc *newcomer)
{
	struct proc *proc;

	TAILQ_FOREACH (proc, &table.procs, link)
		if (proc->client_id == newcomer->client_id)
			return proc;
	return NULL;
}

static void
proc_enters(struct proc *proc)
{
	TAILQ_REMOVE(&table.connecting, proc, link);
	table.nb_connecting--;
	TAILQ_INSERT_TAIL(&table.procs, proc, link);
	table.nb_procs++;
	proc->ready = true;
	if (proc->type == PROC_PRIMARY)
		snprintf(proc->name, sizeof(proc->name), "primary");
	else
		snprintf(proc->name, sizeof(proc->name), "%s %d", proc_type_name(proc->type),
			 proc->client_id);
	ctl_log_line("%s: connected", proc->name);
	table.ready(proc);
}

/* The connection of a process is closed.  proc_close() still holds a reference, so proc lives until
 * this returns. */
static void
proc_leaves(struct proc *proc)
{
	/* The rival of a process that leaves is not told here: incumbent_probed() tells it when the
	 * command that it waits for ends. */
	if (proc->incumbent != NULL) {
		proc->incumbent->rival = NULL;
		proc->incumbent = NULL;
	}
	if (proc->ready) {
		TAILQ_REMOVE(&table.procs, proc, link);
		table.nb_procs--;
		proc->ready = false;
		table.left(proc);
	} else {
		TAILQ_REMOVE(&table.connecting, proc, link);
		table.nb_connecting--;
	}
}

/* The incumbent gave a sign of life, or did not.  An incumbent whose connection broke has left the
 * table before this is called. */
static void
incumbent_probed(struct proc *incumbent, const struct outcome *outcome, void *arg)
{
	struct proc *newcomer = incumbent->rival;
	char reason[2 * PROC_NAME_SIZE + 64];

	(void)arg;
	incumbent->rival = NULL;
	if (newcomer == NULL)
		return;
	newcomer->incumbent = NULL;
	if (outcome->kind == OUTCOME_BROKEN && find_same_place(newcomer) == NULL) {
		proc_enters(newcomer);
		return;
	}
	snprintf(reason, sizeof(reason),
		 "is refused, because %s is alive: stop that one, or use another client id",
		 incumbent->name);
	proc_close(newcomer, reason);
}

static void
proc_claims(struct proc *newcomer)
{
	struct proc *incumbent = find_same_place(newcomer);

	if (incumbent == NULL) {
		proc_enters(newcomer);
		return;
	}
	if (incumbent->rival != NULL) {
		proc_close(newcomer, "is refused: another one waits for the same place");
		return;
	}
	incumbent->rival = newcomer;
	newcomer->incumbent = incumbent;
	proc_call(incumbent, incumbent->type == PROC_PRIMARY ? "status" : HELLO, incumbent_probed,
		  NULL);
}

static void
hello_done(struct proc *proc, const struct outcome *outcome, void *arg)
{
	const json_t *id = json_object_get(outcome->reply, "client_id");
	const char *type = json_string_value(json_object_get(outcome->reply, "process_type"));
	const char *framing = json_string_value(json_object_get(outcome->reply, "framing"));

	(void)arg;
	if (outcome->kind != OUTCOME_SUCCESS) {
		proc_close(proc, "is refused: get process id failed");
		return;
	}
	proc->type = type == NULL ? PROC_NONE : proc_type_find(type);
	if (proc->type == PROC_NONE || proc->type == PROC_PRIMARY) {
		proc_close(proc, "is refused: get process id failed: unknown process_type");
		return;
	}
	if (!json_is_integer(id) || json_integer_value(id) < 1 ||
	    json_integer_value(id) > CLIENT_ID_MAX) {
		proc_close(proc, "is refused: get process id failed: client_id is not in 1..127");
		return;
	}
	proc->client_id = (int)json_integer_value(id);
	proc->framing_lf = framing != NULL && strcmp(framing, "lf") == 0;
	proc_claims(proc);
}

static void
addr_format(const struct sockaddr *addr, char *out, size_t size)
{
	char text[INET6_ADDRSTRLEN] = "?";
	unsigned int port = 0;

	if (addr->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)addr;

		inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text));
		port = ntohs(in->sin_port);
	} else if (addr->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)addr;

		inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof(text));
		port = ntohs(in6->sin6_port);
	}
	snprintf(out, size, "%s port %u", text, port);
}

static void
set_option(int fd, int level, int option, int value)
{
	setsockopt(fd, level, option, &value, sizeof(value));
}

/* The kernel asks a silent process whether it is there: a host that has died is noticed in about
 * five seconds, not after two hours. */
static void
set_keepalive(int fd)
{
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 2);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 1);
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
	set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 5000);
}

/* A stranger who comes again and again gets no line in the log for each attempt. */
static void
say_stranger(const char *name, const char *text)
{
	static time_t last_s;
	time_t now_s = time(NULL);

	if (now_s == last_s)
		return;
	last_s = now_s;
	ctl_log_line("%s: refused: %s", name, text);
}

/* Takes the socket over: without a process it is closed. */
static struct proc *
proc_accept(evutil_socket_t fd, const struct sockaddr *addr)
{
	char name[PROC_NAME_SIZE], text[ADMISSION_TEXT_SIZE];
	struct proc *proc;

	addr_format(addr, name, sizeof(name));
	if (!admission_check(fd, NULL, text)) {
		say_stranger(name, text);
		evutil_closesocket(fd);
		return NULL;
	}
	if (table.nb_connecting >= CONNECTING_MAX ||
	    table.nb_connecting + table.nb_procs >= CONNECTIONS_MAX) {
		ctl_log_line("%s: refused: too many connections", name);
		evutil_closesocket(fd);
		return NULL;
	}
	set_keepalive(fd);
	proc = proc_create(table.base, fd, name, proc_leaves);
	if (proc == NULL) {
		ctl_log_line("%s: refused: no memory", name);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&table.connecting, proc, link);
	table.nb_connecting++;
	return proc;
}

void
proc_table_accept_primary(struct evconnlistener *listener, evutil_socket_t fd,
			  struct sockaddr *addr, int len, void *arg)
{
	struct proc *proc = proc_accept(fd, addr);

	(void)listener;
	(void)len;
	(void)arg;
	if (proc == NULL)
		return;
	/* Only the primary connects to this port, and spp_primary reads lines. */
	proc->type = PROC_PRIMARY;
	proc->framing_lf = true;
	proc_claims(proc);
}

void
proc_table_accept_secondary(struct evconnlistener *listener, evutil_socket_t fd,
			    struct sockaddr *addr, int len, void *arg)
{
	struct proc *proc = proc_accept(fd, addr);

	(void)listener;
	(void)len;
	(void)arg;
	if (proc != NULL)
		proc_call(proc, HELLO, hello_done, NULL);
}

void
proc_table_init(struct event_base *base, void (*ready)(struct proc *proc),
		void (*left)(struct proc *proc))
{
	table.base = base;
	table.ready = ready;
	table.left = left;
	TAILQ_INIT(&table.procs);
	TAILQ_INIT(&table.connecting);
}

void
proc_table_fini(void)
{
	struct proc *proc;

	while ((proc = TAILQ_FIRST(&table.connecting)) != NULL)
		proc_close(proc, "is cut off: spp-ctl ends");
	while ((proc = TAILQ_FIRST(&table.procs)) != NULL)
		proc_close(proc, "is cut off: spp-ctl ends");
}
