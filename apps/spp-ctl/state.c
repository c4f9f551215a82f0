/* SPDX-License-Identifier: BSD-3-Clause */
/* The wish: what clients asked for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>
#include <event2/event.h>

#include "ctl_log.h"
#include "model.h"
#include "state.h"
#include "state_file.h"
#include "state_journal.h"
#include "state_writer.h"

/* The whole file is written this long after a change, which is in the journal meanwhile.  A slow
 * disk makes the time longer, so that such writes take at most a tenth of it. */
#define SAVE_DELAY_MS 100
#define SAVE_SHARE 10

struct change;
STAILQ_HEAD(change_queue, change);

static struct {
	json_t *models;  /* by name of the process, `vf 1` */
	const char *dir; /* of the command line; NULL: no file */
	struct event *save;
	struct timespec save_begin;
	unsigned int delay_ms;
	bool dirty;               /* the journal holds changes that the whole file lacks */
	bool due;                 /* the whole file is to be written when no change is on its way */
	unsigned int nb_changes;  /* on their way to disk */
	struct change_queue held; /* until the whole file was given to the writer */
} state;

/* A change on its way to disk, or held. */
struct change {
	STAILQ_ENTRY(change) link;
	char *line; /* of the journal, without its newline */
	state_done done;
	void *arg;
};

bool
state_is_kept(const struct proc *proc)
{
	return proc->type == PROC_VF || proc->type == PROC_MIRROR;
}

const json_t *
state_find(const struct proc *proc)
{
	return json_object_get(state.models, proc->name);
}

int
state_error(void)
{
	return state.dir == NULL ? 0 : state_writer_error();
}

/* The whole file */

static void
save_failed(int err)
{
	if (err != 0)
		ctl_log_line("warning: cannot write %s/" STATE_FILE_NAME ": %s: " STATE_JOURNAL_NAME
			     " still holds what is in no other file",
			     state.dir, strerror(-err));
}

static void
save_done(int err, void *arg)
{
	struct timespec end;

	(void)arg;
	clock_gettime(CLOCK_MONOTONIC, &end);
	state.delay_ms =
		SAVE_DELAY_MS +
		SAVE_SHARE * (unsigned int)((end.tv_sec - state.save_begin.tv_sec) * 1000 +
					    (end.tv_nsec - state.save_begin.tv_nsec) / 1000000);
	if (err != 0)
		state.dirty = true; /* written with the next change */
	save_failed(err);
}

static void
save_begin(state_done done, void *arg)
{
	clock_gettime(CLOCK_MONOTONIC, &state.save_begin);
	state.dirty = false;
	state_writer_replace(state_file_format(state.models), done, arg);
}

static void change_give(struct change *change);

/* The whole file replaces the journal, so it must hold all that the journal does: it waits for the
 * changes on their way, and later changes wait for it. */
static void
save_if_due(void)
{
	struct change *change;

	if (!state.due || state.nb_changes > 0)
		return;
	state.due = false;
	save_begin(save_done, NULL);
	while ((change = STAILQ_FIRST(&state.held)) != NULL) {
		STAILQ_REMOVE_HEAD(&state.held, link);
		change_give(change);
	}
}

static void
save_expired(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	state.due = state.dirty;
	save_if_due();
}

static void
save_arm(void)
{
	struct timeval tv = {.tv_sec = state.delay_ms / 1000,
			     .tv_usec = state.delay_ms % 1000 * 1000};

	state.dirty = true;
	if (state.save != NULL && !evtimer_pending(state.save, NULL))
		evtimer_add(state.save, &tv);
}

/* Changes */

static void
change_written(int err, void *arg)
{
	struct change *change = arg;

	state.nb_changes--;
	if (err == 0) {
		state_journal_apply(state.models, change->line);
		save_arm();
	} else {
		ctl_log_line("warning: a change is refused, %s cannot be written: %s", state.dir,
			     strerror(-err));
	}
	save_if_due();
	change->done(err, change->arg);
	free(change->line);
	free(change);
}

static void
change_give(struct change *change)
{
	char *line = NULL;

	state.nb_changes++;
	if (state.dir == NULL)
		change_written(0, change);
	else if (asprintf(&line, "%s\n", change->line) < 0)
		change_written(-ENOMEM, change);
	else
		state_writer_append(line, change_written, change);
}

/* Takes line, which may be NULL, over. */
static void
change_begin(char *line, state_done done, void *arg)
{
	struct change *change = calloc(1, sizeof(*change));

	if (line == NULL || change == NULL) {
		free(line);
		free(change);
		done(-ENOMEM, arg);
		return;
	}
	*change = (struct change){.line = line, .done = done, .arg = arg};
	if (state.due)
		STAILQ_INSERT_TAIL(&state.held, change, link);
	else
		change_give(change);
}

void
state_change(const struct proc *proc, const char *command, const json_t *told, state_done done,
	     void *arg)
{
	if (state_is_kept(proc) && told != NULL)
		change_begin(state_journal_told(proc->name, command, told), done, arg);
	else if (state_is_kept(proc) && model_is_changed_by(command))
		change_begin(state_journal_command(proc->name, command), done, arg);
	else
		done(0, arg);
}

void
state_forget(const struct proc *proc, state_done done, void *arg)
{
	if (state_find(proc) != NULL)
		change_begin(state_journal_forget(proc->name), done, arg);
	else
		done(0, arg);
}

/* A disk that was full */

struct probe {
	state_done done;
	void *arg;
};

static void
probe_done(int err, void *arg)
{
	struct probe probe = *(struct probe *)arg;

	free(arg);
	save_failed(err);
	probe.done(err, probe.arg);
}

void
state_probe(state_done done, void *arg)
{
	struct probe *probe;

	/* Changes that are about to be refused, too, are not in the way of the next probe. */
	if (state.nb_changes > 0 || state.due) {
		done(state_error(), arg);
		return;
	}
	probe = calloc(1, sizeof(*probe));
	if (probe == NULL) {
		done(-ENOMEM, arg);
		return;
	}
	*probe = (struct probe){done, arg};
	save_begin(probe_done, probe);
}

/* Begin and end */

static int
open_all(struct event_base *base, const char *dir, char *error, size_t size)
{
	int err = state_file_read(dir, state.models, error, size);
	off_t end;

	if (err != 0)
		return err;
	end = state_journal_replay(dir, state.models);
	state.save = evtimer_new(base, save_expired, NULL);
	err = state.save == NULL ? -ENOMEM : state_writer_init(base, dir, end);
	if (err != 0)
		snprintf(error, size, "cannot use the state directory %s: %s", dir, strerror(-err));
	else if (json_object_size(state.models) > 0)
		save_arm();
	return err;
}

int
state_init(struct event_base *base, const char *dir, char *error, size_t size)
{
	state.models = json_object();
	state.delay_ms = SAVE_DELAY_MS;
	state.dir = dir;
	STAILQ_INIT(&state.held);
	if (state.models == NULL) {
		snprintf(error, size, "no memory");
		return -ENOMEM;
	}
	return dir == NULL ? 0 : open_all(base, dir, error, size);
}

void
state_drain(void)
{
	state_writer_drain();
}

void
state_fini(void)
{
	state_writer_drain();
	if (state.dirty && state.save != NULL)
		save_begin(save_done, NULL);
	state_writer_drain();
	state_writer_fini();
	if (state.save != NULL)
		event_free(state.save);
	json_decref(state.models);
	memset(&state, 0, sizeof(state));
}
