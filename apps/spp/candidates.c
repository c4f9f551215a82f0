/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates for the word at the cursor: each once, and only those that go on from what was typed.
 */

#include <stdlib.h>
#include <string.h>

#include "candidates.h"

void
candidates_add(struct candidates *found, const char *word)
{
	if (*word == '\0' || strncmp(word, found->prefix, strlen(found->prefix)) != 0)
		return;
	for (unsigned int i = 0; i < found->nb; i++) {
		if (strcmp(found->word[i], word) == 0)
			return;
	}
	if (found->nb == found->size) {
		unsigned int size = found->size == 0 ? 32 : found->size * 2;
		char **grown = realloc(found->word, size * sizeof(*grown));

		if (grown == NULL)
			return;
		found->word = grown;
		found->size = size;
	}
	found->word[found->nb] = strdup(word);
	if (found->word[found->nb] != NULL)
		found->nb++;
}

void
candidates_add_all(struct candidates *found, const char *words)
{
	char *copy = strdup(words), *rest = copy, *word;

	while (rest != NULL && (word = strsep(&rest, " ")) != NULL)
		candidates_add(found, word);
	free(copy);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
candidates_sort(struct candidates *found)
{
	if (found->nb > 0)
		qsort(found->word, found->nb, sizeof(*found->word), compare);
}

void
candidates_free(struct candidates *found)
{
	for (unsigned int i = 0; i < found->nb; i++)
		free(found->word[i]);
	free(found->word);
	*found = (struct candidates){.word = NULL};
}

size_t
candidates_common(const struct candidates *found)
{
	size_t len = found->nb == 0 ? 0 : strlen(found->word[0]);

	for (unsigned int i = 1; i < found->nb; i++) {
		size_t same = 0;

		while (same < len && found->word[i][same] == found->word[0][same])
			same++;
		len = same;
	}
	return len;
}
