/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists in one line, shared by the layouts. */
#ifndef PRINT_LIST_H
#define PRINT_LIST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* A text or a number. */
void print_value(FILE *out, const json_t *value);

/* `[a, b]`; of objects the member named key, of other entries (key NULL) themselves. */
void print_list(FILE *out, const json_t *list, const char *key);

#endif
