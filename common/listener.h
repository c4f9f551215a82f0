/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A listening socket beside other work of the loop: however many connections arrive, the loop gets
 * back to its other events after a few of them, and a failing accept() neither spins nor fills the
 * log.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <stdbool.h>
#include <event2/listener.h>

/* For listen(): how many connections the kernel keeps until they are accepted. */
#define LISTENER_BACKLOG 4096

struct event_base;
struct listener;

struct listener_ops {
	/* A connection has been accepted; the socket is the callee's.  NULL for a listener that
	 * is given away. */
	void (*accepted)(int fd, const struct sockaddr *address, void *arg);
	/* Descriptors are used up: close some connections.  False if there are none to spare. */
	bool (*make_room)(void *arg);
	/* Tell that accept() fails, at most once a second. */
	void (*say)(const char *sentence);
	/* Connections accepted before the loop gets to other events, which read from them; 0 means
	 * 16.  Fewer than make room for each other in one turn. */
	unsigned int batch_max;
};

/* Accept connections of the listening socket fd, which belongs to the listener from now on.  name
 * is what the sentences begin with; it is copied.  NULL without memory: fd is closed. */
struct listener *listener_create(struct event_base *base, int fd, const char *name,
				 const struct listener_ops *ops, void *arg);

/* Close the socket, unless it was given away. */
void listener_destroy(struct listener *listener);

/* Give the socket to somebody who accepts, and who frees what is returned after
 * listener_destroy().  He calls listener_accepted() for each connection. */
struct evconnlistener *listener_give(struct listener *listener);
void listener_accepted(struct listener *listener);

/* Accept nothing more. */
void listener_stop(struct listener *listener);

#endif
