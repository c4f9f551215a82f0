/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The wish: the configuration that clients asked for, of each spp_vf and spp_mirror, by type and
 * client id.  What a process says about itself, its report, never changes the wish.
 *
 * With a state directory the wish in memory is always what is on disk: a change goes to disk first.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>

#include "proc.h"

struct event_base;

/* dir, which must outlive the state, is where the files are; NULL: no files.  A damaged file is put
 * aside with a warning.  -errno with a sentence in error when the directory cannot be used. */
int state_init(struct event_base *base, const char *dir, char *error, size_t size);
/* Wait until all changes are on disk, or refused, and call back for each. */
void state_drain(void);
/* Write what the directory lacks, and free everything. */
void state_fini(void);

/* True for processes that a wish is kept of. */
bool state_is_kept(const struct proc *proc);

/* What is wished for the process (model.h); NULL when nothing is known.  Valid until it changes. */
const json_t *state_find(const struct proc *proc);

/* In the event loop, or before the function returns: err is 0 when the change is in the wish and on
 * disk, else -errno, and the wish is as before. */
typedef void (*state_done)(int err, void *arg);

/* Change the wish as the command, which the process carried out, changed the process.  told is what
 * the reply says of lines (model_told()), or NULL.  Without told, commands that change no model
 * change no wish. */
void state_change(const struct proc *proc, const char *command, const json_t *told, state_done done,
		  void *arg);
/* Drop what is wished: a process that was told to end does not come back as it was. */
void state_forget(const struct proc *proc, state_done done, void *arg);

/* Find out whether the directory takes changes again, after it refused one: err is 0 if so. */
void state_probe(state_done done, void *arg);
/* The error that the last change met; 0 when there was none. */
int state_error(void);

#endif
