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

/* With off set nothing is restored unless asked for. */
void restore_init(bool off);

/* The process has entered the table: ask what it has, restore if it has nothing. */
void restore_begin(struct proc *proc);
/* It has left the table. */
void restore_end(struct proc *proc);

/* True while the kept configuration is not (yet) the one of the process. */
bool restore_is_open(const struct proc *proc);
/* Somebody configures the process otherwise. */
void restore_give_up(struct proc *proc);

#endif
