/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates for every word of every command. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "terminal.h"

static int
setup(void **state)
{
	if (terminal_setup(state) < 0)
		return -1;
	terminal_answer("GET /v1/processes", 200,
			"[{\"type\":\"vf\",\"client-id\":3},{\"type\":\"vf\",\"client-id\":1},"
			"{\"type\":\"nfv\",\"client-id\":2}]",
			NULL);
	terminal_answer(
		"GET /v1/vfs/1", 200,
		"{\"components\":["
		"{\"core\":3,\"name\":\"cls\",\"type\":\"classifier\",\"rx_port\":"
		"[{\"port\":\"phy:0 nq 1\"}],\"tx_port\":[{\"port\":\"ring:0\"}]},"
		"{\"core\":4,\"name\":\"fwd\",\"type\":\"forward\",\"rx_port\":"
		"[{\"port\":\"ring:0\"}],\"tx_port\":[]},"
		"{\"core\":5,\"name\":\"\",\"type\":\"unuse\",\"rx_port\":[],\"tx_port\":[]},"
		"{\"core\":6,\"type\":\"unuse\"}],\"classifier_table\":["
		"{\"type\":\"mac\",\"value\":\"52:54:00:12:34:56\",\"port\":\"ring:0\"},"
		"{\"type\":\"vlan\",\"value\":\"101/default\",\"port\":\"phy:0 nq 1\"},"
		"{\"type\":\"vlan\",\"value\":\"7/52:54:00:12:34:58\",\"port\":\"ring:1\"}]}",
		NULL);
	terminal_answer("GET /v1/primary/status", 200,
			"{\"forwarder\":{\"ports\":[\"phy:0\",\"ring:1\"],\"patches\":[{\"src\":"
			"\"phy:0\",\"dst\":\"ring:1\"}]},\"phy_ports\":["
			"{\"id\":0,\"nof_queues\":{\"rx\":2,\"tx\":3}},"
			"{\"id\":1,\"nof_queues\":{\"rx\":1,\"tx\":1}}]}",
			NULL);
	return 0;
}

static void
assert_candidates(const char *line, const char *expected)
{
	assert_string_equal(terminal_complete(line), expected);
}

static void
first_word_is_a_command(void **state)
{
	(void)state;
	assert_candidates("", "bye cat cd config env exit help history less ls mirror mkdir nfv "
			      "pcap playback pri pwd record redo server status vf");
	assert_candidates("  st", "status");
	assert_candidates("p", "pcap playback pri pwd");
	assert_candidates("status", "status");
	assert_candidates("status ", "");
	assert_candidates("nothing ", "");
	assert_candidates("help ", "bye cat cd config env exit help history less ls mirror mkdir "
				   "nfv pcap playback pri pwd record redo server status vf");
	assert_candidates("help vf ", "");
}

static void
ids_are_those_of_the_processes(void **state)
{
	(void)state;
	assert_candidates("vf ", "1; 3;");
	assert_candidates("vf 1", "1;");
	assert_candidates("vf 1 ", "");
	assert_candidates("nfv ", "2;");
	assert_candidates("pcap ", "");
	terminal_disconnect(-ECONNREFUSED);
	assert_candidates("vf ", "");
}

static void
commands_to_a_vf(void **state)
{
	(void)state;
	assert_candidates("vf 1;", "classifier_table component exit port status");
	assert_candidates("vf 1; ", "classifier_table component exit port status");
	assert_candidates("vf 1;c", "classifier_table component");
	assert_candidates("vf 1; status ", "");
	assert_candidates("vf 1; exit ", "");
	assert_candidates("vf x; ", "");
	assert_candidates("vf 1; status;", "");
	assert_candidates("mirror 3; ", "component exit port status");
}

static void
component(void **state)
{
	(void)state;
	assert_candidates("vf 1; component ", "start stop");
	assert_candidates("vf 1; component start ", "NAME");
	assert_candidates("vf 1; component start a ", "5 6");
	assert_candidates("vf 1; component start a 5 ", "classifier forward merge");
	assert_candidates("vf 1; component start a 5 m", "merge");
	assert_candidates("vf 1; component start a 5 merge ", "");
	assert_candidates("vf 1; component stop ", "cls fwd");
	assert_candidates("vf 1; component stop cls ", "");
	assert_candidates("vf 1; component restart ", "");
}

