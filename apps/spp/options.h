/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of spp. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define OPTIONS_LIST_MAX 64

struct options {
	const char *servers[OPTIONS_LIST_MAX]; /* values of -b */
	unsigned int nb_servers;
	const char *commands[OPTIONS_LIST_MAX]; /* values of -c */
	unsigned int nb_commands;
	const char *file, *config, *complete; /* NULL: not given */
	bool help, version, wait_primary, json, quiet, stop_on_error;
};

/* 0, or -EINVAL with a sentence in error. */
int options_parse(int argc, char *const *argv, struct options *options, char *error, size_t size);

/* Usage, options and commands. */
void options_help(FILE *out);

#endif
