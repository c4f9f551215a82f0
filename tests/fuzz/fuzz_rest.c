/* SPDX-License-Identifier: BSD-3-Clause */
/* Any `METHOD PATH`, newline, body as a request to the controller: it becomes one line of a
 * command, or an answer of one line. */

#include "fuzz.h"
#include "route_list.h"
#include "route_restore.h"
#include "route_status.h"
#include "route_table.h"
#include "value.h"

/* Requests that need more than parsing are not handled here. */
#define NOT_HERE(name)                                                                             \
	void name(struct request *request)                                                         \
	{                                                                                          \
		(void)request;                                                                     \
	}

NOT_HERE(list_processes)
NOT_HERE(list_cpu_layout)
NOT_HERE(list_cpu_usage)
NOT_HERE(list_openapi)
NOT_HERE(restore_show)
NOT_HERE(restore_again)
NOT_HERE(status_show)

static void
check_command(const char *command, const struct response *response)
{
	if (command != NULL)
		FUZZ_ASSERT(value_is_line(command, true) && response->status == 0);
	else
		FUZZ_ASSERT(response->status == 400 && value_is_line(response->text, true));
}

static void
run(const struct route *route, const struct route_args *args, const char *bytes, size_t len)
{
	struct response response = {0};
	json_t *body = NULL;
	char *command;

	if (route->command == NULL)
		return;
	if (route->has_body) {
		body = route_body(bytes, len, &response);
		if (body == NULL) {
			check_command(NULL, &response);
			return;
		}
	}
	command = route->command(args, body, &response);
	check_command(command, &response);
	free(command);
	json_decref(body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *body = memchr(text, '\n', size), *path;
	struct response response = {0};
	const struct route *route;
	struct route_args args;

	if (body != NULL) {
		*body++ = '\0';
		path = strchr(text, ' ');
		if (path != NULL) {
			*path++ = '\0';
			route = route_find(route_table, text, path, &args, &response);
			if (route != NULL)
				run(route, &args, body, size - (size_t)(body - text));
			else
				FUZZ_ASSERT(response.status == 404 || response.status == 405);
		}
	}
	free(text);
	return 0;
}
