/* SPDX-License-Identifier: BSD-3-Clause */
/* GET /v1/vfs/{id}: the status of an spp_vf, whose table may be large. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "ctl_log.h"
#include "http_stream.h"
#include "report.h"
#include "request.h"
#include "restore.h"
#include "route_status.h"
#include "route_vf.h"
#include "value.h"

#define PLACE_SIZE 64

/* What is shown to one client.  It belongs to the command under way, or to the stream while the
 * client takes a piece. */
struct show {
	struct request *request;
	struct proc *proc;          /* holds a reference */
	json_t *status;             /* all but the table, until it is sent */
	char note[512];             /* of the process, or "" */
	struct http_stream *stream; /* NULL before the first piece, and when the client is gone */
	bool is_page;               /* the client asks for one page */
	bool is_asking;             /* a command for the next page is under way */
	unsigned int max;
	char next[PLACE_SIZE]; /* where the next page begins; "" behind the last page */
};

static void
show_free(struct show *show)
{
	json_decref(show->status);
	proc_put(show->proc);
	free(show);
}

static void
show_reply(struct show *show, struct response *response)
{
	request_reply(show->request, response);
	show_free(show);
}

/* The process did not tell what it was asked for, and no piece is sent yet. */
static void
show_refuse(struct show *show, const struct outcome *outcome)
{
	struct response response = {0};

	if (outcome->kind == OUTCOME_ERROR)
		response_error(&response, 400, "command error: %s", outcome->text);
	else if (outcome->kind != OUTCOME_SUCCESS)
		response_error(&response, 500, "Internal Server Error: %s", outcome->text);
	else
		vf_lacks_member(&response);
	show_reply(show, &response);
}

static void
show_take_status(struct show *show, const struct outcome *outcome, const json_t *info)
{
	show->status = vf_status(info);
	if (show->status != NULL)
		json_object_set_new(show->status, "restore", restore_summary(show->proc));
	snprintf(show->note, sizeof(show->note), "%s", outcome->text);
}

/* The whole table, piece by piece */

static void stream_ready(void *arg);
static void stream_gone(void *arg);

static const struct http_stream_ops stream_ops = {stream_ready, stream_gone};

static void
stream_end(struct show *show, bool complete)
{
	if (show->stream != NULL)
		http_stream_end(show->stream, complete);
	show_free(show);
}

/* The entries of a page, and what stands before the first one and behind the last. */
static char *
piece_write(const char *before, const json_t *entries, const char *behind)
{
	char *list = json_dumps(entries, 0), *piece = NULL;
	size_t len = list == NULL ? 0 : strlen(list);

	if (len < 2 || asprintf(&piece, "%s%.*s%s", before, (int)(len - 2), list + 1, behind) < 0)
		piece = NULL;
	free(list);
	return piece;
}

/* The members of the status, with the table open at the end. */
static char *
head_write(const json_t *status)
{
	char *text = json_dumps(status, 0), *head = NULL;
	size_t len = text == NULL ? 0 : strlen(text);

	if (len < 2 || asprintf(&head, "%.*s, \"classifier_table\": [", (int)(len - 1), text) < 0)
		head = NULL;
	free(text);
	return head;
}

static void
stream_send(struct show *show, const char *before, const json_t *entries)
{
	char *piece = piece_write(before, entries, show->next[0] == '\0' ? "]}" : "");

	if (piece == NULL)
		stream_end(show, false);
	else
		http_stream_send(show->stream, piece);
	free(piece);
}

static void
stream_begin(struct show *show, const json_t *entries)
{
	struct response response = {0};
	char *head = head_write(show->status);
	bool is_head;

	if (head != NULL)
		show->stream =
			http_stream_begin(show->request->http, show->note, &stream_ops, show);
	if (show->stream == NULL) {
		free(head);
		response_error(&response, 500, "spp-ctl has no memory for the answer");
		show_reply(show, &response);
		return;
	}
	ctl_log_line("200 in pieces");
	is_head = evhttp_request_get_command(show->request->http) == EVHTTP_REQ_HEAD;
	request_forget(show->request);
	if (is_head)
		stream_end(show, true);
	else
		stream_send(show, head, entries);
	free(head);
}

static void
page_streamed(struct proc *proc, const struct outcome *outcome, void *arg)
{
	struct report_page page;
	struct show *show = arg;

	show->is_asking = false;
	if (show->stream == NULL) {
		show_free(show);
		return;
	}
	/* A page without entries would never lead to the end. */
	if (!report_read_page(outcome, &page) || !json_is_array(page.entries) ||
	    (json_array_size(page.entries) == 0 && page.next != NULL)) {
		ctl_log_line("%s: an answer is cut off in the middle of the table: %s", proc->name,
			     outcome->text);
		stream_end(show, false);
		return;
	}
	snprintf(show->next, sizeof(show->next), "%s", page.next == NULL ? "" : page.next);
	stream_send(show, json_array_size(page.entries) == 0 ? "" : ", ", page.entries);
}

static void
stream_ready(void *arg)
{
	struct show *show = arg;

	if (show->next[0] == '\0') {
		stream_end(show, true);
		return;
	}
	show->is_asking = true;
	report_ask_page(show->proc, show->next, REPORT_PAGE_MAX, false, page_streamed, show);
}

