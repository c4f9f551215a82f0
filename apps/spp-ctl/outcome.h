/* SPDX-License-Identifier: BSD-3-Clause */
/* What became of a command sent to a process.  Pure. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <jansson.h>

enum outcome_kind {
	OUTCOME_SUCCESS, /* the process carried the command out */
	OUTCOME_ERROR,   /* it refused; text says why */
	OUTCOME_BROKEN,  /* no reply, or none that can be understood; text says what happened */
	OUTCOME_BUSY,    /* the command was never sent; text says what kept it waiting */
};

struct outcome {
	enum outcome_kind kind;
	char text[512]; /* one line; on success the process's note, "" if there is none */
	json_t *reply;  /* the whole reply, NULL if there is none */
};

/* Judge a reply; outcome_fini() the result. */
void outcome_parse(struct outcome *outcome, const char *text, size_t len);
void outcome_set(struct outcome *outcome, enum outcome_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void outcome_fini(struct outcome *outcome);

#endif
