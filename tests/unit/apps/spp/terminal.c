/* SPDX-License-Identifier: BSD-3-Clause */
/* The program without terminal and network. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_table.h"
#include "complete.h"
#include "http_client.h"
#include "terminal.h"

#define ANSWERS_MAX 32

struct answer {
	char *request, *body;
	const char *note;
	long status;
};

static struct {
	struct cli cli;
	char *output;
	size_t output_size;
	int result;
	volatile sig_atomic_t interrupted;
	struct answer answers[ANSWERS_MAX];
	unsigned int nb_answers;
	int error;
	char requests[16384], shown[16384], candidates[16384];
} terminal;

/* The controller */

static struct answer *
find(const char *request)
{
	for (unsigned int i = 0; i < terminal.nb_answers; i++) {
		if (strcmp(terminal.answers[i].request, request) == 0)
			return &terminal.answers[i];
	}
	return NULL;
}

/* A controller that knows no query answers as if there were none. */
static struct answer *
find_path(const char *request)
{
	struct answer *answer = find(request);
	char *path = strdup(request);

	assert_non_null(path);
	path[strcspn(path, "?")] = '\0';
	if (answer == NULL)
		answer = find(path);
	free(path);
	return answer;
}

void
terminal_answer(const char *request, long status, const char *body, const char *note)
{
	struct answer *answer = find(request);

	if (answer == NULL) {
		assert_true(terminal.nb_answers < ANSWERS_MAX);
		answer = &terminal.answers[terminal.nb_answers++];
		answer->request = strdup(request);
	} else {
		free(answer->body);
	}
	answer->status = status;
	answer->body = strdup(body);
	answer->note = note;
}

void
terminal_disconnect(int err)
{
	terminal.error = err;
}

struct http_client *
http_client_open(const volatile sig_atomic_t *interrupted,
		 const struct http_credentials *credentials)
{
	(void)interrupted;
	(void)credentials;
	return NULL;
}

void
http_client_close(struct http_client *http)
{
	(void)http;
}

void
http_reply_free(struct http_reply *reply)
{
	free(reply->body);
	reply->body = NULL;
}

static void
fill(struct http_reply *reply, const struct answer *answer)
{
	*reply = (struct http_reply){.status = answer == NULL ? 404 : answer->status};
	reply->body = strdup(answer == NULL ? "Not found" : answer->body);
	assert_non_null(reply->body);
	reply->len = strlen(reply->body);
	if (answer != NULL && answer->note != NULL)
		snprintf(reply->note, sizeof(reply->note), "%s", answer->note);
}

int
http_client_request(struct http_client *http, const char *method, const char *socket_path,
		    const char *url, const char *body, unsigned int limit_ms,
		    struct http_reply *reply)
{
	size_t len = strlen(terminal.requests);
	char request[2048];
	const char *path;

	(void)http;
	(void)socket_path;
	assert_true(limit_ms > 0);
	assert_int_equal(strncmp(url, "http://", 7), 0);
	path = strchr(url + 7, '/');
	assert_non_null(path);
	snprintf(request, sizeof(request), "%s %s", method, path);
	snprintf(terminal.requests + len, sizeof(terminal.requests) - len, "%s%s%s\n", request,
		 body == NULL ? "" : " ", body == NULL ? "" : body);
	if (terminal.error != 0)
		return terminal.error;
	fill(reply, find_path(request));
	return 0;
}

int
http_client_copy(struct http_client *http, const char *socket_path, const char *url,
		 unsigned int silence_ms, FILE *out, struct http_reply *reply)
{
	int err = http_client_request(http, "GET", socket_path, url, NULL, silence_ms, reply);

	if (err == 0 && reply->status == 200)
		fputs(reply->body, out);
	return err;
}

const char *
terminal_requests(void)
{
	snprintf(terminal.shown, sizeof(terminal.shown), "%s", terminal.requests);
	terminal.requests[0] = '\0';
	return terminal.shown;
}

/* The user */

int
terminal_setup(void **state)
{
	struct server server = {.host = "127.0.0.1", .port = 7777};

	(void)state;
	terminal.error = 0;
	terminal.interrupted = 0;
	terminal.requests[0] = '\0';
	if (cli_init(&terminal.cli, command_table, NULL, &terminal.interrupted) < 0)
		return -1;
	terminal.cli.out = open_memstream(&terminal.output, &terminal.output_size);
	terminal.cli.err = terminal.cli.out;
	return servers_add(&terminal.cli.servers, &server);
}

int
terminal_teardown(void **state)
{
	(void)state;
	cli_fini(&terminal.cli);
	fclose(terminal.cli.out);
	free(terminal.output);
	terminal.output = NULL;
	while (terminal.nb_answers > 0) {
		free(terminal.answers[--terminal.nb_answers].request);
		free(terminal.answers[terminal.nb_answers].body);
	}
	return 0;
}

struct cli *
terminal_cli(void)
{
	return &terminal.cli;
}

const char *
terminal_type(const char *line)
{
	long from;

	fflush(terminal.cli.out);
	from = ftell(terminal.cli.out);
	terminal.result = command_typed(&terminal.cli, line);
	fflush(terminal.cli.out);
	return terminal.output + from;
}

bool
terminal_succeeded(void)
{
	return terminal.result == 0;
}

const char *
terminal_complete(const char *line)
{
	struct candidates found;
	size_t typed, len = 0, from;

	fflush(terminal.cli.out);
	from = terminal.output_size;
	terminal.candidates[0] = '\0';
	complete_line(&terminal.cli, line, &found, &typed);
	for (unsigned int i = 0; i < found.nb; i++) {
		assert_true(strlen(found.word[i]) >= typed);
		len += snprintf(terminal.candidates + len, sizeof(terminal.candidates) - len,
				"%s%s", i > 0 ? " " : "", found.word[i]);
	}
	candidates_free(&found);
	fflush(terminal.cli.out);
	assert_int_equal(terminal.output_size, from);
	return terminal.candidates;
}
