/* SPDX-License-Identifier: BSD-3-Clause */
/* The text of a configuration file before libconfuse sees it. */

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_text.h"
#include "error.h"

#define SENTENCE_SIZE 1024

struct scan {
	struct config_text *clean;
	const char *path;
	const char *in;
	char *out;
	unsigned int line;
	unsigned int token_line; /* where the last token began */
	char last;               /* its first character */
	unsigned int nb_open;    /* braces */
};

int
config_fail(const char *path, unsigned int line, const char *fmt, ...)
{
	char text[SENTENCE_SIZE];
	va_list ap;
	int len;

	len = snprintf(text, sizeof(text), "%.500s:%u: ", path, line);
	va_start(ap, fmt);
	vsnprintf(text + len, sizeof(text) - len, fmt, ap);
	va_end(ap);
	return fail_text(text);
}

int
config_grow(void *array, unsigned int nb, size_t entry_size)
{
	void **entries = array;
	void *mem;

	/* Full at 0 and at each power of two. */
	if ((nb & (nb - 1)) != 0)
		return 0;
	mem = realloc(*entries, (nb == 0 ? 1 : 2 * (size_t)nb) * entry_size);
	if (mem == NULL)
		return fail(-ENOMEM, "no memory for the configuration");
	*entries = mem;
	return 0;
}

static bool
is_word(char c)
{
	return c != '\0' && (strchr("_.:/-", c) != NULL || (c >= '0' && c <= '9') ||
			     (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

static void
copy(struct scan *scan)
{
	*scan->out++ = *scan->in++;
}

static void
blank(struct scan *scan)
{
	if (*scan->in == '\n')
		scan->line++;
	*scan->out++ = *scan->in++ == '\n' ? '\n' : ' ';
}

static void
scan_line_comment(struct scan *scan)
{
	while (*scan->in != '\0' && *scan->in != '\n')
		blank(scan);
}

static int
scan_block_comment(struct scan *scan)
{
	unsigned int line = scan->line;

	blank(scan);
	blank(scan);
	while (strncmp(scan->in, "*/", 2) != 0) {
		if (*scan->in == '\0')
			return config_fail(scan->path, line,
					   "the comment that begins here has no end");
		blank(scan);
	}
	blank(scan);
	blank(scan);
	return 0;
}

/* The rule that this character of a quoted text breaks, or NULL. */
static const char *
string_fault(const char *c, char quote)
{
	if (*c == '\0' || *c == '\n')
		return "the text that begins here has no closing quote on its line";
	if (is_control(*c))
		return "a text holds a control character";
	if (*c == '\\' && c[1] != quote && c[1] != '\\')
		return "a backslash in a text stands only before a quote or another backslash";
	if (quote == '"' && c[0] == '$' && c[1] == '{')
		return "there are no variables in this file; write '$' '{' in single quotes";
	return NULL;
}

static int
scan_string(struct scan *scan)
{
	const char *start = scan->in;
	char quote = *start;

	copy(scan);
	while (*scan->in != quote) {
		const char *fault = string_fault(scan->in, quote);

		if (fault != NULL)
			return config_fail(scan->path, scan->line, "%s", fault);
		if (*scan->in == '\\')
			copy(scan);
		copy(scan);
		if (scan->in - start > CONFIG_STRING_MAX + 1)
			return config_fail(scan->path, scan->line,
					   "the text that begins here is longer than %u bytes",
					   CONFIG_STRING_MAX);
	}
	copy(scan);
	/* As a key, libconfuse refuses it without a word. */
	if (scan->in - start == 2)
		return config_fail(scan->path, scan->line, "an empty text means nothing here");
	return 0;
}

static int
scan_word(struct scan *scan)
{
	const char *start = scan->in;

	while (is_word(*scan->in) && strncmp(scan->in, "/*", 2) != 0)
		copy(scan);
	if (memmem(start, scan->in - start, "//", 2) != NULL)
		return config_fail(scan->path, scan->line,
				   "unexpected '//'; comments begin with '#', texts with a quote");
	if (scan->in - start > CONFIG_STRING_MAX)
		return config_fail(scan->path, scan->line, "this word is longer than %u bytes",
				   CONFIG_STRING_MAX);
	return 0;
}

static int
add_head(struct scan *scan, unsigned int line)
{
	struct config_text *clean = scan->clean;
	int rc;

	if (clean->nb_heads == CONFIG_SECTIONS_MAX)
		return config_fail(scan->path, line, "there are more than %u sections",
				   CONFIG_SECTIONS_MAX);
	rc = config_grow(&clean->head_line, clean->nb_heads, sizeof(*clean->head_line));
	if (rc != 0)
		return rc;
	clean->head_line[clean->nb_heads++] = line;
	return 0;
}

/* A brace without an equal sign before it opens a section. */
static int
scan_brace(struct scan *scan, char before, unsigned int line_before)
{
	copy(scan);
	scan->nb_open++;
	return before == '=' ? 0 : add_head(scan, line_before);
}

static int
scan_token(struct scan *scan)
{
	char before = scan->last;
	unsigned int line_before = scan->token_line;
	char c = *scan->in;

	scan->last = c;
	scan->token_line = scan->line;
	if (c == '"' || c == '\'')
		return scan_string(scan);
	if (is_word(c))
		return scan_word(scan);
	if (c == '{')
		return scan_brace(scan, before, line_before);
	if (c == '+' && scan->in[1] == '=') {
		copy(scan);
		scan->last = '=';
	}
	/* Quoted, it could hold a '|', behind which libconfuse looks into other sections. */
	if (scan->last == '=' && (before == '"' || before == '\''))
		return config_fail(scan->path, line_before, "a key is not quoted");
	if (c == '}' && scan->nb_open > 0)
		scan->nb_open--;
	if (strchr("=,}", *scan->in) != NULL) {
		copy(scan);
		return 0;
	}
	if (is_control(c) || (c & 0x80) != 0)
		return config_fail(scan->path, scan->line, "unexpected byte 0x%02x",
				   (unsigned char)c);
	return config_fail(scan->path, scan->line,
			   "unexpected character '%c'; texts are put in double quotes", c);
}

static int
scan_next(struct scan *scan)
{
	switch (*scan->in) {
	case '\n':
	case ' ':
	case '\t':
	case '\r':
		blank(scan);
		return 0;
	case '#':
		scan_line_comment(scan);
		return 0;
	case '/':
		if (scan->in[1] == '*')
			return scan_block_comment(scan);
		return scan_token(scan);
	default:
		return scan_token(scan);
	}
}

int
config_text_init(struct config_text *clean, const char *text, const char *path)
{
	struct scan scan = {.clean = clean, .path = path, .in = text, .line = 1, .token_line = 1};
	int rc = 0;

	*clean = (struct config_text){.text = malloc(strlen(text) + 1)};
	if (clean->text == NULL)
		return fail(-ENOMEM, "no memory for the configuration");
	scan.out = clean->text;
	while (rc == 0 && *scan.in != '\0')
		rc = scan_next(&scan);
	*scan.out = '\0';
	/* libconfuse takes the end of the file for the end of a section, too. */
	if (rc == 0 && scan.nb_open > 0)
		rc = config_fail(path, scan.token_line,
				 "the file ends after this line, but a '}' is missing");
	if (rc != 0)
		config_text_fini(clean);
	return rc;
}

void
config_text_fini(struct config_text *clean)
{
	free(clean->text);
	free(clean->head_line);
	*clean = (struct config_text){0};
}
