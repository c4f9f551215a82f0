/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of spp.  getopt() cannot take the next word as an optional value. */

#include <errno.h>
#include <string.h>

#include "cli_options.h"
#include "command.h"

enum value { VALUE_NONE, VALUE_OPTIONAL, VALUE_REQUIRED };

enum option {
	OPTION_SERVER,
	OPTION_COMMAND,
	OPTION_STOP,
	OPTION_QUIET,
	OPTION_JSON,
	OPTION_WAIT,
	OPTION_CONFIG,
	OPTION_COMPLETE,
	OPTION_HELP,
	OPTION_VERSION,
};

static const struct spec {
	enum option option;
	char letter;      /* 0: long form only */
	const char *name; /* NULL: short form only */
	enum value value;
	const char *shown, *help;
} specs[] = {
	{OPTION_SERVER, 'b', "bind-addr", VALUE_OPTIONAL, "[IP[:PORT]]",
	 "controller to talk to (default: 127.0.0.1:7777); several may be given"},
	{OPTION_COMMAND, 'c', NULL, VALUE_REQUIRED, "CMD",
	 "run a command instead of asking for some; several may be given"},
	{OPTION_STOP, 'e', NULL, VALUE_NONE, NULL, "stop at the first command that fails"},
	{OPTION_QUIET, 'q', NULL, VALUE_NONE, NULL, "no welcome text and no prompt"},
	{OPTION_JSON, 0, "json", VALUE_NONE, NULL, "print replies as the JSON they are"},
	{OPTION_WAIT, 0, "wait-pri", VALUE_NONE, NULL,
	 "wait for the primary process, at most 20 s"},
	{OPTION_CONFIG, 0, "config", VALUE_REQUIRED, "FILE", "read settings from a file"},
	{OPTION_COMPLETE, 0, "complete", VALUE_REQUIRED, "LINE",
	 "print what may follow an unfinished command"},
	{OPTION_HELP, 'h', "help", VALUE_NONE, NULL, "show this text"},
	{OPTION_VERSION, 'V', "version", VALUE_NONE, NULL, "show the version"},
};

#define NB_SPECS (sizeof(specs) / sizeof(specs[0]))

void
cli_options_help(FILE *out)
{
	fprintf(out,
		"usage: spp [OPTION]... [FILE]\n\n"
		"Command line of the soft patch panel.  Commands come from the terminal, from\n"
		"FILE, from standard input or from -c; with the latter three the exit status is\n"
		"1 if one of them failed.\n\n");
	for (unsigned int i = 0; i < NB_SPECS; i++) {
		const struct spec *spec = &specs[i];
		char form[64] = "";

		snprintf(form, sizeof(form), "%s%c%s%s%s %s", spec->letter ? "-" : "  ",
			 spec->letter ? spec->letter : ' ',
			 spec->letter && spec->name ? ", " : (spec->letter ? "" : " "),
			 spec->name ? "--" : "", spec->name ? spec->name : "",
			 spec->shown ? spec->shown : "");
		fprintf(out, "  %-29s %s\n", form, spec->help);
	}
	fprintf(out, "\ncommands:\n");
	for (const struct command *command = commands; command->name != NULL; command++)
		fprintf(out, "  %-10s %s\n", command->name, command->summary);
}

/* *attached: the value in the same word, NULL if there is none. */
static const struct spec *
find(const char *word, const char **attached)
{
	size_t len = strcspn(word, "=");

	*attached = NULL;
	for (unsigned int i = 0; i < NB_SPECS; i++) {
		const struct spec *spec = &specs[i];

		if (word[1] != '-' && spec->letter != 0 && word[1] == spec->letter) {
			if (word[2] != '\0')
				*attached = word + 2;
			return spec;
		}
		if (word[1] == '-' && spec->name != NULL && strlen(spec->name) == len - 2 &&
		    strncmp(word + 2, spec->name, len - 2) == 0) {
			if (word[len] == '=')
				*attached = word + len + 1;
			return spec;
		}
	}
	return NULL;
}

static bool
list_add(const char **list, unsigned int *nb, const char *value)
{
	if (*nb == CLI_OPTIONS_LIST_MAX)
		return false;
	list[(*nb)++] = value;
	return true;
}

static bool
apply(struct cli_options *options, enum option option, const char *value)
{
	switch (option) {
	case OPTION_SERVER:
		return list_add(options->servers, &options->nb_servers,
				value == NULL ? "127.0.0.1:7777" : value);
	case OPTION_COMMAND:
		return list_add(options->commands, &options->nb_commands, value);
	case OPTION_STOP:
		return options->stop_on_error = true;
	case OPTION_QUIET:
		return options->quiet = true;
	case OPTION_JSON:
		return options->json = true;
	case OPTION_WAIT:
		return options->wait_primary = true;
	case OPTION_CONFIG:
		options->config = value;
		return true;
	case OPTION_COMPLETE:
		options->complete = value;
		return true;
	case OPTION_HELP:
		return options->help = true;
	case OPTION_VERSION:
		return options->version = true;
	}
	return false;
}

/* Take the option at argv[i]; how many words it is, or -EINVAL. */
static int
take_option(char *const *argv, struct cli_options *options, char *error, size_t size)
{
	const char *word = argv[0], *value;
	const struct spec *spec = find(word, &value);
	int used = 1;

	if (spec == NULL || (spec->value == VALUE_NONE && value != NULL)) {
		snprintf(error, size, "unknown option '%s'", word);
		return -EINVAL;
	}
	/* A word that begins with '-' is never taken for an optional value. */
	if (spec->value != VALUE_NONE && value == NULL && argv[1] != NULL &&
	    (argv[1][0] != '-' || spec->value == VALUE_REQUIRED)) {
		value = argv[1];
		used = 2;
	}
	if (spec->value == VALUE_REQUIRED && value == NULL) {
		snprintf(error, size, "option '%s' needs a value", word);
		return -EINVAL;
	}
	if (!apply(options, spec->option, value)) {
		snprintf(error, size, "option '%s' is given more than %d times", word,
			 CLI_OPTIONS_LIST_MAX);
		return -EINVAL;
	}
	return used;
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
	return 1;
}

int
cli_options_parse(int argc, char *const *argv, struct cli_options *options, char *error,
		  size_t size)
{
	bool only_files = false;
	int i = 1, used;

	*options = (struct cli_options){.nb_servers = 0};
	while (i < argc) {
		const char *word = argv[i];

		used = 1;
		if (!only_files && strcmp(word, "--") == 0)
			only_files = true;
		else if (!only_files && word[0] == '-' && word[1] != '\0')
			used = take_option(argv + i, options, error, size);
		else
			used = take_file(options, word, error, size);
		if (used < 0)
			return used;
		i += used;
	}
	if (options->file != NULL && options->nb_commands > 0) {
		snprintf(error, size, "give commands (-c) or a file ('%s'), not both",
			 options->file);
		return -EINVAL;
	}
	return 0;
}
