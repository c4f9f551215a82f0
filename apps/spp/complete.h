/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates for the word at the cursor. */
#ifndef COMPLETE_H
#define COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

#include "words.h"

struct cli;

/* Where the user is: what he has typed behind the name of the command. */
struct cursor {
	struct words words; /* complete words; of a target command those behind the `;` */
	char *before;       /* what is before the `;`, stripped; NULL without `;` */
	const char *prefix; /* begin of the word at the cursor */
	const char *text;   /* everything, for commands that take a path */
};

struct candidates {
	char **word; /* sorted, each once, all beginning with what was typed */
	unsigned int nb, size;
	const char *prefix; /* only words that begin so are taken */
};

/* Find the candidates for a line up to the cursor; *prefix_len says how much of them has been
 * typed.  Prints nothing.  Free with candidates_free(). */
void complete_line(struct cli *cli, const char *line, struct candidates *found, size_t *prefix_len);
void candidates_free(struct candidates *found);

/* Length of the longest begin that all candidates have in common. */
size_t candidates_common(const struct candidates *found);

void candidates_add(struct candidates *found, const char *word);
/* Several, separated by one blank. */
void candidates_add_all(struct candidates *found, const char *words);

#endif
