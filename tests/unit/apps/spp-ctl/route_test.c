/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "route_table.h"

static const struct route *
find(const char *method, const char *path, struct route_args *args)
{
	struct response response = {0};
	const struct route *route = route_find(route_table, method, path, args, &response);

	assert_true((route == NULL) == (response.status != 0));
	return route;
}

static void
route_finds_arguments(void **state)
{
	struct route_args args;
	const struct route *route;

	(void)state;
	route = find("PUT", "/v1/vfs/12/components/a%2eb%20c/ports", &args);
	assert_non_null(route);
	assert_int_equal(route->target, PROC_VF);
	assert_true(route->has_body);
	assert_string_equal(args.id, "12");
	assert_string_equal(args.name, "a.b c");
	assert_non_null(find("DELETE", "/v1/primary/flow_rules/7/port_id/3", &args));
	assert_string_equal(args.rule_id, "7");
	assert_string_equal(args.port_id, "3");
	assert_non_null(find("GET", "/v1/vfs/-1", &args));
	assert_string_equal(args.id, "-1");
	assert_ptr_equal(find("HEAD", "/v1/processes", &args), find("GET", "/v1/processes", &args));
	assert_ptr_equal(find("DELETE", "/v1/primary/", &args),
			 find("DELETE", "/v1/primary", &args));
}

static void
route_finds_nothing_else(void **state)
{
	static const char *const paths[] = {
		"",
		"/",
		"v1/processes",
		"/v1/processes/",
		"//v1/processes",
		"/v1/vfs/",
		"/v1/vfs/1x",
		"/v1/vfs/-",
		"/v1/vfs/1/components/a%2Fb",
		"/v1/vfs/1/components/a%00",
		"/v1/vfs/1/components//ports",
		"/v1/primary//",
		"/v1/processes%",
		"/v1/vfs/%",
	};
	char long_name[512] = "/v1/vfs/1/components/";
	struct response response = {0};
	struct route_args args;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char text[512];

		assert_null(route_find(route_table, "GET", paths[i], &args, &response));
		assert_int_equal(response.status, 404);
		snprintf(text, sizeof(text), "Not found: '%s'", paths[i]);
		assert_string_equal(response.text, text);
	}
	memset(long_name + strlen(long_name), 'x', ROUTE_ARG_SIZE);
	assert_null(route_find(route_table, "DELETE", long_name, &args, &response));
	assert_int_equal(response.status, 404);
}

static void
route_names_the_methods_of_a_path(void **state)
{
	struct response response = {0};
	struct route_args args;

	(void)state;
	assert_null(route_find(route_table, "POST", "/v1/primary/status", &args, &response));
	assert_int_equal(response.status, 405);
	assert_string_equal(response.text, "Method not allowed.");
	assert_string_equal(response.allow, "GET, HEAD, DELETE");
	assert_null(route_find(route_table, "HEAD", "/v1/primary", &args, &response));
	assert_string_equal(response.allow, "DELETE");
}

static void
route_every_one_is_complete(void **state)
{
	(void)state;
	for (const struct route *route = route_table; route->method != NULL; route++) {
		assert_true((route->command != NULL) != (route->handle != NULL));
		assert_true(route->target != PROC_NONE || route->handle != NULL);
		assert_false(route->has_body && strcmp(route->method, "POST") != 0 &&
			     strcmp(route->method, "PUT") != 0);
		for (const struct route *other = route + 1; other->method != NULL; other++)
			assert_false(strcmp(route->method, other->method) == 0 &&
				     strcmp(route->pattern, other->pattern) == 0);
	}
}

static void
route_body_takes_one_object(void **state)
{
	static const char *const bad[] = {"", "{", "[]", "1", "{} {}", "{\"a\":\"\\u0000\"}"};
	struct response response = {0};
	json_t *body = route_body(" {\"a\":1} ", 9, &response);

	(void)state;
	assert_int_equal(response.status, 0);
	assert_int_equal(json_integer_value(json_object_get(body, "a")), 1);
	json_decref(body);
	/* The last of duplicate keys counts. */
	body = route_body("{\"a\":1,\"a\":2}", 13, &response);
	assert_int_equal(response.status, 0);
	assert_int_equal(json_integer_value(json_object_get(body, "a")), 2);
	json_decref(body);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(route_body(bad[i], strlen(bad[i]), &response));
		assert_int_equal(response.status, 400);
		assert_string_equal(response.text, "Not in json format.");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(route_finds_arguments),
		cmocka_unit_test(route_finds_nothing_else),
		cmocka_unit_test(route_names_the_methods_of_a_path),
		cmocka_unit_test(route_every_one_is_complete),
		cmocka_unit_test(route_body_takes_one_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
