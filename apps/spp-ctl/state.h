/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration that each spp_vf and spp_mirror was last known to have, by type and client id.
 * Learned from the commands that went through and from what the processes say; kept in a file when
 * there is a state directory.
 */
#ifndef STATE_H
#define STATE_H

#include "proc.h"

struct event_base;

/* dir, which must outlive the state, is where the file is; NULL: no file.  A damaged file is put
 * aside with a warning.  -errno with a sentence in error when the directory cannot be used. */
int state_init(struct event_base *base, const char *dir, char *error, size_t size);
/* Write what is not written yet, and free everything. */
void state_fini(void);

/* Learn from a command that the process carried out, and from its reply. */
void state_learn(struct proc *proc, const char *command, const json_t *reply);

/* The kept configuration (model.h); NULL when there is none, or an empty one.  Valid until the
 * state of the process changes. */
const json_t *state_find(const struct proc *proc);
/* Replace the kept configuration by model, which the state takes over. */
void state_set(const struct proc *proc, json_t *model);
/* Drop the kept configuration: a process that was told to end does not come back as it was. */
void state_forget(const struct proc *proc);

#endif
