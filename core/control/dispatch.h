/* SPDX-License-Identifier: BSD-3-Clause */
/* The command table: one line of text in, one JSON line out.  [main] */
#ifndef DISPATCH_H
#define DISPATCH_H

#include <stdbool.h>

#include <spp/plugin.h>

/* Most words in a command. */
#define DISPATCH_WORDS_MAX 16

struct dispatch_verb {
	const char *owner; /* "core" or the plugin's name */
	const char *grammar;
	const char *help;
};

/* Register the core's own verb `verbs`, which lists them all.  Returns what dispatch_add()
 * returns. */
int dispatch_init(void);

/* Add one form of a verb.  grammar and help are copied.  -EEXIST with fail() when another owner
 * has the verb, -EINVAL with fail() when the grammar is malformed, -ENOMEM with fail(). */
int dispatch_add(const char *owner, const struct spp_verb *verb);

/* Take away all verbs of an owner. */
void dispatch_del(const char *owner);

/* Call visit for every form, in the order of addition. */
void dispatch_visit(void (*visit)(const struct dispatch_verb *verb, void *arg), void *arg);

/* True if the line is a command that a form of that owner's verbs takes. */
bool dispatch_is_command(const char *owner, const char *line);

/* Run one command as a transaction of its own; a line that is no command opens none.  The reply
 * is one line of JSON, malloc()ed; NULL only without memory.  A refusal is logged. */
char *dispatch_run(const char *line);

/* Run one command inside the transaction that the caller has opened; rolling back is left to the
 * caller.  0 or negative errno, sentence stored. */
int dispatch_run_in_txn(const char *line);

#endif
