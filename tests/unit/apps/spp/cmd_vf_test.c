/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands to one process: what is sent, what is printed. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "terminal.h"

#define LOOK "GET /v1/processes\n"

static int
setup(void **state)
{
	if (terminal_setup(state) < 0)
		return -1;
	terminal_answer("GET /v1/processes", 200,
			"[{\"type\":\"primary\"},{\"type\":\"vf\",\"client-id\":1},"
			"{\"type\":\"nfv\",\"client-id\":2},{\"type\":\"mirror\",\"client-id\":3},"
			"{\"type\":\"pcap\",\"client-id\":4}]",
			NULL);
	return 0;
}

/* The line looks at the processes, sends the request, is answered 204, and prints the output. */
static void
assert_sends(const char *line, const char *request, const char *body, const char *output)
{
	char expected[1024];

	terminal_answer(request, 204, "", NULL);
	terminal_requests();
	assert_string_equal(terminal_type(line), output);
	assert_true(terminal_succeeded());
	snprintf(expected, sizeof(expected), LOOK "%s%s%s\n", request, *body == '\0' ? "" : " ",
		 body);
	assert_string_equal(terminal_requests(), expected);
}

/* The line is refused with this text; only requests that were needed to find that out have been
 * sent. */
static void
assert_refused(const char *line, const char *requests, const char *output)
{
	terminal_requests();
	assert_string_equal(terminal_type(line), output);
	assert_false(terminal_succeeded());
	assert_string_equal(terminal_requests(), requests);
}

static void
target_is_checked_from_left_to_right(void **state)
{
	(void)state;
	assert_refused("vf", "", "Required an ID and ';' before the command.\n");
	assert_refused("vf 1", "", "Required an ID and ';' before the command.\n");
	assert_refused("vf 1 status", "", "Required an ID and ';' before the command.\n");
	assert_refused("vf x; status", "", "Invalid command: x;status\n");
	assert_refused("vf  x ;  component  start ", "", "Invalid command: x;component start\n");
	assert_refused("vf ; status", "", "Invalid command: ;status\n");
	assert_refused("vf 9; status", LOOK, "\"vf 9\" does not exist.\n");
	assert_refused("vf 2; status", LOOK, "\"vf 2\" does not exist.\n");
	assert_refused("mirror 1; status", LOOK, "\"mirror 1\" does not exist.\n");
	assert_refused("vf 1; foo", LOOK "GET /v1/vfs/1/verbs\n", "Invalid command \"foo\".\n");
	assert_refused("vf 1;", LOOK, "Invalid command \"\".\n");
	assert_refused("mirror 3; classifier_table add", LOOK,
		       "Invalid command \"classifier_table\".\n");
	assert_refused("pcap 4; ste", LOOK, "Invalid command \"ste\".\n");
	assert_refused("nfv 2; ste", LOOK, "Invalid command \"ste\".\n");
	assert_refused("vf 1; status; status", "",
		       "Error: a line has only one command, there is a second ';'.\n");
}

static void
blanks_and_zeros_do_not_matter(void **state)
{
	(void)state;
	assert_sends("  vf  01 ;component  stop\ta", "DELETE /v1/vfs/1/components/a", "",
		     "Succeeded to delete component 'a'\n");
	assert_sends("vf 1;component stop a", "DELETE /v1/vfs/1/components/a", "",
		     "Succeeded to delete component 'a'\n");
}

