/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of the program, and the addresses on it. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "cli_options.h"
#include "servers.h"

#define ARGS_MAX 8

static struct cli_options options;
static char error[128];

/* Words end with NULL. */
static int
parse(const char *const *words)
{
	const char *argv[ARGS_MAX + 2] = {"spp"};
	int argc = 1;

	for (; *words != NULL; words++)
		argv[argc++] = *words;
	error[0] = '\0';
	return cli_options_parse(argc, (char *const *)argv, &options, error, sizeof(error));
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__})

static void
the_value_of_b_is_optional(void **state)
{
	(void)state;
	assert_int_equal(PARSE("-b", NULL), 0);
	assert_int_equal(options.nb_servers, 1);
	assert_string_equal(options.servers[0], "127.0.0.1:7777");
	assert_int_equal(
		PARSE("-b", "--wait-pri", "-b", "10.0.0.1", "--bind-addr=10.0.0.2:1024", NULL), 0);
	assert_true(options.wait_primary);
	assert_int_equal(options.nb_servers, 3);
	assert_string_equal(options.servers[0], "127.0.0.1:7777");
	assert_string_equal(options.servers[1], "10.0.0.1");
	assert_string_equal(options.servers[2], "10.0.0.2:1024");
	assert_int_equal(PARSE("-b", "--", "file", NULL), 0);
	assert_string_equal(options.servers[0], "127.0.0.1:7777");
	assert_string_equal(options.file, "file");
}

static void
commands_flags_and_files(void **state)
{
	(void)state;
	assert_int_equal(PARSE("-c", "vf 1; status", "-c", "-x", "-e", "-q", "--json", NULL), 0);
	assert_int_equal(options.nb_commands, 2);
	assert_string_equal(options.commands[0], "vf 1; status");
	assert_string_equal(options.commands[1], "-x");
	assert_true(options.stop_on_error && options.quiet && options.json);
	assert_int_equal(PARSE("--config", "f", "-", NULL), 0);
	assert_string_equal(options.config, "f");
	assert_string_equal(options.file, "-");
	assert_int_equal(PARSE("--help", NULL), 0);
	assert_true(options.help);
	assert_int_equal(PARSE(NULL), 0);
	assert_null(options.file);
}

static void
what_is_wrong_is_named(void **state)
{
	(void)state;
	assert_int_equal(PARSE("-x", NULL), -EINVAL);
	assert_string_equal(error, "unknown option '-x'");
	assert_int_equal(PARSE("--jso", NULL), -EINVAL);
	assert_string_equal(error, "unknown option '--jso'");
	assert_int_equal(PARSE("--json=1", NULL), -EINVAL);
	assert_string_equal(error, "unknown option '--json=1'");
	assert_int_equal(PARSE("-c", NULL), -EINVAL);
	assert_string_equal(error, "option '-c' needs a value");
	assert_int_equal(PARSE("a", "b", NULL), -EINVAL);
	assert_string_equal(error, "one file at a time, there are 'a' and 'b'");
	assert_int_equal(PARSE("-c", "x", "a", NULL), -EINVAL);
	assert_string_equal(error, "give commands (-c) or a file ('a'), not both");
	assert_int_equal(PARSE("--cert", "c", NULL), -EINVAL);
	assert_string_equal(error, "--cert and --key go together: give both");
	assert_int_equal(PARSE("--cert", "c", "--key", "k", "--ca=a", "--token-file", "t", NULL),
			 0);
	assert_string_equal(options.ca, "a");
	assert_string_equal(options.token_file, "t");
}

static void
addresses(void **state)
{
	static const char *const bad[] = {
		"",    "1.2.3", "300.1.1.1", "a b",      "-x",           "1.2.3.4.5",
		"::1", "unix:", "unix:x",    "https://", "ftp://1.2.3.4"};
	static const char *const bad_ports[] = {"1.2.3.4:80", "1.2.3.4:1022", "1.2.3.4:65536",
						"1.2.3.4:",   "1.2.3.4:x",    "1.2.3.4:7777:1"};
	struct server server;
	char text[SERVER_TEXT_SIZE];

	(void)state;
	assert_int_equal(server_parse("127.0.0.1", &server), SERVER_GOOD);
	assert_string_equal(server_format(&server, text), "127.0.0.1:7777");
	assert_int_equal(server_parse("127.0.0.1:1023", &server), SERVER_GOOD);
	assert_int_equal(server_parse("localhost:65535", &server), SERVER_GOOD);
	assert_string_equal(server_format(&server, text), "localhost:65535");
	assert_int_equal(server_parse("https://127.0.0.1", &server), SERVER_GOOD);
	assert_int_equal(server.kind, SERVER_HTTPS);
	assert_string_equal(server_format(&server, text), "https://127.0.0.1:7777");
	assert_int_equal(server_parse("http://127.0.0.1:8000", &server), SERVER_GOOD);
	assert_string_equal(server_format(&server, text), "127.0.0.1:8000");
	assert_int_equal(server_parse("unix:/run/spp/spp-ctl.sock", &server), SERVER_GOOD);
	assert_int_equal(server.kind, SERVER_UNIX);
	assert_string_equal(server.host, "/run/spp/spp-ctl.sock");
	assert_string_equal(server_format(&server, text), "unix:/run/spp/spp-ctl.sock");
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_not_equal(server_parse(bad[i], &server), SERVER_GOOD);
	for (unsigned int i = 0; i < sizeof(bad_ports) / sizeof(bad_ports[0]); i++)
		assert_int_equal(server_parse(bad_ports[i], &server), SERVER_BAD_PORT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_value_of_b_is_optional),
		cmocka_unit_test(commands_flags_and_files),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
