/* SPDX-License-Identifier: BSD-3-Clause */
/* Words of a line and small texts. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define WORDS_MAX 64
#define WORDS_BLANKS " \t\r\n\v\f"

struct words {
	char *text;                      /* the copy that the words lie in */
	const char *word[WORDS_MAX + 1]; /* NULL behind the last one */
	unsigned int nb;
};

/* Cut a copy of text at its blanks.  0, -E2BIG above WORDS_MAX words, -ENOMEM; on error there are
 * no words.  Free with words_free(), whatever the result. */
int words_split(struct words *words, const char *text);
void words_free(struct words *words);

/* Word i, NULL if there is none. */
const char *words_at(const struct words *words, unsigned int i);

/* Replace `phy:0`, `nq`, `1` from word i on by `phy:0nq1`, in memory of words.  0, -EINVAL when
 * `nq` has no number behind it, -ENOMEM. */
int words_join_queue(struct words *words, unsigned int i);

/* All words with one blank between them, malloc()ed; NULL without memory. */
char *words_join(const struct words *words);

/* Cut the blanks off both ends, in place; returns the first character that stays. */
char *text_strip(char *text);

/* True if the user's terminal may obey c instead of showing it.  The locale decides, unlike in
 * ascii.h: the user reads his own characters, and some locales have control characters above ASCII.
 */
bool text_is_control(char c);

/* Control characters become `?`, the ends of lines blanks. */
void text_sanitize(char *text);

/* Write text, `?` for its control characters but tabs: nothing in it moves the cursor of a
 * terminal. */
void text_put(FILE *out, const char *text);

/* -?[0-9]+ of up to 18 digits: 0, or -EINVAL. */
int text_integer(const char *text, int64_t *value);

/* [0-9]+ */
bool text_is_digits(const char *text);

#endif