static void
component(void **state)
{
	(void)state;
	assert_sends("vf 1; component start cls 3 classifier", "POST /v1/vfs/1/components",
		     "{\"name\":\"cls\",\"core\":3,\"type\":\"classifier\"}",
		     "Succeeded to start component 'cls' on core:3\n");
	assert_sends("vf 1; component stop a 3 forward", "DELETE /v1/vfs/1/components/a", "",
		     "Succeeded to delete component 'a'\n");
	assert_sends("vf 1; component stop a/../b%", "DELETE /v1/vfs/1/components/a%2F..%2Fb%25",
		     "", "Succeeded to delete component 'a/../b%'\n");
	assert_refused("vf 1; component", LOOK, "Error: Not enough parameters.\n");
	assert_refused("vf 1; component start x", LOOK, "Error: Not enough parameters.\n");
	assert_refused("vf 1; component start x abc forward", LOOK,
		       "Error: core is not a number.\n");
	assert_refused("vf 1; component start x 3 forward y", LOOK,
		       "Error: Too many parameters.\n");
	assert_refused("vf 1; component stop", LOOK, "Error: Not enough parameters.\n");
	assert_refused("vf 1; component restart x", LOOK, "Error: Invalid action.\n");
	assert_refused("mirror 3; component", LOOK, "Error: Not enough parameters.\n");
}

static void
components_of_plugins_are_started_by_the_process_itself(void **state)
{
	(void)state;
	assert_sends("vf 1; component start  lim 3 limiter", "POST /v1/vfs/1/commands",
		     "{\"command\":\"component start lim 3 limiter\"}",
		     "Succeeded to start component 'lim' on core:3\n");
	assert_sends("mirror 3; component start mir 3 mirror", "POST /v1/mirrors/3/components",
		     "{\"name\":\"mir\",\"core\":3,\"type\":\"mirror\"}",
		     "Succeeded to start component 'mir' on core:3\n");
}

static void
port(void **state)
{
	static const char ports[] = "PUT /v1/vfs/1/components/cls/ports";

	(void)state;
	assert_sends("vf 1; port add phy:0 rx cls", ports,
		     "{\"action\":\"attach\",\"port\":\"phy:0\",\"dir\":\"rx\",\"vlan\":{}}",
		     "Succeeded to add port\n");
	assert_sends("vf 1; port del ring:0 tx cls", ports,
		     "{\"action\":\"detach\",\"port\":\"ring:0\",\"dir\":\"tx\",\"vlan\":{}}",
		     "Succeeded to del port\n");
	assert_sends("vf 1; port add phy:0 nq 1 rx cls", ports,
		     "{\"action\":\"attach\",\"port\":\"phy:0nq1\",\"dir\":\"rx\",\"vlan\":{}}",
		     "Succeeded to add port\n");
	assert_sends("vf 1; port add ring:0 tx cls add_vlantag 101 3", ports,
		     "{\"action\":\"attach\",\"port\":\"ring:0\",\"dir\":\"tx\",\"vlan\":"
		     "{\"operation\":\"add\",\"id\":101,\"pcp\":3}}",
		     "Succeeded to add port\n");
	assert_sends("vf 1; port add ring:0 tx cls del_vlantag", ports,
		     "{\"action\":\"attach\",\"port\":\"ring:0\",\"dir\":\"tx\",\"vlan\":"
		     "{\"operation\":\"del\"}}",
		     "Succeeded to add port\n");
	assert_sends("vf 1; port del ring:0 tx cls add_vlantag 101 3", ports,
		     "{\"action\":\"detach\",\"port\":\"ring:0\",\"dir\":\"tx\",\"vlan\":{}}",
		     "Succeeded to del port\n");
}

static void
port_refuses(void **state)
{
	(void)state;
	assert_refused("vf 1; port", LOOK, "Error: Not enough parameters.\n");
	assert_refused("vf 1; port move phy:0 rx cls", LOOK, "Error: Invalid action.\n");
	assert_refused("vf 1; port add", LOOK, "Error: Not enough parameters.\n");
	assert_refused("vf 1; port add phy:0 rx", LOOK, "Error: Not enough parameters.\n");
	assert_refused("vf 1; port add phy:0 nq 1 rx", LOOK, "Error: Not enough parameters.\n");
	assert_refused("vf 1; port add phy:0 nq x rx cls", LOOK, "Error: nq is not a number.\n");
	assert_refused("vf 1; port add phy:0 rx cls foo", LOOK,
		       "Error: vlantag is Only add_vlantag or del_vlantag.\n");
	assert_refused("vf 1; port add phy:0 rx cls add_vlantag", LOOK,
		       "Error: Not enough parameters.\n");
	assert_refused("vf 1; port add phy:0 rx cls add_vlantag 101", LOOK,
		       "Error: Not enough parameters.\n");
	assert_refused("vf 1; port add phy:0 rx cls add_vlantag x 3", LOOK,
		       "Error: vid is not a number.\n");
	assert_refused("vf 1; port add phy:0 rx cls add_vlantag 101 x", LOOK,
		       "Error: pcp is not a number.\n");
	assert_refused("vf 1; port add phy:0 rx cls del_vlantag x", LOOK,
		       "Error: Too many parameters.\n");
	assert_refused("mirror 3; port add phy:0 rx mir del_vlantag", LOOK,
		       "Error: Too many parameters.\n");
}

