/* SPDX-License-Identifier: BSD-3-Clause */
/* The sentence about what a function refuses, where no panel keeps it. */
#include <stdarg.h>
#include <stdio.h>

#include "refuse.h"

int
refuse(char *error, size_t size, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(error, size, fmt, ap);
	va_end(ap);
	return err;
}
