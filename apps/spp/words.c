/* SPDX-License-Identifier: BSD-3-Clause */
/* Words of a line and small texts. */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

int
words_split(struct words *words, const char *text)
{
	char *rest, *word;

	*words = (struct words){.text = strdup(text)};
	rest = words->text;
	if (rest == NULL)
		return -ENOMEM;
	while ((word = strsep(&rest, WORDS_BLANKS)) != NULL) {
		if (*word == '\0')
			continue;
		if (words->nb == WORDS_MAX) {
			words_free(words);
			return -E2BIG;
		}
		words->word[words->nb++] = word;
	}
	return 0;
}

void
words_free(struct words *words)
{
	free(words->text);
	*words = (struct words){.text = NULL};
}

const char *
words_at(const struct words *words, unsigned int i)
{
	return i < words->nb ? words->word[i] : NULL;
}

/* The words are joined where the first of them lies: the text can only become shorter. */
int
words_join_queue(struct words *words, unsigned int i)
{
	const char *queue = words_at(words, i + 2);
	size_t offset, len;
	char *res_uid;

	if (i + 1 >= words->nb || strcmp(words->word[i + 1], "nq") != 0)
		return 0;
	if (queue == NULL || !text_is_digits(queue))
		return -EINVAL;
	offset = words->word[i] - words->text;
	len = strlen(words->word[i]);
	res_uid = words->text + offset;
	memmove(res_uid + len, "nq", 2);
	memmove(res_uid + len + 2, queue, strlen(queue) + 1);
	words->nb -= 2;
	memmove(&words->word[i + 1], &words->word[i + 3],
		(words->nb - i - 1) * sizeof(words->word[0]));
	words->word[words->nb] = NULL;
	return 0;
}

char *
words_join(const struct words *words)
{
	size_t size = 1;
	char *text, *to;

	for (unsigned int i = 0; i < words->nb; i++)
		size += strlen(words->word[i]) + 1;
	text = malloc(size);
	if (text == NULL)
		return NULL;
	to = text;
	*to = '\0';
	for (unsigned int i = 0; i < words->nb; i++)
		to += sprintf(to, "%s%s", i > 0 ? " " : "", words->word[i]);
	return text;
}

char *
text_strip(char *text)
{
	size_t len;

	text += strspn(text, WORDS_BLANKS);
	len = strlen(text);
	while (len > 0 && strchr(WORDS_BLANKS, text[len - 1]) != NULL)
		len--;
	text[len] = '\0';
	return text;
}

bool
text_is_control(char c)
{
	return iscntrl((unsigned char)c) != 0;
}

void
text_sanitize(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n' || *text == '\r' || *text == '\t')
			*text = ' ';
		else if (text_is_control(*text))
			*text = '?';
	}
}

void
text_put(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		fputc(text_is_control(*text) && *text != '\t' ? '?' : *text, out);
}

bool
text_is_digits(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

int
text_integer(const char *text, int64_t *value)
{
	const char *digits = *text == '-' ? text + 1 : text;

	if (!text_is_digits(digits) || strlen(digits) > 18)
		return -EINVAL;
	*value = strtoll(text, NULL, 10);
	return 0;
}