static void
classifier_table(void **state)
{
	static const char table[] = "PUT /v1/vfs/1/classifier_table";

	(void)state;
	assert_sends("vf 1; classifier_table add mac 52:54:00:12:34:56 ring:0", table,
		     "{\"action\":\"add\",\"type\":\"mac\",\"mac_address\":\"52:54:00:12:34:56\","
		     "\"port\":\"ring:0\",\"vlan\":null}",
		     "Succeeded to add\n");
	assert_sends("vf 1; classifier_table del mac default phy:0 nq 1", table,
		     "{\"action\":\"del\",\"type\":\"mac\",\"mac_address\":\"default\","
		     "\"port\":\"phy:0nq1\",\"vlan\":null}",
		     "Succeeded to del\n");
	assert_sends("vf 1; classifier_table add vlan 101 default ring:0", table,
		     "{\"action\":\"add\",\"type\":\"vlan\",\"mac_address\":\"default\","
		     "\"port\":\"ring:0\",\"vlan\":\"101\"}",
		     "Succeeded to add\n");
	assert_refused("vf 1; classifier_table", LOOK, "Error: Not enough parameters.\n");
	assert_refused("vf 1; classifier_table add", LOOK, "Error: Not enough parameters.\n");
	assert_refused("vf 1; classifier_table add ip 1 ring:0", LOOK,
		       "Error: Type is only vlan or mac\n");
	assert_refused("vf 1; classifier_table add mac default", LOOK,
		       "Error: Not enough parameters.\n");
	assert_refused("vf 1; classifier_table add vlan 101 default", LOOK,
		       "Error: Not enough parameters.\n");
	assert_refused("vf 1; classifier_table add mac default ring:0 ring:1", LOOK,
		       "Error: Too many parameters.\n");
}

static void
exit_names_the_process(void **state)
{
	(void)state;
	assert_sends("vf 1; exit", "DELETE /v1/vfs/1", "", "Exit vf 1.\n");
	assert_sends("nfv 2; exit", "DELETE /v1/nfvs/2", "", "Exit nfv 2\n");
	assert_sends("mirror 3; exit", "DELETE /v1/mirrors/3", "", "Exit mirror 3.\n");
	assert_sends("pcap 4; exit", "DELETE /v1/pcaps/4", "", "Exit pcap 4.\n");
	assert_refused("vf 1; exit now", LOOK, "Error: Too many parameters.\n");
}

