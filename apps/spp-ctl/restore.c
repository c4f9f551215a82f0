/* SPDX-License-Identifier: BSD-3-Clause */
/* Putting back what a process lacks of its wish. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_log.h"
#include "model.h"
#include "model_diff.h"
#include "report.h"
#include "restore.h"
#include "sequence.h"

enum restore_status {
	RESTORE_NONE,    /* nothing had to be restored */
	RESTORE_OFF,     /* something had to be restored, but restoring is switched off */
	RESTORE_RUNNING, /* commands are under way, or being taken back */
	RESTORE_DONE,
	RESTORE_FAILED,
};

static const char *const status_names[] = {"none", "off", "restoring", "restored", "failed"};

/* What is known of restoring one process.  Owned by proc->restore until restore_end(); callbacks of
 * commands look there again, because the process may have left meanwhile. */
struct restore {
	enum restore_status status;
	json_t *commands;  /* what the process lacked */
	size_t failed;     /* index of the command that failed */
	size_t nb_kept;    /* commands of a failed restoration that nothing takes back */
	bool was_empty;    /* the process came without any configuration */
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

/* Wish and report */

/* Lists of command lines; empty ones where a side is not known. */
struct difference {
	json_t *wish, *report, *missing, *extra;
};

static json_t *
lines_of(const json_t *model)
{
	return model == NULL ? json_array() : model_commands(model);
}

static void
difference_make(struct difference *difference, const json_t *wish, const json_t *report)
{
	difference->wish = lines_of(wish);
	difference->report = lines_of(report);
	difference->missing = model_diff_without(difference->wish, difference->report);
	difference->extra = model_diff_without(difference->report, difference->wish);
}

static void
difference_fini(struct difference *difference)
{
	json_decref(difference->wish);
	json_decref(difference->report);
	json_decref(difference->missing);
	json_decref(difference->extra);
}

/* Taking back */

static void
failed(struct proc *proc)
{
	struct restore *restore = proc->restore;

	restore->status = RESTORE_FAILED;
	ctl_log_line("%s: its configuration was not restored, nothing of it: `%s`: %s", proc->name,
		     json_string_value(json_array_get(restore->commands, restore->failed)),
		     restore->message);
	if (restore->nb_kept > 0)
		ctl_log_line("%s: keeps %zu lines of it, because no command takes them back",
			     proc->name, restore->nb_kept);
}

static void
taken_back(struct proc *proc, size_t nb, const struct outcome *failure, void *arg)
{
	(void)nb;
	(void)arg;
	if (proc->restore == NULL) /* the process has left */
		return;
	if (failure != NULL)
		ctl_log_line("%s: a part of a failed restoration remains: %s", proc->name,
			     failure->text);
	failed(proc);
}

/* Putting back */

/* How many of the first nb commands are lines of the process itself, which no model takes back. */
static size_t
nb_before(const struct proc *proc, size_t nb)
{
	const json_t *before = json_object_get(state_find(proc), "before");
	size_t nb_lines = 0;

	for (size_t i = 0; i < nb; i++)
		nb_lines += json_object_get(before, json_string_value(json_array_get(
							    proc->restore->commands, i))) != NULL;
	return nb_lines;
}

static void
sent(struct proc *proc, size_t nb, const struct outcome *failure, void *arg)
{
	struct restore *restore = proc->restore;

	(void)arg;
	if (restore == NULL) /* the process has left */
		return;
	if (failure == NULL) {
		restore->status = RESTORE_DONE;
		ctl_log_line("%s: configuration restored with %zu commands", proc->name, nb);
		return;
	}
	restore->failed = nb;
	restore->nb_kept = nb_before(proc, nb);
	snprintf(restore->message, sizeof(restore->message), "%s", failure->text);
	sequence_run(proc, model_diff_take_back(restore->commands, nb), true, taken_back, NULL);
}

/* True when something that the process has stands in the way; nothing is sent then. */
static bool
meets_conflict(struct proc *proc, const struct difference *difference)
{
	struct restore *restore = proc->restore;
	const char *extra = NULL;
	size_t at = model_diff_conflict(difference->missing, difference->extra, &extra);

	if (extra == NULL)
		return false;
	restore->failed = at;
	snprintf(restore->message, sizeof(restore->message), "%s has `%s`, which conflicts",
		 proc->name, extra);
	failed(proc);
	return true;
}

static void
restore_start(struct proc *proc, const struct difference *difference)
{
	size_t nb = json_array_size(difference->missing);

	proc->restore->status = RESTORE_RUNNING;
	if (proc->restore->was_empty)
		ctl_log_line("%s: came without its configuration, restoring %zu commands",
			     proc->name, nb);
	else
		ctl_log_line("%s: lacks %zu of %zu commands of its configuration, restoring them",
			     proc->name, nb, json_array_size(difference->wish));
	if (!meets_conflict(proc, difference))
		sequence_run(proc, json_incref(difference->missing), false, sent, NULL);
}

/* Restore what is missing, or only keep in mind that something is.  False when nothing is. */
static bool
restore_missing(struct proc *proc, const struct difference *difference, bool off)
{
	restore_end(proc);
	if (json_array_size(difference->missing) == 0)
		return false;
	proc->restore = calloc(1, sizeof(*proc->restore));
	if (proc->restore == NULL)
		return false;
	proc->restore->commands = json_incref(difference->missing);
	proc->restore->was_empty = json_array_size(difference->report) == 0;
	if (off)
		proc->restore->status = RESTORE_OFF;
	else
		restore_start(proc, difference);
	return true;
}

/* The first report of a process that has entered the table.  Whoever it is, what it says of itself
 * never becomes a wish. */
static void
report_known(struct proc *proc, const struct outcome *failure, void *arg)
{
	struct difference difference;
	size_t nb_extra;

	(void)arg;
	if (!proc->ready)
		return;
	if (failure != NULL) {
		ctl_log_line(
			"%s: nothing is restored, because it did not say what it has: %s; POST "
			"to its /restore tries again",
			proc->name, failure->text);
		return;
	}
	difference_make(&difference, state_find(proc), proc->report);
	nb_extra = json_array_size(difference.extra) + proc->nb_unlisted;
	if (nb_extra > 0)
		ctl_log_line("%s: has %zu commands more than is wished; they stay", proc->name,
			     nb_extra);
	restore_missing(proc, &difference, restore_off);
	difference_fini(&difference);
}

void
restore_begin(struct proc *proc)
{
	if (state_is_kept(proc))
		report_ask(proc, true, report_known, NULL);
}

/* What clients change */

bool
restore_keeps(const struct proc *proc, const char *command, const json_t *told)
{
	const json_t *wish = state_find(proc);

	return !state_is_kept(proc) || (model_takes(wish, command) && model_takes_told(wish, told));
}

bool
restore_admits(const struct proc *proc, const char *command, char *text, size_t size)
{
	const struct restore *restore = proc->restore;
	json_t *line;

	if (restore == NULL ||
	    (restore->status != RESTORE_OFF && restore->status != RESTORE_FAILED))
		return true;
	line = model_diff_rival(state_find(proc), command);
	if (line == NULL)
		return true;
	snprintf(text, size,
		 "%s was not restored, and its wish has `%.128s`, which conflicts: restore it with "
		 "POST /v1/%ss/%d/restore, or stop or detach first what that command names",
		 proc->name, json_string_value(line), proc_type_name(proc->type), proc->client_id);
	json_decref(line);
	return false;
}

/* Lines that came in place of others go when those are sent again; what came with a component goes
 * with it. */
static bool
command_has_inverse(const char *command, const json_t *told)
{
	size_t nb_new = json_array_size(json_object_get(told, "before"));
	const char *name;
	json_t *lines;

	json_object_foreach (json_object_get(told, "after"), name, lines)
		nb_new += json_array_size(lines);
	return model_is_changed_by(command) ||
	       nb_new <= json_array_size(json_object_get(told, "gone"));
}

void
restore_undo(struct proc *proc, const char *command, const json_t *told, sequence_done done,
	     void *arg)
{
	json_t *empty = model_create(), *commands;
	const json_t *wish = state_find(proc);
	struct outcome failure = {0};

	if (command_has_inverse(command, told)) {
		commands = model_diff_undo(wish != NULL ? wish : empty, command);
		json_array_extend(commands, json_object_get(told, "gone"));
		sequence_run(proc, commands, true, done, arg);
	} else {
		outcome_set(&failure, OUTCOME_ERROR, "no command is known that takes back `%.200s`",
			    command);
		done(proc, 0, &failure, arg);
	}
	json_decref(empty);
}

/* What clients ask */

enum restore_retry
restore_retry(struct proc *proc)
{
	struct difference difference;
	bool begun;

	if (proc->restore != NULL && proc->restore->status == RESTORE_RUNNING)
		return RESTORE_RETRY_RUNNING;
	difference_make(&difference, state_find(proc), proc->report);
	begun = restore_missing(proc, &difference, false);
	difference_fini(&difference);
	return begun ? RESTORE_RETRY_BEGUN : RESTORE_RETRY_NOTHING;
}

bool
restore_is_running(const struct proc *proc)
{
	return proc->restore != NULL && proc->restore->status == RESTORE_RUNNING;
}

static const char *
status_of(const struct proc *proc)
{
	return status_names[proc->restore == NULL ? RESTORE_NONE : proc->restore->status];
}

/* Commands that were not carried out, or whose effect was undone; NULL when there are none. */
static json_t *
not_restored(const struct restore *restore)
{
	if (restore == NULL ||
	    (restore->status != RESTORE_FAILED && restore->status != RESTORE_OFF))
		return NULL;
	return restore->commands;
}

static void
report_add_failure(json_t *report, const struct restore *restore)
{
	if (restore != NULL && restore->status == RESTORE_FAILED)
		json_object_update_new(report,
				       json_pack("{s:O, s:s}", "failed_command",
						 json_array_get(restore->commands, restore->failed),
						 "message", restore->message));
}

static void
report_add_difference(json_t *answer, const struct proc *proc)
{
	struct difference difference;

	difference_make(&difference, state_find(proc), proc->report);
	json_object_update_new(answer, json_pack("{s:O, s:O, s:O, s:O}", "wish", difference.wish,
						 "report", difference.report, "missing",
						 difference.missing, "extra", difference.extra));
	difference_fini(&difference);
	if (proc->nb_unlisted > 0)
		json_object_set_new(answer, "not_listed",
				    json_integer((json_int_t)proc->nb_unlisted));
}

json_t *
restore_report(const struct proc *proc)
{
	const struct restore *restore = proc->restore;
	json_t *report;

	report = json_pack("{s:i, s:s, s:i}", "client-id", proc->client_id, "status",
			   status_of(proc), "commands",
			   restore == NULL ? 0 : (int)json_array_size(restore->commands));
	report_add_failure(report, restore);
	if (not_restored(restore) != NULL)
		json_object_set(report, "not_restored", not_restored(restore));
	report_add_difference(report, proc);
	return report;
}

json_t *
restore_summary(const struct proc *proc)
{
	json_t *summary = json_pack("{s:s, s:i}", "status", status_of(proc), "not_restored",
				    (int)json_array_size(not_restored(proc->restore)));

	report_add_failure(summary, proc->restore);
	return summary;
}
