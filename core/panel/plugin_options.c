/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of components and ports. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "grammar.h"
#include "plugin_options.h"

static int
find_arg(const struct grammar *grammar, const char *name)
{
	for (unsigned int i = 0; i < grammar_nb_args(grammar); i++)
		if (strcmp(grammar_arg_name(grammar, i), name) == 0)
			return i;
	return -1;
}

static void
set(struct spp_args *args, const char *name, const char *value)
{
	for (unsigned int i = 0; i < args->nb; i++)
		if (strcmp(args->arg[i].name, name) == 0) {
			args->arg[i].value = value;
			return;
		}
	args->arg[args->nb].name = name;
	args->arg[args->nb++].value = value;
}

/* Take one option; its text is cut in two in place. */
static int
add(struct plugin_options *options, const char *object, const struct grammar *grammar, char *text)
{
	char *value = strchr(text, '=');
	int i;

	if (value == NULL)
		return fail(-EINVAL, "%s: option '%s' has no value; write name=value", object,
			    text);
	*value++ = '\0';
	i = grammar == NULL ? -1 : find_arg(grammar, text);
	if (i < 0)
		return fail(-EINVAL, "%s: there is no option '%s'", object, text);
	if (!grammar_arg_accepts(grammar, i, value))
		return fail(-EINVAL, "%s: option '%s' does not take the value '%s'", object, text,
			    value);
	set(&options->args, text, value);
	return 0;
}

/* Copy all texts into one block. */
static char *
copy(const char *const *texts, unsigned int nb)
{
	size_t size = 1;
	char *storage, *end;

	for (unsigned int i = 0; i < nb; i++)
		size += strlen(texts[i]) + 1;
	storage = end = malloc(size);
	for (unsigned int i = 0; storage != NULL && i < nb; i++)
		end = stpcpy(end, texts[i]) + 1;
	return storage;
}

static int
parse(struct plugin_options *options, const char *object, const struct grammar *grammar,
      unsigned int nb)
{
	char *text = options->storage;

	for (unsigned int i = 0; i < nb; i++) {
		char *next = text + strlen(text) + 1;
		int rc = add(options, object, grammar, text);

		if (rc != 0)
			return rc;
		text = next;
	}
	return 0;
}

int
plugin_options_init(struct plugin_options *options, const char *object, const char *line,
		    const char *const *texts, unsigned int nb)
{
	struct grammar *grammar = NULL;
	char error[256];
	int rc;

	*options = (struct plugin_options){.storage = copy(texts, nb)};
	if (options->storage == NULL)
		return fail(-ENOMEM, "%s: no memory for its options", object);
	if (line != NULL) {
		rc = grammar_parse(line, &grammar, error, sizeof(error));
		if (rc != 0) {
			plugin_options_fini(options);
			return fail(rc, "%s: the plugin describes its options wrongly: %s", object,
				    error);
		}
	}
	rc = parse(options, object, grammar, nb);
	if (grammar != NULL)
		grammar_free(grammar);
	if (rc != 0)
		plugin_options_fini(options);
	return rc;
}

void
plugin_options_fini(struct plugin_options *options)
{
	free(options->storage);
	*options = (struct plugin_options){0};
}
