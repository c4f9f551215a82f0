/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One connected process: a queue of commands, one of them under way at a time, each with a
 * deadline. Nothing here waits; every command ends in its callback, exactly once.
 */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <sys/queue.h>
#include <event2/util.h>

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

struct proc {
	TAILQ_ENTRY(proc) link;    /* of the list that has it: connecting, or ready */
	enum proc_type type;       /* PROC_NONE until it has said who it is */
	int client_id;             /* 0 for the primary */
	char name[PROC_NAME_SIZE]; /* `vf 1`, or where it connects from; for people */
	bool ready;                /* in the table, requests may go to it */
	bool framing_lf;           /* ends its commands at a newline */
	struct proc *rival;        /* newcomer of the same identity, waiting for this one to fail */
	struct proc *incumbent;    /* the other way round */
	json_t *info;              /* what its last status said, NULL before */
	struct restore *restore;   /* see restore.h; NULL: nothing to tell */
	bool hung_up;              /* it was the process who ended the connection */
	void (*closed)(struct proc *proc); /* called once, when the connection is gone */

	/* proc.c only */
	struct bufferevent *bev; /* NULL when closed */
	struct event_base *base;
	struct reply_frame frame;
	struct call *active;
	struct call_queue calls;
	unsigned int nb_calls;
	bool reading; /* input is being taken: nothing is sent meanwhile */
	unsigned int refs;
};

typedef void (*call_done)(struct proc *proc, const struct outcome *outcome, void *arg);

/* Take over a connected socket.  NULL if there is no memory; the socket is closed then. */
struct proc *proc_create(struct event_base *base, evutil_socket_t fd, const char *name,
			 void (*closed)(struct proc *proc));

/* Keep the object while its connection may go away. */
struct proc *proc_get(struct proc *proc);
void proc_put(struct proc *proc);

/* Send a command when its turn comes; done may be called before this returns. */
void proc_call(struct proc *proc, const char *command, call_done done, void *arg);
/* The same, but before all commands that wait. */
void proc_call_next(struct proc *proc, const char *command, call_done done, void *arg);

/* Close the connection; commands under way or waiting end as broken.  The reason is what follows
 * the name of the process in a sentence: `did not answer in time`. */
void proc_close(struct proc *proc, const char *reason);

#endif
