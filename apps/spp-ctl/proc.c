/* SPDX-License-Identifier: BSD-3-Clause */
/* One connected process: a queue of commands, one of them under way at a time. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "ctl_log.h"
#include "proc.h"
#include "proc_cores.h"
#include "time_limits.h"

/* A command that was not sent within this time is given up. */
#define QUEUE_MS 4000
#define CALLS_MAX 64

unsigned int proc_answer_ms = LIMIT_ANSWER_MS;

/* A command on its way.  A call belongs to the queue of its process, then it is the active call,
 * and call_end() frees it after its callback. */
struct call {
	TAILQ_ENTRY(call) link;
	struct proc *proc;
	struct event *deadline;
	char *command;
	call_done done;
	void *arg;
};

struct proc *
proc_get(struct proc *proc)
{
	proc->refs++;
	return proc;
}

void
proc_put(struct proc *proc)
{
	if (--proc->refs > 0)
		return;
	reply_frame_reset(&proc->frame);
	json_decref(proc->cores);
	json_decref(proc->report);
	free(proc);
}

/* What a process in the table does is logged.  Connections that say nothing come as often as they
 * like. */
static bool
proc_may_log(const struct proc *proc)
{
	static struct ctl_log_limit limit = CTL_LOG_LIMIT("connections of processes");

	return proc->ready || ctl_log_may(&limit);
}

/* A primary enters the table without a word. */
static bool
proc_may_log_end(const struct proc *proc)
{
	static struct ctl_log_limit limit = CTL_LOG_LIMIT("primaries that leave");

	return proc->type == PROC_PRIMARY ? ctl_log_may(&limit) : proc_may_log(proc);
}

/* Calls */

static void
call_free(struct call *call)
{
	if (call->deadline != NULL)
		event_free(call->deadline);
	free(call->command);
	free(call);
}

/* Hand the outcome over and free the call, which the caller has taken out of the queue.  The
 * callback may close the connection; the reference keeps proc until the callback has returned. */
static void
call_end(struct call *call, struct outcome *outcome)
{
	struct proc *proc = proc_get(call->proc);

	if (call->done != NULL)
		call->done(proc, outcome, call->arg);
	outcome_fini(outcome);
	call_free(call);
	proc_put(proc);
}

static void
call_fail(struct call *call, enum outcome_kind kind, const char *reason)
{
	struct outcome outcome = {0};

	outcome_set(&outcome, kind, "%s %s", call->proc->name, reason);
	call_end(call, &outcome);
}

static void
call_arm(struct call *call, unsigned int ms)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	event_add(call->deadline, &tv);
}

/* The same deadline serves twice: while the call waits in the queue, and once it is sent. */
static void
call_expired(evutil_socket_t fd, short what, void *arg)
{
	struct call *call = arg;
	struct proc *proc = call->proc;

	(void)fd;
	(void)what;
	if (call == proc->active) {
		/* A late reply must not be taken for the next one. */
		proc_close(proc, "did not answer in time");
		return;
	}
	TAILQ_REMOVE(&proc->calls, call, link);
	proc->nb_calls--;
	call_fail(call, OUTCOME_BUSY, "is busy with other commands, try again");
}

/* Send the next command, unless one is under way.  May close the connection, and so end every call:
 * callers hold a reference to proc if they use it afterwards. */
static void
proc_pump(struct proc *proc)
{
	struct call *call = TAILQ_FIRST(&proc->calls);
	struct evbuffer *line;

	if (proc->active != NULL || call == NULL || proc->bev == NULL || proc->reading)
		return;
	TAILQ_REMOVE(&proc->calls, call, link);
	proc->nb_calls--;
	proc->active = call;
	if (proc_may_log(proc))
		ctl_log_text(proc->name, call->command, strlen(call->command));

	/* The command and its newline leave in one buffer: some processes execute what one read()
	 * gives. */
	line = evbuffer_new();
	if (line == NULL ||
	    evbuffer_add_printf(line, "%s%s", call->command, proc->framing_lf ? "\n" : "") < 0 ||
	    bufferevent_write_buffer(proc->bev, line) != 0) {
		proc_close(proc, "is cut off: no memory for its command");
	} else {
		call_arm(call, proc_answer_ms);
	}
	if (line != NULL)
		evbuffer_free(line);
}

