/* SPDX-License-Identifier: BSD-3-Clause */
/* The text of a configuration file before libconfuse sees it. */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "config.h"
#include "config_keys.h"
#include "config_text.h"

#define WORD_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/-"

/* What a token may be next.  LIST: the brace of a list, or its only value. */
enum expected { KEY, SIGN, LIST_SIGN, VALUE, LIST, ITEM, COMMA, NAME, BRACE };

struct scan {
	const char *in;
	FILE *out;
	unsigned int line;
	unsigned int nb_sections;
	enum expected expected;
	struct config_place at;        /* the last token */
	struct config_place section;   /* the name of the last section */
	char title[64];                /* that name, without quotes */
	const struct config_key *keys; /* those that may come here */
	const struct config_key *key;  /* the last one */
	uint32_t is_set[2];            /* a bit for each key: outside of sections, in this one */
};

#define REFUSE(scan, ...) config_refuse(&(scan)->at, __VA_ARGS__)

/* Meaning of tokens.  A token is its first character, but: w is a word, q a text in quotes. */

static int
take_brace(struct scan *scan, char token, size_t len)
{
	(void)len;
	if (token == '}' && scan->keys == config_keys)
		return REFUSE(scan, "unexpected closing brace");
	scan->keys = token == '{' ? scan->key->keys : config_keys;
	scan->is_set[1] = 0;
	return 0;
}

static int
take_key(struct scan *scan, char token, size_t len)
{
	if (token == '}')
		return take_brace(scan, token, len);
	scan->key = config_key_find(scan->keys, scan->in, len);
	if (scan->key == NULL)
		return REFUSE(scan, "there is no key '%.*s' here", len < 64 ? (int)len : 64,
			      scan->in);
	if (scan->key->kind == CONFIG_SECTION)
		scan->expected = NAME;
	else
		scan->expected = scan->key->kind >= CONFIG_TEXTS ? LIST_SIGN : SIGN;
	return 0;
}

static int
take_sign(struct scan *scan, char token, size_t len)
{
	bool is_inside = scan->keys != config_keys;
	uint32_t *is_set = &scan->is_set[is_inside], bit = 1u << (scan->key - scan->keys);
	struct config_place at = is_inside ? scan->section : scan->at;

	(void)len;
	at.line = scan->line;
	at.key = scan->key->name;
	if (token == '=' && (*is_set & bit) != 0)
		return config_refuse(&at, "set twice");
	*is_set |= bit;
	return 0;
}

static int
take_name(struct scan *scan, char token, size_t len)
{
	size_t quote = token == 'q';

	if (scan->nb_sections++ == CONFIG_SECTIONS_MAX)
		return REFUSE(scan, "there are more than %u sections", CONFIG_SECTIONS_MAX);
	snprintf(scan->title, sizeof(scan->title), "%.*s", (int)(len - 2 * quote),
		 scan->in + quote);
	scan->section = scan->at;
	scan->section.section = scan->key->name;
	scan->section.title = scan->title;
	return 0;
}

/* Order of tokens.  libconfuse checks it, too, but in words of its own, which a locale changes. */

static const struct {
	const char *tokens; /* that may come */
	uint8_t next[3];    /* what may follow each of them; take_key() changes it */
	int (*take)(struct scan *scan, char token, size_t len);
	const char *fault; /* of other tokens, with the last key; NULL names the token */
} order[] = {
	[KEY] = {"w}", {KEY, KEY}, take_key, NULL},
	[SIGN] = {"=", {VALUE}, take_sign, "'=' is missing after '%s'"},
	[LIST_SIGN] = {"=+", {LIST, LIST}, take_sign, "'=' is missing after '%s'"},
	[VALUE] = {"wq", {KEY, KEY}, NULL, NULL},
	[LIST] = {"{wq", {ITEM, KEY, KEY}, NULL, NULL},
	[ITEM] = {"}wq", {KEY, COMMA, COMMA}, NULL, NULL},
	[COMMA] = {",}", {ITEM, KEY}, NULL, NULL},
	[NAME] = {"wq", {BRACE, BRACE}, take_name, "'%s' is not followed by a name in quotes"},
	[BRACE] = {"{", {KEY}, take_brace, "'{' is missing after '%s' and its name"},
};

static int
refuse_token(const struct scan *scan, char token, size_t len)
{
	const char *fault = order[scan->expected].fault;
	size_t quote = token == 'q', shown = len - 2 * quote;

	if (scan->expected == SIGN && token == '+')
		return REFUSE(scan, "'+=' needs a list, '%s' is none", scan->key->name);
	if (fault != NULL)
		return REFUSE(scan, fault, scan->key->name);
	if (scan->expected == KEY && token == 'q')
		return REFUSE(scan, "a key is not quoted");
	return REFUSE(scan, "unexpected token '%.*s'", shown < 64 ? (int)shown : 64,
		      scan->in + quote);
}

