/* SPDX-License-Identifier: BSD-3-Clause */
/* The lines that were typed, kept in a file over sessions. */
#ifndef HISTORY_H
#define HISTORY_H

struct history {
	char **line;
	unsigned int nb, size;
	char *path; /* NULL: no file is written */
};

/* Read the file, if there is one.  A history that cannot be written is kept in memory only. */
void history_open(struct history *history, const char *path);
void history_close(struct history *history);

/* Add a copy of a typed line, here and in the file.  1, or 0 for a line that is not kept. */
int history_add(struct history *history, const char *line);

/* Line n, a number from 1 on as the user typed it; NULL when there is no such line.  The line is
 * valid until the next history_add(). */
const char *history_at(const struct history *history, const char *n);

#endif
