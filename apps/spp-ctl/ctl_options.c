/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of spp-ctl.  getopt() cannot take the next word as an optional value. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_options.h"
#include "usage.h"

#define COLUMN 26
#define SYNOPSIS_WIDTH 80

enum { OPT_STATE_DIR = USAGE_OWN, OPT_NO_RESTORE };

static const struct usage_option usage_options[] = {
	{'h', "help", NULL, "show this text"},
	{'b', "bind-addr", "[ADDR]", "address to listen on (default: localhost)"},
	{'p', NULL, "PORT", "port for the primary process (default: 5555)"},
	{'s', NULL, "PORT", "port for secondary processes (default: 6666)"},
	{'a', NULL, "PORT", "port of the REST API (default: 7777)"},
	{OPT_STATE_DIR, "state-dir", "DIR",
	 "keep configurations in DIR over a restart of the machine"},
	{OPT_NO_RESTORE, "no-restore", NULL,
	 "do not configure anew a process that comes back empty"},
	{'V', "version", NULL, "show the version"},
	{USAGE_BASH_COMPLETION, "bash-completion", NULL, "print a completion script for bash"},
};

static const struct usage usage = {
	.program = "spp-ctl",
	.head = "\n"
		"Controller of the soft patch panel: processes connect to it, clients use its REST "
		"API.\n"
		"\n",
	.column = COLUMN,
	.nb_options = sizeof(usage_options) / sizeof(usage_options[0]),
	.options = usage_options,
};

static void
print_synopsis(FILE *out)
{
	unsigned int indent = fprintf(out, "usage: %s", usage.program), width = indent;

	for (unsigned int i = 0; i < usage.nb_options; i++) {
		const struct usage_option *option = &usage.options[i];
		char form[32], word[64];

		usage_format(option, form, sizeof(form));
		snprintf(word, sizeof(word), "[%s%s%s]", form, option->value == NULL ? "" : " ",
			 option->value == NULL ? "" : option->value);
		if (width + 1 + strlen(word) > SYNOPSIS_WIDTH)
			width = fprintf(out, "\n%*s", (int)indent, "") - 1;
		width += fprintf(out, " %s", word);
	}
	fputc('\n', out);
}

void
ctl_options_print_usage(FILE *out)
{
	print_synopsis(out);
	usage_print(&usage, out);
}

void
ctl_options_print_completion(FILE *out)
{
	usage_print_completion(&usage, out);
}

/* *attached: the value in the same word, NULL if there is none. */
static const struct usage_option *
option_find(const char *word, const char **attached)
{
	for (unsigned int i = 0; i < usage.nb_options; i++) {
		const struct usage_option *option = &usage.options[i];

		*attached = NULL;
		if (word[1] != '-') {
			if (word[1] != option->id)
				continue;
			if (word[2] != '\0')
				*attached = word + 2;
			return option;
		}
		if (option->name == NULL ||
		    strncmp(word + 2, option->name, strlen(option->name)) != 0)
			continue;
		word += 2 + strlen(option->name);
		if (*word == '=')
			*attached = word + 1;
		else if (*word != '\0')
			return NULL;
		return option;
	}
	return NULL;
}

static int
port_parse(const char *text, uint16_t *port)
{
	unsigned long value;
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || value > UINT16_MAX)
		return -EINVAL;
	*port = (uint16_t)value;
	return 0;
}

static int
option_apply(struct ctl_options *options, int id, const char *value)
{
	switch (id) {
	case 'h':
		options->help = true;
		break;
	case 'V':
		options->version = true;
		break;
	case USAGE_BASH_COMPLETION:
		options->bash_completion = true;
		break;
	case 'b':
		if (value != NULL)
			options->bind_addr = value;
		break;
	case 'p':
		return port_parse(value, &options->primary_port);
	case 's':
		return port_parse(value, &options->secondary_port);
	case 'a':
		return port_parse(value, &options->rest_port);
	case OPT_STATE_DIR:
		options->state_dir = value;
		break;
	case OPT_NO_RESTORE:
		options->no_restore = true;
		break;
	}
	return 0;
}

int
ctl_options_parse(int argc, char *const *argv, struct ctl_options *options, char *error,
		  size_t size)
{
	*options = (struct ctl_options){.bind_addr = "localhost",
					.primary_port = 5555,
					.secondary_port = 6666,
					.rest_port = 7777};

	for (int i = 1; i < argc; i++) {
		const struct usage_option *option = NULL;
		const char *word = argv[i], *value = NULL;

		if (word[0] == '-' && word[1] != '\0')
			option = option_find(word, &value);
		if (option == NULL || (option->value == NULL && value != NULL)) {
			snprintf(error, size, "unknown option '%s'", word);
			return -EINVAL;
		}
		/* A word that begins with '-' is never taken for the value. */
		if (option->value != NULL && value == NULL && i + 1 < argc && argv[i + 1][0] != '-')
			value = argv[++i];
		if (option->value != NULL && !usage_value_is_optional(option) && value == NULL) {
			snprintf(error, size, "option '%s' needs a value", word);
			return -EINVAL;
		}
		if (value != NULL && *value == '\0') {
			snprintf(error, size, "the value of option '%s' is empty", word);
			return -EINVAL;
		}
		if (option_apply(options, option->id, value) != 0) {
			snprintf(error, size, "'%s' is not a port number (0..65535)", value);
			return -EINVAL;
		}
	}
	return 0;
}
