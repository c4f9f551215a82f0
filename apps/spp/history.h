/* SPDX-License-Identifier: BSD-3-Clause */
/* The lines that were typed, kept in a file over sessions. */
#ifndef HISTORY_H
#define HISTORY_H

struct history {
	char **line;
	unsigned int nb, size;
	char *path; /* NULL: nothing is kept */
};

/* Read the file, if it is there; a history that cannot be kept is only kept in memory. */
void history_open(struct history *history, const char *path);
void history_close(struct history *history);

/* Add a line that was typed, here and in the file, unless it is one of those that are not kept.
 * 1 if it was added, else 0. */
int history_add(struct history *history, const char *line);

/* Line n, counted from 1, as text that the user typed; NULL if there is none. */
const char *history_at(const struct history *history, const char *n);

#endif
