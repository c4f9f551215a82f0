/* SPDX-License-Identifier: BSD-3-Clause */
/* The configuration that each process was last known to have. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <event2/event.h>

#include "ctl_log.h"
#include "model.h"
#include "state.h"
#include "state_file.h"

/* Changes within this time share one write.  A slow disk makes the time longer, so that writes take
 * at most a tenth of it. */
#define SAVE_DELAY_MS 100
#define SAVE_SHARE 10

static struct {
	json_t *models;  /* by name of the process, `vf 1` */
	const char *dir; /* of the command line; NULL: no file */
	struct event *save;
	unsigned int delay_ms;
	bool dirty;
} state;

static bool
is_kept(const struct proc *proc)
{
	return proc->type == PROC_VF || proc->type == PROC_MIRROR;
}

static void
state_save(void)
{
	struct timespec begin, end;

	if (!state.dirty || state.dir == NULL)
		return;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	state.dirty = false;
	if (state_file_write(state.dir, state.models) != 0)
		state.dirty = true; /* written with the next change */
	clock_gettime(CLOCK_MONOTONIC, &end);
	state.delay_ms = SAVE_DELAY_MS +
			 SAVE_SHARE * (unsigned int)((end.tv_sec - begin.tv_sec) * 1000 +
						     (end.tv_nsec - begin.tv_nsec) / 1000000);
}

static void
save_expired(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	state_save();
}

static void
state_changed(void)
{
	struct timeval tv = {.tv_sec = state.delay_ms / 1000,
			     .tv_usec = state.delay_ms % 1000 * 1000};

	state.dirty = true;
	if (state.dir != NULL && !evtimer_pending(state.save, NULL))
		evtimer_add(state.save, &tv);
}

const json_t *
state_find(const struct proc *proc)
{
	const json_t *model = json_object_get(state.models, proc->name);

	return model == NULL || model_is_empty(model) ? NULL : model;
}

void
state_set(const struct proc *proc, json_t *model)
{
	const json_t *before = json_object_get(state.models, proc->name);

	if (model_is_empty(model)) {
		json_decref(model);
		state_forget(proc);
	} else if (before != NULL && json_equal(before, model)) {
		json_decref(model);
	} else {
		json_object_set_new(state.models, proc->name, model);
		state_changed();
	}
}

void
state_forget(const struct proc *proc)
{
	if (json_object_del(state.models, proc->name) == 0)
		state_changed();
}

static void
learn_status(struct proc *proc, const json_t *reply)
{
	json_t *model = model_from_status(json_object_get(reply, "info"), state_find(proc));

	if (model != NULL)
		state_set(proc, model);
}

void
state_learn(struct proc *proc, const char *command, const json_t *reply)
{
	json_t *model;

	if (!is_kept(proc))
		return;
	if (strcmp(command, "status") == 0) {
		learn_status(proc, reply);
		return;
	}
	if (!model_is_changed_by(command))
		return;
	model = json_object_get(state.models, proc->name);
	if (model == NULL) {
		model = model_create();
		json_object_set_new(state.models, proc->name, model);
	}
	model_apply(model, command);
	state_changed();
}

int
state_init(struct event_base *base, const char *dir, char *error, size_t size)
{
	state.models = json_object();
	state.delay_ms = SAVE_DELAY_MS;
	state.dir = dir;
	if (dir == NULL)
		return 0;
	state.save = evtimer_new(base, save_expired, NULL);
	if (state.models == NULL || state.save == NULL) {
		snprintf(error, size, "no memory");
		return -ENOMEM;
	}
	return state_file_read(dir, state.models, error, size);
}

void
state_fini(void)
{
	state_save();
	if (state.save != NULL)
		event_free(state.save);
	json_decref(state.models);
	memset(&state, 0, sizeof(state));
}
