/* SPDX-License-Identifier: BSD-3-Clause */
/* What the command lines of the DPDK programs have in common: `PROGRAM [EAL options] -- [options]`.
 */
#ifndef CMDLINE_H
#define CMDLINE_H

#include <stdint.h>

#include "usage.h"

#define CMDLINE_EXIT_USAGE 2

/* Where --help has the descriptions. */
#define CMDLINE_COLUMN 22

/* What completes before `--`: what cmdline_begin() answers there, and EAL's best known options. */
#define CMDLINE_FOREIGN                                                                            \
	"--help --version --bash-completion -l --lcores -a --allow -m --main-lcore --file-prefix " \
	"--huge-dir --no-huge --no-pci --proc-type --socket-mem --vdev"

/* The end of every table of options; cmdline_next() carries them out. */
#define CMDLINE_COMMON_OPTIONS                                                                     \
	{'h', "help", NULL, "print this"}, {'V', "version", NULL, "print the versions"},           \
	{                                                                                          \
		USAGE_BASH_COMPLETION, "bash-completion", NULL,                                    \
			"print a completion script for bash"                                       \
	}

/* Program and options for all that follows; answers --help, --version and --bash-completion given
 * before `--` (without asking EAL) and ends the process.  Returns the number of EAL's words,
 * argv[0] included: argv + that is what cmdline_next() gets. */
int cmdline_begin(int argc, char **argv, const struct usage *usage);

/* The id of the next option, -1 when there is none left.  A value of one word is in optarg; one in
 * brackets or of several words is the caller's to take, from optind on. */
int cmdline_next(int argc, char **argv);

/* Print the sentence and a hint on stderr, end with status CMDLINE_EXIT_USAGE. */
void cmdline_usage_error(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* A number from min to max, or a usage error that names the option. */
uint64_t cmdline_number(const char *option, const char *text, uint64_t min, uint64_t max);

/* The value of an option whose value may be left out: the next word unless it begins with `-` or
 * there is none, then NULL.  Moves optind. */
const char *cmdline_optional_value(int argc, char **argv);

#endif
