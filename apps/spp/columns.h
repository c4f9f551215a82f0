/* SPDX-License-Identifier: BSD-3-Clause */
/* Words in columns, as `ls` shows them. */
#ifndef COLUMNS_H
#define COLUMNS_H

#include <stdio.h>

/* Print names down the columns.  A column is as wide as its longest name, two blanks separate
 * columns, and no line is longer than width, unless a single name is. */
void columns_print(FILE *out, const char *const *names, unsigned int nb, unsigned int width);

#endif
