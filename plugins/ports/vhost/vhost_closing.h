/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ports on their way out.
 *
 * The library gives a socket back when its thread has finished with the peers of the socket, which
 * can take as long as a peer likes.  [main] must not wait for that: a thread of its own does, and
 * the port is `closing` until then.
 */
#ifndef VHOST_CLOSING_H
#define VHOST_CLOSING_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <spp/plugin.h>

#include "vhost_peers.h"

/* A part of the port. */
struct vhost_closing {
	void *port; /* freed at the end, and this structure with the port */
	struct vhost_peers *peers;
	struct timespec limit; /* [main] waits until then */
	bool is_late;          /* [main] has waited long enough */
	struct vhost_closing *next;
};

/* Close the port: no worker uses it any more.  As a rule the port has gone when the function
 * returns, as it does after half a second in any case.  The caller has filled in port and peers,
 * and uses neither again. [main] */
void vhost_closing_start(struct vhost_closing *closing);

/* True if a port of that id is closing. [main] */
bool vhost_closing_find(uint32_t id);

/* Add the ports that are closing to a status; nothing, if there are none. [main] */
void vhost_closing_write(struct spp_reply *reply);

#endif
