/* SPDX-License-Identifier: BSD-3-Clause */
/* What the command lines of the DPDK programs have in common: `PROGRAM [EAL options] -- [options]`.
 */
#ifndef CMDLINE_H
#define CMDLINE_H

#include <stdint.h>

#define CMDLINE_EXIT_USAGE 2

/* Program and usage text for the messages below; answers --help and --version given before `--`
 * (without asking EAL) and ends the process.  Returns the number of EAL's words, argv[0]
 * included: argv + that is what getopt gets. */
int cmdline_begin(int argc, char **argv, const char *program, const char *usage);

/* Print the sentence and a hint on stderr, end with status CMDLINE_EXIT_USAGE. */
void cmdline_usage_error(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
void cmdline_help(void) __attribute__((noreturn));
void cmdline_version(void) __attribute__((noreturn));

/* A number from min to max, or a usage error that names the option. */
uint64_t cmdline_number(const char *option, const char *text, uint64_t min, uint64_t max);

/* The value of an option whose value may be left out: the next word unless it begins with `-` or
 * there is none, then NULL.  For getopt with `+`; moves optind. */
const char *cmdline_optional_value(int argc, char **argv);

#endif
