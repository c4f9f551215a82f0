/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests out of a byte stream. */

#include <string.h>

#include "line.h"

static bool
is_terminator(char c)
{
	return c == '\n' || c == '\0';
}

static bool
is_stripped(char c)
{
	return c == ' ' || c == '\r' || is_terminator(c);
}

/* Hand over the buffered bytes as a request; false if nothing is left of them after stripping. */
static bool
take_request(struct line_buffer *buffer, char *out)
{
	size_t len = buffer->len;

	while (len > 0 && is_stripped(buffer->bytes[len - 1]))
		len--;
	memcpy(out, buffer->bytes, len);
	out[len] = '\0';
	buffer->len = 0;
	return len > 0;
}

/* The byte that would leave no room for a terminator makes the request too long, so that the
 * verdict does not depend on how the stream was cut into pieces. */
static enum line_result
push_byte(struct line_buffer *buffer, char byte, char *out)
{
	if (is_terminator(byte)) {
		if (!buffer->discarding)
			return take_request(buffer, out) ? LINE_COMPLETE : LINE_NONE;
		buffer->discarding = false;
		return LINE_NONE;
	}
	if (buffer->discarding)
		return LINE_NONE;
	if (buffer->len == LINE_MAX_BYTES - 1) {
		buffer->len = 0;
		buffer->discarding = true;
		return LINE_TOO_LONG;
	}
	buffer->bytes[buffer->len++] = byte;
	return LINE_NONE;
}

enum line_result
line_push(struct line_buffer *buffer, const char *data, size_t len, size_t *used, char *out)
{
	enum line_result result = LINE_NONE;

	for (*used = 0; *used < len && result == LINE_NONE; (*used)++)
		result = push_byte(buffer, data[*used], out);
	return result;
}

enum line_result
line_flush(struct line_buffer *buffer, char *out)
{
	return push_byte(buffer, '\n', out);
}
