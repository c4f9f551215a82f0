/* SPDX-License-Identifier: BSD-3-Clause */
/* What spp_primary and spp_vf have in common on their command lines. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmdline.h"

#define WORDS_MAX 16
#define PROGRAM "tool"

enum { OPT_ALONE = CMDLINE_OWN, OPT_PAIR };

static const struct usage_option usage_options[] = {
	{'n', NULL, "COUNT", "own, with a value"},
	{OPT_ALONE, "alone", NULL, "own, without"},
	{OPT_PAIR, "pair", "A B", "own, with two words"},
	{'s', NULL, "[HOST[:PORT]]", "the controller"},
	{CMDLINE_PLUGIN_DIR, "plugin-dir", "DIR", "where plugins are"},
	{CMDLINE_SOCKET, "socket", "PATH", "where commands are accepted"},
	CMDLINE_COMMON_OPTIONS,
};

static const struct usage usage = {
	.program = PROGRAM,
	.head = "Usage: " PROGRAM "\n",
	.column = CMDLINE_COLUMN,
	.foreign = CMDLINE_FOREIGN,
	.nb_options = sizeof(usage_options) / sizeof(usage_options[0]),
	.options = usage_options,
};

static struct {
	const char *first, *second;
	uint64_t count;
} own;

static void
take_option(int id, struct optscan *scan, struct process_options *options)
{
	switch (id) {
	case 'n':
		own.count = cmdline_number("-n", scan->value, 3, 7);
		break;
	case OPT_ALONE:
		options->role = PROCESS_STANDALONE;
		break;
	case OPT_PAIR:
		own.first = optscan_word(scan);
		own.second = optscan_word(scan);
		break;
	default:
		fail_msg("option %d is not the program's own", id);
	}
}

static const struct cmdline cmdline = {&usage, 6666, take_option};
static struct process_options options;

static void
parse(const char *const *words)
{
	static char *argv[WORDS_MAX];
	int argc = 0;

	for (; words[argc] != NULL; argc++)
		argv[argc] = (char *)(uintptr_t)words[argc];
	argv[argc] = NULL;
	memset(&own, 0, sizeof(own));
	options = (struct process_options){.role = PROCESS_SECONDARY};
	cmdline_parse(&cmdline, argc, argv, &options);
}

#define PARSE(...) parse((const char *const[]){PROGRAM, __VA_ARGS__, NULL})

/* Parse in a child, which must end with that status; returns what it has printed. */
static const char *
output(int wanted_status, const char *const *words)
{
	static char text[4096];
	int fds[2], status;
	size_t len = 0;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], wanted_status == 0 ? STDOUT_FILENO : STDERR_FILENO);
		parse(words);
		_exit(99);
	}
	close(fds[1]);
	while ((got = read(fds[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)got;
	text[len] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), wanted_status);
	return text;
}

#define ANSWER(...) output(0, (const char *const[]){PROGRAM, __VA_ARGS__, NULL})

#define REFUSED(sentence, ...)                                                                     \
	assert_string_equal(                                                                       \
		output(CMDLINE_EXIT_USAGE, (const char *const[]){PROGRAM, __VA_ARGS__, NULL}),     \
		PROGRAM ": " sentence "\nTry `" PROGRAM " --help`.\n")

static void
options_follow_those_of_eal(void **state)
{
	(void)state;
	PARSE("-l", "1-3", "-n", "4", "--", "-n", "5", "--plugin-dir", "/p", "--socket=/s");
	assert_int_equal(options.eal_argc, 5);
	assert_string_equal(options.eal_argv[2], "1-3");
	assert_int_equal(own.count, 5);
	assert_string_equal(options.plugin_dir, "/p");
	assert_string_equal(options.socket_path, "/s");
}

static void
without_options_there_are_defaults(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		if (i == 0)
			PARSE("-l", "1");
		else
			PARSE("-l", "1", "--");
		assert_int_equal(options.eal_argc, 3);
		assert_null(options.plugin_dir);
		assert_null(options.socket_path);
		assert_non_null(options.controller);
		assert_string_equal(options.controller->host, "127.0.0.1");
		assert_int_equal(options.controller->port, 6666);
	}
}

