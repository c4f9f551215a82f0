/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion of a line. */
#ifndef COMPLETE_H
#define COMPLETE_H

#include <stddef.h>

#include "candidates.h"

struct cli;

/* Find the candidates for a line up to the cursor, to be freed by candidates_free().  *prefix_len
 * says how much of each has been typed.  Prints nothing. */
void complete_line(struct cli *cli, const char *line, struct candidates *found, size_t *prefix_len);

#endif
