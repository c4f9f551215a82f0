/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists of functions to call later.  The memory of an entry is part of the object that the call is
 * about, so adding an entry cannot fail.  An entry is in one list at a time.  [main]
 */
#ifndef CALLS_H
#define CALLS_H

#include <stdbool.h>

struct call {
	struct call *next;
	void (*fn)(void *arg);
	void *arg;
	bool is_own; /* of a plugin's function: the list frees the entry */
};

struct calls {
	struct call *first, *last;
};

/* Add fn(arg), as the last or as the first to be called. */
void calls_append(struct calls *calls, struct call *call, void (*fn)(void *arg), void *arg);
void calls_push(struct calls *calls, struct call *call, void (*fn)(void *arg), void *arg);

/* An entry for a function of a plugin, which the list frees; NULL without memory. */
struct call *calls_new_entry(void);

bool calls_is_empty(const struct calls *calls);

/* Call all, those included that a call adds.  A call may free the entry's memory. */
void calls_run(struct calls *calls);

/* Forget all. */
void calls_clear(struct calls *calls);

/* Move all to the end of another list. */
void calls_move(struct calls *from, struct calls *to);

#endif
