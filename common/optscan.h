/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of a command line, one after the other, by the table that --help is made of.  A scan
 * uses getopt_long(), so a process has one scan at a time.
 */
#ifndef OPTSCAN_H
#define OPTSCAN_H

#include <getopt.h>

#include "usage.h"

#define OPTSCAN_OPTIONS_MAX 32

/* What optscan_next() returns instead of an option's id. */
enum {
	OPTSCAN_END = -1,      /* there is no word left */
	OPTSCAN_REST = '-',    /* the word `--`: all that follows is the caller's */
	OPTSCAN_WORD = 1,      /* a word that is no option */
	OPTSCAN_NO_VALUE = 2,  /* the option's value is missing */
	OPTSCAN_UNKNOWN = '?', /* no such option, or one with a value that it does not take */
};

/* How a program wants its options written. */
enum {
	OPTSCAN_WHOLE = 1,       /* no abbreviated names, no two letters in a word */
	OPTSCAN_NO_DASH = 2,     /* a word that begins with `-` is never a value */
	OPTSCAN_GETOPT_SAYS = 4, /* getopt_long() says on stderr what is wrong: OPTSCAN_UNKNOWN */
};

struct optscan {
	const struct usage *usage;
	unsigned int how; /* OPTSCAN_WHOLE and the other flags, or-ed */
	int argc;
	char *const *argv; /* ends with NULL, as main() gets it */
	int next;          /* index of the first word that is not taken yet */
	const char *word;  /* the word that the last optscan_next() looked at, as it is written */
	const char *value; /* the value of that option, or that word itself; NULL: no value */
	struct option long_options[OPTSCAN_OPTIONS_MAX + 1];
	char letters[2 + 3 * OPTSCAN_OPTIONS_MAX + 1];
};

/* argv[0] is the name of the program. */
void optscan_begin(struct optscan *scan, const struct usage *usage, unsigned int how, int argc,
		   char *const *argv);

/* The id of the next option, or one of OPTSCAN_END to OPTSCAN_UNKNOWN.  A value that may be left
 * out is taken from the next word unless that begins with `-`.  The further words of a value of
 * several words are left to the caller: optscan_word(). */
int optscan_next(struct optscan *scan);

/* Take the next word whatever it is; NULL when no word is left. */
const char *optscan_word(struct optscan *scan);

#endif
