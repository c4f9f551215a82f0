/* SPDX-License-Identifier: BSD-3-Clause */
/* Decimal numbers as text: digits only, no sign, no blanks, no other base. */
#ifndef DECIMAL_H
#define DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/* The largest number that a command can carry: JSON readers keep integers in 64 bits with a
 * sign. */
#define DECIMAL_MAX INT64_MAX

/* Read the digits at the start of text.  Returns the first character behind them, NULL when there
 * is no digit or the number is above max; *value is then unchanged. */
static inline const char *
decimal_read(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t number = 0;
	const char *c = text;

	for (; *c >= '0' && *c <= '9'; c++) {
		uint64_t digit = *c - '0';

		if (digit > max || number > (max - digit) / 10)
			return NULL;
		number = number * 10 + digit;
	}
	if (c == text)
		return NULL;
	*value = number;
	return c;
}

#endif