static void
proc_enqueue(struct proc *proc, const char *command, bool next, call_done done, void *arg)
{
	struct call *call = calloc(1, sizeof(*call));
	struct outcome outcome = {0};

	if (call == NULL || (call->command = strdup(command)) == NULL ||
	    (call->deadline = evtimer_new(proc->base, call_expired, call)) == NULL) {
		if (call != NULL)
			call_free(call);
		outcome_set(&outcome, OUTCOME_BUSY, "spp-ctl has no memory for the command");
		done(proc, &outcome, arg);
		return;
	}
	/* From here on call_fail() owns the call when it cannot be queued. */
	call->proc = proc;
	call->done = done;
	call->arg = arg;
	if (proc->bev == NULL) {
		call_fail(call, OUTCOME_BROKEN, "is not connected");
		return;
	}
	if (proc->nb_calls >= CALLS_MAX && !next) {
		call_fail(call, OUTCOME_BUSY, "has too many commands waiting, try again");
		return;
	}
	if (next)
		TAILQ_INSERT_HEAD(&proc->calls, call, link);
	else
		TAILQ_INSERT_TAIL(&proc->calls, call, link);
	proc->nb_calls++;
	call_arm(call, QUEUE_MS);
	proc_pump(proc);
}

void
proc_call(struct proc *proc, const char *command, call_done done, void *arg)
{
	proc_enqueue(proc, command, false, done, arg);
}

void
proc_call_next(struct proc *proc, const char *command, call_done done, void *arg)
{
	proc_enqueue(proc, command, true, done, arg);
}

/* The connection */

void
proc_close(struct proc *proc, const char *reason)
{
	struct call *call;

	if (proc->bev == NULL)
		return;
	proc_get(proc);
	if (proc_may_log_end(proc))
		ctl_log_line("%s %s", proc->name, reason);
	bufferevent_free(proc->bev);
	proc->bev = NULL;
	reply_frame_reset(&proc->frame);
	/* The process leaves the table first: callbacks below do not find it there. */
	proc->closed(proc);

	call = proc->active;
	proc->active = NULL;
	if (call != NULL)
		call_fail(call, OUTCOME_BROKEN, reason);
	while ((call = TAILQ_FIRST(&proc->calls)) != NULL) {
		TAILQ_REMOVE(&proc->calls, call, link);
		proc->nb_calls--;
		call_fail(call, OUTCOME_BROKEN, reason);
	}
	proc_put(proc); /* the reference of the connection, since proc_create() */
	proc_put(proc);
}

/* One word carries the sentence: a command is words, and this one asks for none in particular. Only
 * a process that reads lines knows where it ends. */
static void
proc_tell(struct proc *proc, const char *why)
{
	char line[512];
	int len = snprintf(line, sizeof(line), "_refused %s\n", why);

	if (!proc->framing_lf || len >= (int)sizeof(line))
		return;
	for (char *c = line + strlen("_refused "); *c != '\n'; c++)
		if (*c == ' ')
			*c = '_';
	send(bufferevent_getfd(proc->bev), line, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void
proc_refuse(struct proc *proc, const char *why)
{
	char reason[256];

	if (proc->bev == NULL)
		return;
	proc_tell(proc, why);
	snprintf(reason, sizeof(reason), "is refused, because %s", why);
	proc_close(proc, reason);
}

/* Keep the little that lists need which do not want to wait for the process. */
static void
proc_remember_status(struct proc *proc, const struct call *call, const struct outcome *outcome)
{
	json_t *info;

	if (outcome->kind != OUTCOME_SUCCESS || outcome->reply == NULL ||
	    (strcmp(call->command, "status") != 0 && strcmp(call->command, "status brief") != 0))
		return;
	info = json_object_get(outcome->reply, "info");
	json_decref(proc->cores);
	proc->cores = proc_cores(json_is_object(info) ? info : outcome->reply);
}

/* A reply is complete.  Its frame is taken from proc before the callback runs, which may call again
 * or close. */
static void
proc_reply(struct proc *proc)
{
	struct call *call = proc->active;
	struct reply_frame frame = proc->frame;
	struct outcome outcome;
	char about[PROC_NAME_SIZE + 16];

	proc->frame = (struct reply_frame){0};
	proc->active = NULL;
	snprintf(about, sizeof(about), "%s replied", proc->name);
	if (proc_may_log(proc))
		ctl_log_text(about, frame.bytes, frame.len);
	if (frame.padded)
		outcome = (struct outcome){.kind = OUTCOME_SUCCESS};
	else
		outcome_parse(&outcome, frame.bytes, frame.len);
	reply_frame_reset(&frame);
	proc_remember_status(proc, call, &outcome);
	if (outcome.kind == OUTCOME_BROKEN) {
		char text[sizeof(outcome.text)];

		strcpy(text, outcome.text);
		outcome_set(&outcome, OUTCOME_BROKEN, "%s: %s", proc->name, text);
	}
	call_end(call, &outcome);
}

/* Only padding may stand between replies.  False when anything else closed the connection. */
static bool
proc_take_idle(struct proc *proc, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!reply_frame_is_padding(data[i])) {
			proc_close(proc, "sent data that nobody asked for");
			return false;
		}
	}
	return true;
}

