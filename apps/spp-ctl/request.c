/* SPDX-License-Identifier: BSD-3-Clause */
/* One REST request: find the process, read the body, send the command, turn its outcome around. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <event2/bufferevent.h>
#include <event2/http.h>

#include "admission.h"
#include "ctl_log.h"
#include "http_answer.h"
#include "http_host.h"
#include "model.h"
#include "proc_table.h"
#include "request.h"
#include "restore.h"
#include "state.h"
#include "tls.h"

/* Arrival */

static const char *
method_name(enum evhttp_cmd_type type)
{
	switch (type) {
	case EVHTTP_REQ_GET:
		return "GET";
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_HEAD:
		return "HEAD";
	case EVHTTP_REQ_PUT:
		return "PUT";
	case EVHTTP_REQ_DELETE:
		return "DELETE";
	case EVHTTP_REQ_OPTIONS:
		return "OPTIONS";
	case EVHTTP_REQ_TRACE:
		return "TRACE";
	case EVHTTP_REQ_CONNECT:
		return "CONNECT";
	default:
		return "PATCH";
	}
}

/* A browser adds Origin to what a web page sends, and no web page may change the panel. */
static bool
origin_is_good(struct evhttp_request *http, struct response *response)
{
	enum evhttp_cmd_type type = evhttp_request_get_command(http);

	if (type == EVHTTP_REQ_GET || type == EVHTTP_REQ_HEAD ||
	    evhttp_find_header(evhttp_request_get_input_headers(http), "Origin") == NULL)
		return true;
	response_error(response, 403,
		       "Requests with a header Origin, as web pages send them, may not change "
		       "anything.");
	return false;
}

static bool
client_is_admitted(struct evhttp_request *http, struct response *response)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(http);
	struct bufferevent *bev =
		connection == NULL ? NULL : evhttp_connection_get_bufferevent(connection);
	char text[ADMISSION_TEXT_SIZE];
	int fd = bev == NULL ? -1 : bufferevent_getfd(bev);

	if (bev != NULL && tls_client_is_known(bev))
		return true;
	if (admission_check(
		    fd, evhttp_find_header(evhttp_request_get_input_headers(http), "Authorization"),
		    text))
		return true;
	response_error(response, 403, "%s", text);
	return false;
}

/* No header Host, as in HTTP/1.0, comes from no browser. */
static bool
host_is_good(struct evhttp_request *http, struct response *response)
{
	const char *host = evhttp_find_header(evhttp_request_get_input_headers(http), "Host");

	if (host == NULL || http_host_is_good(host))
		return true;
	response_error(response, 403,
		       "The header Host must be an address or localhost: web pages of other names "
		       "may not use the panel.");
	return false;
}

static void
say_called(const char *method, const char *path, bool is_admitted)
{
	static struct ctl_log_limit limit = CTL_LOG_LIMIT("requests that are refused");

	if (is_admitted || ctl_log_may(&limit))
		ctl_log_line("%s %s called", method, path);
}

struct request *
request_create(struct evhttp_request *http, const struct route *routes, struct response *response)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(http);
	const char *path = uri == NULL ? NULL : evhttp_uri_get_path(uri);
	const char *method = method_name(evhttp_request_get_command(http));
	struct request *request;

	bool is_admitted = client_is_admitted(http, response) && host_is_good(http, response) &&
			   origin_is_good(http, response);

	say_called(method, path == NULL ? "" : path, is_admitted);
	if (!is_admitted)
		return NULL;
	request = calloc(1, sizeof(*request));
	if (request == NULL) {
		response_error(response, 500, "spp-ctl has no memory for the request");
		return NULL;
	}
	request->http = http;
	request->route =
		route_find(routes, method, path == NULL ? "" : path, &request->args, response);
	if (request->route != NULL)
		return request;
	free(request);
	return NULL;
}

/* Answer */

void
request_forget(struct request *request)
{
	json_decref(request->told);
	free(request->command);
	free(request);
}

void
request_reply(struct request *request, struct response *response)
{
	http_answer(request->http, response);
	request_forget(request);
}

static void
reply_success(struct request *request, const struct proc *proc, const struct outcome *outcome,
	      struct response *response)
{
	if (request->route->answer != NULL)
		request->route->answer(outcome, response);
	else
		response_empty(response);
	if (request->route->shows_restore && response->status == 200)
		json_object_set_new(response->json, "restore", restore_summary(proc));
	if (response->status < 300)
		snprintf(response->note, sizeof(response->note), "%s", outcome->text);
}

static void
reply_broken(struct request *request, const struct proc *proc, const struct outcome *outcome,
	     struct response *response)
{
	/* A process that was told to end and then hung up did end. */
	if (request->route->ends_process && proc->hung_up) {
		response_empty(response);
		snprintf(response->note, sizeof(response->note), "%.400s without an answer",
			 outcome->text);
		return;
	}
	response_error(response, 500, "Internal Server Error: %s", outcome->text);
}

/* The wish: no success is answered before it is on disk.  The request holds a reference to its
 * process meanwhile. */

static void
reply_saved(struct request *request)
{
	proc_put(request->proc);
	request_reply(request, &request->response);
}

static void
change_undone(struct proc *proc, size_t nb, const struct outcome *failure, void *arg)
{
	struct request *request = arg;
	char *text = request->response.text;
	size_t len = strlen(text), size = sizeof(request->response.text);

	(void)nb;
	if (failure == NULL)
		snprintf(text + len, size - len, "; %s is as before", proc->name);
	else
		snprintf(text + len, size - len, "; %s cannot be put back: %s", proc->name,
			 failure->text);
	reply_saved(request);
}

