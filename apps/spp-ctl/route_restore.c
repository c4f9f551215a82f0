/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests about restoring the configuration of a process. */
#include <stdio.h>

#include "report.h"
#include "request.h"
#include "restore.h"
#include "route_restore.h"

/* A process that does not answer has left; a busy one shows its last report. */
static void
report_known(struct proc *proc, const struct outcome *failure, void *arg)
{
	struct response response = {0};

	if (failure != NULL && failure->kind != OUTCOME_BUSY)
		response_error(&response, 500, "Internal Server Error: %s", failure->text);
	else
		response_json(&response, restore_report(proc));
	request_reply(arg, &response);
}

void
restore_show(struct request *request)
{
	struct response response = {0};

	if (!restore_is_running(request->proc)) {
		report_ask(request->proc, false, report_known, request);
		return;
	}
	/* A status would wait for the end of the restoration. */
	response_json(&response, restore_report(request->proc));
	request_reply(request, &response);
}

static void
note_retry(struct response *response, const struct proc *proc, enum restore_retry result)
{
	if (result == RESTORE_RETRY_RUNNING)
		snprintf(response->note, sizeof(response->note), "%s is being restored already",
			 proc->name);
	else if (result == RESTORE_RETRY_NOTHING)
		snprintf(response->note, sizeof(response->note),
			 "nothing to restore: %s has a configuration, or never had one",
			 proc->name);
}

static void
report_renewed(struct proc *proc, const struct outcome *failure, void *arg)
{
	struct request *request = arg;
	struct response response = {0};

	if (failure != NULL) {
		response_error(&response, 500, "Internal Server Error: %s", failure->text);
	} else {
		response_empty(&response);
		note_retry(&response, proc, restore_retry(proc));
	}
	request_reply(request, &response);
}

void
restore_again(struct request *request)
{
	report_ask(request->proc, false, report_renewed, request);
}
