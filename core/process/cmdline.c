/* SPDX-License-Identifier: BSD-3-Clause */
/* Command lines of spp_primary and spp_vf. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_version.h>

#include "address.h"
#include "cmdline.h"
#include "decimal.h"

#define CONTROLLER_HOST "127.0.0.1"

static struct {
	const struct usage *usage;
	struct address controller; /* what process_options points to */
} line;

void
cmdline_usage_error(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", line.usage->program);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry `%s --help`.\n", line.usage->program);
	exit(CMDLINE_EXIT_USAGE);
}

uint64_t
cmdline_number(const char *option, const char *text, uint64_t min, uint64_t max)
{
	uint64_t number = 0;
	const char *end = decimal_read(text, max, &number);

	if (end == NULL || *end != '\0' || number < min)
		cmdline_usage_error("%s: '%s' is not a number from %llu to %llu", option, text,
				    (unsigned long long)min, (unsigned long long)max);
	return number;
}

/* Answers */

static void
answer(int id)
{
	switch (id) {
	case 'h':
		usage_print(line.usage, stdout);
		break;
	case 'V':
		printf("%s %s, %s\n", line.usage->program, SPP_VERSION, rte_version());
		break;
	case USAGE_BASH_COMPLETION:
		usage_print_completion(line.usage, stdout);
		break;
	}
	exit(EXIT_SUCCESS);
}

static void
answer_word(const char *word)
{
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		answer('h');
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		answer('V');
	if (strcmp(word, "--bash-completion") == 0)
		answer(USAGE_BASH_COMPLETION);
}

/* The number of words that belong to EAL, argv[0] included. */
static int
take_eal_words(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		answer_word(argv[i]);
	return i;
}

/* Options */

static void
take_controller(const char *value, uint16_t port, struct process_options *options)
{
	if (value == NULL)
		value = CONTROLLER_HOST;
	if (address_parse(value, port, &line.controller) != 0)
		cmdline_usage_error("-s: '%s' is not HOST or HOST:PORT", value);
	options->controller = &line.controller;
}

static void
refuse_word(const char *word)
{
	if (word != NULL)
		cmdline_usage_error("'%s' is no option", word);
}

static void
take_option(const struct cmdline *cmdline, int id, struct optscan *scan,
	    struct process_options *options)
{
	switch (id) {
	case OPTSCAN_NO_VALUE:
		cmdline_usage_error("%s needs a value", scan->word);
	case OPTSCAN_UNKNOWN:
		cmdline_usage_error("there is no option %s", scan->word);
	case OPTSCAN_WORD:
		refuse_word(scan->value);
		break;
	case OPTSCAN_REST:
		refuse_word(optscan_word(scan));
		break;
	case 'h':
	case 'V':
	case USAGE_BASH_COMPLETION:
		answer(id);
		break;
	case 's':
		take_controller(scan->value, cmdline->controller_port, options);
		break;
	case CMDLINE_PLUGIN_DIR:
		options->plugin_dir = scan->value;
		break;
	case CMDLINE_SOCKET:
		options->socket_path = scan->value;
		break;
	default:
		cmdline->take(id, scan, options);
	}
}

void
cmdline_parse(const struct cmdline *cmdline, int argc, char **argv, struct process_options *options)
{
	struct optscan scan;
	int id;

	line.usage = cmdline->usage;
	options->eal_argc = take_eal_words(argc, argv);
	options->eal_argv = argv;
	/* optscan_begin() skips the program's name; here the word `--` is in that place. */
	optscan_begin(&scan, cmdline->usage, 0, argc - options->eal_argc, argv + options->eal_argc);
	while ((id = optscan_next(&scan)) != OPTSCAN_END)
		take_option(cmdline, id, &scan, options);
	if (options->role == PROCESS_STANDALONE && options->controller != NULL)
		cmdline_usage_error("-s: a process that runs --standalone has no controller");
	if (options->role != PROCESS_STANDALONE && options->controller == NULL)
		take_controller(NULL, cmdline->controller_port, options);
}
