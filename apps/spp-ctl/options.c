/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of spp-ctl.  getopt() cannot take the next word as an optional value. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

enum option_value { VALUE_NONE, VALUE_OPTIONAL, VALUE_REQUIRED };

struct option_spec {
	char letter;      /* 0: long form only */
	const char *name; /* NULL: short form only */
	enum option_value value;
};

static const struct option_spec specs[] = {
	{'h', "help", VALUE_NONE},        {'b', "bind-addr", VALUE_OPTIONAL},
	{'p', NULL, VALUE_REQUIRED},      {'s', NULL, VALUE_REQUIRED},
	{'a', NULL, VALUE_REQUIRED},      {'V', "version", VALUE_NONE},
	{0, "state-dir", VALUE_REQUIRED}, {0, "no-restore", VALUE_NONE},
};

#define NB_SPECS (sizeof(specs) / sizeof(specs[0]))

const char *
options_usage(void)
{
	return "usage: spp-ctl [-h] [-b [ADDR]] [-p PORT] [-s PORT] [-a PORT]\n"
	       "               [--state-dir DIR] [--no-restore] [--version]\n"
	       "\n"
	       "Controller of the soft patch panel: processes connect to it, clients use its REST "
	       "API.\n"
	       "\n"
	       "  -h, --help              show this text\n"
	       "  -b, --bind-addr [ADDR]  address to listen on (default: localhost)\n"
	       "  -p PORT                 port for the primary process (default: 5555)\n"
	       "  -s PORT                 port for secondary processes (default: 6666)\n"
	       "  -a PORT                 port of the REST API (default: 7777)\n"
	       "  --state-dir DIR         keep configurations in DIR over a restart of the "
	       "machine\n"
	       "  --no-restore            do not configure anew a process that comes back empty\n"
	       "  --version               show the version\n";
}

static const struct option_spec *
spec_find(const char *word, const char **attached)
{
	for (size_t i = 0; i < NB_SPECS; i++) {
		const struct option_spec *spec = &specs[i];

		*attached = NULL;
		if (word[1] != '-') {
			if (spec->letter == 0 || word[1] != spec->letter)
				continue;
			if (word[2] != '\0')
				*attached = word + 2;
			return spec;
		}
		if (spec->name == NULL || strncmp(word + 2, spec->name, strlen(spec->name)) != 0)
			continue;
		word += 2 + strlen(spec->name);
		if (*word == '=')
			*attached = word + 1;
		else if (*word != '\0')
			return NULL;
		return spec;
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
option_apply(struct options *options, const struct option_spec *spec, const char *value)
{
	switch (spec->letter) {
	case 'h':
		options->help = true;
		return 0;
	case 'V':
		options->version = true;
		return 0;
	case 'b':
		if (value != NULL)
			options->bind_addr = value;
		return 0;
	case 'p':
		return port_parse(value, &options->primary_port);
	case 's':
		return port_parse(value, &options->secondary_port);
	case 'a':
		return port_parse(value, &options->rest_port);
	default:
		break;
	}
	if (spec->value == VALUE_NONE)
		options->no_restore = true;
	else
		options->state_dir = value;
	return 0;
}

int
options_parse(int argc, char *const *argv, struct options *options, char *error, size_t size)
{
	*options = (struct options){.bind_addr = "localhost",
				    .primary_port = 5555,
				    .secondary_port = 6666,
				    .rest_port = 7777};

	for (int i = 1; i < argc; i++) {
		const struct option_spec *spec = NULL;
		const char *word = argv[i], *value = NULL;

		if (word[0] == '-' && word[1] != '\0')
			spec = spec_find(word, &value);
		if (spec == NULL || (spec->value == VALUE_NONE && value != NULL)) {
			snprintf(error, size, "unknown option '%s'", word);
			return -EINVAL;
		}
		/* A word that begins with '-' is never taken for the value. */
		if (spec->value != VALUE_NONE && value == NULL && i + 1 < argc &&
		    argv[i + 1][0] != '-')
			value = argv[++i];
		if (spec->value == VALUE_REQUIRED && value == NULL) {
			snprintf(error, size, "option '%s' needs a value", word);
			return -EINVAL;
		}
		if (value != NULL && *value == '\0') {
			snprintf(error, size, "the value of option '%s' is empty", word);
			return -EINVAL;
		}
		if (option_apply(options, spec, value) != 0) {
			snprintf(error, size, "'%s' is not a port number (0..65535)", value);
			return -EINVAL;
		}
	}
	return 0;
}
