/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The process table and the two listeners that fill it.
 *
 * A secondary enters the table when it has said its client id and type; a primary when it connects.
 * A newcomer that claims the place of another process, the incumbent, waits until the incumbent was
 * asked for a sign of life.  The newcomer is refused if the incumbent lives, and enters if not.
 */
#ifndef PROC_TABLE_H
#define PROC_TABLE_H

#include "proc.h"

struct sockaddr;

/* ready() is called for each process that enters, left() for each that leaves.  At most procs_max
 * processes enter, and at most connecting_max connections wait to say who they are. */
void proc_table_init(struct event_base *base, unsigned int connecting_max, unsigned int procs_max,
		     void (*ready)(struct proc *proc), void (*left)(struct proc *proc));
/* Callbacks of the two listeners, see listener_create(). */
void proc_table_accept_primary(int fd, const struct sockaddr *addr, void *arg);
void proc_table_accept_secondary(int fd, const struct sockaddr *addr, void *arg);
/* Close a connection that has not said who it is: the oldest of the peer that has most.  False if
 * there is none. */
bool proc_table_make_room(void);
/* Close all connections. */
void proc_table_fini(void);
/* The event loop that serves the processes. */
struct event_base *proc_table_base(void);

/* The process of that type and client id (ignored for the primary); NULL when none is connected.
 * The pointer is valid until the connection closes; proc_get() keeps the process longer. */
struct proc *proc_table_find(enum proc_type type, int client_id);

/* Walk over the processes in the order in which they entered. */
struct proc *proc_table_first(void);
struct proc *proc_table_next(struct proc *proc);

#endif
