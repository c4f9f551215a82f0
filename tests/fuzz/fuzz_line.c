/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any byte stream as requests: however it is cut into pieces, the same requests come out.
 * The first byte of the input is the seed of the cuts.
 */

#include <stdio.h>

#include "fuzz.h"
#include "line.h"

struct seen {
	char *text;
	size_t len;
};

static void
check_request(const char *request)
{
	size_t len = strlen(request);

	FUZZ_ASSERT(len > 0 && len < LINE_MAX_BYTES);
	FUZZ_ASSERT(strchr(request, '\n') == NULL);
	FUZZ_ASSERT(request[len - 1] != ' ' && request[len - 1] != '\r');
}

static void
record(FILE *stream, enum line_result result, const char *request)
{
	if (result == LINE_TOO_LONG)
		fputs("too long\n", stream);
	if (result != LINE_COMPLETE)
		return;
	check_request(request);
	fprintf(stream, "request %s\n", request);
}

static void
push_piece(struct line_buffer *buffer, const char *data, size_t len, FILE *stream)
{
	char request[LINE_MAX_BYTES];
	enum line_result result;
	size_t used;

	while (len > 0) {
		result = line_push(buffer, data, len, &used, request);
		FUZZ_ASSERT(used > 0 && used <= len);
		FUZZ_ASSERT(result != LINE_NONE || used == len);
		record(stream, result, request);
		data += used;
		len -= used;
	}
}

/* Length of the next piece: 1 to 8 bytes, sometimes much more; 0 as seed means all at once. */
static size_t
next_len(uint32_t *seed, size_t left)
{
	size_t len;

	if (*seed == 0)
		return left;
	*seed = *seed * 1103515245 + 12345;
	len = *seed >> 16 & 7 ? (*seed >> 20 & 7) + 1 : (*seed >> 20 & 0xfff) + 1;
	return len < left ? len : left;
}

static struct seen
push_all(const char *data, size_t size, uint32_t seed)
{
	static struct line_buffer buffer;
	char request[LINE_MAX_BYTES];
	struct seen seen;
	FILE *stream = open_memstream(&seen.text, &seen.len);

	FUZZ_ASSERT(stream != NULL);
	memset(&buffer, 0, sizeof(buffer));
	while (size > 0) {
		size_t len = next_len(&seed, size);

		push_piece(&buffer, data, len, stream);
		data += len;
		size -= len;
	}
	record(stream, line_flush(&buffer, request), request);
	FUZZ_ASSERT(buffer.len == 0 && !buffer.discarding);
	fclose(stream);
	return seen;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole, pieces;
	char *text;

	if (size == 0)
		return 0;
	text = fuzz_text(data + 1, size - 1);
	whole = push_all(text, size - 1, 0);
	pieces = push_all(text, size - 1, data[0] + 1u);
	FUZZ_ASSERT(whole.len == pieces.len && memcmp(whole.text, pieces.text, whole.len) == 0);
	free(whole.text);
	free(pieces.text);
	free(text);
	return 0;
}
