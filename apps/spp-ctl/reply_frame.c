/* SPDX-License-Identifier: BSD-3-Clause */
/* One reply out of the byte stream of a process. */
#include <stdlib.h>

#include "reply_frame.h"

bool
reply_frame_is_padding(char byte)
{
	return byte == '\0' || byte == '\n' || byte == '\r' || byte == ' ' || byte == '\t';
}

void
reply_frame_reset(struct reply_frame *frame)
{
	free(frame->bytes);
	*frame = (struct reply_frame){0};
}

static bool
reply_frame_append(struct reply_frame *frame, char byte)
{
	if (frame->len == REPLY_FRAME_BYTES_MAX)
		return false;
	if (frame->len + 1 >= frame->size) {
		size_t size = frame->size == 0 ? 512 : frame->size * 2;
		char *bytes;

		bytes = realloc(frame->bytes, size);
		if (bytes == NULL)
			return false;
		frame->bytes = bytes;
		frame->size = size;
	}
	frame->bytes[frame->len++] = byte;
	frame->bytes[frame->len] = '\0';
	return true;
}

/* True when byte is the last byte of the reply. */
static bool
reply_frame_ends(struct reply_frame *frame, char byte)
{
	if (!frame->json)
		return byte == '\n';
	if (frame->in_string) {
		if (frame->escaped)
			frame->escaped = false;
		else if (byte == '\\')
			frame->escaped = true;
		else if (byte == '"')
			frame->in_string = false;
		return false;
	}
	if (byte == '{' || byte == '[' || byte == ',')
		frame->values++;
	if (byte == '"')
		frame->in_string = true;
	else if (byte == '{' || byte == '[')
		frame->depth++;
	else if (byte == '}' || byte == ']')
		return --frame->depth == 0;
	return false;
}

enum reply_frame_result
reply_frame_push(struct reply_frame *frame, const char *data, size_t len, size_t *used)
{
	for (size_t i = 0; i < len; i++) {
		*used = i + 1;
		if (frame->len == 0 && reply_frame_is_padding(data[i]))
			continue;
		if (data[i] == '\0' && frame->len > 0 && !frame->json) {
			frame->padded = true;
			return REPLY_FRAME_COMPLETE;
		}
		if (data[i] == '\0')
			continue;
		if (frame->len == 0)
			frame->json = data[i] == '{' || data[i] == '[';
		if (!reply_frame_append(frame, data[i]))
			return REPLY_FRAME_TOO_LONG;
		if (reply_frame_ends(frame, data[i]))
			return REPLY_FRAME_COMPLETE;
		if (frame->values > REPLY_FRAME_VALUES_MAX)
			return REPLY_FRAME_TOO_LONG;
	}
	*used = len;
	return REPLY_FRAME_MORE;
}