static void
stream_gone(void *arg)
{
	struct show *show = arg;

	show->stream = NULL;
	if (!show->is_asking)
		show_free(show);
}

/* The first page */

static void
page_answer(struct show *show, json_t *entries, const struct report_page *page)
{
	struct response response = {0};
	json_t *status = show->status;

	json_object_set(status, "classifier_table", entries);
	if (show->is_page)
		json_object_set_new(status, "classifier_table_total", json_integer(page->total));
	if (show->is_page && page->next != NULL)
		json_object_set_new(status, "classifier_table_next", json_string(page->next));
	response_json(&response, json_incref(status));
	snprintf(response.note, sizeof(response.note), "%s", show->note);
	show_reply(show, &response);
}

static void
page_known(struct proc *proc, const struct outcome *outcome, void *arg)
{
	struct report_page page;
	struct show *show = arg;

	(void)proc;
	if (!report_read_page(outcome, &page) || !json_is_array(page.entries)) {
		show_refuse(show, outcome);
		return;
	}
	if (show->is_page || page.next == NULL) {
		page_answer(show, page.entries, &page);
		return;
	}
	snprintf(show->next, sizeof(show->next), "%s", page.next);
	stream_begin(show, page.entries);
}

static void
brief_known(struct proc *proc, const struct outcome *outcome, void *arg)
{
	struct show *show = arg;

	if (outcome->kind == OUTCOME_SUCCESS)
		show_take_status(show, outcome, json_object_get(outcome->reply, "info"));
	if (show->status == NULL)
		show_refuse(show, outcome);
	else
		report_ask_page(proc, show->next, show->max, false, page_known, show);
}

/* A page of a table that the process gives as a whole: places are numbers. */
static void
status_known(struct proc *proc, const struct outcome *outcome, void *arg)
{
	const json_t *info = json_object_get(outcome->reply, "info");
	json_t *table = json_object_get(info, "classifier_table"), *entries;
	struct show *show = arg;
	struct report_page page = {.total = (json_int_t)json_array_size(table)};
	size_t i = strtoul(show->next, NULL, 10), end;

	(void)proc;
	if (outcome->kind == OUTCOME_SUCCESS && json_is_array(table))
		show_take_status(show, outcome, info);
	if (show->status == NULL) {
		show_refuse(show, outcome);
		return;
	}
	entries = json_array();
	end = json_array_size(table);
	if (i < end && show->max < end - i)
		end = i + show->max;
	for (; i < end; i++)
		json_array_append(entries, json_array_get(table, i));
	if (end < json_array_size(table)) {
		snprintf(show->next, sizeof(show->next), "%zu", end);
		page.next = show->next;
	}
	page_answer(show, entries, &page);
	json_decref(entries);
}

/* The query */

static bool
take_max(struct show *show, const char *text, struct response *response)
{
	char *end;
	unsigned long max;

	if (text == NULL)
		return true;
	max = strtoul(text, &end, 10);
	if (strspn(text, "0123456789") == 0 || *end != '\0' || max > REPORT_PAGE_MAX)
		return value_invalid_text(response, "max", text);
	show->max = (unsigned int)max;
	return true;
}

static bool
take_from(struct show *show, const char *text, struct response *response)
{
	if (text == NULL)
		return true;
	if (strlen(text) >= PLACE_SIZE || !value_is_line(text, false) ||
	    (!show->proc->pages && text[strspn(text, "0123456789")] != '\0'))
		return value_invalid_text(response, "from", text);
	snprintf(show->next, sizeof(show->next), "%s", text);
	return true;
}

/* False with the answer when the query is wrong. */
static bool
take_query(struct show *show, struct response *response)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(show->request->http);
	const char *query = uri == NULL ? NULL : evhttp_uri_get_query(uri), *from, *max;
	struct evkeyvalq keys;
	bool good;

	TAILQ_INIT(&keys);
	if (query == NULL || evhttp_parse_query_str(query, &keys) != 0)
		return true;
	from = evhttp_find_header(&keys, "from");
	max = evhttp_find_header(&keys, "max");
	show->is_page = from != NULL || max != NULL;
	good = take_max(show, max, response) && take_from(show, from, response);
	evhttp_clear_headers(&keys);
	return good;
}

static struct show *
show_create(struct request *request)
{
	struct show *show = calloc(1, sizeof(*show));

	if (show == NULL)
		return NULL;
	*show = (struct show){.request = request,
			      .proc = proc_get(request->proc),
			      .max = REPORT_PAGE_MAX,
			      .next = "0"};
	return show;
}

void
status_show(struct request *request)
{
	struct show *show = show_create(request);
	struct response response = {0};

	if (show == NULL) {
		response_error(&response, 500, "spp-ctl has no memory for the request");
		request_reply(request, &response);
	} else if (!take_query(show, &response)) {
		show_reply(show, &response);
	} else if (show->proc->pages) {
		proc_call(show->proc, report_brief_command(show->proc), brief_known, show);
	} else if (show->is_page) {
		proc_call(show->proc, "status", status_known, show);
	} else {
		show_free(show);
		request_send(request, "status");
	}
}
