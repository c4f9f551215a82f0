/* SPDX-License-Identifier: BSD-3-Clause */
/* Resource UIDs as text. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "decimal.h"
#include "res_uid.h"

#define RES_UID_ID_MAX 99999
#define RES_UID_QUEUE_MAX 9999

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Read the type; returns the text behind the colon, NULL if the type is not valid. */
static const char *
read_type(const char *text, char type[RES_UID_TYPE_SIZE])
{
	size_t len = 0;

	if (!is_lower(text[0]))
		return NULL;
	while (is_lower(text[len]) || (text[len] >= '0' && text[len] <= '9') || text[len] == '_' ||
	       text[len] == '-')
		len++;
	if (text[len] != ':' || len >= RES_UID_TYPE_SIZE)
		return NULL;
	memcpy(type, text, len);
	type[len] = '\0';
	return text + len + 1;
}

/* Returns where the number of the queue begins; NULL if text has neither of the two spellings. */
static const char *
skip_queue_mark(const char *text)
{
	if (strncmp(text, "nq", 2) == 0)
		return text + 2;
	if (strncmp(text, " nq ", 4) == 0)
		return text + 4;
	return NULL;
}

int
res_uid_parse(const char *text, struct res_uid *res_uid)
{
	struct res_uid parsed = {.queue = -1};
	uint64_t id, queue;
	const char *rest;

	rest = read_type(text, parsed.type);
	if (rest != NULL)
		rest = decimal_read(rest, RES_UID_ID_MAX, &id);
	if (rest == NULL)
		return -EINVAL;
	parsed.id = id;
	if (*rest != '\0') {
		rest = skip_queue_mark(rest);
		if (rest != NULL)
			rest = decimal_read(rest, RES_UID_QUEUE_MAX, &queue);
		if (rest == NULL || *rest != '\0')
			return -EINVAL;
		parsed.queue = queue;
	}
	*res_uid = parsed;
	return 0;
}

static char *
format(const struct res_uid *res_uid, const char *queue_mark, char *out)
{
	if (res_uid->queue < 0)
		snprintf(out, RES_UID_SIZE, "%s:%u", res_uid->type, res_uid->id);
	else
		snprintf(out, RES_UID_SIZE, "%s:%u%s%d", res_uid->type, res_uid->id, queue_mark,
			 res_uid->queue);
	return out;
}

char *
res_uid_format(const struct res_uid *res_uid, char *out)
{
	return format(res_uid, " nq ", out);
}

char *
res_uid_format_word(const struct res_uid *res_uid, char *out)
{
	return format(res_uid, "nq", out);
}

bool
res_uid_is_same(const struct res_uid *a, const struct res_uid *b)
{
	return a->id == b->id && a->queue == b->queue && strcmp(a->type, b->type) == 0;
}
