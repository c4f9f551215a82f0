/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The thread that writes to the state directory, so that no disk holds up the event loop.
 *
 * Jobs end in the order in which they were given.  Changes that wait together share one sync. After
 * a failed change the writer refuses all changes, with the same error, until the whole file was
 * written: what follows a lost change may build on it.
 */
#ifndef STATE_WRITER_H
#define STATE_WRITER_H

#include <sys/types.h>

struct event_base;

/* In the event loop: err is 0 when the bytes are on disk, else -errno. */
typedef void (*state_written)(int err, void *arg);

/* dir outlives the writer; journal_end is what state_journal_replay() returned.  0 or -errno. */
int state_writer_init(struct event_base *base, const char *dir, off_t journal_end);
/* Finish all jobs, with their callbacks. */
void state_writer_drain(void);
void state_writer_fini(void);

/* Both take the text over, NULL stands for text that found no memory.  done() is called exactly
 * once: in the event loop, or, without memory for the job, before these return. */
void state_writer_append(char *line, state_written done, void *arg);
void state_writer_replace(char *text, state_written done, void *arg);

/* The error that the next change is likely to meet, as the last finished job left it; 0 when there
 * is none. */
int state_writer_error(void);

#endif
