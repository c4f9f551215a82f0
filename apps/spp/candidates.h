/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates for the word at the cursor, and what was typed before it. */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include <stddef.h>

#include "words.h"

/* Where the user is: what he has typed behind the name of the command. */
struct cursor {
	struct words words; /* complete words; of a target command those behind the `;` */
	char *before;       /* what is before the `;`, stripped; NULL without `;` */
	const char *prefix; /* begin of the word at the cursor */
	const char *text;   /* everything, for commands that take a path */
};

struct candidates {
	char **word; /* each once, all beginning with what was typed; sorted at the end */
	unsigned int nb, size;
	const char *prefix; /* only words that begin so are taken */
};

void candidates_add(struct candidates *found, const char *word);
/* Several, separated by one blank. */
void candidates_add_all(struct candidates *found, const char *words);

void candidates_sort(struct candidates *found);
void candidates_free(struct candidates *found);

/* Length of the longest begin that all candidates have in common. */
size_t candidates_common(const struct candidates *found);

#endif
