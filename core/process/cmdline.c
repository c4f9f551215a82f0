/* SPDX-License-Identifier: BSD-3-Clause */
/* Command lines of the DPDK programs. */

#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_version.h>

#include "cmdline.h"
#include "decimal.h"

#define OPTIONS_MAX 32

static struct {
	const struct usage *usage;
	struct option long_options[OPTIONS_MAX + 1];
	char letters[2 + 2 * OPTIONS_MAX + 1]; /* for getopt: stop at the first word, `+`, and
						* tell a missing value from a bad option, `:` */
} cmdline;

void
cmdline_usage_error(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", cmdline.usage->program);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry `%s --help`.\n", cmdline.usage->program);
	exit(CMDLINE_EXIT_USAGE);
}

/* Carry out an option that every program has. */
static void
answer(int id)
{
	switch (id) {
	case 'h':
		usage_print(cmdline.usage, stdout);
		break;
	case 'V':
		printf("%s %s, %s\n", cmdline.usage->program, SPP_VERSION, rte_version());
		break;
	case USAGE_BASH_COMPLETION:
		usage_print_completion(cmdline.usage, stdout);
		break;
	default:
		return;
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

/* One word that getopt() can take. */
static bool
has_one_word(const struct usage_option *option)
{
	return option->value != NULL && !usage_value_is_optional(option) &&
	       strchr(option->value, ' ') == NULL;
}

static void
fill_getopt_tables(const struct usage *usage)
{
	struct option *long_option = cmdline.long_options;
	char *letter = stpcpy(cmdline.letters, "+:");

	assert(usage->nb_options <= OPTIONS_MAX);
	for (unsigned int i = 0; i < usage->nb_options; i++) {
		const struct usage_option *option = &usage->options[i];
		bool has_value = has_one_word(option);

		if (option->name != NULL)
			*long_option++ = (struct option){option->name, has_value, NULL, option->id};
		if (option->id < USAGE_BASH_COMPLETION) {
			*letter++ = option->id;
			if (has_value)
				*letter++ = ':';
		}
	}
}

int
cmdline_begin(int argc, char **argv, const struct usage *usage)
{
	int i;

	cmdline.usage = usage;
	fill_getopt_tables(usage);
	opterr = 0;
	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		answer_word(argv[i]);
	return i;
}

int
cmdline_next(int argc, char **argv)
{
	int id = getopt_long(argc, argv, cmdline.letters, cmdline.long_options, NULL);

	answer(id);
	if (id == ':')
		cmdline_usage_error("%s needs a value", argv[optind - 1]);
	if (id == '?')
		cmdline_usage_error("there is no option %s", argv[optind - 1]);
	if (id == -1 && optind < argc)
		cmdline_usage_error("'%s' is no option", argv[optind]);
	return id;
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

const char *
cmdline_optional_value(int argc, char **argv)
{
	if (optind >= argc || argv[optind][0] == '-')
		return NULL;
	return argv[optind++];
}
