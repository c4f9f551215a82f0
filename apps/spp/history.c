/* SPDX-License-Identifier: BSD-3-Clause */
/* The lines that were typed, kept in a file over sessions. */

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decimal.h"
#include "history.h"
#include "words.h"

/* When the file has more lines than LINES_MAX, the newest LINES_KEPT stay. */
#define LINES_MAX 2000
#define LINES_KEPT 1000

static int
append(struct history *history, const char *line)
{
	if (history->nb == history->size) {
		unsigned int size = history->size == 0 ? 64 : history->size * 2;
		char **grown = realloc(history->line, size * sizeof(*grown));

		if (grown == NULL)
			return 0;
		history->line = grown;
		history->size = size;
	}
	history->line[history->nb] = strdup(line);
	if (history->line[history->nb] == NULL)
		return 0;
	history->nb++;
	return 1;
}

static void
drop_oldest(struct history *history)
{
	unsigned int nb = history->nb - LINES_KEPT;

	for (unsigned int i = 0; i < nb; i++)
		free(history->line[i]);
	memmove(history->line, history->line + nb, LINES_KEPT * sizeof(*history->line));
	history->nb = LINES_KEPT;
}

/* Open the file to append or to write it anew.  Only its owner may read it. */
static FILE *
open_file(const char *path, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && file == NULL)
		close(fd);
	return file;
}

static void
rewrite(const struct history *history)
{
	FILE *file = open_file(history->path, O_TRUNC);

	if (file == NULL)
		return;
	for (unsigned int i = 0; i < history->nb; i++)
		fprintf(file, "%s\n", history->line[i]);
	fclose(file);
}

void
history_open(struct history *history, const char *path)
{
	char *line = NULL;
	size_t size = 0;
	FILE *file;

	*history = (struct history){.path = path == NULL ? NULL : strdup(path)};
	file = path == NULL ? NULL : fopen(path, "re");
	if (file == NULL)
		return;
	while (getline(&line, &size, file) >= 0) {
		const char *text = text_strip(line);

		if (*text != '\0')
			append(history, text);
	}
	free(line);
	fclose(file);
	if (history->nb > LINES_MAX) {
		drop_oldest(history);
		rewrite(history);
	}
}

void
history_close(struct history *history)
{
	for (unsigned int i = 0; i < history->nb; i++)
		free(history->line[i]);
	free(history->line);
	free(history->path);
	*history = (struct history){.line = NULL};
}

static bool
is_kept(const char *line)
{
	static const char *const forgotten[] = {"bye", "exit", "history", "redo"};
	size_t len = strcspn(line, WORDS_BLANKS);

	for (unsigned int i = 0; i < sizeof(forgotten) / sizeof(forgotten[0]); i++) {
		if (strlen(forgotten[i]) == len && strncmp(line, forgotten[i], len) == 0)
			return false;
	}
	return len > 0;
}

int
history_add(struct history *history, const char *line)
{
	FILE *file;

	line += strspn(line, WORDS_BLANKS);
	if (!is_kept(line) || append(history, line) == 0)
		return 0;
	file = history->path == NULL ? NULL : open_file(history->path, O_APPEND);
	if (file != NULL) {
		fprintf(file, "%s\n", history->line[history->nb - 1]);
		fclose(file);
	}
	return 1;
}

const char *
history_at(const struct history *history, const char *n)
{
	uint64_t number;
	const char *end = decimal_read(n, history->nb, &number);

	if (end == NULL || *end != '\0' || number == 0)
		return NULL;
	return history->line[number - 1];
}
