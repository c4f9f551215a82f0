/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a REST route is, and the search for one.  A route either becomes one command to a process,
 * whose outcome becomes the answer, or is handled by a function of its own.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>

#include "outcome.h"
#include "proc_type.h"
#include "response.h"

#define ROUTE_ARG_SIZE 128

/* What stood in the place of {id}, {name}, {port_id} and {rule_id}; percent-decoded. */
struct route_args {
	char id[ROUTE_ARG_SIZE];
	char name[ROUTE_ARG_SIZE];
	char port_id[ROUTE_ARG_SIZE];
	char rule_id[ROUTE_ARG_SIZE];
};

struct request; /* request.h */

struct route {
	const char *method;
	const char *pattern;
	enum proc_type target; /* the process that the request goes to; PROC_NONE: none */
	bool has_body;         /* the body must be a JSON object */

	/* Write the command: malloc()ed text, which the caller frees, or NULL with the answer
	 * filled in. */
	char *(*command)(const struct route_args *args, const json_t *body,
			 struct response *response);
	/* Turn the success of the command into the answer.  NULL: the answer is 204. */
	void (*answer)(const struct outcome *outcome, struct response *response);
	/* In place of command: owns the request, and must end in request_reply() or
	 * request_forget(). */
	void (*handle)(struct request *request);
	/* The answer to a status gets a member `restore`, of restore_summary(). */
	bool shows_restore;
	/* The command is any that the client likes. */
	bool any_command;
	/* The command ends the process. */
	bool ends_process;
	/* Errors of the process are answered like its successes, with 200 and its reply. */
	bool errors_are_data;
};

/* Find the route of a path (query excluded, not decoded) in routes, which a route without a method
 * ends.  NULL with the answer 404 or 405.  HEAD finds what GET finds. */
const struct route *route_find(const struct route *routes, const char *method, const char *path,
			       struct route_args *args, struct response *response);

/* Read the body of a request: a new JSON object without duplicate keys, or NULL with the answer
 * 400. */
json_t *route_body(const char *bytes, size_t len, struct response *response);

/* printf() into new memory, which the caller frees; NULL with the answer 500. */
char *route_command(struct response *response, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Write a command piece by piece; false with the answer filled in. */
typedef bool (*route_writer)(FILE *out, const struct route_args *args, const json_t *body,
			     struct response *response);

/* The text that write() writes, which the caller frees; NULL with the answer of write(), or 500. */
char *route_command_write(route_writer write, const struct route_args *args, const json_t *body,
			  struct response *response);

#endif
