/* SPDX-License-Identifier: BSD-3-Clause */
/* What a process says about itself, asked for in parts that stay small. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "report.h"
#include "state.h"

#define TABLE "classifier_table"
#define COMMAND_SIZE 256

const char *
report_brief_command(const struct proc *proc)
{
	return proc->pages ? "status brief" : "status";
}

void
report_ask_page(struct proc *proc, const char *from, unsigned int max, bool next, call_done done,
		void *arg)
{
	char command[COMMAND_SIZE];

	snprintf(command, sizeof(command), "status " TABLE " from %s max %u", from, max);
	if (next)
		proc_call_next(proc, command, done, arg);
	else
		proc_call(proc, command, done, arg);
}

bool
report_read_page(const struct outcome *outcome, struct report_page *page)
{
	const json_t *info = json_object_get(outcome->reply, "info");
	const json_t *table = json_object_get(json_object_get(info, "tables"), TABLE);

	page->entries = json_object_get(info, TABLE);
	page->next = json_string_value(json_object_get(table, "next"));
	page->total = json_integer_value(json_object_get(table, "total"));
	/* A place is a word of the next command: it must neither end the command nor be cut. */
	if (page->next != NULL && (strlen(page->next) > COMMAND_SIZE / 2 ||
				   strpbrk(page->next, " \n\r\t") != NULL || *page->next == '\0'))
		return false;
	return outcome->kind == OUTCOME_SUCCESS && json_is_object(table);
}

/* A report that is being made.  It belongs to the call under way. */
struct report {
	json_t *model;
	json_int_t total;
	size_t nb_taken, nb_extra; /* entries taken from pages; those of them nobody wishes for */
	bool next;
	report_done done;
	void *arg;
};

/* Ends without a model when the report failed. */
static void
report_end(struct report *report, struct proc *proc, const struct outcome *failure)
{
	if (failure == NULL) {
		json_decref(proc->report);
		proc->report = json_incref(report->model);
	}
	report->done(proc, failure, report->arg);
	json_decref(report->model);
	free(report);
}

static void
report_fail(struct report *report, struct proc *proc, const struct outcome *outcome)
{
	struct outcome failure = {0};

	if (outcome->kind != OUTCOME_SUCCESS) {
		report_end(report, proc, outcome);
		return;
	}
	outcome_set(&failure, OUTCOME_BROKEN, "%s: its status lacks what it must have", proc->name);
	report_end(report, proc, &failure);
}

/* Entries */

static bool
is_wished(const struct proc *proc, const char *key, const char *port)
{
	const json_t *entries = json_object_get(state_find(proc), "entries");

	return json_object_get(json_object_get(entries, key), port) != NULL;
}

static void
report_add(struct report *report, const struct proc *proc, const char *key, const char *port)
{
	json_t *entries = json_object_get(report->model, "entries"), *ports;

	if (!is_wished(proc, key, port) && report->nb_extra++ >= REPORT_EXTRA_MAX)
		return;
	ports = json_object_get(entries, key);
	if (ports == NULL) {
		ports = json_object();
		json_object_set_new(entries, key, ports);
	}
	json_object_set_new(ports, port, json_true());
}

static void
report_take(struct report *report, const struct proc *proc, const json_t *table)
{
	json_t *entries = model_entries_from_table(table), *ports, *unused;
	const char *key, *port;

	report->nb_taken += json_array_size(table);
	json_object_foreach (entries, key, ports)
		json_object_foreach (ports, port, unused)
			report_add(report, proc, key, port);
	json_decref(entries);
}

static void
report_complete(struct report *report, struct proc *proc)
{
	size_t nb_listed =
		report->nb_extra < REPORT_EXTRA_MAX ? report->nb_extra : REPORT_EXTRA_MAX;

	proc->nb_unlisted = report->nb_extra - nb_listed;
	/* Pages that were not asked for hold nothing that is wished. */
	if (report->total > (json_int_t)report->nb_taken)
		proc->nb_unlisted += (size_t)report->total - report->nb_taken;
	report_end(report, proc, NULL);
}

static bool
wishes_entries(const struct proc *proc)
{
	return json_object_size(json_object_get(state_find(proc), "entries")) > 0;
}

/* Where no entry is wished for, a restoration needs none, and others need no entry beyond the
 * limit. */
static bool
report_needs_more(const struct report *report, const struct proc *proc)
{
	return wishes_entries(proc) || (!report->next && report->nb_extra < REPORT_EXTRA_MAX);
}

/* The pages of an honest process hold what its total says, and some more that came meanwhile. */
static bool
report_goes_on(const struct report *report, const struct report_page *page)
{
	return json_array_size(page->entries) > 0 &&
	       (json_int_t)report->nb_taken <= 2 * page->total + REPORT_PAGE_MAX;
}

static void
page_known(struct proc *proc, const struct outcome *outcome, void *arg)
{
	struct report *report = arg;
	struct report_page page;

	if (!report_read_page(outcome, &page) || !json_is_array(page.entries)) {
		report_fail(report, proc, outcome);
		return;
	}
	report->total = page.total;
	report_take(report, proc, page.entries);
	if (page.next == NULL)
		report->total = 0;
	if (page.next == NULL || !report_needs_more(report, proc))
		report_complete(report, proc);
	else if (report_goes_on(report, &page))
		report_ask_page(proc, page.next, REPORT_PAGE_MAX, report->next, page_known, report);
	else
		report_fail(report, proc, outcome);
}

static void
brief_known(struct proc *proc, const struct outcome *outcome, void *arg)
{
	const json_t *info = json_object_get(outcome->reply, "info");
	struct report *report = arg;
	json_t *rest = json_copy((json_t *)info);
	struct report_page page;

	json_object_del(rest, TABLE);
	if (outcome->kind == OUTCOME_SUCCESS)
		report->model = model_from_status(rest, state_find(proc));
	json_decref(rest);
	if (report->model == NULL) {
		report_fail(report, proc, outcome);
		return;
	}
	if (proc->pages && report_read_page(outcome, &page))
		report->total = page.total;
	else
		report_take(report, proc, json_object_get(info, TABLE));
	if (report->total > 0 && report_needs_more(report, proc))
		report_ask_page(proc, "0", REPORT_PAGE_MAX, report->next, page_known, report);
	else
		report_complete(report, proc);
}

void
report_ask(struct proc *proc, bool next, report_done done, void *arg)
{
	struct report *report = calloc(1, sizeof(*report));
	struct outcome failure = {0};

	if (report == NULL) {
		outcome_set(&failure, OUTCOME_BUSY, "spp-ctl has no memory for a report");
		done(proc, &failure, arg);
		return;
	}
	*report = (struct report){.next = next, .done = done, .arg = arg};
	if (next)
		proc_call_next(proc, report_brief_command(proc), brief_known, report);
	else
		proc_call(proc, report_brief_command(proc), brief_known, report);
}
