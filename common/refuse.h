/* SPDX-License-Identifier: BSD-3-Clause */
/* The sentence about what a function refuses, where no panel keeps it. */
#ifndef REFUSE_H
#define REFUSE_H

#include <stddef.h>

/* Write the sentence to error, cut to size bytes; returns err: `return refuse(error, size, -EPERM,
 * "...", ...)`. */
int refuse(char *error, size_t size, int err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
