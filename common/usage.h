/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a program says about its options: the text of --help and a completion script for bash, both
 * from the table that its parser reads too.
 */
#ifndef USAGE_H
#define USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Ids of options without a letter: USAGE_BASH_COMPLETION, which every program has, then the
 * program's own. */
enum { USAGE_BASH_COMPLETION = 256, USAGE_OWN };

struct usage_option {
	int id;            /* its letter; 256 or more if it has none */
	const char *name;  /* without the dashes; NULL: short form only */
	const char *value; /* placeholder, in brackets if it may be left out; NULL: no value.  FILE
			    * and PATH complete to files, DIR to directories. */
	const char *help;  /* lines after the first are indented like it */
};

struct usage {
	const char *program;
	const char *head;    /* text of --help before the options, and after them */
	const char *tail;    /* NULL: none */
	unsigned int column; /* where the descriptions start */
	const char *foreign; /* words that may come before `--`; NULL: options need no `--` */
	/* More blanks in front of an option in --help than the usual two; NULL: no more. */
	unsigned int (*indent)(const struct usage_option *option);
	unsigned int nb_options;
	const struct usage_option *options;
};

bool usage_has_letter(const struct usage_option *option);
bool usage_value_is_optional(const struct usage_option *option);

/* Write `-h`, or `--state-dir` for an option without a letter. */
void usage_format(const struct usage_option *option, char *text, size_t size);

void usage_print(const struct usage *usage, FILE *out);
void usage_print_completion(const struct usage *usage, FILE *out);

#endif