static void
change_saved(int err, void *arg)
{
	struct request *request = arg;

	if (err == 0) {
		reply_saved(request);
		return;
	}
	response_error(&request->response, 500, "Internal Server Error: cannot save the change: %s",
		       strerror(-err));
	restore_undo(request->proc, request->command, request->told, change_undone, request);
}

static void
process_changed(struct request *request, struct proc *proc)
{
	bool keeps = restore_keeps(proc, request->command, request->told);

	request->proc = proc_get(proc);
	if (!keeps)
		snprintf(request->response.note, sizeof(request->response.note),
			 "%s has this until it ends only: it builds on what nobody asked spp-ctl "
			 "for",
			 proc->name);
	/* Of what the process told, the wish takes what it can. */
	if (!keeps && request->told == NULL)
		reply_saved(request);
	else
		state_change(proc, request->command, request->told, change_saved, request);
}

static void
end_saved(int err, void *arg)
{
	struct request *request = arg;

	if (err != 0)
		response_error(&request->response, 500,
			       "Internal Server Error: %s has ended, but its configuration will be "
			       "restored, because that cannot be saved: %s",
			       request->proc->name, strerror(-err));
	reply_saved(request);
}

static void
process_ended(struct request *request, struct proc *proc)
{
	request->proc = proc_get(proc);
	proc_close(proc, "has ended as asked");
	state_forget(proc, end_saved, request);
}

/* The command has ended, whatever became of it.  The call that held the request gives it back here,
 * and request_reply() frees it. */
static void
command_done(struct proc *proc, const struct outcome *outcome, void *arg)
{
	struct request *request = arg;
	struct response response = {0};
	bool data = request->route->errors_are_data && outcome->reply != NULL &&
		    json_object_get(outcome->reply, "results") == NULL;

	if (outcome->kind == OUTCOME_SUCCESS || (outcome->kind == OUTCOME_ERROR && data))
		reply_success(request, proc, outcome, &response);
	else if (outcome->kind == OUTCOME_ERROR)
		response_error(&response, 400, "command error: %s", outcome->text);
	else
		reply_broken(request, proc, outcome, &response);

	request->response = response;
	request->told = model_told(outcome->reply);
	if (request->route->ends_process && response.status == 204)
		process_ended(request, proc);
	else if (outcome->kind == OUTCOME_SUCCESS)
		process_changed(request, proc);
	else
		request_reply(request, &request->response);
}

void
request_send(struct request *request, const char *command)
{
	struct response response = {0};

	request->command = route_command(&response, "%s", command);
	if (request->command == NULL)
		request_reply(request, &response);
	else
		proc_call(request->proc, request->command, command_done, request);
}

/* From arrival to answer */

static bool
find_target(struct request *request, struct response *response)
{
	const char *id = request->args.id;

	if (request->route->target == PROC_NONE)
		return true;
	/* An id with more digits than 127 belongs to no process. */
	request->proc = proc_table_find(request->route->target, strlen(id) <= 4 ? atoi(id) : -1);
	if (request->proc != NULL)
		return true;
	if (request->route->target == PROC_PRIMARY)
		response_error(response, 404, "primary not found.");
	else
		response_error(response, 404, "sec_id %s not found.", id);
	return false;
}

static char *
command_write(struct request *request, const char *bytes, size_t len, struct response *response)
{
	json_t *body = NULL;
	char *command;

	if (request->route->has_body) {
		ctl_log_text("body", bytes, len);
		body = route_body(bytes, len, response);
		if (body == NULL)
			return NULL;
	}
	command = request->route->command(&request->args, body, response);
	json_decref(body);
	return command;
}

static bool
process_admits(const struct request *request, struct response *response)
{
	char text[512];

	if (restore_admits(request->proc, request->command, text, sizeof(text)))
		return true;
	response_error(response, 400, "%s", text);
	return false;
}

/* Only the process knows whether a command of a client's own changes anything. */
static bool
changes_wish(const struct request *request)
{
	return state_is_kept(request->proc) &&
	       (request->route->ends_process || request->route->any_command ||
		model_is_changed_by(request->command));
}

static void
disk_known(int err, void *arg)
{
	struct request *request = arg;
	struct proc *proc = request->proc;

	if (err == 0) {
		proc_call(proc, request->command, command_done, request);
	} else {
		response_error(
			&request->response, 500,
			"Internal Server Error: nothing is changed, because the change could "
			"not be saved: %s",
			strerror(-err));
		request_reply(request, &request->response);
	}
	proc_put(proc);
}

/* The last change was not saved: the process is left alone as long as this would not be either. */
static void
disk_ask(struct request *request)
{
	request->proc = proc_get(request->proc);
	state_probe(disk_known, request);
}

void
request_run(struct request *request, const char *body, size_t len)
{
	struct response response = {0};

	if (!find_target(request, &response)) {
		request_reply(request, &response);
		return;
	}
	if (request->route->handle != NULL) {
		request->route->handle(request);
		return;
	}
	request->command = command_write(request, body, len, &response);
	if (request->command == NULL || !process_admits(request, &response))
		request_reply(request, &response);
	else if (state_error() == 0 || !changes_wish(request))
		proc_call(request->proc, request->command, command_done, request);
	else
		disk_ask(request);
}
