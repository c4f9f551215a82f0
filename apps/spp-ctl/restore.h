/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Putting back what a process lacks of its wish (state.h): all of it, or nothing.
 *
 * The commands go one by one, before any other command to that process.  When one is refused those
 * before it are taken back, and the wish is kept until somebody asks again.  What the process has
 * beyond the wish stays, and a conflict with it is a failure before anything is sent.
 *
 * A restoration never changes the wish.  Hence one that was cut short, by the death of the process
 * or of spp-ctl, goes on from what the process reports the next time.
 */
#ifndef RESTORE_H
#define RESTORE_H

#include "proc.h"
#include "sequence.h"
#include "state.h"

/* With off set nothing is restored unless a client asks for it. */
void restore_init(bool off);

/* The process has entered the table: ask what it has, and restore what it lacks. */
void restore_begin(struct proc *proc);
/* The process has left the table: free proc->restore. */
void restore_end(struct proc *proc);

/* False if a command adds to something that nothing is wished of, as to a component that was
 * started over the local socket.  A restoration could not repeat it, so the wish does not take it.
 */
bool restore_keeps(const struct proc *proc, const char *command, const json_t *told);

/* False with a sentence in text when a command must not go to a process that was not restored: the
 * wish, which keeps what was not restored, cannot take it. */
bool restore_admits(const struct proc *proc, const char *command, char *text, size_t size);

/* The commands that take the process back to the wish, as far as the client's command, which the
 * wish cannot take, led away from it; told is what the reply says of lines (model_told()), or NULL.
 * Nothing is sent, and done() gets a failure that says so, when no command is known that does it.
 */
void restore_undo(struct proc *proc, const char *command, const json_t *told, sequence_done done,
		  void *arg);

enum restore_retry {
	RESTORE_RETRY_BEGUN,
	RESTORE_RETRY_RUNNING, /* the process is being restored already */
	RESTORE_RETRY_NOTHING, /* the process lacks nothing, or nothing is wished for it */
};

/* A client asks for a restoration.  proc->report is of just now. */
enum restore_retry restore_retry(struct proc *proc);

/* True while commands of a restoration are under way. */
bool restore_is_running(const struct proc *proc);

/* What became of the restoration of the process, its wish, its last report, and what differs, for
 * clients; NULL without memory. */
json_t *restore_report(const struct proc *proc);

/* What became of the restoration, and how many commands are not restored: what is known without
 * asking the process and without a comparison.  NULL without memory. */
json_t *restore_summary(const struct proc *proc);

#endif
