/* SPDX-License-Identifier: BSD-3-Clause */
/* Values, lists, and answers whose members this program does not know. */
#ifndef PRINT_DATA_H
#define PRINT_DATA_H

#include <jansson.h>
#include <stdio.h>

/* A text or a number. */
void print_value(FILE *out, const json_t *value);

/* `[a, b]`: of each entry the member key, or with key NULL the entry itself. */
void print_list(FILE *out, const json_t *list, const char *key);

/* What a plugin answered: `- name: value`, lists and objects further in. */
void print_data(FILE *out, const json_t *data);

#endif