static void
port(void **state)
{
	(void)state;
	assert_candidates("vf 1; port ", "add del");
	assert_candidates("vf 1; port add ", "RES_UID");
	assert_candidates("vf 1; port del ", "RES_UID phy:0nq1 ring:0");
	assert_candidates("vf 1; port add ring:0 ", "rx tx");
	assert_candidates("vf 1; port add phy:1 ", "rx tx");
	assert_candidates("vf 1; port add phy:0 ", "nq");
	assert_candidates("vf 1; port add phy:0 nq ", "0 1 2");
	assert_candidates("vf 1; port add phy:0 nq 1 ", "rx tx");
	assert_candidates("vf 1; port add phy:0nq1 ", "rx tx");
	assert_candidates("vf 1; port add phy:0 nq 1 rx ", "NAME cls fwd");
	assert_candidates("vf 1; port add ring:0 rx ", "NAME cls fwd");
	assert_candidates("vf 1; port add ring:0 rx cls ", "add_vlantag del_vlantag");
	assert_candidates("vf 1; port add ring:0 rx cls add_vlantag ", "VID");
	assert_candidates("vf 1; port add ring:0 rx cls add_vlantag 1 ", "PCP");
	assert_candidates("vf 1; port add ring:0 rx cls add_vlantag 1 2 ", "");
	assert_candidates("vf 1; port add ring:0 rx cls del_vlantag ", "");
	assert_candidates("vf 1; port del ring:0 rx cls ", "");
	assert_candidates("vf 1; port add ring:0 xx ", "");
	assert_candidates("vf 1; port move ", "");
	assert_candidates("mirror 3; port add ring:0 rx mir ", "");
}

static void
classifier_table(void **state)
{
	(void)state;
	assert_candidates("vf 1; classifier_table ", "add del");
	assert_candidates("vf 1; classifier_table add ", "mac vlan");
	assert_candidates("vf 1; classifier_table add mac ", "MAC_ADDR default");
	assert_candidates("vf 1; classifier_table add mac default ", "RES_UID");
	assert_candidates("vf 1; classifier_table add mac default ring:0 ", "");
	assert_candidates("vf 1; classifier_table add mac default phy:0 ", "nq");
	assert_candidates("vf 1; classifier_table add mac default phy:0 nq ", "0 1 2");
	assert_candidates("vf 1; classifier_table add mac default phy:0 nq 1 ", "");
	assert_candidates("vf 1; classifier_table add vlan ", "VID");
	assert_candidates("vf 1; classifier_table add vlan 5 ", "MAC_ADDR default");
	assert_candidates("vf 1; classifier_table add vlan 5 default ", "RES_UID");
	assert_candidates("vf 1; classifier_table add ip ", "");
	assert_candidates("vf 1; classifier_table move ", "");
}

static void
entries_that_can_be_deleted(void **state)
{
	(void)state;
	assert_candidates("vf 1; classifier_table del mac ", "52:54:00:12:34:56 MAC_ADDR default");
	assert_candidates("vf 1; classifier_table del mac 52:54:00:12:34:56 ", "RES_UID ring:0");
	assert_candidates("vf 1; classifier_table del vlan ", "101 7 VID");
	assert_candidates("vf 1; classifier_table del vlan 7 ",
			  "52:54:00:12:34:58 MAC_ADDR default");
	assert_candidates("vf 1; classifier_table del vlan 101 default ", "RES_UID phy:0nq1");
}

