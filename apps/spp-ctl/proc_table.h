/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The process table and the two listeners that fill it.
 *
 * A secondary enters the table when it has said its client id and type; a primary when it connects.
 * Who claims a place that is taken waits until the one who has it was asked for a sign of life: it
 * is refused if there is one, and takes over if not.
 */
#ifndef PROC_TABLE_H
#define PROC_TABLE_H

#include "proc.h"

struct evconnlistener;

/* ready() is called for each process that enters, left() for each that leaves. */
void proc_table_init(struct event_base *base, void (*ready)(struct proc *proc),
		     void (*left)(struct proc *proc));
/* Callbacks of a listener, see evconnlistener_new(). */
void proc_table_accept_primary(struct evconnlistener *listener, evutil_socket_t fd,
			       struct sockaddr *addr, int len, void *arg);
void proc_table_accept_secondary(struct evconnlistener *listener, evutil_socket_t fd,
				 struct sockaddr *addr, int len, void *arg);
/* Close all connections. */
void proc_table_fini(void);
/* The loop that the processes live in. */
struct event_base *proc_table_base(void);

/* The process of that type and client id (any for the primary); NULL if there is none. */
struct proc *proc_table_find(enum proc_type type, int client_id);

/* In the order in which they came: the first, and the one after. */
struct proc *proc_table_first(void);
struct proc *proc_table_next(struct proc *proc);

#endif
