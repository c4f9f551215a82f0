/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands to one process, each after the reply to the one before. */
#include <stdlib.h>
#include <string.h>

#include "sequence.h"

/* A sequence belongs to the call of its command under way. */
struct sequence {
	json_t *commands;
	size_t next; /* index of the command under way */
	size_t nb;   /* carried out before the first failure */
	bool whatever, failed;
	struct outcome failure; /* without the reply */
	sequence_done done;
	void *arg;
};

static void
sequence_end(struct sequence *sequence, struct proc *proc)
{
	sequence->done(proc, sequence->nb, sequence->failed ? &sequence->failure : NULL,
		       sequence->arg);
	json_decref(sequence->commands);
	free(sequence);
}

static void sequence_send(struct sequence *sequence, struct proc *proc);

static void
failure_keep(struct sequence *sequence, const struct outcome *outcome)
{
	if (sequence->failed)
		return;
	sequence->failed = true;
	sequence->failure = *outcome;
	sequence->failure.reply = NULL;
}

static void
command_done(struct proc *proc, const struct outcome *outcome, void *arg)
{
	struct sequence *sequence = arg;

	sequence->next++;
	if (outcome->kind != OUTCOME_SUCCESS)
		failure_keep(sequence, outcome);
	else if (!sequence->failed)
		sequence->nb++;
	/* Only a process that refuses takes another command. */
	if (sequence->failed && (!sequence->whatever || outcome->kind == OUTCOME_BROKEN))
		sequence_end(sequence, proc);
	else
		sequence_send(sequence, proc);
}

static void
sequence_send(struct sequence *sequence, struct proc *proc)
{
	const char *command = json_string_value(json_array_get(sequence->commands, sequence->next));

	if (command == NULL)
		sequence_end(sequence, proc);
	else
		proc_call_next(proc, command, command_done, sequence);
}

void
sequence_run(struct proc *proc, json_t *commands, bool whatever, sequence_done done, void *arg)
{
	struct sequence *sequence = calloc(1, sizeof(*sequence));
	struct outcome failure = {0};

	if (sequence == NULL || commands == NULL) {
		free(sequence);
		json_decref(commands);
		outcome_set(&failure, OUTCOME_BUSY, "spp-ctl has no memory for the commands");
		done(proc, 0, &failure, arg);
		return;
	}
	*sequence = (struct sequence){
		.commands = commands, .whatever = whatever, .done = done, .arg = arg};
	sequence_send(sequence, proc);
}
