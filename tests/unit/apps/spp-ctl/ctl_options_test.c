/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of spp-ctl. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "ctl_options.h"

#define PARSE(...) parse((const char *const[]){"spp-ctl", __VA_ARGS__, NULL})

static struct ctl_options options;
static char error[128];

static int
parse(const char *const *words)
{
	int argc = 0;

	while (words[argc] != NULL)
		argc++;
	error[0] = '\0';
	return ctl_options_parse(argc, (char *const *)words, &options, error, sizeof(error));
}

static void
options_have_defaults(void **state)
{
	(void)state;
	assert_int_equal(parse((const char *const[]){"spp-ctl", NULL}), 0);
	assert_string_equal(options.bind_addr, "localhost");
	assert_int_equal(options.primary_port, 5555);
	assert_int_equal(options.secondary_port, 6666);
	assert_int_equal(options.rest_port, 7777);
	assert_null(options.state_dir);
	assert_false(options.no_restore || options.help || options.version);
}

static void
options_take_values_in_every_spelling(void **state)
{
	(void)state;
	assert_int_equal(PARSE("-b", "10.0.0.1", "-p", "1", "-s2", "-a", "65535", "--state-dir=/x",
			       "--no-restore"),
			 0);
	assert_string_equal(options.bind_addr, "10.0.0.1");
	assert_int_equal(options.primary_port, 1);
	assert_int_equal(options.secondary_port, 2);
	assert_int_equal(options.rest_port, 65535);
	assert_string_equal(options.state_dir, "/x");
	assert_true(options.no_restore);
	assert_int_equal(PARSE("--bind-addr", "h", "-h", "--version"), 0);
	assert_string_equal(options.bind_addr, "h");
	assert_true(options.help && options.version);
}

static void
the_socket_and_tls_have_options(void **state)
{
	(void)state;
	assert_int_equal(PARSE("--socket", "/s", "--socket-owner", "o", "--socket-group=g",
			       "--socket-mode", "0660", "--admit-processes"),
			 0);
	assert_string_equal(options.socket_path, "/s");
	assert_string_equal(options.socket_owner, "o");
	assert_string_equal(options.socket_group, "g");
	assert_int_equal(options.socket_mode, 0660);
	assert_true(options.admit_processes);
	assert_int_equal(PARSE("--no-socket", "--tls-cert", "c", "--tls-key", "k", "--tls-ca=a"),
			 0);
	assert_true(options.no_socket);
	assert_string_equal(options.tls_cert, "c");
	assert_string_equal(options.tls_key, "k");
	assert_string_equal(options.tls_ca, "a");
}

static void
options_that_do_not_go_together_are_refused(void **state)
{
	static const char *const modes[] = {"", "060", "1660", "0668", "u+rw", "-660"};

	(void)state;
	assert_int_equal(PARSE("--tls-key", "k"), -EINVAL);
	assert_string_equal(error, "--tls-cert and --tls-key go together: give both");
	assert_int_equal(PARSE("--tls-ca", "a"), -EINVAL);
	assert_string_equal(error, "--tls-ca needs --tls-cert and --tls-key");
	assert_int_equal(PARSE("--no-socket", "--socket", "/s"), -EINVAL);
	for (unsigned int i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		assert_int_equal(PARSE("--socket-mode", modes[i]), -EINVAL);
}

static void
options_never_take_an_option_for_the_value_of_b(void **state)
{
	(void)state;
	assert_int_equal(PARSE("-b", "-p", "7", "--bind-addr", "--no-restore", "-b"), 0);
	assert_string_equal(options.bind_addr, "localhost");
	assert_int_equal(options.primary_port, 7);
	assert_true(options.no_restore);
}

static void
options_refuse_what_is_none(void **state)
{
	(void)state;
	assert_int_equal(PARSE("-z"), -EINVAL);
	assert_string_equal(error, "unknown option '-z'");
	assert_int_equal(PARSE("--state-dirs", "x"), -EINVAL);
	assert_string_equal(error, "unknown option '--state-dirs'");
	assert_int_equal(PARSE("--help=yes"), -EINVAL);
	assert_int_equal(PARSE("-hx"), -EINVAL);
	assert_int_equal(PARSE("-"), -EINVAL);
	assert_int_equal(PARSE("--"), -EINVAL);
	assert_int_equal(PARSE("--="), -EINVAL);
	assert_int_equal(PARSE("word"), -EINVAL);
	assert_int_equal(PARSE(""), -EINVAL);
}

static void
options_refuse_bad_port_numbers(void **state)
{
	static const char *const bad[] = {"65536", "+1", "1x", " 1", "99999999999999999999", "x"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(PARSE("-a", bad[i]), -EINVAL);
		assert_non_null(strstr(error, "is not a port number (0..65535)"));
	}
	assert_int_equal(PARSE("-a", "-1"), -EINVAL);
	assert_string_equal(error, "option '-a' needs a value");
	assert_int_equal(PARSE("-a", ""), -EINVAL);
	assert_string_equal(error, "the value of option '-a' is empty");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_have_defaults),
		cmocka_unit_test(options_take_values_in_every_spelling),
		cmocka_unit_test(the_socket_and_tls_have_options),
		cmocka_unit_test(options_that_do_not_go_together_are_refused),
		cmocka_unit_test(options_never_take_an_option_for_the_value_of_b),
		cmocka_unit_test(options_refuse_what_is_none),
		cmocka_unit_test(options_refuse_bad_port_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
