/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Transactions: a command, or a whole boot configuration, changes everything it asked for or
 * nothing.  Whoever changes something says how to put it back (undo) and what to release once no
 * worker can see it any more (defer).  Committing publishes the plans of the lcores that changed.
 * [main]
 */
#ifndef TXN_H
#define TXN_H

/* Open a transaction; there is at most one, and it does not nest. */
void txn_begin(void);

/* Call fn(arg), latest first, if the transaction is refused. 0 or -ENOMEM with fail(). */
int txn_undo(void (*fn)(void *arg), void *arg);

/* Call fn(arg), in order, after commit and quiescence; not at all if refused (txn_undo tells the
 * other half).  0 or -ENOMEM with fail(). */
int txn_on_commit(void (*fn)(void *arg), void *arg);

/* Call fn(arg) after quiescence, whether committed or refused: memory just unpublished.
 * 0 or -ENOMEM with fail(). */
int txn_defer(void (*fn)(void *arg), void *arg);

/* The plan of this lcore has to be built anew at commit. */
void txn_touch_lcore(unsigned int lcore);

/* Build and publish the plans of touched lcores, wait until their workers use them, release.  On
 * failure everything is put back as by txn_abort() and the error is returned, sentence stored. */
int txn_commit(void);

/* Put everything back, latest change first. */
void txn_abort(void);

/* Try to release what an earlier stuck worker kept alive; called from the event loop. */
void txn_reap(void);

#endif
