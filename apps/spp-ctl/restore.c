/* SPDX-License-Identifier: BSD-3-Clause */
/* Putting back the configuration of a process that came without one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_log.h"
#include "model.h"
#include "restore.h"
#include "state.h"

enum restore_status {
	RESTORE_NONE,    /* nothing had to be restored */
	RESTORE_OFF,     /* something had to be restored, but restoring is switched off */
	RESTORE_RUNNING, /* commands are under way, or their components are being stopped again */
	RESTORE_DONE,
	RESTORE_FAILED,
};

static const char *const status_names[] = {"none", "off", "restoring", "restored", "failed"};

/* What is known of restoring one process.  Owned by proc->restore until restore_end(); callbacks of
 * commands look there again, because the process may have left meanwhile. */
struct restore {
	enum restore_status status;
	json_t *commands;
	size_t next;       /* index of the command under way */
	char message[512]; /* why a restoration failed */
};

static bool restore_off;

void
restore_init(bool off)
{
	restore_off = off;
}

void
restore_end(struct proc *proc)
{
	if (proc->restore == NULL)
		return;
	json_decref(proc->restore->commands);
	free(proc->restore);
	proc->restore = NULL;
}

/* Taking back */

static void
failed(struct proc *proc)
{
	struct restore *restore = proc->restore;

	restore->status = RESTORE_FAILED;
	ctl_log_line("%s: its configuration was not restored, nothing of it: `%s`: %s", proc->name,
		     json_string_value(json_array_get(restore->commands, restore->next)),
		     restore->message);
}

static void stop_next(struct proc *proc, size_t before);

static void
stop_done(struct proc *proc, const struct outcome *outcome, void *arg)
{
	if (proc->restore == NULL)
		return;
	if (outcome->kind != OUTCOME_SUCCESS)
		ctl_log_line("%s: a component of a failed restoration remains: %s", proc->name,
			     outcome->text);
	stop_next(proc, (size_t)arg);
}

/* Stop the components that commands[0..before-1] started, last first, which detaches their
 * ports. */
static void
stop_next(struct proc *proc, size_t before)
{
	while (before-- > 0) {
		const char *command =
			json_string_value(json_array_get(proc->restore->commands, before));
		char stop[128], name[64];

		if (sscanf(command, "component start %63s", name) != 1)
			continue;
		snprintf(stop, sizeof(stop), "component stop %s", name);
		/* The callback needs only the number, so the number travels as its pointer. */
		proc_call_next(proc, stop, stop_done, (void *)before);
		return;
	}
	failed(proc);
}

/* Putting back */

static void step(struct proc *proc);

static void
step_done(struct proc *proc, const struct outcome *outcome, void *arg)
{
	struct restore *restore = proc->restore;

	(void)arg;
	if (restore == NULL) /* the process has left */
		return;
	if (outcome->kind == OUTCOME_SUCCESS) {
		restore->next++;
		step(proc);
		return;
	}
	snprintf(restore->message, sizeof(restore->message), "%s", outcome->text);
	stop_next(proc, restore->next);
}

/* Send the next command, or finish. */
static void
step(struct proc *proc)
{
	struct restore *restore = proc->restore;
	const char *command = json_string_value(json_array_get(restore->commands, restore->next));

	if (command != NULL) {
		proc_call_next(proc, command, step_done, NULL);
		return;
	}
	restore->status = RESTORE_DONE;
	ctl_log_line("%s: configuration restored with %zu commands", proc->name, restore->next);
}

static struct restore *
restore_create(struct proc *proc, enum restore_status status)
{
	restore_end(proc);
	proc->restore = calloc(1, sizeof(*proc->restore));
	if (proc->restore == NULL)
		return NULL;
	proc->restore->status = status;
	proc->restore->commands = model_commands(state_find(proc));
	return proc->restore;
}

/* The configuration that the process has now replaces the kept one.  True when the process has none
 * and there is a kept one to restore. */
static bool
take_status(struct proc *proc, const struct outcome *outcome)
{
	json_t *model = NULL;

	if (outcome->kind == OUTCOME_SUCCESS)
		model = model_from_status(json_object_get(outcome->reply, "info"),
					  state_find(proc));
	if (model == NULL)
		return false;
	if (!model_is_empty(model)) {
		state_set(proc, model);
		restore_end(proc);
		return false;
	}
	json_decref(model);
	return state_find(proc) != NULL;
}

static void
restore_start(struct proc *proc)
{
	if (restore_create(proc, RESTORE_RUNNING) == NULL)
		return;
	ctl_log_line("%s: came without its configuration, restoring %zu commands", proc->name,
		     json_array_size(proc->restore->commands));
	step(proc);
}

/* The first status of a process that has entered the table. */
static void
status_known(struct proc *proc, const struct outcome *outcome, void *arg)
{
	(void)arg;
	if (!proc->ready || !take_status(proc, outcome))
		return;
	if (restore_off)
		restore_create(proc, RESTORE_OFF);
	else
		restore_start(proc);
}

void
restore_begin(struct proc *proc)
{
	if (proc->type == PROC_VF || proc->type == PROC_MIRROR)
		proc_call(proc, "status", status_known, NULL);
}

/* What clients learn, ask and change */

/* True while the kept configuration is not, or not yet, the one of the process. */
static bool
restore_is_open(const struct proc *proc)
{
	return proc->restore != NULL &&
	       (proc->restore->status == RESTORE_OFF || proc->restore->status == RESTORE_RUNNING ||
		proc->restore->status == RESTORE_FAILED);
}

void
restore_command_done(struct proc *proc, const char *command, const json_t *reply)
{
	if (restore_is_open(proc)) {
		/* The status of a process that is not restored must not replace what is kept for
		 * it. */
		if (!model_is_changed_by(command))
			return;
		/* A client that configures a process which is not restored begins anew. */
		restore_end(proc);
		state_forget(proc);
	}
	state_learn(proc, command, reply);
}

enum restore_retry
restore_retry(struct proc *proc, const struct outcome *outcome)
{
	if (proc->restore != NULL && proc->restore->status == RESTORE_RUNNING)
		return RESTORE_RETRY_RUNNING;
	if (!take_status(proc, outcome))
		return RESTORE_RETRY_NOTHING;
	restore_start(proc);
	return RESTORE_RETRY_BEGUN;
}

/* Add the commands that were not carried out, or whose effect was undone, and the one that
 * failed. */
static void
report_add_failure(json_t *report, const struct restore *restore)
{
	if (restore->status == RESTORE_FAILED)
		json_object_update_new(report,
				       json_pack("{s:O, s:s}", "failed_command",
						 json_array_get(restore->commands, restore->next),
						 "message", restore->message));
	if (restore->status == RESTORE_FAILED || restore->status == RESTORE_OFF)
		json_object_set(report, "not_restored", restore->commands);
}

json_t *
restore_report(const struct proc *proc)
{
	const struct restore *restore = proc->restore;
	json_t *report;

	report = json_pack("{s:i, s:s, s:i}", "client-id", proc->client_id, "status",
			   status_names[restore == NULL ? RESTORE_NONE : restore->status],
			   "commands",
			   restore == NULL ? 0 : (int)json_array_size(restore->commands));
	if (restore != NULL)
		report_add_failure(report, restore);
	return report;
}
