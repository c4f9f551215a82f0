/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands to one process, each after the reply to the one before, and before all that wait. */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

#include "proc.h"

/* nb is the number of commands that were carried out without a failure before them, failure the
 * outcome of the first one that failed, or NULL; it is valid until this returns. */
typedef void (*sequence_done)(struct proc *proc, size_t nb, const struct outcome *failure,
			      void *arg);

/* Send the commands, an array of lines that the sequence takes over.  A refused one ends the
 * sequence, unless whatever is set: then the others still go.  done() is called exactly once, maybe
 * before this returns, also when the process leaves. */
void sequence_run(struct proc *proc, json_t *commands, bool whatever, sequence_done done,
		  void *arg);

#endif
