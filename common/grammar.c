/* SPDX-License-Identifier: BSD-3-Clause */
/* Grammar lines of verbs: parse them, match the words of a command against them. */

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "decimal.h"
#include "grammar.h"
#include "mac.h"
#include "res_uid.h"

#define CORE_MAX 127
#define VID_MAX 4094
#define PCP_MAX 7

struct alternative {
	enum grammar_kind kind;
	const char *word; /* in text */
};

struct argument {
	const char *name;       /* in text */
	unsigned int first, nb; /* in alternatives */
};

struct grammar {
	char *text; /* the line, cut into pieces */
	const char *verb;
	unsigned int nb_args;
	struct argument args[GRAMMAR_ARGS_MAX];
	unsigned int nb_alternatives;
	struct alternative alternatives[];
};

/* A text that is cut at the end of its buffer; a cut text ends with a mark. */
struct text {
	char *out;
	size_t size, len;
};

static struct text
text_begin(char *out, size_t size)
{
	struct text text = {.out = out, .size = size};

	out[0] = '\0';
	return text;
}

static void __attribute__((format(printf, 2, 0)))
vadd(struct text *text, const char *fmt, va_list ap)
{
	size_t room = text->size - text->len;
	int len = vsnprintf(text->out + text->len, room, fmt, ap);

	if (len < 0)
		return;
	if ((size_t)len < room) {
		text->len += len;
		return;
	}
	text->len = text->size - 1;
	for (unsigned int i = 1; i <= 3 && i <= text->len; i++)
		text->out[text->len - i] = '.';
}

static void __attribute__((format(printf, 2, 3))) add(struct text *text, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vadd(text, fmt, ap);
	va_end(ap);
}

/* Append a user's word, cut to a length that leaves room for the rest of the sentence. */
static void
add_quoted(struct text *text, const char *word)
{
	add(text, "'%.48s%s'", word, strlen(word) > 48 ? "..." : "");
}

/* Kinds */

static bool
is_name(const char *word)
{
	size_t len = 0;

	while (isalnum((unsigned char)word[len]) || word[len] == '_' || word[len] == '.' ||
	       word[len] == '-')
		len++;
	return word[len] == '\0' && len > 0 && len < GRAMMAR_NAME_SIZE;
}

static bool
is_number(const char *word, uint64_t max)
{
	uint64_t value;
	const char *end = decimal_read(word, max, &value);

	return end != NULL && *end == '\0';
}

static bool
is_word(const char *word)
{
	if (*word == '\0')
		return false;
	for (; *word != '\0'; word++) {
		if (*word == ' ' || ascii_is_control(*word))
			return false;
	}
	return true;
}

static const struct {
	const char *word;
	const char *what; /* completes the sentence `'x' is not ...` */
} kinds[] = {
	[GRAMMAR_NAME] = {"NAME", "a name (1 to 31 of A-Z, a-z, 0-9, '_', '.' and '-')"},
	[GRAMMAR_RES_UID] = {"RES_UID", "a port (TYPE:NUMBER, with a queue TYPE:NUMBERnqQUEUE)"},
	[GRAMMAR_MAC_ADDR] = {"MAC_ADDR", "a MAC address (such as 52:54:00:12:34:56)"},
	[GRAMMAR_CORE] = {"CORE", "an lcore id (0 to 127)"},
	[GRAMMAR_VID] = {"VID", "a VLAN id (0 to 4094)"},
	[GRAMMAR_PCP] = {"PCP", "a priority (0 to 7)"},
	[GRAMMAR_UNSIGNED_INT] = {"UNSIGNED_INT", "a decimal number (0 to 9223372036854775807)"},
	[GRAMMAR_WORD] = {"WORD", "a word without blanks"},
};

static bool
accepts(const struct alternative *alternative, const char *word)
{
	struct res_uid res_uid;
	uint8_t mac[6];

	switch (alternative->kind) {
	case GRAMMAR_LITERAL:
		return strcmp(word, alternative->word) == 0;
	case GRAMMAR_NAME:
		return is_name(word);
	case GRAMMAR_RES_UID:
		return res_uid_parse(word, &res_uid) == 0;
	case GRAMMAR_MAC_ADDR:
		return mac_parse(word, mac) == 0;
	case GRAMMAR_CORE:
		return is_number(word, CORE_MAX);
	case GRAMMAR_VID:
		return is_number(word, VID_MAX);
	case GRAMMAR_PCP:
		return is_number(word, PCP_MAX);
	case GRAMMAR_UNSIGNED_INT:
		return is_number(word, DECIMAL_MAX);
	case GRAMMAR_WORD:
		return is_word(word);
	}
	return false;
}

