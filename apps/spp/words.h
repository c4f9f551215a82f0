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
	char *text;                      /* owned: the copy that the words lie in */
	const char *word[WORDS_MAX + 1]; /* NULL behind the last one */
	unsigned int nb;
};

/* Cut a copy of text at its blanks.  0, -E2BIG above WORDS_MAX words, -ENOMEM; after an error there
 * are no words.  words_free() is due in any case. */
int words_split(struct words *words, const char *text);
void words_free(struct words *words);

/* Word i; NULL behind the last word. */
const char *words_at(const struct words *words, unsigned int i);

/* Replace `phy:0`, `nq`, `1` from word i on by `phy:0nq1`, in memory of words.  0, -EINVAL when
 * `nq` has no number behind it, -ENOMEM. */
int words_join_queue(struct words *words, unsigned int i);

/* All words with one blank between them, which the caller frees; NULL without memory. */
char *words_join(const struct words *words);

/* Cut the blanks off both ends of text, in place.  Returns the first character that stays. */
char *text_strip(char *text);

/* True if a terminal may obey c and not show it.  The locale decides, unlike in ascii.h: users read
 * characters beyond ASCII, and some locales have control characters there. */
bool text_is_control(char c);

/* Replace control characters by `?`, and tabs and ends of lines by blanks. */
void text_sanitize(char *text);

/* Write text, with `?` for control characters except tabs, so that no byte moves the cursor of a
 * terminal. */
void text_put(FILE *out, const char *text);

/* -?[0-9]+ of up to 18 digits: 0, or -EINVAL. */
int text_integer(const char *text, int64_t *value);

/* [0-9]+ */
bool text_is_digits(const char *text);

#endif
