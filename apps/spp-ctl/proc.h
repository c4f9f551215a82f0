/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One connected process: a queue of commands, one of them under way at a time, each with a
 * deadline.  No function here waits; every command ends in its callback, exactly once.
 */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <sys/queue.h>
#include <time.h>
#include <event2/util.h>

#include "crowd.h"
#include "outcome.h"
#include "proc_type.h"
#include "reply_frame.h"

struct event;
struct event_base;
struct bufferevent;
struct call;
struct restore;
TAILQ_HEAD(call_queue, call);

#define PROC_NAME_SIZE 64

/* A process that sends no byte of its reply for so long is taken for dead, ms (default
 * LIMIT_ANSWER_MS). */
extern unsigned int proc_answer_ms;

struct proc {
	TAILQ_ENTRY(proc) link;    /* in one list of proc_table.c: connecting, or ready */
	enum proc_type type;       /* PROC_NONE until the process has said who it is */
	int client_id;             /* 0 for the primary */
	char name[PROC_NAME_SIZE]; /* `vf 1`, or the address that it connects from */
	bool ready;                /* in the table: requests may go to the process */
	bool framing_lf;           /* the process ends commands at a newline */
	struct crowd_seat seat;    /* among those that have not said who they are */
	unsigned int nb_probes;    /* signs of life asked for in the second probed_s */
	time_t probed_s;
	bool pages;         /* the process gives its status in pages, see report.h */
	struct proc *rival; /* newcomer with the same client id, waiting for this process to fail */
	struct proc *incumbent;  /* the process whose rival this newcomer is */
	json_t *cores;           /* of the last status, see proc_cores.h; NULL before the first */
	json_t *report;          /* what the process has, see report.h; NULL before the first */
	size_t nb_unlisted;      /* table entries that the process has beyond proc->report */
	struct restore *restore; /* owned by restore.c, NULL when nothing had to be restored */
	bool hung_up;            /* the process ended the connection, not spp-ctl */
	void (*closed)(struct proc *proc); /* called once, when the connection is gone */

	/* proc.c only */
	struct bufferevent *bev; /* NULL once the connection is closed */
	struct event_base *base;
	struct reply_frame frame;
	struct call *active;
	struct call_queue calls;
	unsigned int nb_calls;
	bool reading;      /* input is being taken: no command is sent meanwhile */
	unsigned int refs; /* one of the connection, one of each function that calls back */
};

typedef void (*call_done)(struct proc *proc, const struct outcome *outcome, void *arg);

/* Take over a connected socket, with the one reference that proc_close() gives back.  NULL without
 * memory; the socket is closed then. */
struct proc *proc_create(struct event_base *base, evutil_socket_t fd, const char *name,
			 void (*closed)(struct proc *proc));

/* Keep the object while its connection may go away.  The last proc_put() frees proc, whose
 * connection is closed by then. */
struct proc *proc_get(struct proc *proc);
void proc_put(struct proc *proc);

/* Send a command, which is copied, when its turn comes.  done() is called exactly once, maybe
 * before this function returns; its outcome is valid until it returns, and arg stays the
 * caller's. */
void proc_call(struct proc *proc, const char *command, call_done done, void *arg);
/* Send a command before all commands that wait. */
void proc_call_next(struct proc *proc, const char *command, call_done done, void *arg);

/* Close the connection; commands under way or waiting end as broken.  The reason is what follows
 * the name of the process in a sentence: `did not answer in time`. */
void proc_close(struct proc *proc, const char *reason);

/* As proc_close(), and tell the process why: for one that has been asked nothing yet, or has
 * answered. why is a sentence without underscores. */
void proc_refuse(struct proc *proc, const char *why);

#endif
