/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates for the word at the cursor, and what was typed before it. */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include <stddef.h>

#include "words.h"

/* What the user has typed behind the name of the command.  Lives as long as one completion. */
struct cursor {
	struct words words; /* complete words; where there is a `;`, those behind it */
	char *before;       /* what stands before the `;`, stripped; NULL without a `;` */
	const char *prefix; /* begin of the word at the cursor */
	const char *text;   /* all of it, for commands that take a path */
};

struct candidates {
	char **word; /* owned; each once, and each begins with what was typed */
	unsigned int nb, size;
	const char *prefix; /* only words that begin so are added; NULL at the end */
};

/* Add a copy of word, unless it is there or does not begin with what was typed. */
void candidates_add(struct candidates *found, const char *word);
/* Add several words, which one blank separates. */
void candidates_add_all(struct candidates *found, const char *words);

void candidates_sort(struct candidates *found);
void candidates_free(struct candidates *found);

/* Length of the beginning that all candidates share. */
size_t candidates_common(const struct candidates *found);

#endif