static void
nfv_and_pcap(void **state)
{
	(void)state;
	assert_sends("pcap 4; start", "PUT /v1/pcaps/4/capture", "{\"action\":\"start\"}",
		     "Start packet capture.\n");
	assert_sends("pcap 4; stop", "PUT /v1/pcaps/4/capture", "{\"action\":\"stop\"}",
		     "Stop packet capture.\n");
	assert_sends("nfv 2; forward", "PUT /v1/nfvs/2/forward", "{\"action\":\"start\"}",
		     "Start forwarding.\n");
	assert_sends("nfv 2; stop", "PUT /v1/nfvs/2/forward", "{\"action\":\"stop\"}",
		     "Stop forwarding.\n");
	assert_sends("nfv 2; patch phy:0 nq 1 ring:0", "PUT /v1/nfvs/2/patches",
		     "{\"src\":\"phy:0nq1\",\"dst\":\"ring:0\"}",
		     "Patch ports (phy:0 nq 1 -> ring:0).\n");
	assert_sends("nfv 2; patch reset", "DELETE /v1/nfvs/2/patches", "",
		     "Clear all of patches.\n");
	assert_refused("nfv 2; patch", LOOK, "Error: Params are required!\n");
	assert_refused("nfv 2; patch nq 1 ring:0", LOOK, "Error: Src port is required!\n");
	assert_refused("nfv 2; patch phy:0", LOOK, "Error: Dst port is required!\n");
	assert_refused("nfv 2; patch phy:0 nq 1", LOOK, "Error: Dst port is required!\n");
}

static void
nfv_knows_its_ports(void **state)
{
	static const char look[] = LOOK "GET /v1/nfvs/2\n";

	(void)state;
	terminal_answer("GET /v1/nfvs/2", 200,
			"{\"ports\":[\"phy:0\",\"ring:0\",\"ring:5\"],\"patches\":[{\"src\":"
			"\"phy:0\",\"dst\":\"ring:0\"}]}",
			NULL);
	terminal_answer("PUT /v1/nfvs/2/ports", 204, "", NULL);
	assert_string_equal(terminal_type("nfv 2; add ring:1"), "Add ring:1.\n");
	assert_string_equal(terminal_type("nfv 2; del ring:5"), "Delete ring:5.\n");
	assert_refused("nfv 2; add", look, "Port is required!\n");
	assert_refused("nfv 2; add ring:0", look, "'ring:0' is already added.\n");
	assert_refused("nfv 2; del phy:0", look, "Cannot delete phy port 'phy:0'.\n");
	assert_refused("nfv 2; del ring:0", look, "Cannot delete patched port 'ring:0'.\n");
}

static void
refusals_of_the_controller_are_printed(void **state)
{
	static const char put[] = "PUT /v1/vfs/1/classifier_table";
	static const char line[] = "vf 1; classifier_table add mac default ring:9";

	(void)state;
	terminal_answer(put, 400, "command error: Invalid value (port)", NULL);
	assert_string_equal(terminal_type(line), "Error: command error: Invalid value (port)\n");
	assert_false(terminal_succeeded());
	terminal_answer(put, 500, "Internal\r\nServer\033[2J Error\n", NULL);
	assert_string_equal(terminal_type(line), "Error: Internal  Server?[2J Error\n");
	terminal_answer(put, 503, "", NULL);
	assert_string_equal(terminal_type(line), "Error: spp-ctl answered 503.\n");
	terminal_disconnect(-ECONNREFUSED);
	assert_refused(line, LOOK, "Error: Failed to connect to spp-ctl.\n");
	terminal_disconnect(-ETIMEDOUT);
	assert_refused(line, LOOK, "Error: spp-ctl did not answer within 10 seconds.\n");
}

static void
replies_that_are_no_json_are_refused(void **state)
{
	(void)state;
	terminal_answer("GET /v1/vfs/1", 200, "Basic", NULL);
	assert_string_equal(terminal_type("vf 1; status"), "Error: unknown response.\n");
	terminal_answer("GET /v1/processes", 200, "", NULL);
	assert_string_equal(terminal_type("vf 1; status"), "Error: unknown response.\n");
}

static void
a_note_stands_instead_of_success(void **state)
{
	(void)state;
	terminal_answer("DELETE /v1/vfs/1/components/cls9", 204, "", "no component 'cls9' to stop");
	assert_string_equal(terminal_type("vf 1; component stop cls9"),
			    "Note: no component 'cls9' to stop\n");
	assert_true(terminal_succeeded());
}

