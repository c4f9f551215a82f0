/* SPDX-License-Identifier: BSD-3-Clause */
/* One reply out of the byte stream of a process: ends with its JSON text, or at a newline.  Pure.
 */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>

/* Longest reply taken; a status with a million table entries is about 60 MB. */
#define FRAME_BYTES_MAX (128u << 20)

struct frame {
	char *bytes; /* NUL-terminated when complete; NUL bytes of the stream are left out */
	size_t len, size;
	unsigned int depth; /* open brackets outside strings */
	bool json, in_string, escaped;
};

enum frame_result {
	FRAME_MORE,     /* all of data is used, the reply goes on */
	FRAME_COMPLETE, /* the reply is in frame->bytes */
	FRAME_TOO_LONG, /* above FRAME_BYTES_MAX, or no memory */
};

/* Take bytes of data until the reply is complete; *used says how many. */
enum frame_result frame_push(struct frame *frame, const char *data, size_t len, size_t *used);

/* Forget the reply, keep nothing allocated. */
void frame_reset(struct frame *frame);

/* Bytes that may stand between replies: blanks, line ends, and the NUL padding of some peers. */
bool frame_is_padding(char byte);

#endif
