/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines, and the commands that are about no process in particular. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command_table.h"
#include "settings_file.h"
#include "terminal.h"

/* Every test runs in a directory of its own. */
static char directory[64], outside[4096];

static int
setup(void **state)
{
	snprintf(directory, sizeof(directory), "command-XXXXXX");
	if (getcwd(outside, sizeof(outside)) == NULL || mkdtemp(directory) == NULL ||
	    chdir(directory) != 0)
		return -1;
	return terminal_setup(state);
}

static int
teardown(void **state)
{
	static const char *const files[] = {"one.rcp", "two.rcp", "record", "history",
					    "dir/sub", "dir",     "config"};

	for (unsigned int i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		remove(files[i]);
	terminal_teardown(state);
	return chdir(outside) != 0 ? -1 : rmdir(directory);
}

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static const char *
read_file(const char *path)
{
	static char text[4096];
	FILE *file = fopen(path, "r");
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

static void
assert_says(const char *line, const char *output)
{
	assert_string_equal(terminal_type(line), output);
	assert_true(terminal_succeeded());
}

static void
assert_fails(const char *line, const char *output)
{
	assert_string_equal(terminal_type(line), output);
	assert_false(terminal_succeeded());
}

/* Lines */

static void
lines_that_are_no_commands(void **state)
{
	(void)state;
	assert_says("", "");
	assert_says(" \t ", "");
	assert_says("  # a comment ", "# a comment\n");
	assert_says("// another", "// another\n");
	assert_fails("foo bar", "*** Unknown syntax: foo bar\n");
	assert_fails("vfx 1; status", "*** Unknown syntax: vfx 1; status\n");
	assert_fails("EOF", "*** Unknown syntax: EOF\n");
	assert_fails("!ls", "*** Unknown syntax: !ls\n");
	assert_fails("sta\033tus", "Error: the line has a character that cannot be printed.\n");
}

static void
lines_that_are_too_long(void **state)
{
	static char line[CLI_LINE_MAX + 2];

	(void)state;
	memset(line, ' ', sizeof(line) - 1);
	memcpy(line, "pwdx", 4);
	assert_fails(line, "Error: the line is longer than 4096 characters.\n");
	line[CLI_LINE_MAX] = '\0';
	assert_fails(line, "*** Unknown syntax: pwdx\n");
}

static void
a_line_with_a_nul_is_refused(void **state)
{
	char line[] = "pwd\0exit";

	(void)state;
	command_mark_nul(line, sizeof(line) - 1);
	assert_fails(line, "Error: the line has a character that cannot be printed.\n");
}

static void
help(void **state)
{
	const char *text;

	(void)state;
	assert_says("help", "Documented commands (type help <topic>):\n"
			    "========================================\n"
			    "bye  config  help     ls      nfv       pri     redo    vf\n"
			    "cat  env     history  mirror  pcap      pwd     server\n"
			    "cd   exit    less     mkdir   playback  record  status\n");
	text = terminal_type("?vf");
	assert_non_null(strstr(text, "vf ID; port add UID [nq Q] (rx|tx) NAME"));
	assert_true(terminal_succeeded());
	assert_fails("help foo", "*** No help on foo\n");
	assert_fails("?foo", "*** No help on foo\n");
	for (const struct command *command = command_table; command->name != NULL; command++) {
		char line[64];

		snprintf(line, sizeof(line), "help %s", command->name);
		assert_non_null(strstr(terminal_type(line), command->forms));
	}
}

/* Sessions */

static void
exit_and_bye_end_the_session(void **state)
{
	struct cli *cli = terminal_cli();

	(void)state;
	assert_says("exit now", "Thank you for using Soft Patch Panel\n");
	assert_true(cli->ended);
	cli->ended = false;
	assert_says("bye", "Thank you for using Soft Patch Panel\n");
	assert_true(cli->ended);
	cli->ended = false;
	assert_fails("bye foo", "Error: bye takes 'sec', 'all' or nothing, not \"foo\".\n");
	assert_false(cli->ended);
}

static void
answer_processes(void)
{
	terminal_answer("GET /v1/processes", 200,
			"[{\"type\":\"primary\"},{\"type\":\"vf\",\"client-id\":3},"
			"{\"type\":\"pcap\",\"client-id\":4},{\"type\":\"vf\",\"client-id\":1},"
			"{\"type\":\"nfv\",\"client-id\":2},{\"type\":\"mirror\",\"client-id\":5}]",
			NULL);
}

static void
bye_ends_processes_by_type(void **state)
{
	(void)state;
	answer_processes();
	terminal_answer("DELETE /v1/nfvs/2", 204, "", NULL);
	terminal_answer("DELETE /v1/vfs/3", 204, "", NULL);
	terminal_answer("DELETE /v1/vfs/1", 204, "", NULL);
	terminal_answer("DELETE /v1/mirrors/5", 204, "", NULL);
	terminal_answer("DELETE /v1/pcaps/4", 204, "", NULL);
	terminal_answer("DELETE /v1/primary", 204, "", NULL);
	assert_says("bye sec", "Closing secondary ...\nExit nfv 2\nExit vf 3.\nExit vf 1.\n"
			       "Exit mirror 5.\nExit pcap 4.\n");
	terminal_answer("GET /v1/processes", 200, "[{\"type\":\"vf\",\"client-id\":1}]", NULL);
	assert_says("bye  all", "Closing secondary ...\nExit vf 1.\nClosing primary ...\n"
				"Exit primary\n");
	terminal_answer("DELETE /v1/vfs/1", 400, "command error: busy", NULL);
	terminal_answer("DELETE /v1/primary", 404, "primary not found.", NULL);
	assert_fails("bye all", "Closing secondary ...\nError: command error: busy\n"
				"Closing primary ...\nError: primary not found.\n");
	terminal_answer("GET /v1/processes", 200, "[]", NULL);
	terminal_answer("DELETE /v1/primary", 400, "command error: vf 7 is alive", NULL);
	assert_fails("bye all", "Closing secondary ...\nClosing primary ...\n"
				"Error: command error: vf 7 is alive\n");
}

static void
status(void **state)
{
	(void)state;
	answer_processes();
	assert_says("status", "- spp-ctl:\n  - address: 127.0.0.1:7777\n"
			      "- primary:\n  - status: running\n"
			      "- secondary:\n  - processes:\n"
			      "    1: nfv:2\n    2: vf:3\n    3: vf:1\n    4: mirror:5\n"
			      "    5: pcap:4\n");
	terminal_answer("GET /v1/processes", 200, "[]", NULL);
	assert_says("status", "- spp-ctl:\n  - address: 127.0.0.1:7777\n"
			      "- primary:\n  - status: not running\n"
			      "- secondary:\n  - processes:\n");
	terminal_disconnect(-ECONNREFUSED);
	assert_fails("status", "- spp-ctl:\n  - address: 127.0.0.1:7777\n"
			       "Error: Failed to connect to spp-ctl.\n");
}

/* Settings and servers */

static void
config(void **state)
{
	(void)state;
	assert_says("config sec_mem", "- sec_mem: \"-m 512\"\t# Mem size\n");
	assert_says("config sec_m_l",
		    "- sec_m_lcore: \"2\"\t# Shared master lcore among secondaries\n");
	assert_says("config nothing", "");
	assert_says("config prompt \"my > \"", "Set prompt: \"my > \"\n");
	assert_says("config prompt", "- prompt: \"my > \"\t# Command prompt\n");
	assert_says("config topo_size 50%", "Set topo_size: \"50%\"\n");
	assert_says("config topo_size 0.5", "Set topo_size: \"0.5\"\n");
	assert_fails("config topo_size 0", "Invalid value \"0\" for \"topo_size\"\n");
	assert_fails("config topo_size 101%", "Invalid value \"101%\" for \"topo_size\"\n");
	assert_says("config sec_mem --socket-mem 512,512",
		    "Set sec_mem: \"--socket-mem 512,512\"\n");
	assert_fails("config sec_mem 512", "Invalid value \"512\" for \"sec_mem\"\n");
	assert_fails("config max_secondary x", "Invalid value \"x\" for \"max_secondary\"\n");
	assert_fails("config sec_pcap_port vhost:0",
		     "Invalid value \"vhost:0\" for \"sec_pcap_port\"\n");
	assert_fails("config sec_wait_launch soon",
		     "Invalid value \"soon\" for \"sec_wait_launch\"\n");
	assert_fails("config nothing x", "Error: no such setting \"nothing\".\n");
}

static void
assert_loads(const char *text, const char *complaint)
{
	char error[256] = "";

	write_file("config", text);
	assert_int_equal(
		settings_file_load(&terminal_cli()->settings, "config", error, sizeof(error)),
		*complaint == '\0' ? 0 : -EINVAL);
	assert_string_equal(error, complaint);
}

static void
settings_come_from_a_file(void **state)
{
	(void)state;
	assert_loads(
		"# settings\n---\nprompt:\n  val: \"p # > \"  # shown\n  desc: 'What to show'\n"
		"\nmax_secondary:\n  val: 8 # few\n",
		"");
	assert_says("config prompt", "- prompt: \"p # > \"\t# What to show\n");
	assert_says("config max",
		    "- max_secondary: \"8\"\t# The maximum number of secondary processes\n");
	assert_loads("prompt:\n  val: x\nfoo:\n", "config line 3: unknown key 'foo'");
	assert_loads("sec_mem:\n  val: x\n", "config line 2: invalid value \"x\" for \"sec_mem\"");
	assert_loads("  val: x\n", "config line 1: 'val' stands below no key");
	assert_loads("prompt: x\n", "config line 1: write 'val: x' below 'prompt:'");
	assert_loads("prompt:\n  val: \"x\n", "config line 2: the quotes of 'val' do not match");
	assert_loads("prompt:\n  value: x\n", "config line 2: 'value' is neither 'val' nor 'desc'");
	assert_loads("prompt\n", "config line 1: 'prompt' has no ':'");
	assert_says("config prompt", "- prompt: \"p # > \"\t# What to show\n");
}

static void
servers(void **state)
{
	(void)state;
	terminal_answer("GET /v1/processes", 200, "[]", NULL);
	assert_says("server add 127.0.0.2", "Registered spp-ctl \"127.0.0.2:7777\".\n");
	assert_says("server add 127.0.0.3:8888", "Registered spp-ctl \"127.0.0.3:8888\".\n");
	assert_fails("server add 127.0.0.2:7777", "\"127.0.0.2:7777\" is already registered.\n");
	assert_fails("server add 127.0.0.999", "Error: Invalid address \"127.0.0.999\".\n");
	assert_fails("server add 127.0.0.1:99", "Error: Invalid port in \"99\".\n");
	assert_fails("server add", "Error: server address is required.\n");
	assert_says("server", "  1: 127.0.0.1:7777 *\n  2: 127.0.0.2:7777 \n"
			      "  3: 127.0.0.3:8888 \n");
	assert_says("server 2", "Switch spp-ctl to \"2: 127.0.0.2:7777\".\n");
	assert_says("server 127.0.0.3:8888", "Switch spp-ctl to \"3: 127.0.0.3:8888\".\n");
	assert_says("server 127.0.0.2", "Switch spp-ctl to \"2: 127.0.0.2:7777\".\n");
	assert_fails("server 5", "Cannot switch to no existing server \"5\".\n");
	assert_fails("server 0", "Server index should be > 0 !\n");
	assert_fails("server -1", "Server index should be > 0 !\n");
	assert_fails("server 127.0.0.9", "\"127.0.0.9:7777\" is not registered.\n");
	terminal_disconnect(-ECONNREFUSED);
	assert_fails("server add 127.0.0.4",
		     "Is not spp-ctl on \"127.0.0.4:7777\", nor correct address?\n");
	assert_fails("server list x", "Error: Too many parameters.\n");
}

static void
forgetting_a_server_keeps_the_current_one(void **state)
{
	(void)state;
	terminal_answer("GET /v1/processes", 200, "[]", NULL);
	terminal_type("server add 127.0.0.2");
	terminal_type("server add 127.0.0.3");
	terminal_type("server 2");
	assert_fails("server del 2", "Cannot del server \"2\" in use!\n");
	assert_fails("server del 127.0.0.2", "Cannot del server \"127.0.0.2:7777\" in use!\n");
	assert_fails("server del 5", "Cannot del server \"5\" not exist!\n");
	assert_fails("server del 0", "Cannot del server of invalid ID \"0\"!\n");
	assert_fails("server del 127.0.0.9", "\"127.0.0.9:7777\" is not registered.\n");
	assert_fails("server del", "Error: server address or index is required.\n");
	assert_says("server del 1", "Unregistered spp-ctl \"127.0.0.1:7777\".\n");
	assert_says("server list", "  1: 127.0.0.2:7777 *\n  2: 127.0.0.3:7777 \n");
	assert_says("server del 127.0.0.3:7777", "Unregistered spp-ctl \"127.0.0.3:7777\".\n");
	assert_says("server list", "  1: 127.0.0.2:7777 *\n");
}

/* Files */

static void
playback_echoes_what_it_runs(void **state)
{
	(void)state;
	answer_processes();
	terminal_answer("POST /v1/vfs/1/components", 204, "", NULL);
	write_file("one.rcp", "# my comment\n\nvf 1; component start a 4 forward\n"
			      "   vf 1; component start b 5 merge");
	assert_says("playback one.rcp", "# my comment\n#\n# vf 1; component start a 4 forward\n"
					"Succeeded to start component 'a' on core:4\n"
					"#    vf 1; component start b 5 merge\n"
					"Succeeded to start component 'b' on core:5\n");
	assert_fails("playback", "Record file is required!\n");
	assert_fails("playback nosuch", "Error: File does not exist.\n");
	assert_fails("playback .", "Error: File does not exist.\n");
}

static void
playback_goes_on_after_a_failure_and_counts_it(void **state)
{
	(void)state;
	write_file("one.rcp", "// two lines\r\nfoo\r\nserver\r\n\r\n");
	assert_fails("playback one.rcp", "// two lines\n# foo\n*** Unknown syntax: foo\n# server\n"
					 "  1: 127.0.0.1:7777 *\n#\n"
					 "playback: 1 of 2 commands failed\n");
	terminal_cli()->stop_on_error = true;
	assert_fails("playback one.rcp", "// two lines\n# foo\n*** Unknown syntax: foo\n"
					 "playback: 1 of 1 commands failed\n");
}

static void
playback_ends_with_exit_and_does_not_run_in_circles(void **state)
{
	(void)state;
	write_file("one.rcp", "playback two.rcp\nexit\nserver\n");
	write_file("two.rcp", "playback one.rcp\n");
	assert_fails("playback one.rcp", "# playback two.rcp\n# playback one.rcp\n"
					 "Error: 'one.rcp' is being played back already.\n"
					 "playback: 1 of 1 commands failed\n"
					 "# exit\nThank you for using Soft Patch Panel\n"
					 "playback: 1 of 2 commands failed\n");
	assert_true(terminal_cli()->ended);
}

static void
record_writes_what_is_typed(void **state)
{
	(void)state;
	write_file("one.rcp", "server\n");
	assert_says("record record", "");
	terminal_type("server list");
	terminal_type("# note");
	terminal_type("vf 1; exit");
	terminal_type("redo 1");
	terminal_type("help exit");
	assert_says("playback one.rcp", "Closing file\n# server\n  1: 127.0.0.1:7777 *\n");
	terminal_type("server");
	assert_string_equal(read_file("record"), "server list\n# note\n");
	terminal_type("record record");
	assert_says("exit", "Closing file\nThank you for using Soft Patch Panel\n");
	assert_string_equal(read_file("record"), "");
	assert_fails("record", "Record file is required!\n");
	assert_fails("record nosuch/x",
		     "Error: cannot write 'nosuch/x': No such file or directory.\n");
}

static void
history_is_kept_and_run_again(void **state)
{
	struct history *history = &terminal_cli()->history;

	(void)state;
	history_open(history, "history");
	for (unsigned int i = 0; i < 9; i++)
		assert_int_equal(history_add(history, "server"), 1);
	assert_int_equal(history_add(history, "  # ten "), 1);
	assert_int_equal(history_add(history, ""), 0);
	assert_int_equal(history_add(history, "exit now"), 0);
	assert_int_equal(history_add(history, "bye"), 0);
	assert_int_equal(history_add(history, "history"), 0);
	assert_int_equal(history_add(history, "redo 1"), 0);
	assert_int_equal(history_add(history, "exits"), 1);
	assert_string_equal(terminal_type("history") + 9 * 13, "  10  # ten \n  11  exits\n");
	history_close(history);
	history_open(history, "history");
	assert_string_equal(terminal_type("history") + 9 * 13, "  10  # ten\n  11  exits\n");
	assert_says("redo 9", "  1: 127.0.0.1:7777 *\n");
	assert_says("redo 10", "# ten\n");
	assert_fails("redo 99", "Error: no such history entry \"99\".\n");
	assert_fails("redo 0", "Error: no such history entry \"0\".\n");
	assert_fails("redo x", "Error: no such history entry \"x\".\n");
	assert_fails("redo", "Error: the number of a history entry is required.\n");
}

static void
a_long_history_loses_its_oldest_lines(void **state)
{
	struct history *history = &terminal_cli()->history;
	FILE *file = fopen("history", "w");

	(void)state;
	assert_non_null(file);
	for (unsigned int i = 1; i <= 2001; i++)
		fprintf(file, "# %u\n", i);
	assert_int_equal(fclose(file), 0);
	history_open(history, "history");
	assert_int_equal(history->nb, 1000);
	assert_string_equal(history_at(history, "1"), "# 1002");
	history_close(history);
	history_open(history, "history");
	assert_int_equal(history->nb, 1000);
	assert_string_equal(history_at(history, "1000"), "# 2001");
}

static void
directories(void **state)
{
	char expected[4200];

	(void)state;
	assert_says("mkdir dir/sub", "");
	assert_says("mkdir dir/sub", "");
	write_file("one.rcp", "text\n");
	assert_fails("mkdir one.rcp/x", "Error: 'one.rcp/x': Not a directory.\n");
	assert_fails("mkdir", "Error: the name of a directory is required.\n");
	assert_says("ls", "dir/\none.rcp\n");
	assert_says("ls dir", "sub/\n");
	assert_fails("ls one.rcp", "No such a directory.\n");
	assert_fails("ls $(id)", "No such a directory.\n");
	assert_says("cat one.rcp", "text\n");
	assert_says("less one.rcp", "text\n");
	assert_fails("cat dir", "No such a directory.\n");
	assert_fails("cat", "No such a directory.\n");
	assert_fails("less nosuch", "No such a directory.\n");
	assert_fails("cd nosuch", "No such a directory.\n");
	snprintf(expected, sizeof(expected), "%s/%s/dir\n", outside, directory);
	assert_says("cd dir", expected);
	assert_says("pwd", expected);
	terminal_type("cd ..");
}

static void
environment(void **state)
{
	(void)state;
	assert_int_equal(setenv("SPP_TEST_B", "two=2", 1), 0);
	assert_int_equal(setenv("SPP_TEST_A", "", 1), 0);
	assert_says("env SPP_TEST_", "SPP_TEST_A: \nSPP_TEST_B: two=2\n");
	assert_says("env SPP_TEST_B=", "");
	assert_int_equal(unsetenv("SPP_TEST_A") | unsetenv("SPP_TEST_B"), 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(lines_that_are_no_commands),
		TEST(lines_that_are_too_long),
		TEST(a_line_with_a_nul_is_refused),
		TEST(help),
		TEST(exit_and_bye_end_the_session),
		TEST(bye_ends_processes_by_type),
		TEST(status),
		TEST(config),
		TEST(settings_come_from_a_file),
		TEST(servers),
		TEST(forgetting_a_server_keeps_the_current_one),
		TEST(playback_echoes_what_it_runs),
		TEST(playback_goes_on_after_a_failure_and_counts_it),
		TEST(playback_ends_with_exit_and_does_not_run_in_circles),
		TEST(record_writes_what_is_typed),
		TEST(history_is_kept_and_run_again),
		TEST(a_long_history_loses_its_oldest_lines),
		TEST(directories),
		TEST(environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
