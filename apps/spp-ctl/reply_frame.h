/* SPDX-License-Identifier: BSD-3-Clause */
/* One reply out of the byte stream of a process: it ends with its JSON; a text that is no JSON at a
 * newline, or at the NUL that pads it.  Pure. */
#ifndef REPLY_FRAME_H
#define REPLY_FRAME_H

#include <stdbool.h>
#include <stddef.h>

/* Longest reply taken: a page of a table is about 0.3 MB, a process that does not know pages may
 * have about 15,000 table entries. */
#define REPLY_FRAME_BYTES_MAX (1u << 20)
/* Most values in a reply.  `{},` has three bytes in the stream and 200 in memory: this limit bounds
 * the memory that a reply takes, and the time that its parsing takes (0.1 s). */
#define REPLY_FRAME_VALUES_MAX (1u << 16)

struct reply_frame {
	char *bytes; /* NUL-terminated when complete; NUL bytes of the stream are left out */
	size_t len, size;
	unsigned int depth;  /* open brackets outside strings */
	unsigned int values; /* brackets that open, and commas, outside strings */
	bool json, in_string, escaped;
	bool padded; /* no JSON, ended by NUL: some processes repeat a command that they carried out
		      */
};

enum reply_frame_result {
	REPLY_FRAME_MORE,     /* all of data is used, the reply goes on */
	REPLY_FRAME_COMPLETE, /* the reply is in frame->bytes until reply_frame_reset() */
	REPLY_FRAME_TOO_LONG, /* above one of the limits, or no memory */
};

/* Take bytes of data until the reply is complete; *used says how many were taken. */
enum reply_frame_result reply_frame_push(struct reply_frame *frame, const char *data, size_t len,
					 size_t *used);

/* Forget the reply and free its bytes. */
void reply_frame_reset(struct reply_frame *frame);

/* True for bytes that may stand between replies: blanks, ends of lines, and the NUL that some
 * processes add. */
bool reply_frame_is_padding(char byte);

#endif
