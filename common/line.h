/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Requests out of a byte stream: newline-framed, or ended by silence for peers that send no
 * newline.  The rules are those of the wire protocol, docs/protocol.md.  Pure: no sockets, no
 * clock.
 */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stddef.h>

#define LINE_MAX_BYTES 4096

struct line_buffer {
	char bytes[LINE_MAX_BYTES];
	size_t len;
	bool discarding; /* an overlong request is being skipped up to its newline */
};

enum line_result {
	LINE_NONE,     /* nothing complete yet */
	LINE_COMPLETE, /* one request is in out */
	LINE_TOO_LONG, /* a request above LINE_MAX_BYTES was, or is being, discarded; returned once
			  for each */
};

/* Take bytes from data until a request is complete or data is used up; *used says how many.  On
 * LINE_COMPLETE out (LINE_MAX_BYTES bytes) holds the request, stripped of trailing blanks, CR, LF
 * and NUL, NUL-terminated; empty requests are skipped.  A NUL inside ends a request like LF. */
enum line_result line_push(struct line_buffer *buffer, const char *data, size_t len, size_t *used,
			   char *out);

/* The peer has been silent for the framing time: the buffered bytes are one request.  Results as of
 * line_push(). */
enum line_result line_flush(struct line_buffer *buffer, char *out);

#endif
