/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command line of spp_primary and spp_vf, `PROGRAM [EAL options] -- [options]`: the options of
 * both programs, and the means to take those of one program.
 */
#ifndef CMDLINE_H
#define CMDLINE_H

#include <stdint.h>

#include "optscan.h"
#include "process.h"

#define CMDLINE_EXIT_USAGE 2

/* The column of the descriptions in --help. */
#define CMDLINE_COLUMN 22

/* The words that complete before `--`: those that cmdline_parse() answers there, and EAL's best
 * known options. */
#define CMDLINE_FOREIGN                                                                            \
	"--help --version --bash-completion -l --lcores -a --allow -m --main-lcore --file-prefix " \
	"--huge-dir --no-huge --no-pci --proc-type --socket-mem --vdev"

/* Ids without a letter: those of both programs, then the program's own.  's' is the controller. */
enum { CMDLINE_PLUGIN_DIR = USAGE_OWN, CMDLINE_SOCKET, CMDLINE_OWN };

/* The end of both tables of options. */
#define CMDLINE_COMMON_OPTIONS                                                                     \
	{'h', "help", NULL, "print this"}, {'V', "version", NULL, "print the versions"},           \
	{                                                                                          \
		USAGE_BASH_COMPLETION, "bash-completion", NULL,                                    \
			"print a completion script for bash"                                       \
	}

struct cmdline {
	const struct usage *usage;
	uint16_t controller_port; /* default for -s */
	/* Take the value of an option that only this program has, or the words that follow the
	 * option. */
	void (*take)(int id, struct optscan *scan, struct process_options *options);
};

/* Fill in the options that both programs have: EAL's part, plugin directory, socket, controller.  A
 * process has a controller unless it runs alone.  --help, --version and --bash-completion are
 * answered, also before `--`, and end the process without asking EAL.  A wrong option ends it with
 * a usage error. */
void cmdline_parse(const struct cmdline *cmdline, int argc, char **argv,
		   struct process_options *options);

/* Print the sentence and a hint on stderr, end with status CMDLINE_EXIT_USAGE.  cmdline_parse()
 * has been called. */
void cmdline_usage_error(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* A number from min to max, or a usage error that names the option. */
uint64_t cmdline_number(const char *option, const char *text, uint64_t min, uint64_t max);

#endif
