/* SPDX-License-Identifier: BSD-3-Clause */
/* Command lines of the DPDK programs. */

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_version.h>

#include "cmdline.h"
#include "decimal.h"

static struct {
	const char *program;
	const char *usage;
} cmdline;

void
cmdline_usage_error(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", cmdline.program);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry `%s --help`.\n", cmdline.program);
	exit(CMDLINE_EXIT_USAGE);
}

void
cmdline_help(void)
{
	fputs(cmdline.usage, stdout);
	exit(EXIT_SUCCESS);
}

void
cmdline_version(void)
{
	printf("%s %s, %s\n", cmdline.program, SPP_VERSION, rte_version());
	exit(EXIT_SUCCESS);
}

int
cmdline_begin(int argc, char **argv, const char *program, const char *usage)
{
	int i;

	cmdline.program = program;
	cmdline.usage = usage;
	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			cmdline_help();
		if (strcmp(argv[i], "--version") == 0 || strcmp(argv[i], "-V") == 0)
			cmdline_version();
	}
	return i;
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