static int
take(struct scan *scan, char token, size_t len)
{
	enum expected expected = scan->expected;
	const char *allowed = strchr(order[expected].tokens, token);
	int quote = token == 'q', rc = 0;

	if (allowed == NULL)
		return refuse_token(scan, token, len);
	scan->expected = order[expected].next[allowed - order[expected].tokens];
	if (order[expected].take != NULL)
		rc = order[expected].take(scan, token, len);
	if (expected != KEY && strchr("wq", token) != NULL)
		fprintf(scan->out, "%.*s%u:%.*s ", quote, scan->in, scan->line, (int)len - quote,
			scan->in + quote);
	else
		fprintf(scan->out, "%.*s ", (int)len, scan->in);
	scan->in += len;
	return rc;
}

/* Tokens */

static void
skip(struct scan *scan, size_t len)
{
	for (; len > 0; len--)
		scan->line += *scan->in++ == '\n';
}

static int
scan_block_comment(struct scan *scan)
{
	const char *end = strstr(scan->in + 2, "*/");

	if (end == NULL) {
		scan->at.line = scan->line;
		return REFUSE(scan, "the comment that begins here has no end");
	}
	skip(scan, end + 2 - scan->in);
	return 0;
}

/* The rule that this character of a quoted text breaks, or NULL. */
static const char *
string_fault(const char *c, char quote)
{
	if (*c == '\0' || *c == '\n')
		return "the text that begins here has no closing quote on its line";
	if (ascii_is_control(*c))
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
	const char *start = scan->in + 1, *c;

	for (c = start; *c != *scan->in; c++) {
		const char *fault = string_fault(c, *scan->in);

		if (fault != NULL)
			return REFUSE(scan, "%s", fault);
		c += *c == '\\';
	}
	if (c == start)
		return REFUSE(scan, "an empty text means nothing here");
	if (c - start > CONFIG_STRING_MAX)
		return REFUSE(scan, "the text that begins here is longer than %u bytes",
			      CONFIG_STRING_MAX);
	return take(scan, 'q', c + 1 - scan->in);
}

static int
scan_word(struct scan *scan)
{
	size_t len = strspn(scan->in, WORD_CHARS);

	if (scan->in[len] == '*' && scan->in[len - 1] == '/')
		len--; /* of a comment */
	if (memmem(scan->in, len, "//", 2) != NULL)
		return REFUSE(scan, "unexpected '//'; comments begin with '#', texts with a quote");
	if (len > CONFIG_STRING_MAX)
		return REFUSE(scan, "this word is longer than %u bytes", CONFIG_STRING_MAX);
	return take(scan, 'w', len);
}

static int
scan_sign(struct scan *scan)
{
	char c = *scan->in;

	if (c == '+' && scan->in[1] == '=')
		return take(scan, '+', 2);
	if (strchr("={},", c) != NULL)
		return take(scan, c, 1);
	if (ascii_is_control(c) || (c & 0x80) != 0)
		return REFUSE(scan, "unexpected byte 0x%02x", (unsigned char)c);
	return REFUSE(scan, "unexpected character '%c'; texts are put in double quotes", c);
}

static int
scan_next(struct scan *scan)
{
	size_t len = *scan->in == '#' ? strcspn(scan->in, "\n") : strspn(scan->in, " \t\r\n");

	skip(scan, len);
	if (len > 0)
		return 0;
	if (strncmp(scan->in, "/*", 2) == 0)
		return scan_block_comment(scan);
	scan->at.line = scan->line;
	if (*scan->in == '"' || *scan->in == '\'')
		return scan_string(scan);
	if (strchr(WORD_CHARS, *scan->in) != NULL)
		return scan_word(scan);
	return scan_sign(scan);
}

static int
scan_end(const struct scan *scan)
{
	bool is_open =
		scan->keys != config_keys || scan->expected == ITEM || scan->expected == COMMA;

	if (is_open)
		return REFUSE(scan, "the file ends after this line, but a '}' is missing");
	if (scan->expected != KEY)
		return REFUSE(scan, "the file ends where a value or a '}' is missing");
	return 0;
}

int
config_text_clean(const char *text, const char *path, char **clean)
{
	struct scan scan = {
		.in = text, .line = 1, .at = {.file = path, .line = 1}, .keys = config_keys};
	size_t size;
	int rc = 0;

	*clean = NULL;
	scan.out = open_memstream(clean, &size);
	if (scan.out == NULL)
		return -ENOMEM;
	while (rc == 0 && *scan.in != '\0')
		rc = scan_next(&scan);
	if (rc == 0)
		rc = scan_end(&scan);
	if (fclose(scan.out) != 0 && rc == 0)
		rc = -ENOMEM;
	if (rc != 0)
		free(*clean);
	return rc;
}
