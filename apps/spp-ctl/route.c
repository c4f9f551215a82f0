/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of REST routes and the search in it. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "route.h"

#define FLOW "/v1/primary/flow_rules"
#define FLOW_PORT FLOW "/port_id/{port_id}"
/* A command without, and with, a request body. */
#define COMMAND(fn) .command = (fn)
#define BODY(fn) .has_body = true, .command = (fn)

/* clang-format off */
const struct route routes[] = {
	{"GET", "/v1/processes", PROC_NONE, .handle = list_processes},
	{"GET", "/v1/cpu_usage", PROC_NONE, .handle = list_cpu_usage},
	{"GET", "/v1/cpu_layout", PROC_NONE, .handle = list_cpu_layout},
	{"GET", "/v1/openapi.json", PROC_NONE, .handle = list_openapi},

	{"GET", "/v1/vfs/{id}", PROC_VF, COMMAND(generic_status), .answer = vf_answer_status},
	{"DELETE", "/v1/vfs/{id}", PROC_VF, COMMAND(generic_exit), .ends_process = true},
	{"POST", "/v1/vfs/{id}/components", PROC_VF, BODY(vf_component_start)},
	{"DELETE", "/v1/vfs/{id}/components/{name}", PROC_VF, COMMAND(vf_component_stop)},
	{"PUT", "/v1/vfs/{id}/components/{name}/ports", PROC_VF, BODY(vf_ports)},
	{"PUT", "/v1/vfs/{id}/classifier_table", PROC_VF, BODY(vf_classifier_table)},
	{"GET", "/v1/vfs/{id}/verbs", PROC_VF, COMMAND(generic_verbs), .answer = generic_answer_verbs},
	{"POST", "/v1/vfs/{id}/commands", PROC_VF, BODY(generic_commands), .answer = generic_answer_reply},
	{"GET", "/v1/vfs/{id}/restore", PROC_VF, .handle = restore_show},
	{"POST", "/v1/vfs/{id}/restore", PROC_VF, .handle = restore_again},

	{"GET", "/v1/mirrors/{id}", PROC_MIRROR, COMMAND(generic_status), .answer = mirror_answer_status},
	{"DELETE", "/v1/mirrors/{id}", PROC_MIRROR, COMMAND(generic_exit), .ends_process = true},
	{"POST", "/v1/mirrors/{id}/components", PROC_MIRROR, BODY(mirror_component_start)},
	{"DELETE", "/v1/mirrors/{id}/components/{name}", PROC_MIRROR, COMMAND(vf_component_stop)},
	{"PUT", "/v1/mirrors/{id}/components/{name}/ports", PROC_MIRROR, BODY(mirror_ports)},
	{"GET", "/v1/mirrors/{id}/restore", PROC_MIRROR, .handle = restore_show},
	{"POST", "/v1/mirrors/{id}/restore", PROC_MIRROR, .handle = restore_again},

	{"GET", "/v1/nfvs/{id}", PROC_NFV, COMMAND(generic_status), .answer = generic_answer_reply},
	{"DELETE", "/v1/nfvs/{id}", PROC_NFV, COMMAND(generic_exit), .ends_process = true},
	{"PUT", "/v1/nfvs/{id}/forward", PROC_NFV, BODY(nfv_forward)},
	{"PUT", "/v1/nfvs/{id}/ports", PROC_NFV, BODY(nfv_ports)},
	{"PUT", "/v1/nfvs/{id}/patches", PROC_NFV, BODY(nfv_patches)},
	{"DELETE", "/v1/nfvs/{id}/patches", PROC_NFV, COMMAND(nfv_patches_reset)},

	{"GET", "/v1/pcaps/{id}", PROC_PCAP, COMMAND(generic_status), .answer = pcap_answer_status},
	{"DELETE", "/v1/pcaps/{id}", PROC_PCAP, COMMAND(generic_exit), .ends_process = true},
	{"PUT", "/v1/pcaps/{id}/capture", PROC_PCAP, BODY(pcap_capture)},

	{"DELETE", "/v1/primary", PROC_PRIMARY, COMMAND(generic_exit), .ends_process = true},
	{"GET", "/v1/primary/status", PROC_PRIMARY, COMMAND(generic_status), .answer = generic_answer_reply},
	{"DELETE", "/v1/primary/status", PROC_PRIMARY, COMMAND(primary_clear)},
	{"PUT", "/v1/primary/forward", PROC_PRIMARY, BODY(nfv_forward)},
	{"PUT", "/v1/primary/ports", PROC_PRIMARY, BODY(primary_ports)},
	{"PUT", "/v1/primary/patches", PROC_PRIMARY, BODY(nfv_patches)},
	{"DELETE", "/v1/primary/patches", PROC_PRIMARY, COMMAND(nfv_patches_reset)},
	{"PUT", "/v1/primary/launch", PROC_PRIMARY, BODY(primary_launch)},
	{"POST", FLOW_PORT "/validate", PROC_PRIMARY, BODY(flow_validate), .answer = generic_answer_reply,
	 .errors_are_data = true},
	{"POST", FLOW_PORT, PROC_PRIMARY, BODY(flow_create), .answer = generic_answer_reply,
	 .errors_are_data = true},
	{"DELETE", FLOW_PORT, PROC_PRIMARY, COMMAND(flow_destroy), .answer = generic_answer_reply,
	 .errors_are_data = true},
	{"DELETE", FLOW "/{rule_id}/port_id/{port_id}", PROC_PRIMARY, COMMAND(flow_destroy),
	 .answer = generic_answer_reply, .errors_are_data = true},
	{.method = NULL},
};
/* clang-format on */

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

static void
allow_add(struct response *response, const char *method)
{
	size_t len = strlen(response->allow);
	const char *more = strcmp(method, "GET") == 0 ? ", HEAD" : "";

	snprintf(response->allow + len, sizeof(response->allow) - len, "%s%s%s",
		 len > 0 ? ", " : "", method, more);
}

const struct route *
route_find(const char *method, const char *path, struct route_args *args, struct response *response)
{
	const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;

	/* The one path that is also good with a slash at its end. */
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

	if (len > 0)
		body = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(body)) {
		json_decref(body);
		response_error(response, 400, "Not in json format.");
		return NULL;
	}
	return body;
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
	if (len < 0) {
		response_error(response, 500, "spp-ctl has no memory for the command");
		return NULL;
	}
	return command;
}
