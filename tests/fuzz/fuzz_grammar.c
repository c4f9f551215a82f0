/* SPDX-License-Identifier: BSD-3-Clause */
/* Any text as grammar lines, one form each, up to an empty line; then a command to match. */

#include <stdbool.h>

#include "fuzz.h"
#include "grammar.h"

#define FORMS_MAX 8
#define WORDS_MAX 32

static void
check_form(const struct grammar *form)
{
	enum grammar_kind kind;
	const char *word;
	unsigned int k;

	FUZZ_ASSERT(grammar_nb_args(form) <= GRAMMAR_ARGS_MAX);
	FUZZ_ASSERT(strpbrk(grammar_verb(form), " <>:|") == NULL);
	for (unsigned int i = 0; i < grammar_nb_args(form); i++) {
		const char *name = grammar_arg_name(form, i);

		FUZZ_ASSERT(*name != '\0' && strlen(name) < GRAMMAR_NAME_SIZE);
		for (k = 0; grammar_arg_alternative(form, i, k, &kind, &word); k++) {
			FUZZ_ASSERT(*word != '\0');
			FUZZ_ASSERT(kind != GRAMMAR_LITERAL || grammar_arg_accepts(form, i, word));
		}
		FUZZ_ASSERT(k > 0);
		FUZZ_ASSERT(!grammar_arg_accepts(form, i, ""));
	}
}

/* Parse the forms; forms of another verb than the first are freed. */
static unsigned int
parse_forms(char **text, struct grammar **forms)
{
	char error[128];
	unsigned int nb = 0;
	char *line;

	while ((line = strsep(text, "\n")) != NULL && *line != '\0') {
		struct grammar *form = NULL;

		if (grammar_parse(line, &form, error, sizeof(error)) < 0) {
			FUZZ_ASSERT(form == NULL && *error != '\0');
			continue;
		}
		check_form(form);
		if (nb < FORMS_MAX &&
		    (nb == 0 || strcmp(grammar_verb(form), grammar_verb(forms[0])) == 0))
			forms[nb++] = form;
		else
			grammar_free(form);
	}
	return nb;
}

static bool
fits(const struct grammar *form, const char *const *words, unsigned int nb_words)
{
	if (grammar_nb_args(form) != nb_words)
		return false;
	for (unsigned int i = 0; i < nb_words; i++) {
		if (!grammar_arg_accepts(form, i, words[i]))
			return false;
	}
	return true;
}

static void
check_match(struct grammar *const *forms, unsigned int nb_forms, const char *const *words,
	    unsigned int nb_words)
{
	char error[128];
	unsigned int form;

	if (grammar_match(forms, nb_forms, words, nb_words, &form, error, sizeof(error)) == 0) {
		FUZZ_ASSERT(form < nb_forms && fits(forms[form], words, nb_words));
		return;
	}
	FUZZ_ASSERT(strlen(error) < sizeof(error));
	FUZZ_ASSERT(strncmp(error, "Wrong message format: ", 22) == 0 ||
		    strncmp(error, "Invalid value (", 15) == 0);
	for (unsigned int f = 0; f < nb_forms; f++)
		FUZZ_ASSERT(!fits(forms[f], words, nb_words));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	char *rest = text;
	struct grammar *forms[FORMS_MAX];
	const char *words[WORDS_MAX];
	unsigned int nb_forms = parse_forms(&rest, forms);
	int nb_words = rest == NULL ? 0 : grammar_split(rest, words, WORDS_MAX);

	FUZZ_ASSERT(nb_words <= WORDS_MAX);
	if (nb_forms > 0 && nb_words >= 0)
		check_match(forms, nb_forms, words, nb_words);
	while (nb_forms > 0)
		grammar_free(forms[--nb_forms]);
	free(text);
	return 0;
}
