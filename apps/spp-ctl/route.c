/* SPDX-License-Identifier: BSD-3-Clause */
/* What a REST route is, and the search for one. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decode one path segment; false if it does not fit, or would hold a slash or a NUL. */
static bool
segment_decode(const char *from, size_t len, char out[ROUTE_ARG_SIZE])
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		int byte = (unsigned char)from[i];

		if (byte == '%' && i + 2 < len && hex_digit(from[i + 1]) >= 0 &&
		    hex_digit(from[i + 2]) >= 0) {
			byte = hex_digit(from[i + 1]) * 16 + hex_digit(from[i + 2]);
			i += 2;
		}
		if (byte == '/' || byte == '\0' || n + 1 >= ROUTE_ARG_SIZE)
			return false;
		out[n++] = (char)byte;
	}
	out[n] = '\0';
	return n > 0;
}

/* -?[0-9]+ */
static bool
is_integer(const char *text)
{
	if (*text == '-')
		text++;
	return *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

static bool
arg_match(const char *name, size_t name_len, const char *segment, size_t len,
	  struct route_args *args)
{
	const struct {
		const char *name;
		char *value;
	} fields[] = {
		{"{id}", args->id},
		{"{port_id}", args->port_id},
		{"{rule_id}", args->rule_id},
		{"{name}", args->name},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (strlen(fields[i].name) != name_len ||
		    strncmp(fields[i].name, name, name_len) != 0)
			continue;
		return segment_decode(segment, len, fields[i].value) &&
		       (fields[i].value == args->name || is_integer(fields[i].value));
	}
	return false;
}

static bool
path_match(const char *pattern, const char *path, struct route_args *args)
{
	*args = (struct route_args){0};
	while (*pattern == '/' && *path == '/') {
		size_t pattern_len = strcspn(++pattern, "/"), len = strcspn(++path, "/");

		if (*pattern == '{') {
			if (!arg_match(pattern, pattern_len, path, len, args))
				return false;
		} else if (pattern_len != len || strncmp(pattern, path, len) != 0) {
			return false;
		}
		pattern += pattern_len;
		path += len;
	}
	return *pattern == '\0' && *path == '\0';
}

/* For the header Allow of a 405: every method that the path has. */
static void
allow_add(struct response *response, const char *method)
{
	size_t len = strlen(response->allow);
	const char *more = strcmp(method, "GET") == 0 ? ", HEAD" : "";

	snprintf(response->allow + len, sizeof(response->allow) - len, "%s%s%s",
		 len > 0 ? ", " : "", method, more);
}

const struct route *
route_find(const struct route *routes, const char *method, const char *path,
	   struct route_args *args, struct response *response)
{
	const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;

	/* This path alone is also valid with a slash at its end. */
	if (strcmp(path, "/v1/primary/") == 0)
		path = "/v1/primary";
	response->allow[0] = '\0';
	for (const struct route *route = routes; route->method != NULL; route++) {
		if (!path_match(route->pattern, path, args))
			continue;
		if (strcmp(route->method, wanted) == 0) {
			response->allow[0] = '\0';
			return route;
		}
		allow_add(response, route->method);
	}
	if (response->allow[0] != '\0')
		response_error(response, 405, "Method not allowed.");
	else
		response_error(response, 404, "Not found: '%.400s'", path);
	return NULL;
}

json_t *
route_body(const char *bytes, size_t len, struct response *response)
{
	json_t *body = NULL;

	/* Of keys that are given twice the last one counts. */
	if (len > 0)
		body = json_loadb(bytes, len, 0, NULL);
	if (!json_is_object(body)) {
		json_decref(body);
		response_error(response, 400, "Not in json format.");
		return NULL;
	}
	return body;
}

static char *
no_memory(struct response *response)
{
	response_error(response, 500, "spp-ctl has no memory for the command");
	return NULL;
}

char *
route_command(struct response *response, const char *fmt, ...)
{
	char *command;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&command, fmt, ap);
	va_end(ap);
	return len < 0 ? no_memory(response) : command;
}

char *
route_command_write(route_writer write, const struct route_args *args, const json_t *body,
		    struct response *response)
{
	char *command = NULL;
	size_t len;
	FILE *out = open_memstream(&command, &len);
	bool written;

	if (out == NULL)
		return no_memory(response);
	written = write(out, args, body, response);
	if (fclose(out) == 0 && written)
		return command;
	free(command);
	return written ? no_memory(response) : NULL;
}
