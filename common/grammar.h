/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Grammar lines of verbs: parse them, match the words of a command against them.
 *
 * A line is `VERB <name:kinds> ...`; see struct spp_verb in sdk/include/spp/plugin.h, which is the
 * public description.  A line without the verb (`<rx_queues:UNSIGNED_INT> ...`) describes options.
 * No DPDK here: the command line program completes from the same lines.
 */
#ifndef GRAMMAR_H
#define GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRAMMAR_ARGS_MAX 16
#define GRAMMAR_NAME_SIZE 32

enum grammar_kind {
	GRAMMAR_LITERAL,
	GRAMMAR_NAME,         /* 1..31 of [A-Za-z0-9_.-] */
	GRAMMAR_RES_UID,      /* common/res_uid.h */
	GRAMMAR_MAC_ADDR,     /* common/mac.h */
	GRAMMAR_CORE,         /* 0..127 */
	GRAMMAR_VID,          /* 0..4094 */
	GRAMMAR_PCP,          /* 0..7 */
	GRAMMAR_UNSIGNED_INT, /* 0..2^63-1, decimal */
	GRAMMAR_WORD,         /* anything */
};

struct grammar; /* one parsed line */

/* Parse a line; text may be freed afterwards.  *grammar is freed with grammar_free().
 * -EINVAL with a sentence in error (size bytes) that quotes what is wrong, or -ENOMEM. */
int grammar_parse(const char *text, struct grammar **grammar, char *error, size_t size);
void grammar_free(struct grammar *grammar);

/* The verb ("" for options), the number of arguments, the name of argument i (0-based, verb
 * excluded). */
const char *grammar_verb(const struct grammar *grammar);
unsigned int grammar_nb_args(const struct grammar *grammar);
const char *grammar_arg_name(const struct grammar *grammar, unsigned int i);

/* Alternative k of argument i: its kind, and the word when it is a literal (else the placeholder,
 * e.g. `MAC_ADDR`).  False when the argument has no alternative k. */
bool grammar_arg_alternative(const struct grammar *grammar, unsigned int i, unsigned int k,
			     enum grammar_kind *kind, const char **word);

/* True if the word fits one alternative of argument i. */
bool grammar_arg_accepts(const struct grammar *grammar, unsigned int i, const char *word);

/* Find the form whose arguments fit words[0..nb_words-1] (verb excluded; all forms share it).
 * On success *form is its index.  -EINVAL with the text for the user in error:
 *	`Wrong message format: ...` when no form has that many arguments, else
 *	`Invalid value (<name>): '<word>' is not ...` for the first word that no form left accepts.
 */
int grammar_match(struct grammar *const *forms, unsigned int nb_forms, const char *const *words,
		  unsigned int nb_words, unsigned int *form, char *error, size_t size);

/* Split a command line at blanks, in place; at most max words.  Returns their number, or -E2BIG
 * when there are more, or -EINVAL when a byte is not printable ASCII. */
int grammar_split(char *line, const char **words, unsigned int max);

/* Number of words of a line, however many. */
unsigned int grammar_count_words(const char *line);

#endif
