/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One peer that sends commands and reads replies, over any stream socket.  Requests run one at a
 * time in their order, a reply goes to the kernel in one piece, and a peer that does not read its
 * replies is read no further, then disconnected.  [main]
 */
#ifndef CONN_H
#define CONN_H

#include <event2/util.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct conn;

struct conn_limits {
	/* While more bytes of replies than this wait for the peer, no further request is run. */
	size_t output_max;
	/* A peer that takes none of its replies for so long is disconnected. */
	uint32_t stall_ms;
	/* A request without a newline ends after so long a silence; 0: only a newline ends a
	 * request. */
	uint32_t silence_ms;
};

#define CONN_LIMITS_LOCAL                                                                          \
	{                                                                                          \
		.output_max = 1 << 20, .stall_ms = 30000                                           \
	}
/* For peers that put no newline behind a request. */
#define CONN_LIMITS_SILENCE                                                                        \
	{                                                                                          \
		.output_max = 1 << 20, .stall_ms = 30000, .silence_ms = 5                          \
	}

/* Serve a connected non-blocking socket, which belongs to the connection from now on.  closed(conn,
 * arg) is called once when the connection ends by itself; the connection is destroyed right after.
 * NULL without memory: the socket is closed. */
struct conn *conn_create(struct event_base *base, evutil_socket_t fd,
			 const struct conn_limits *limits,
			 void (*closed)(struct conn *conn, void *arg), void *arg);

/* Close the connection now; closed() is not called. */
void conn_destroy(struct conn *conn);

/* True while a request of this peer is being run. */
bool conn_is_running(const struct conn *conn);

/* When the peer was served last, or came, in ms of a monotonic clock.  UINT64_MAX while a request
 * of the peer runs or part of a reply waits for the peer: such a peer is not idle. */
uint64_t conn_idle_since_ms(const struct conn *conn);

/* Send text, as much of it as the peer takes at once, and end the connection: closed() is called
 * and the connection is destroyed before this returns.  Not from a request of the peer. */
void conn_turn_away(struct conn *conn, const char *text);

/* End it as if the peer had: requests that have arrived are answered, then it is closed. */
void conn_hang_up(struct conn *conn);

/* Run no further request. */
void conn_stop(struct conn *conn);

/* True if every reply has gone to the kernel. */
bool conn_is_drained(const struct conn *conn);

#endif