static void
verbs_of_plugins(void **state)
{
	(void)state;
	terminal_answer("GET /v1/vfs/1/verbs", 200,
			"{\"verbs\":["
			"{\"owner\":\"core\",\"grammar\":\"plugin <action:list>\",\"help\":\"\"},"
			"{\"owner\":\"classifier\",\"grammar\":\"classifier_table <action:add>\"},"
			"{\"owner\":\"limiter\",\"grammar\":\"limit <what:all|RES_UID> "
			"<rate:UNSIGNED_INT>\"},"
			"{\"owner\":\"limiter\",\"grammar\":\"limit <what:none>\"}]}",
			NULL);
	assert_candidates("vf 1; ", "classifier_table component exit limit port status");
	assert_candidates("vf 1; limit ", "RES_UID all none");
	assert_candidates("vf 1; limit ring:0 ", "UNSIGNED_INT");
	assert_candidates("vf 1; limit none ", "");
	assert_candidates("vf 1; limit x ", "");
	assert_candidates("vf 1; plugin ", "list");
	assert_candidates("vf 1; other ", "");
}

static void
primary(void **state)
{
	(void)state;
	assert_candidates("pri ", ";");
	assert_candidates("pri;", "add clear del exit forward patch status stop");
	assert_candidates("pri; st", "status stop");
	assert_candidates("pri; status ", "");
	assert_candidates("pri; add ", "memif: nullpmd: pcap: ring: vhost:");
	assert_candidates("pri; del ", "ring:1");
	assert_candidates("pri; patch ", "phy:0 reset ring:1");
	assert_candidates("pri; patch phy:0 ", "phy:0 ring:1");
	assert_candidates("pri; patch phy:0 ring:1 ", "");
	assert_candidates("pri 1; ", "");
}

static void
other_targets(void **state)
{
	(void)state;
	assert_candidates("nfv 2; ", "add del exit forward patch status stop");
	assert_candidates("nfv 2; add ", "memif: nullpmd: pcap: ring: vhost:");
	assert_candidates("pcap 4; ", "exit start status stop");
	assert_candidates("pcap 4; start ", "");
}

static void
common_commands(void **state)
{
	struct server server = {.host = "10.0.0.1", .port = 7777};

	(void)state;
	assert_candidates("bye ", "all sec");
	assert_candidates("bye all ", "");
	assert_candidates("config sec_m", "sec_m_lcore sec_mem sec_mirror_nof_lcores");
	assert_candidates("config prompt ", "");
	assert_int_equal(servers_add(&terminal_cli()->servers, &server), 0);
	assert_candidates("server ", "1 2 add del list");
	assert_candidates("server del ", "10.0.0.1:7777 2");
	assert_candidates("server add ", "");
	assert_int_equal(setenv("SPP_TEST_ONE", "1", 1), 0);
	assert_candidates("env SPP_TEST_", "SPP_TEST_ONE");
}

static void
make_file(const char *name)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
}

static void
files(void **state)
{
	char directory[] = "complete-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(directory));
	assert_int_equal(chdir(directory), 0);
	assert_int_equal(mkdir("recipes", 0700), 0);
	make_file("recipes/one.rcp");
	make_file("recipes/two.rcp");
	make_file("readme");
	make_file(".hidden");
	assert_candidates("playback ", "readme recipes/");
	assert_candidates("cat .", ".hidden");
	assert_candidates("playback recipes/", "one.rcp two.rcp");
	assert_candidates("playback ./recipes/t", "two.rcp");
	assert_candidates("playback nowhere/", "");
	assert_candidates("playback readme ", "");
	assert_candidates("cd ", "recipes/");
	assert_candidates("cd re", "recipes/");
	assert_int_equal(unlink("recipes/one.rcp") | unlink("recipes/two.rcp") | unlink("readme") |
				 unlink(".hidden") | rmdir("recipes"),
			 0);
	assert_int_equal(chdir(".."), 0);
	assert_int_equal(rmdir(directory), 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, terminal_teardown)
	const struct CMUnitTest tests[] = {
		TEST(first_word_is_a_command),
		TEST(ids_are_those_of_the_processes),
		TEST(commands_to_a_vf),
		TEST(component),
		TEST(port),
		TEST(classifier_table),
		TEST(entries_that_can_be_deleted),
		TEST(verbs_of_plugins),
		TEST(primary),
		TEST(other_targets),
		TEST(common_commands),
		TEST(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
