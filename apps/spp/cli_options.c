/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of spp. */

#include <errno.h>

#include "cli_options.h"
#include "command_table.h"
#include "optscan.h"

#define COLUMN 32
#define LETTER_WIDTH 4 /* of `-b, ` in front of a name */

enum {
	OPT_JSON = USAGE_OWN,
	OPT_WAIT,
	OPT_CONFIG,
	OPT_COMPLETE,
	OPT_TOKEN_FILE,
	OPT_CA,
	OPT_CERT,
	OPT_KEY
};

static const struct usage_option usage_options[] = {
	{'b', "bind-addr", "[IP[:PORT]]",
	 "controller to talk to (default: 127.0.0.1:7777); several may be given;\n"
	 "also https://IP[:PORT], and unix:PATH"},
	{OPT_TOKEN_FILE, "token-file", "FILE", "show the controller the token in FILE"},
	{OPT_CA, "ca", "FILE", "trust controllers with a certificate of this authority"},
	{OPT_CERT, "cert", "FILE", "show the controller this certificate"},
	{OPT_KEY, "key", "FILE", "the key of that certificate"},
	{'c', NULL, "CMD", "run a command instead of asking for some; several may be given"},
	{'e', NULL, NULL, "stop at the first command that fails"},
	{'q', NULL, NULL, "no welcome text and no prompt"},
	{OPT_JSON, "json", NULL, "print replies as the JSON they are"},
	{OPT_WAIT, "wait-pri", NULL, "wait for the primary process, at most 20 s"},
	{OPT_CONFIG, "config", "FILE", "read settings from a file"},
	{OPT_COMPLETE, "complete", "LINE", "print what may follow an unfinished command"},
	{'h', "help", NULL, "show this text"},
	{'V', "version", NULL, "show the version"},
};

/* Names stand in one column, with or without a letter in front. */
static unsigned int
indent(const struct usage_option *option)
{
	return usage_has_letter(option) ? 0 : LETTER_WIDTH;
}

static const struct usage usage = {
	.program = "spp",
	.head = "usage: spp [OPTION]... [FILE]\n\n"
		"Command line of the soft patch panel.  Commands come from the terminal, from\n"
		"FILE, from standard input or from -c; with the latter three the exit status is\n"
		"1 if one of them failed.\n\n",
	.column = COLUMN,
	.indent = indent,
	.nb_options = sizeof(usage_options) / sizeof(usage_options[0]),
	.options = usage_options,
};

void
cli_options_help(FILE *out)
{
	usage_print(&usage, out);
	fprintf(out, "\ncommands:\n");
	for (const struct command *command = command_table; command->name != NULL; command++)
		fprintf(out, "  %-10s %s\n", command->name, command->summary);
}

static bool
list_add(const char **list, unsigned int *nb, const char *value)
{
	if (*nb == CLI_OPTIONS_LIST_MAX)
		return false;
	list[(*nb)++] = value;
	return true;
}

/* False: there are too many of its kind. */
static bool
option_apply(struct cli_options *options, int id, const char *value)
{
	switch (id) {
	case 'b':
		return list_add(options->servers, &options->nb_servers,
				value == NULL ? "127.0.0.1:7777" : value);
	case 'c':
		return list_add(options->commands, &options->nb_commands, value);
	case 'e':
		return options->stop_on_error = true;
	case 'q':
		return options->quiet = true;
	case OPT_JSON:
		return options->json = true;
	case OPT_WAIT:
		return options->wait_primary = true;
	case OPT_CONFIG:
		options->config = value;
		return true;
	case OPT_COMPLETE:
		options->complete = value;
		return true;
	case OPT_TOKEN_FILE:
		options->token_file = value;
		return true;
	case OPT_CA:
		options->ca = value;
		return true;
	case OPT_CERT:
		options->cert = value;
		return true;
	case OPT_KEY:
		options->key = value;
		return true;
	case 'h':
		return options->help = true;
	case 'V':
		return options->version = true;
	}
	return false;
}

static int
take_file(struct cli_options *options, const char *word, char *error, size_t size)
{
	if (options->file != NULL) {
		snprintf(error, size, "one file at a time, there are '%s' and '%s'", options->file,
			 word);
		return -EINVAL;
	}
	options->file = word;
	return 0;
}

static int
take_files(struct cli_options *options, struct optscan *scan, char *error, size_t size)
{
	const char *word;
	int rc = 0;

	while (rc == 0 && (word = optscan_word(scan)) != NULL)
		rc = take_file(options, word, error, size);
	return rc;
}

static int
take_option(struct cli_options *options, struct optscan *scan, int id, char *error, size_t size)
{
	switch (id) {
	case OPTSCAN_WORD:
		return take_file(options, scan->value, error, size);
	case OPTSCAN_REST:
		return take_files(options, scan, error, size);
	case OPTSCAN_UNKNOWN:
		snprintf(error, size, "unknown option '%s'", scan->word);
		return -EINVAL;
	case OPTSCAN_NO_VALUE:
		snprintf(error, size, "option '%s' needs a value", scan->word);
		return -EINVAL;
	}
	if (option_apply(options, id, scan->value))
		return 0;
	snprintf(error, size, "option '%s' is given more than %d times", scan->word,
		 CLI_OPTIONS_LIST_MAX);
	return -EINVAL;
}

int
cli_options_parse(int argc, char *const *argv, struct cli_options *options, char *error,
		  size_t size)
{
	struct optscan scan;
	int id;

	*options = (struct cli_options){.nb_servers = 0};
	optscan_begin(&scan, &usage, OPTSCAN_WHOLE, argc, argv);
	while ((id = optscan_next(&scan)) != OPTSCAN_END)
		if (take_option(options, &scan, id, error, size) != 0)
			return -EINVAL;
	if (options->file != NULL && options->nb_commands > 0) {
		snprintf(error, size, "give commands (-c) or a file ('%s'), not both",
			 options->file);
		return -EINVAL;
	}
	if ((options->cert == NULL) == (options->key == NULL))
		return 0;
	snprintf(error, size, "--cert and --key go together: give both");
	return -EINVAL;
}
