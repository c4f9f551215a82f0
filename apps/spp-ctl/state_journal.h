/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Changes since the file of state_file.h was written, one a line, in a second file that only grows:
 *
 *	+ vf 1: classifier_table add mac 52:54:00:12:34:56 ring:0
 *	* vf 1: {"command": "idle 3 busy", "told": {"before": ["idle 3 busy"]}}
 *	= vf 1: {"components": {}, "entries": {}}
 *	- vf 1
 *
 * A command changes what is wished for a process, alone or with what the process told of lines
 * that have come or gone (model.h); a model replaces it, and a minus drops it.  To apply all lines
 *once more changes nothing, so the other file may be newer than the first line.
 */
#ifndef STATE_JOURNAL_H
#define STATE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <jansson.h>

#define STATE_JOURNAL_NAME "state.journal"

/* Lines without their newline: malloc()ed, which the caller frees; NULL without memory. */
char *state_journal_command(const char *name, const char *command);
char *state_journal_told(const char *name, const char *command, const json_t *told);
char *state_journal_model(const char *name, const json_t *model);
char *state_journal_forget(const char *name);

/* Apply one line, without its newline, to the models by name.  False when it is no such line. */
bool state_journal_apply(json_t *models, char *line);

/* Apply the file in dir to models.  An unfinished last line, which nobody was told about, is
 * ignored.  A damaged file is put aside with a warning after the lines before the damage.  Returns
 * the number of bytes that were good. */
off_t state_journal_replay(const char *dir, json_t *models);

/* The open file.  Only one thread uses it at a time. */
struct state_journal {
	int fd;
	off_t end;
};

/* Open the file in dir and cut it to its first end bytes; it is durable with its directory then.
 * 0 or -errno. */
int state_journal_open(struct state_journal *journal, const char *dir, off_t end);
/* Close the file, and remove it when it is empty. */
void state_journal_close(struct state_journal *journal, const char *dir);

/* Add bytes and sync them: 0, or -errno with nothing added.  Space for what comes next is set aside
 * where the file system can: *next_err is -errno when there is none left. */
int state_journal_append(struct state_journal *journal, const char *bytes, size_t len,
			 int *next_err);
/* Empty the file, once all that it holds is in the other one. */
int state_journal_clear(struct state_journal *journal);

#endif
