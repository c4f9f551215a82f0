/* SPDX-License-Identifier: BSD-3-Clause */
/* Who looks at each command that dispatch_run() carries out.  [main] */
#ifndef OBSERVER_H
#define OBSERVER_H

struct spp_reply;

struct observer {
	/* Before the transaction; what it returns goes to end(). */
	void *(*begin)(void);
	/* After the transaction, with the reply, to which members may be added; reply is NULL when
	 * the command was refused. */
	void (*end)(void *begin, struct spp_reply *reply);
};

/* Set the observer, which must stay valid; NULL: none. */
void observer_set(const struct observer *observer);

/* Call the observer, if there is one. */
void *observer_begin(void);
void observer_end(void *begin, struct spp_reply *reply);

#endif
