/* SPDX-License-Identifier: BSD-3-Clause */
/* The token that admits the user of this program. */
#ifndef TOKEN_H
#define TOKEN_H

#include <stddef.h>

#define TOKEN_SIZE 256

/* Read the first line of the file.  0, or -errno with a sentence in error. */
int token_read(const char *path, char token[TOKEN_SIZE], char *error, size_t size);

#endif
