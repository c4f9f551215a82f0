/* SPDX-License-Identifier: BSD-3-Clause */
/* Words in columns, as `ls` shows them. */
#ifndef COLUMNS_H
#define COLUMNS_H

#include <stdio.h>

/* Column by column, each as wide as it has to be, two blanks between them, lines up to width. */
void columns_print(FILE *out, const char *const *names, unsigned int nb, unsigned int width);

#endif