/* Parsing */

static int __attribute__((format(printf, 2, 3))) refuse(struct text *error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vadd(error, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static bool
is_literal(const char *word)
{
	size_t len = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_.-");

	return word[len] == '\0' && len > 0;
}

static int
parse_alternative(struct grammar *grammar, const char *word, struct text *error)
{
	struct alternative *alternative = &grammar->alternatives[grammar->nb_alternatives];

	alternative->word = word;
	alternative->kind = GRAMMAR_LITERAL;
	for (unsigned int kind = GRAMMAR_NAME; kind <= GRAMMAR_WORD; kind++) {
		if (strcmp(kinds[kind].word, word) == 0)
			alternative->kind = kind;
	}
	if (alternative->kind == GRAMMAR_LITERAL && !is_literal(word))
		return refuse(error, "'%.48s' is neither a kind nor a lower case word", word);
	grammar->nb_alternatives++;
	return 0;
}

static int
parse_name(const struct grammar *grammar, const char *name, struct text *error)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.- ");

	if (name[len] != '\0' || len == 0 || len >= GRAMMAR_NAME_SIZE || name[0] == ' ' ||
	    name[len - 1] == ' ')
		return refuse(error,
			      "'%.48s' is not the name of an argument (1 to 31 of a-z, 0-9, '_', "
			      "'.', '-' and blank)",
			      name);
	for (unsigned int i = 0; i < grammar->nb_args; i++) {
		if (strcmp(grammar->args[i].name, name) == 0)
			return refuse(error, "two arguments have the name '%s'", name);
	}
	return 0;
}

/* text is the inside of `<name:kind|kind>`. */
static int
parse_argument(struct grammar *grammar, char *text, struct text *error)
{
	struct argument *argument = &grammar->args[grammar->nb_args];
	char *words = strchr(text, ':');

	if (words == NULL)
		return refuse(error, "argument <%.48s> has no kinds, write <name:kinds>", text);
	*words++ = '\0';
	if (parse_name(grammar, text, error) < 0)
		return -EINVAL;
	if (grammar->nb_args == GRAMMAR_ARGS_MAX)
		return refuse(error, "more than %d arguments", GRAMMAR_ARGS_MAX);
	argument->name = text;
	argument->first = grammar->nb_alternatives;
	while (words != NULL) {
		const char *word = strsep(&words, "|");

		if (parse_alternative(grammar, word, error) < 0)
			return -EINVAL;
	}
	argument->nb = grammar->nb_alternatives - argument->first;
	grammar->nb_args++;
	return 0;
}

static int
parse_arguments(struct grammar *grammar, char *text, struct text *error)
{
	char *end;

	for (text += strspn(text, " "); *text != '\0'; text = end + strspn(end, " ")) {
		if (*text != '<')
			return refuse(error, "'%.48s' is not an argument, write <name:kinds>",
				      text);
		end = strchr(text, '>');
		if (end == NULL)
			return refuse(error, "'%.48s' has no closing '>'", text);
		*end++ = '\0';
		if (parse_argument(grammar, text + 1, error) < 0)
			return -EINVAL;
		if (*end != ' ' && *end != '\0')
			return refuse(error, "no blank before '%.48s'", end);
	}
	return 0;
}

static int
parse_line(struct grammar *grammar, struct text *error)
{
	char *text = grammar->text + strspn(grammar->text, " ");
	size_t len;

	grammar->verb = "";
	if (*text != '<' && *text != '\0') {
		len = strcspn(text, " ");
		grammar->verb = text;
		text += len;
		if (*text != '\0')
			*text++ = '\0';
		if (!is_name(grammar->verb))
			return refuse(error, "'%.48s' is not a verb", grammar->verb);
	}
	return parse_arguments(grammar, text, error);
}

static struct grammar *
grammar_create(const char *text)
{
	struct grammar *grammar;
	size_t nb_alternatives = 0;

	for (const char *c = text; *c != '\0'; c++)
		nb_alternatives += *c == ':' || *c == '|';
	grammar = calloc(1, sizeof(*grammar) + nb_alternatives * sizeof(struct alternative));
	if (grammar == NULL)
		return NULL;
	grammar->text = strdup(text);
	if (grammar->text != NULL)
		return grammar;
	free(grammar);
	return NULL;
}

int
grammar_parse(const char *text, struct grammar **grammar, char *error, size_t size)
{
	struct text sentence = text_begin(error, size);
	struct grammar *parsed = grammar_create(text);

	if (parsed == NULL) {
		add(&sentence, "no memory for a grammar");
		return -ENOMEM;
	}
	add(&sentence, "grammar '%.96s': ", text);
	if (parse_line(parsed, &sentence) < 0) {
		grammar_free(parsed);
		return -EINVAL;
	}
	text_begin(error, size);
	*grammar = parsed;
	return 0;
}

void
grammar_free(struct grammar *grammar)
{
	if (grammar == NULL)
		return;
	free(grammar->text);
	free(grammar);
}

/* Reading */

const char *
grammar_verb(const struct grammar *grammar)
{
	return grammar->verb;
}

unsigned int
grammar_nb_args(const struct grammar *grammar)
{
	return grammar->nb_args;
}

const char *
grammar_arg_name(const struct grammar *grammar, unsigned int i)
{
	return grammar->args[i].name;
}

static const struct alternative *
alternative_at(const struct grammar *grammar, unsigned int i, unsigned int k)
{
	const struct argument *argument = &grammar->args[i];

	if (i >= grammar->nb_args || k >= argument->nb)
		return NULL;
	return &grammar->alternatives[argument->first + k];
}

bool
grammar_arg_alternative(const struct grammar *grammar, unsigned int i, unsigned int k,
			enum grammar_kind *kind, const char **word)
{
	const struct alternative *alternative = alternative_at(grammar, i, k);

	if (alternative == NULL)
		return false;
	*kind = alternative->kind;
	*word = alternative->word;
	return true;
}

bool
grammar_arg_accepts(const struct grammar *grammar, unsigned int i, const char *word)
{
	const struct alternative *alternative;

	for (unsigned int k = 0; (alternative = alternative_at(grammar, i, k)) != NULL; k++) {
		if (accepts(alternative, word))
			return true;
	}
	return false;
}

/* Matching */

/* The number of leading words that the form accepts. */
static unsigned int
count_accepted(const struct grammar *form, const char *const *words, unsigned int nb_words)
{
	unsigned int nb = nb_words < form->nb_args ? nb_words : form->nb_args;

	for (unsigned int i = 0; i < nb; i++) {
		if (!grammar_arg_accepts(form, i, words[i]))
			return i;
	}
	return nb;
}

/* Append an argument as a sentence shows it: `<name>`, or its literals: `add|del`, `<mac
 * address>|default`. */
static void
add_usage(struct text *text, const struct grammar *form)
{
	const struct alternative *alternative;

	add(text, "'%s", form->verb);
	for (unsigned int i = 0; i < form->nb_args; i++) {
		const char *separator = " ";
		bool named = false;

		for (unsigned int k = 0; (alternative = alternative_at(form, i, k)) != NULL; k++) {
			if (alternative->kind == GRAMMAR_LITERAL)
				add(text, "%s%s", separator, alternative->word);
			else if (!named)
				add(text, "%s<%s>", separator, form->args[i].name);
			named |= alternative->kind != GRAMMAR_LITERAL;
			separator = "|";
		}
	}
	add(text, "'");
}

/* A sentence that quotes more forms is not read. */
#define QUOTED_MAX 4

/* The forms that accept most of the words say how the command should have been written. */
static int
refuse_count(struct grammar *const *forms, unsigned int nb_forms, const char *const *words,
	     unsigned int nb_words, unsigned int accepted, struct text *error)
{
	const char *separator = "write ";
	unsigned int nb_quoted = 0;

	add(error, "Wrong message format: %u word%s; ", nb_words + 1, nb_words > 0 ? "s" : "");
	for (unsigned int f = 0; f < nb_forms; f++) {
		if (count_accepted(forms[f], words, nb_words) != accepted)
			continue;
		if (nb_quoted++ == QUOTED_MAX) {
			add(error, " or another form that 'verbs' lists");
			break;
		}
		add(error, "%s", separator);
		add_usage(error, forms[f]);
		separator = " or ";
	}
	return -EINVAL;
}

/* The alternatives of one argument over several forms, each alternative once. */
struct choices {
	const char *what[GRAMMAR_ARGS_MAX * 2];
	unsigned int nb;
};

static void
collect_choices(struct choices *choices, const struct grammar *form, unsigned int i)
{
	const struct alternative *alternative;

	for (unsigned int k = 0; (alternative = alternative_at(form, i, k)) != NULL; k++) {
		const char *what = alternative->kind == GRAMMAR_LITERAL
					   ? alternative->word
					   : kinds[alternative->kind].what;
		unsigned int known = 0;

		while (known < choices->nb && strcmp(choices->what[known], what) != 0)
			known++;
		if (known == choices->nb && known < sizeof(choices->what) / sizeof(what))
			choices->what[choices->nb++] = what;
	}
}

/* The name of argument i of the first form with that many arguments and i words accepted. */
static const char *
blamed_name(struct grammar *const *forms, unsigned int nb_forms, const char *const *words,
	    unsigned int nb_words, unsigned int i)
{
	for (unsigned int f = 0; f < nb_forms; f++) {
		if (forms[f]->nb_args == nb_words && count_accepted(forms[f], words, nb_words) == i)
			return forms[f]->args[i].name;
	}
	return "";
}

/* Word i is the first that no form accepts.  The right word there may belong to a form with another
 * number of words: `start` or `stop`. */
static int
refuse_word(struct grammar *const *forms, unsigned int nb_forms, const char *const *words,
	    unsigned int nb_words, unsigned int i, struct text *error)
{
	const char *name = blamed_name(forms, nb_forms, words, nb_words, i);
	struct choices choices = {.nb = 0};

	for (unsigned int f = 0; f < nb_forms; f++) {
		if (i < forms[f]->nb_args && strcmp(name, forms[f]->args[i].name) == 0 &&
		    count_accepted(forms[f], words, nb_words) == i)
			collect_choices(&choices, forms[f], i);
	}
	add(error, "Invalid value (%s): ", name);
	add_quoted(error, words[i]);
	add(error, " is not %s", choices.what[0]);
	for (unsigned int c = 1; c < choices.nb; c++)
		add(error, "%s%s", c + 1 < choices.nb ? ", " : " or ", choices.what[c]);
	return -EINVAL;
}

int
grammar_match(struct grammar *const *forms, unsigned int nb_forms, const char *const *words,
	      unsigned int nb_words, unsigned int *form, char *error, size_t size)
{
	struct text sentence = text_begin(error, size);
	int best_fitting = -1; /* most words accepted by a form with that many arguments */
	int best_other = -1;   /* most words accepted by any other form */

	for (unsigned int f = 0; f < nb_forms; f++) {
		int accepted = count_accepted(forms[f], words, nb_words);
		bool fits = forms[f]->nb_args == nb_words;
		int *best = fits ? &best_fitting : &best_other;

		if (fits && accepted == (int)nb_words) {
			*form = f;
			return 0;
		}
		if (accepted > *best)
			*best = accepted;
	}
	/* `stop NAME and more` is about the number of words, although another form has as many. */
	if (best_fitting < 0 || best_other > best_fitting)
		return refuse_count(forms, nb_forms, words, nb_words, best_other, &sentence);
	return refuse_word(forms, nb_forms, words, nb_words, best_fitting, &sentence);
}

int
grammar_split(char *line, const char **words, unsigned int max)
{
	unsigned int nb = 0;

	for (const char *c = line; *c != '\0'; c++) {
		if (!ascii_is_printable(*c))
			return -EINVAL;
	}
	for (line += strspn(line, " "); *line != '\0'; line += strspn(line, " ")) {
		if (nb == max)
			return -E2BIG;
		words[nb++] = line;
		line += strcspn(line, " ");
		if (*line != '\0')
			*line++ = '\0';
	}
	return nb;
}

unsigned int
grammar_count_words(const char *line)
{
	unsigned int nb = 0;

	for (line += strspn(line, " "); *line != '\0'; line += strspn(line, " ")) {
		line += strcspn(line, " ");
		nb++;
	}
	return nb;
}
