/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests about no process in particular: lists, processors, the description of the API. */
#include <stdlib.h>
#include <string.h>
#include <event2/event.h>

#include "cpu.h"
#include "openapi.h"
#include "proc_table.h"
#include "report.h"
#include "request.h"
#include "route_list.h"

/* A list waits so long for the processes.  Those that have not answered by then are listed with
 * what was known of them before. */
#define USAGE_MS 1000

void
list_processes(struct request *request)
{
	struct response response = {0};
	json_t *list = json_array();

	for (struct proc *proc = proc_table_first(); proc != NULL; proc = proc_table_next(proc)) {
		json_t *entry = json_pack("{s:s}", "type", proc_type_name(proc->type));

		if (proc->type != PROC_PRIMARY)
			json_object_set_new(entry, "client-id", json_integer(proc->client_id));
		json_array_append_new(list, entry);
	}
	response_json(&response, list);
	request_reply(request, &response);
}

void
list_cpu_layout(struct request *request)
{
	struct response response = {0};

	response_json(&response, cpu_layout(CPU_ROOT));
	request_reply(request, &response);
}

void
list_openapi(struct request *request)
{
	struct response response = {0};

	response_json(&response, json_loads(openapi_json, 0, NULL));
	request_reply(request, &response);
}

/*
 * GET /v1/cpu_usage: ask all processes at once, answer when the last has answered or time is up.
 * struct usage outlives the answer: commands that are still under way hold it.
 */

struct usage {
	struct request *request; /* NULL once the request is answered */
	struct event *deadline;
	unsigned int nb_pending; /* commands under way, and the function that sends them */
};

static json_t *
usage_of(const struct proc *proc)
{
	json_t *entry = json_pack("{s:s}", "proc-type", proc_type_name(proc->type));

	if (proc->type != PROC_PRIMARY)
		json_object_set_new(entry, "client-id", json_integer(proc->client_id));
	json_object_update(entry, proc->cores);
	return entry;
}

static void
usage_answer(struct usage *usage)
{
	struct response response = {0};
	json_t *list;

	if (usage->request == NULL)
		return;
	list = json_array();
	/* A process that has never answered a status is left out. */
	for (struct proc *proc = proc_table_first(); proc != NULL; proc = proc_table_next(proc))
		if (proc->cores != NULL)
			json_array_append_new(list, usage_of(proc));
	response_json(&response, list);
	request_reply(usage->request, &response);
	usage->request = NULL;
	if (usage->deadline != NULL)
		event_free(usage->deadline);
	usage->deadline = NULL;
}

/* One of the processes has answered, or will not.  The last one frees usage. */
static void
usage_put(struct usage *usage)
{
	if (--usage->nb_pending > 0)
		return;
	usage_answer(usage);
	free(usage);
}

static void
usage_done(struct proc *proc, const struct outcome *outcome, void *arg)
{
	(void)proc;
	(void)outcome;
	usage_put(arg);
}

static void
usage_expired(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	usage_answer(arg);
}

void
list_cpu_usage(struct request *request)
{
	struct timeval tv = {.tv_sec = USAGE_MS / 1000, .tv_usec = USAGE_MS % 1000 * 1000};
	struct usage *usage = calloc(1, sizeof(*usage));
	struct response response = {0};
	struct proc *next;

	if (usage == NULL) {
		response_error(&response, 500, "spp-ctl has no memory for the request");
		request_reply(request, &response);
		return;
	}
	*usage = (struct usage){.request = request, .nb_pending = 1};
	usage->deadline = evtimer_new(proc_table_base(), usage_expired, usage);
	if (usage->deadline != NULL)
		evtimer_add(usage->deadline, &tv);
	for (struct proc *proc = proc_table_first(); proc != NULL; proc = next) {
		next = proc_table_next(proc);
		usage->nb_pending++;
		proc_call(proc, report_brief_command(proc), usage_done, usage);
	}
	usage_put(usage);
}
