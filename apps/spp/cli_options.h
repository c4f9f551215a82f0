/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of spp. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CLI_OPTIONS_LIST_MAX 64

struct cli_options {
	const char *servers[CLI_OPTIONS_LIST_MAX]; /* values of -b */
	unsigned int nb_servers;
	const char *commands[CLI_OPTIONS_LIST_MAX]; /* values of -c */
	unsigned int nb_commands;
	const char *file, *config, *complete;     /* NULL: not given */
	const char *token_file, *ca, *cert, *key; /* NULL: not given */
	bool help, version, wait_primary, json, quiet, stop_on_error;
};

/* 0, or -EINVAL with a sentence in error. */
int cli_options_parse(int argc, char *const *argv, struct cli_options *options, char *error,
		      size_t size);

/* Usage, options and commands. */
void cli_options_help(FILE *out);

#endif
