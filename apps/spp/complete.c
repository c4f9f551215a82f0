/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion of a line: which command is asked for candidates, and with what. */

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "complete.h"

/* The word at the end of text: it begins behind the last blank, `;` or, in a path, `/`. */
static const char *
prefix_of(const char *text, bool is_path)
{
	const char *prefix = text + strlen(text);

	while (prefix > text && prefix[-1] != ' ' && prefix[-1] != '\t' && prefix[-1] != ';' &&
	       !(is_path && prefix[-1] == '/'))
		prefix--;
	return prefix;
}

/* Cut what stands before the word at the cursor: `1; port` into `1` and words.  False when no word
 * can follow, or without memory; cursor_fini() is due in any case. */
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
	command = command_find(cli->commands, line, len);
	*found = (struct candidates){.prefix = line};
	if (line[len] == '\0') {
		for (command = cli->commands; command->name != NULL; command++)
			candidates_add(found, command->name);
	} else if (command != NULL && command->complete != NULL) {
		complete_arguments(cli, command, line + len, found);
	}
	*prefix_len = strlen(found->prefix);
	found->prefix = NULL;
	candidates_sort(found);
}
