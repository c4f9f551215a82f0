/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of a command line, one after the other. */

#include <assert.h>
#include <string.h>

#include "optscan.h"

/* For getopt_long(): no_argument, required_argument or optional_argument. */
static int
value_kind(const struct usage_option *option)
{
	if (option->value == NULL || strchr(option->value, ' ') != NULL)
		return no_argument;
	return usage_value_is_optional(option) ? optional_argument : required_argument;
}

static void
fill_tables(struct optscan *scan)
{
	struct option *long_option = scan->long_options;
	/* The `-` makes getopt_long() return words that are no options in their place. */
	char *letter = stpcpy(scan->letters, (scan->how & OPTSCAN_GETOPT_SAYS) ? "-" : "-:");

	assert(scan->usage->nb_options <= OPTSCAN_OPTIONS_MAX);
	for (unsigned int i = 0; i < scan->usage->nb_options; i++) {
		const struct usage_option *option = &scan->usage->options[i];
		int kind = value_kind(option);

		if (option->name != NULL)
			*long_option++ = (struct option){option->name, kind, NULL, option->id};
		if (!usage_has_letter(option))
			continue;
		*letter++ = option->id;
		/* One colon if there must be a value, two if it may be left out. */
		for (int colons = 0; colons < kind; colons++)
			*letter++ = ':';
	}
}

/* getopt_long() begins anew, and reads the first character of letters, when optind is 0. */
static void
forget_earlier_scan(const struct optscan *scan)
{
	char name[] = "";
	char *const no_words[] = {name, NULL};

	optind = 0;
	getopt_long(1, no_words, scan->letters, scan->long_options, NULL);
}

void
optscan_begin(struct optscan *scan, const struct usage *usage, unsigned int how, int argc,
	      char *const *argv)
{
	*scan = (struct optscan){.usage = usage, .how = how, .argc = argc, .argv = argv, .next = 1};
	fill_tables(scan);
	forget_earlier_scan(scan);
	opterr = (how & OPTSCAN_GETOPT_SAYS) != 0;
}

/* False for an abbreviated name and for several letters in one word; a word that is no option
 * passes. */
static bool
is_whole(const struct optscan *scan, const char *word)
{
	bool is_name = word[0] == '-' && word[1] == '-';
	size_t len = strcspn(word, "=");

	if (word[0] != '-' || word[1] == '\0' || strcmp(word, "--") == 0)
		return true;
	for (unsigned int i = 0; i < scan->usage->nb_options; i++) {
		const struct usage_option *option = &scan->usage->options[i];

		if (!is_name && option->id == word[1])
			return value_kind(option) != no_argument || word[2] == '\0';
		if (is_name && option->name != NULL && strlen(option->name) == len - 2 &&
		    strncmp(option->name, word + 2, len - 2) == 0)
			return true;
	}
	return false;
}

static const struct usage_option *
option_find(const struct optscan *scan, int id)
{
	for (unsigned int i = 0; i < scan->usage->nb_options; i++)
		if (scan->usage->options[i].id == id)
			return &scan->usage->options[i];
	return NULL;
}

/* Complete scan->value: getopt_long() takes the next word only if the option must have a value. */
static int
take_value(struct optscan *scan, int id)
{
	const struct usage_option *option = option_find(scan, id);
	const char *next = scan->argv[scan->next];

	if (option == NULL)
		return id;
	if (scan->value == NULL && usage_value_is_optional(option) && next != NULL &&
	    next[0] != '-')
		scan->value = optscan_word(scan);
	if ((scan->how & OPTSCAN_NO_DASH) != 0 && scan->value != NULL && scan->value[0] == '-' &&
	    scan->value == scan->argv[scan->next - 1])
		return OPTSCAN_NO_VALUE;
	return id;
}

int
optscan_next(struct optscan *scan)
{
	int id;

	scan->value = NULL;
	if (scan->next >= scan->argc)
		return OPTSCAN_END;
	scan->word = scan->argv[scan->next];
	if ((scan->how & OPTSCAN_WHOLE) != 0 && !is_whole(scan, scan->word)) {
		scan->next++;
		return OPTSCAN_UNKNOWN;
	}
	optind = scan->next; /* the caller may have taken words */
	id = getopt_long(scan->argc, scan->argv, scan->letters, scan->long_options, NULL);
	scan->next = optind;
	scan->value = optarg;
	switch (id) {
	case -1:
		return OPTSCAN_REST;
	case ':':
		return OPTSCAN_NO_VALUE;
	default:
		return take_value(scan, id);
	}
}

const char *
optscan_word(struct optscan *scan)
{
	return scan->next < scan->argc ? scan->argv[scan->next++] : NULL;
}
