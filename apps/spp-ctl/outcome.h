/* SPDX-License-Identifier: BSD-3-Clause */
/* What became of a command sent to a process.  Pure. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <jansson.h>

enum outcome_kind {
	OUTCOME_SUCCESS, /* the process carried the command out */
	OUTCOME_ERROR,   /* the process refused; text says why */
	OUTCOME_BROKEN,  /* no reply, or a reply that nobody understands; text says what happened */
	OUTCOME_BUSY,    /* the command was never sent; text says what kept it waiting */
};

struct outcome {
	enum outcome_kind kind;
	char text[512]; /* one line; on success the note of the process, or "" */
	json_t *reply;  /* the whole reply, freed by outcome_fini(); NULL without a reply */
};

/* Judge a reply, whatever *outcome held before; outcome_fini() frees what it holds then. */
void outcome_parse(struct outcome *outcome, const char *text, size_t len);
/* Set kind and text; the reply stays. */
void outcome_set(struct outcome *outcome, enum outcome_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void outcome_fini(struct outcome *outcome);

#endif
