/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates for the word at the cursor: who is asked for them, and how they are kept. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "complete.h"

/* Candidates */

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

/* The line */

/* Begin of the word at the end of text: behind the last blank, `;` or, in a path, `/`. */
static const char *
prefix_of(const char *text, bool is_path)
{
	const char *prefix = text + strlen(text);

	while (prefix > text && prefix[-1] != ' ' && prefix[-1] != '\t' && prefix[-1] != ';' &&
	       !(is_path && prefix[-1] == '/'))
		prefix--;
	return prefix;
}

/* Cut what stands before the word at the cursor: `1; port` into `1` and words.  False when no
 * word can follow there. */
static bool
cursor_init(struct cursor *at, const char *text, bool is_path)
{
	const char *semicolon = is_path ? NULL : strchr(text, ';');
	const char *from = semicolon == NULL ? text : semicolon + 1;
	char *before;
	int err;

	*at = (struct cursor){.prefix = prefix_of(text, is_path), .text = text};
	if (strchr(from, ';') != NULL && !is_path)
		return false;
	if (semicolon != NULL) {
		at->before = strndup(text, semicolon - text);
		if (at->before == NULL)
			return false;
		memmove(at->before, text_strip(at->before), strlen(text_strip(at->before)) + 1);
	}
	before = strndup(from, at->prefix - from);
	if (before == NULL)
		return false;
	err = words_split(&at->words, before);
	free(before);
	return err == 0;
}

static void
cursor_fini(struct cursor *at)
{
	words_free(&at->words);
	free(at->before);
}

static void
complete_arguments(struct cli *cli, const struct command *command, const char *text,
		   struct candidates *found)
{
	struct cursor at;

	if (cursor_init(&at, text, command->takes_path)) {
		found->prefix = at.prefix;
		command->complete(cli, &at, found);
	}
	cursor_fini(&at);
}

void
complete_line(struct cli *cli, const char *line, struct candidates *found, size_t *prefix_len)
{
	const struct command *command;
	size_t len;

	line += strspn(line, WORDS_BLANKS);
	len = command_name_len(line);
	command = command_find(line, len);
	*found = (struct candidates){.prefix = line};
	if (line[len] == '\0') {
		for (command = commands; command->name != NULL; command++)
			candidates_add(found, command->name);
	} else if (command != NULL && command->complete != NULL) {
		complete_arguments(cli, command, line + len, found);
	}
	*prefix_len = strlen(found->prefix);
	found->prefix = NULL;
	if (found->nb > 0)
		qsort(found->word, found->nb, sizeof(*found->word), compare);
}
