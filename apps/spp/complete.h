/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion of a line. */
#ifndef COMPLETE_H
#define COMPLETE_H

#include <stddef.h>

#include "candidates.h"

struct cli;

/* Find the candidates for a line up to the cursor; *prefix_len says how much of them has been
 * typed.  Prints nothing.  Free with candidates_free(). */
void complete_line(struct cli *cli, const char *line, struct candidates *found, size_t *prefix_len);

#endif
