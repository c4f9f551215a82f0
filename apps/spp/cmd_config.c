/* SPDX-License-Identifier: BSD-3-Clause */
/* `config [KEY [VALUE...]]` */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "cli.h"
#include "cmd_config.h"
#include "words.h"

static void
show(struct cli *cli, unsigned int i)
{
	fprintf(cli->out, "- %s: \"%s\"\t# %s\n", settings_key(i), cli->settings.value[i],
		cli->settings.description[i]);
}

/* The setting of that name, or all settings whose names begin so. */
static int
show_prefix(struct cli *cli, const char *prefix)
{
	int exact = settings_find(prefix);

	if (exact >= 0)
		show(cli, exact);
	for (unsigned int i = 0; exact < 0 && settings_key(i) != NULL; i++) {
		if (strncmp(settings_key(i), prefix, strlen(prefix)) == 0)
			show(cli, i);
	}
	return 0;
}

static int
change(struct cli *cli, const char *key, const char *value)
{
	int i = settings_find(key);

	if (i < 0)
		return cli_error(cli, "Error: no such setting \"%s\".", key);
	if (settings_set(&cli->settings, i, value) < 0)
		return cli_error(cli, "Invalid value \"%s\" for \"%s\"", value, key);
	cli_say(cli, "Set %s: \"%s\"", key, value);
	return 0;
}

static void
drop_quotes(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		if (*text != '"' && *text != '\'')
			*to++ = *text;
	}
	*to = '\0';
}

/* Quotes keep blanks at the end of the value; they are no part of it, so a value has no quotes. */
int
cmd_config_run(struct cli *cli, const char *args)
{
	char *key = strdup(args), *value;
	int ret;

	if (key == NULL)
		return cli_error(cli, "Error: no memory for the line.");
	drop_quotes(key);
	value = strpbrk(key, WORDS_BLANKS);
	if (value != NULL)
		*value++ = '\0';
	ret = value == NULL ? show_prefix(cli, key) : change(cli, key, value);
	free(key);
	return ret;
}

void
cmd_config_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	(void)cli;
	if (at->words.nb > 0)
		return;
	for (unsigned int i = 0; settings_key(i) != NULL; i++)
		candidates_add(found, settings_key(i));
}
