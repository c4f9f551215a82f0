/* SPDX-License-Identifier: BSD-3-Clause */
/* Which bytes of a text are printable, whatever the locale. */
#ifndef ASCII_H
#define ASCII_H

#include <stdbool.h>

/* From the blank to the tilde; no byte of a character beyond ASCII is. */
static inline bool
ascii_is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

/* Control characters and DEL; bytes of characters beyond ASCII are neither this nor printable. */
static inline bool
ascii_is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* Make one printable line of text in place: any other byte becomes `?`. */
static inline void
ascii_sanitize(char *text)
{
	for (; *text != '\0'; text++)
		if (!ascii_is_printable(*text))
			*text = '?';
}

#endif
