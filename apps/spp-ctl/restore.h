/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Putting back the configuration of a process that came without one: all of it, or nothing.
 *
 * The commands go one by one, before any other command to that process.  When one is refused the
 * components begun are stopped, the process is empty again, and what was to be restored is kept
 * until somebody asks again or configures the process otherwise.
 */
#ifndef RESTORE_H
#define RESTORE_H

#include "proc.h"

/* With off set nothing is restored unless a client asks for it. */
void restore_init(bool off);

/* The process has entered the table: ask what it has, and restore it if it has nothing. */
void restore_begin(struct proc *proc);
/* The process has left the table: free proc->restore. */
void restore_end(struct proc *proc);

/* The process carried out a client's command and gave that reply: keep what the process has now,
 * and give a restoration up when the command configures the process otherwise. */
void restore_command_done(struct proc *proc, const char *command, const json_t *reply);

enum restore_retry {
	RESTORE_RETRY_BEGUN,
	RESTORE_RETRY_RUNNING, /* the process is being restored already */
	RESTORE_RETRY_NOTHING, /* the process has a configuration, or never had one */
};

/* A client asks for a restoration.  outcome is that of a `status` that the process answered just
 * now. */
enum restore_retry restore_retry(struct proc *proc, const struct outcome *outcome);

/* What became of the restoration of the process, for clients; NULL without memory. */
json_t *restore_report(const struct proc *proc);

#endif