static void
the_controller_may_be_left_out_in_whole_or_part(void **state)
{
	(void)state;
	PARSE("--", "-s", "-n", "3");
	assert_string_equal(options.controller->host, "127.0.0.1");
	assert_int_equal(options.controller->port, 6666);
	assert_int_equal(own.count, 3);
	PARSE("--", "-s", "10.0.0.1");
	assert_string_equal(options.controller->host, "10.0.0.1");
	assert_int_equal(options.controller->port, 6666);
	PARSE("--", "-s", "panel:99");
	assert_string_equal(options.controller->host, "panel");
	assert_int_equal(options.controller->port, 99);
	REFUSED("-s: 'a:b:c' is not HOST or HOST:PORT", "--", "-s", "a:b:c");
	REFUSED("-s: '' is not HOST or HOST:PORT", "--", "-s", "");
}

static void
a_process_alone_has_no_controller(void **state)
{
	(void)state;
	PARSE("--", "--alone");
	assert_null(options.controller);
	REFUSED("-s: a process that runs --standalone has no controller", "--", "-s", "--alone");
}

static void
a_program_takes_the_words_of_its_own_options(void **state)
{
	(void)state;
	PARSE("--", "--pair", "a", "-b", "-n", "4");
	assert_string_equal(own.first, "a");
	assert_string_equal(own.second, "-b");
	assert_int_equal(own.count, 4);
}

static void
questions_are_answered_on_both_sides_of_the_dashes(void **state)
{
	static const char *const sides[] = {"-l", "--"};

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		assert_memory_equal(ANSWER(sides[i], "--help"), "Usage: tool\n  -n COUNT", 22);
		assert_memory_equal(ANSWER(sides[i], "-h"), "Usage: tool\n", 12);
		assert_memory_equal(ANSWER(sides[i], "-V"), "tool " SPP_VERSION ", DPDK ", 17);
		assert_memory_equal(ANSWER(sides[i], "--version"), "tool " SPP_VERSION, 10);
		assert_non_null(strstr(ANSWER(sides[i], "--bash-completion"),
				       "\ncomplete -F _tool tool\n"));
	}
}

static void
what_is_wrong_is_named(void **state)
{
	(void)state;
	REFUSED("there is no option --none", "--", "--none");
	REFUSED("there is no option --alone=1", "--", "--alone=1");
	REFUSED("there is no option -xn", "--", "-xn", "3");
	REFUSED("-n needs a value", "--", "-n");
	REFUSED("--socket needs a value", "--", "--alone", "--socket");
	REFUSED("'word' is no option", "--", "--alone", "word", "-n");
	REFUSED("'-n' is no option", "--", "--", "-n");
}

static void
numbers_are_decimal_and_bounded(void **state)
{
	(void)state;
	PARSE("--", "-n", "007");
	assert_int_equal(own.count, 7);
	REFUSED("-n: '2' is not a number from 3 to 7", "--", "-n", "2");
	REFUSED("-n: '8' is not a number from 3 to 7", "--", "-n", "8");
	REFUSED("-n: '4x' is not a number from 3 to 7", "--", "-n", "4x");
	REFUSED("-n: '' is not a number from 3 to 7", "--", "-n", "");
	REFUSED("-n: '-4' is not a number from 3 to 7", "--", "-n", "-4");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_follow_those_of_eal),
		cmocka_unit_test(without_options_there_are_defaults),
		cmocka_unit_test(the_controller_may_be_left_out_in_whole_or_part),
		cmocka_unit_test(a_process_alone_has_no_controller),
		cmocka_unit_test(a_program_takes_the_words_of_its_own_options),
		cmocka_unit_test(questions_are_answered_on_both_sides_of_the_dashes),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(numbers_are_decimal_and_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
