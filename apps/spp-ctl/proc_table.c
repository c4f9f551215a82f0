/* SPDX-License-Identifier: BSD-3-Clause */
/* The process table and the two listeners that fill it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "admission.h"
#include "ctl_log.h"
#include "proc_table.h"

#define CLIENT_ID_MAX 127
/* How often in a second a process is asked for a sign of life because of newcomers. */
#define PROBES_MAX 8
#define HELLO "_get_client_id"

TAILQ_HEAD(proc_list, proc);

static struct {
	struct event_base *base;
	void (*ready)(struct proc *proc);
	void (*left)(struct proc *proc);
	struct proc_list procs;      /* ready */
	struct proc_list connecting; /* not yet */
	struct crowd crowd;          /* of those that connect */
	unsigned int nb_procs, procs_max;
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
	static struct ctl_log_limit primaries = CTL_LOG_LIMIT("primaries that connect");

	TAILQ_REMOVE(&table.connecting, proc, link);
	crowd_leave(&table.crowd, &proc->seat);
	TAILQ_INSERT_TAIL(&table.procs, proc, link);
	table.nb_procs++;
	proc->ready = true;
	if (proc->type == PROC_PRIMARY)
		snprintf(proc->name, sizeof(proc->name), "primary");
	else
		snprintf(proc->name, sizeof(proc->name), "%s %d", proc_type_name(proc->type),
			 proc->client_id);
	if (proc->type != PROC_PRIMARY || ctl_log_may(&primaries))
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
		crowd_leave(&table.crowd, &proc->seat);
	}
}

/* The incumbent gave a sign of life, or did not.  An incumbent whose connection broke has left the
 * table before this is called. */
static void
incumbent_probed(struct proc *incumbent, const struct outcome *outcome, void *arg)
{
	struct proc *newcomer = incumbent->rival;
	char why[PROC_NAME_SIZE + 64];

	(void)arg;
	incumbent->rival = NULL;
	if (newcomer == NULL)
		return;
	newcomer->incumbent = NULL;
	if (outcome->kind == OUTCOME_BROKEN && find_same_place(newcomer) == NULL) {
		proc_enters(newcomer);
		return;
	}
	snprintf(why, sizeof(why), "%s is alive: stop that one%s", incumbent->name,
		 incumbent->type == PROC_PRIMARY ? "" : ", or use another client id");
	proc_refuse(newcomer, why);
}

/* Newcomers may come as often as they like: the incumbent has other work. */
static bool
may_probe(struct proc *incumbent)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec != incumbent->probed_s)
		incumbent->nb_probes = 0;
	incumbent->probed_s = now.tv_sec;
	return incumbent->nb_probes++ < PROBES_MAX;
}

static void
proc_claims(struct proc *newcomer)
{
	struct proc *incumbent = find_same_place(newcomer);

	if (incumbent == NULL && table.nb_procs >= table.procs_max) {
		proc_refuse(newcomer, "the limit of open files allows no more processes");
		return;
	}
	if (incumbent == NULL) {
		proc_enters(newcomer);
		return;
	}
	if (incumbent->rival != NULL) {
		proc_refuse(newcomer, "another one waits for the same place");
		return;
	}
	if (!may_probe(incumbent)) {
		proc_refuse(newcomer, "too many want the place of a live process");
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
	const char *status = json_string_value(json_object_get(outcome->reply, "status"));
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
	proc->pages = status != NULL && strcmp(status, "pages") == 0;
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

static void
say_refused(const char *name, const char *text)
{
	static struct ctl_log_limit limit = CTL_LOG_LIMIT("processes that are refused");

	if (ctl_log_may(&limit))
		ctl_log_line("%s: refused: %s", name, text);
}

static struct proc *
proc_of(struct crowd_seat *seat)
{
	return (struct proc *)(void *)((char *)seat - offsetof(struct proc, seat));
}

/* A newcomer whose incumbent is being asked has said who it is. */
static bool
may_go(const struct crowd_seat *seat)
{
	return proc_of((struct crowd_seat *)(uintptr_t)seat)->incumbent == NULL;
}

bool
proc_table_make_room(void)
{
	struct crowd_seat *seat = crowd_next_to_go(&table.crowd, may_go);

	if (seat == NULL)
		return false;
	proc_close(proc_of(seat), "is closed for a newcomer: it has not said who it is");
	return true;
}

static bool
has_room(void)
{
	return table.crowd.nb < table.crowd.max || proc_table_make_room();
}

/* Takes the socket over: without a process it is closed. */
static struct proc *
proc_accept(int fd, const struct sockaddr *addr)
{
	char name[PROC_NAME_SIZE], text[ADMISSION_TEXT_SIZE] = "too many connections";
	struct proc *proc;

	addr_format(addr, name, sizeof(name));
	if (!admission_check_process(fd, text) || !has_room()) {
		say_refused(name, text);
		evutil_closesocket(fd);
		return NULL;
	}
	set_keepalive(fd);
	proc = proc_create(table.base, fd, name, proc_leaves);
	if (proc == NULL) {
		say_refused(name, "no memory");
		return NULL;
	}
	TAILQ_INSERT_TAIL(&table.connecting, proc, link);
	if (crowd_join(&table.crowd, &proc->seat, fd) == 0)
		return proc;
	proc_close(proc, "is refused: no memory");
	return NULL;
}

void
proc_table_accept_primary(int fd, const struct sockaddr *addr, void *arg)
{
	struct proc *proc = proc_accept(fd, addr);

	(void)arg;
	if (proc == NULL)
		return;
	/* Only the primary connects to this port, and spp_primary reads lines. */
	proc->type = PROC_PRIMARY;
	proc->framing_lf = true;
	proc_claims(proc);
}

void
proc_table_accept_secondary(int fd, const struct sockaddr *addr, void *arg)
{
	struct proc *proc = proc_accept(fd, addr);

	(void)arg;
	if (proc != NULL)
		proc_call(proc, HELLO, hello_done, NULL);
}

void
proc_table_init(struct event_base *base, unsigned int connecting_max, unsigned int procs_max,
		void (*ready)(struct proc *proc), void (*left)(struct proc *proc))
{
	table.base = base;
	table.procs_max = procs_max;
	crowd_init(&table.crowd, connecting_max);
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
