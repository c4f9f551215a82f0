/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands to the primary process. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "terminal.h"

#define STATUS "GET /v1/primary/status"

static int
setup(void **state)
{
	if (terminal_setup(state) < 0)
		return -1;
	terminal_answer(STATUS, 200,
			"{\"master-lcore\":1,\"lcores\":[1,2],\"forwarder\":{\"status\":\"idling\","
			"\"ports\":[\"phy:0\",\"phy:1\",\"ring:0\",\"ring:1\"],\"patches\":["
			"{\"src\":\"phy:0\",\"dst\":\"ring:0\"}]},\"phy_ports\":[],"
			"\"ring_ports\":[],\"pipes\":[]}",
			NULL);
	terminal_answer("PUT /v1/primary/ports", 204, "", NULL);
	terminal_answer("PUT /v1/primary/patches", 204, "", NULL);
	terminal_answer("DELETE /v1/primary/patches", 204, "", NULL);
	terminal_answer("PUT /v1/primary/forward", 204, "", NULL);
	terminal_answer("DELETE /v1/primary/status", 204, "", NULL);
	terminal_answer("DELETE /v1/primary", 204, "", NULL);
	return 0;
}

static void
assert_sends(const char *line, const char *request, const char *output)
{
	const char *requests;

	terminal_requests();
	assert_string_equal(terminal_type(line), output);
	assert_true(terminal_succeeded());
	requests = terminal_requests();
	assert_int_equal(strncmp(requests, STATUS "\n", strlen(STATUS "\n")), 0);
	assert_string_equal(requests + strlen(STATUS "\n"), request);
}

static void
assert_refused(const char *line, const char *output)
{
	assert_string_equal(terminal_type(line), output);
	assert_false(terminal_succeeded());
}

static void
commands_become_requests(void **state)
{
	(void)state;
	assert_sends("pri; clear", "DELETE /v1/primary/status\n", "Clear port statistics.\n");
	assert_sends("pri; exit", "DELETE /v1/primary\n", "Exit primary\n");
	assert_sends("pri;add ring:2",
		     "PUT /v1/primary/ports {\"action\":\"add\",\"port\":\"ring:2\"}\n",
		     "Add ring:2.\n");
	assert_sends("pri ; add pipe:0 ring:0 ring:1",
		     "PUT /v1/primary/ports {\"action\":\"add\",\"port\":\"pipe:0\",\"rx\":"
		     "\"ring:0\",\"tx\":\"ring:1\"}\n",
		     "Add pipe:0.\n");
	assert_sends("pri; del ring:1",
		     "PUT /v1/primary/ports {\"action\":\"del\",\"port\":\"ring:1\"}\n",
		     "Delete ring:1.\n");
	assert_sends("pri; patch phy:0 ring:0",
		     "PUT /v1/primary/patches {\"src\":\"phy:0\",\"dst\":\"ring:0\"}\n",
		     "Patch ports (phy:0 -> ring:0).\n");
	assert_sends("pri; patch reset", "DELETE /v1/primary/patches\n", "Clear all of patches.\n");
	assert_sends("pri; forward", "PUT /v1/primary/forward {\"action\":\"start\"}\n",
		     "Start forwarding.\n");
	assert_sends("pri; stop", "PUT /v1/primary/forward {\"action\":\"stop\"}\n",
		     "Stop forwarding.\n");
}

static void
wrong_commands_are_refused(void **state)
{
	(void)state;
	assert_refused("pri; foo", "Invalid pri command: 'foo'\n");
	assert_refused("pri;", "Invalid pri command: ''\n");
	assert_refused("pri status", "Error: write ';' between pri and its command: pri; status\n");
	assert_refused("pri", "Error: write ';' between pri and its command: pri; status\n");
	assert_refused("pri; add", "Port is required!\n");
	assert_refused("pri; add ring:0", "'ring:0' is already added.\n");
	assert_refused("pri; add pipe:0 ring:0", "Error: Not enough parameters.\n");
	assert_refused("pri; add ring:5 x", "Error: Too many parameters.\n");
	assert_refused("pri; del", "Port is required!\n");
	assert_refused("pri; del phy:1", "Cannot delete phy port 'phy:1'.\n");
	assert_refused("pri; del ring:0", "Cannot delete patched port 'ring:0'.\n");
	assert_refused("pri; patch", "Params are required!\n");
	assert_refused("pri; patch phy:0", "Dst port is required!\n");
	assert_refused("pri; status; status",
		       "Error: a line has only one command, there is a second ';'.\n");
	assert_refused("pri; clear all", "Error: Too many parameters.\n");
}

static void
without_forwarder_there_are_only_pipes(void **state)
{
	(void)state;
	terminal_answer(STATUS, 200, "{\"master-lcore\":1,\"lcores\":[1]}", NULL);
	assert_refused("pri; add ring:0", "No forwarder is running.\n");
	assert_refused("pri; del ring:0", "No forwarder is running.\n");
	assert_refused("pri; patch phy:0 phy:1", "No forwarder is running.\n");
	assert_refused("pri; forward", "No forwarder is running.\n");
	assert_sends("pri; add pipe:0 ring:0 ring:1",
		     "PUT /v1/primary/ports {\"action\":\"add\",\"port\":\"pipe:0\",\"rx\":"
		     "\"ring:0\",\"tx\":\"ring:1\"}\n",
		     "Add pipe:0.\n");
	assert_sends("pri; del pipe:0",
		     "PUT /v1/primary/ports {\"action\":\"del\",\"port\":\"pipe:0\"}\n",
		     "Delete pipe:0.\n");
}

static void
the_primary_is_looked_at_first(void **state)
{
	(void)state;
	terminal_answer(STATUS, 404, "primary not found.", NULL);
	assert_refused("pri; foo", "No spp_primary is running.\n");
	terminal_answer(STATUS, 500, "Internal Server Error", NULL);
	assert_refused("pri; clear", "Error: spp_primary is not running normaly.\n");
	terminal_disconnect(-ECONNREFUSED);
	assert_refused("pri; status", "Error: Failed to connect to spp-ctl.\n");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, terminal_teardown)
	const struct CMUnitTest tests[] = {
		TEST(commands_become_requests),
		TEST(wrong_commands_are_refused),
		TEST(without_forwarder_there_are_only_pipes),
		TEST(the_primary_is_looked_at_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