static void
json_mode_prints_replies_as_they_are(void **state)
{
	struct cli *cli = terminal_cli();

	(void)state;
	cli->json = true;
	terminal_answer("GET /v1/vfs/1", 200, "{\"client-id\": 1}", NULL);
	assert_string_equal(terminal_type("vf 1; status"), "{\"client-id\": 1}\n");
	assert_sends("vf 1; component stop a", "DELETE /v1/vfs/1/components/a", "", "");
	assert_refused("vf 9; status", LOOK, "\"vf 9\" does not exist.\n");
}

static const char verbs[] =
	"{\"verbs\":[{\"owner\":\"core\",\"grammar\":\"verbs\",\"help\":\"list\"},"
	"{\"owner\":\"limiter\",\"grammar\":\"limit <rate:UNSIGNED_INT>\",\"help\":\"set\"},"
	"{\"owner\":\"limiter\",\"grammar\":\"limit <port:RES_UID> <rate:UNSIGNED_INT>\","
	"\"help\":\"set\"},{\"owner\":\"x\",\"grammar\":\"<broken\",\"help\":\"\"}]}";

static void
verbs_of_plugins_run_as_the_process_lists_them(void **state)
{
	(void)state;
	terminal_answer("GET /v1/vfs/1/verbs", 200, verbs, NULL);
	terminal_answer("POST /v1/vfs/1/commands", 200, "{\"results\":[{\"result\":\"success\"}]}",
			NULL);
	terminal_requests();
	assert_string_equal(terminal_type("vf 1; limit  phy:0 nq 1 5"),
			    "Succeeded to run 'limit'\n");
	assert_string_equal(terminal_requests(),
			    LOOK "GET /v1/vfs/1/verbs\nPOST /v1/vfs/1/commands "
				 "{\"command\":\"limit phy:0nq1 5\"}\n");
	terminal_answer("POST /v1/vfs/1/commands", 200,
			"{\"results\":[{\"result\":\"success\"}],\"rate\":5}", NULL);
	assert_string_equal(terminal_type("vf 1; limit 5"), "- rate: 5\n");
	terminal_answer("POST /v1/vfs/1/commands", 200,
			"{\"results\":[{\"result\":\"success\",\"note\":\"same rate\"}]}",
			"same rate");
	assert_string_equal(terminal_type("vf 1; limit 5"), "Note: same rate\n");
	terminal_answer("POST /v1/vfs/1/commands", 400, "command error: too fast", NULL);
	assert_string_equal(terminal_type("vf 1; limit 5"), "Error: command error: too fast\n");
}

static void
verbs_of_plugins_are_checked_before_they_are_sent(void **state)
{
	static const char look[] = LOOK "GET /v1/vfs/1/verbs\n";

	(void)state;
	terminal_answer("GET /v1/vfs/1/verbs", 200, verbs, NULL);
	assert_refused("vf 1; limit x", look,
		       "Error: Invalid value (rate): 'x' is not a decimal number (0 to "
		       "9223372036854775807)\n");
	assert_refused("vf 1; limit phy:0 nq x 5", look, "Error: nq is not a number.\n");
	assert_refused("vf 1; unlimit 5", look, "Invalid command \"unlimit\".\n");
	terminal_type("vf 1; limit 1 2 3 4");
	assert_false(terminal_succeeded());
	assert_string_equal(terminal_requests(), look);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, terminal_teardown)
	const struct CMUnitTest tests[] = {
		TEST(target_is_checked_from_left_to_right),
		TEST(blanks_and_zeros_do_not_matter),
		TEST(component),
		TEST(components_of_plugins_are_started_by_the_process_itself),
		TEST(port),
		TEST(port_refuses),
		TEST(classifier_table),
		TEST(exit_names_the_process),
		TEST(nfv_and_pcap),
		TEST(nfv_knows_its_ports),
		TEST(refusals_of_the_controller_are_printed),
		TEST(replies_that_are_no_json_are_refused),
		TEST(a_note_stands_instead_of_success),
		TEST(json_mode_prints_replies_as_they_are),
		TEST(verbs_of_plugins_run_as_the_process_lists_them),
		TEST(verbs_of_plugins_are_checked_before_they_are_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
