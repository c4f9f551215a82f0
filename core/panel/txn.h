/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Transactions: a command, or a whole boot configuration, changes everything it asked for or
 * nothing.  Whoever changes something says how to put it back (undo) and what to release once no
 * worker can see it any more (defer).  Committing publishes the plans of the lcores that changed.
 *
 * What the core records cannot fail: the entry lies in the object that changes, or in a record of
 * the change.  So a change allocates all it needs first, and from then on succeeds.
 * [main]
 */
#ifndef TXN_H
#define TXN_H

#include "calls.h"

/* Open a transaction; there is at most one, and it does not nest. */
void txn_begin(void);

/* Call fn(arg), latest first, if the transaction is refused. */
void txn_undo(struct call *call, void (*fn)(void *arg), void *arg);

/* Call fn(arg), in order, after commit and quiescence; not at all if refused (txn_undo tells the
 * other half). */
void txn_on_commit(struct call *call, void (*fn)(void *arg), void *arg);

/* Call fn(arg) once the workers of the touched lcores have passed a quiescent state, whether
 * committed or refused: what a plan that was just unpublished refers to. */
void txn_defer(struct call *call, void (*fn)(void *arg), void *arg);

/* Call fn(arg) once all workers have, and after all that was deferred before: what belongs to a
 * plugin, which may share it among its components. */
void txn_defer_all(struct call *call, void (*fn)(void *arg), void *arg);

/* Call fn(arg) at the end, whether committed or refused: what no worker has ever seen. */
void txn_after(struct call *call, void (*fn)(void *arg), void *arg);

/* txn_undo() and txn_defer_all() for plugins, which have no entries: 0 or -ENOMEM with fail().  A
 * transaction whose undo could not be recorded is refused at commit. */
int txn_plugin_undo(void (*fn)(void *arg), void *arg);
int txn_plugin_defer(void (*fn)(void *arg), void *arg);

/* Touch an lcore: txn_commit() builds and publishes a new plan for it. */
void txn_touch_lcore(unsigned int lcore);

/* Build and publish the plans of touched lcores, wait until no worker uses an old plan, release.
 * On failure everything is put back as by txn_abort() and the error is returned, with its sentence
 * in fail(). */
int txn_commit(void);

/* Refuse the transaction: put everything back, latest change first. */
void txn_abort(void);

/* Try to release what a worker kept alive that had not answered in time; called from the event loop
 * and at the end of each transaction. */
void txn_reap(void);

#endif