/* The reply is in nobody's interest any more: it is not read to its end. */
static void
proc_refuse_reply(struct proc *proc)
{
	char reason[256];

	snprintf(
		reason, sizeof(reason),
		"is cut off: its reply to `%.32s` has more than %u bytes or %u values; let it give "
		"its status in pages, as spp_vf does, or shorten its tables",
		proc->active->command, REPLY_FRAME_BYTES_MAX, REPLY_FRAME_VALUES_MAX);
	proc_close(proc, reason);
}

/* Give the bytes to the command under way; a reply may end among them.  Each piece of a reply
 * begins the time for the next piece.  False when the connection is closed: its input is gone then,
 * too. */
static bool
proc_take(struct proc *proc, const char *data, size_t len)
{
	while (len > 0 && proc->active != NULL) {
		size_t used = len;

		switch (reply_frame_push(&proc->frame, data, len, &used)) {
		case REPLY_FRAME_MORE:
			call_arm(proc->active, proc_answer_ms);
			return true;
		case REPLY_FRAME_TOO_LONG:
			proc_refuse_reply(proc);
			return false;
		case REPLY_FRAME_COMPLETE:
			proc_reply(proc);
			break;
		}
		if (proc->bev == NULL)
			return false;
		data += used;
		len -= used;
	}
	return proc_take_idle(proc, data, len);
}

/* The reference keeps proc while callbacks of its calls may close it. */
static void
proc_readable(struct bufferevent *bev, void *arg)
{
	struct evbuffer *input = bufferevent_get_input(bev);
	struct proc *proc = proc_get(arg);
	char data[16384];
	int len;

	/* The next command leaves when all input is taken.  Otherwise bytes behind a reply would be
	 * taken for the reply to a command that the process has not seen yet. */
	proc->reading = true;
	while ((len = evbuffer_remove(input, data, sizeof(data))) > 0)
		if (!proc_take(proc, data, (size_t)len))
			break;
	proc->reading = false;
	proc_pump(proc);
	proc_put(proc);
}

/* The connection ended by itself: closed by the process, or lost. */
static void
proc_event(struct bufferevent *bev, short what, void *arg)
{
	int error = EVUTIL_SOCKET_ERROR();
	struct proc *proc = arg;
	char reason[128];

	(void)bev;
	proc->hung_up = true;
	if (what & BEV_EVENT_EOF)
		snprintf(reason, sizeof(reason), "closed the connection");
	else
		snprintf(reason, sizeof(reason), "lost the connection: %s",
			 evutil_socket_error_to_string(error));
	proc_close(proc, reason);
}

static void
socket_prepare(evutil_socket_t fd)
{
	int on = 1, idle_s = 10, interval_s = 5, count = 3;

	/* Keep-alive notices a process that vanished without a word, even when no command is
	 * sent. */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof(interval_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof(count));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

struct proc *
proc_create(struct event_base *base, evutil_socket_t fd, const char *name,
	    void (*closed)(struct proc *proc))
{
	struct proc *proc = calloc(1, sizeof(*proc));

	if (proc == NULL) {
		evutil_closesocket(fd);
		return NULL;
	}
	*proc = (struct proc){.type = PROC_NONE, .closed = closed, .base = base, .refs = 1};
	TAILQ_INIT(&proc->calls);
	snprintf(proc->name, sizeof(proc->name), "%s", name);
	proc->bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (proc->bev == NULL) {
		evutil_closesocket(fd);
		free(proc);
		return NULL;
	}
	socket_prepare(fd);
	bufferevent_setcb(proc->bev, proc_readable, NULL, proc_event, proc);
	bufferevent_enable(proc->bev, EV_READ | EV_WRITE);
	return proc;
}
