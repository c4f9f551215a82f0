/* SPDX-License-Identifier: BSD-3-Clause */
/* Words in columns, as `ls` shows them. */

#include <string.h>

#include "columns.h"

/* Width of a column: its longest name. */
static unsigned int
column_width(const char *const *names, unsigned int nb, unsigned int first, unsigned int rows)
{
	unsigned int width = 0;

	for (unsigned int i = first; i < nb && i < first + rows; i++) {
		if (strlen(names[i]) > width)
			width = strlen(names[i]);
	}
	return width;
}

static unsigned int
total_width(const char *const *names, unsigned int nb, unsigned int rows)
{
	unsigned int width = 0;

	for (unsigned int first = 0; first < nb; first += rows)
		width += (first > 0 ? 2 : 0) + column_width(names, nb, first, rows);
	return width;
}

void
columns_print(FILE *out, const char *const *names, unsigned int nb, unsigned int width)
{
	unsigned int rows = 1;

	while (rows < nb && total_width(names, nb, rows) > width)
		rows++;
	for (unsigned int row = 0; row < rows && row < nb; row++) {
		for (unsigned int i = row; i < nb; i += rows) {
			unsigned int column = column_width(names, nb, i - row, rows);

			/* No blanks follow the last name of a line. */
			if (i + rows < nb)
				fprintf(out, "%-*s  ", (int)column, names[i]);
			else
				fprintf(out, "%s\n", names[i]);
		}
	}
}
