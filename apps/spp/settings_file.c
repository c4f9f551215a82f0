/* SPDX-License-Identifier: BSD-3-Clause */
/* Settings from a file: the part of YAML that `KEY:` with `val` and `desc` below it needs. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"
#include "settings_file.h"
#include "words.h"

struct reader {
	struct settings *settings;
	int key; /* key that `val` and `desc` belong to, -1 before the first */
	const char *path;
	unsigned int line;
	char *error;
	size_t size;
};

static int __attribute__((format(printf, 2, 3))) refuse(struct reader *reader, const char *fmt, ...)
{
	int len = snprintf(reader->error, reader->size, "%s line %u: ", reader->path, reader->line);
	va_list ap;

	if (len < 0 || (size_t)len >= reader->size)
		return -EINVAL;
	va_start(ap, fmt);
	vsnprintf(reader->error + len, reader->size - len, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/* The value in `NAME: VALUE`, without its quotes and without a comment; NULL when the quotes do not
 * match. */
static char *
scalar(char *text)
{
	char quote, *end;

	text = text_strip(text);
	quote = *text;
	if (quote != '"' && quote != '\'') {
		end = strstr(text, " #");
		if (end != NULL)
			*end = '\0';
		return text_strip(text);
	}
	end = strchr(text + 1, quote);
	if (end == NULL)
		return NULL;
	*end++ = '\0';
	end += strspn(end, WORDS_BLANKS);
	return *end == '\0' || *end == '#' ? text + 1 : NULL;
}

static int
take_member(struct reader *reader, const char *name, const char *value)
{
	char *copy;

	if (reader->key < 0)
		return refuse(reader, "'%s' stands below no key", name);
	if (strcmp(name, "val") == 0) {
		int err = settings_set(reader->settings, reader->key, value);

		if (err == 0)
			return 0;
		return refuse(reader, "invalid value \"%s\" for \"%s\"", value,
			      settings_key(reader->key));
	}
	if (strcmp(name, "desc") != 0)
		return refuse(reader, "'%s' is neither 'val' nor 'desc'", name);
	copy = strdup(value);
	if (copy == NULL)
		return refuse(reader, "no memory");
	free(reader->settings->description[reader->key]);
	reader->settings->description[reader->key] = copy;
	return 0;
}

static int
take_line(struct reader *reader, char *line)
{
	size_t indent = strspn(line, " ");
	char *name = text_strip(line), *value = strchr(name, ':');

	if (*name == '\0' || *name == '#' || strcmp(name, "---") == 0)
		return 0;
	if (value == NULL)
		return refuse(reader, "'%s' has no ':'", name);
	*value++ = '\0';
	value = scalar(value);
	if (value == NULL)
		return refuse(reader, "the quotes of '%s' do not match", name);
	if (indent > 0)
		return take_member(reader, name, value);
	reader->key = settings_find(name);
	if (reader->key < 0)
		return refuse(reader, "unknown key '%s'", name);
	return *value == '\0' ? 0 : refuse(reader, "write 'val: %s' below '%s:'", value, name);
}

static int
take_file(struct reader *reader, FILE *file)
{
	char *line = NULL;
	size_t size = 0;
	int err = 0;

	while (err == 0 && getline(&line, &size, file) >= 0) {
		reader->line++;
		err = take_line(reader, line);
	}
	if (err == 0 && ferror(file))
		err = refuse(reader, "%s", strerror(errno));
	free(line);
	return err;
}

int
settings_file_load(struct settings *settings, const char *path, char *error, size_t size)
{
	struct settings loaded;
	struct reader reader = {
		.settings = &loaded, .key = -1, .path = path, .error = error, .size = size};
	FILE *file = fopen(path, "re");
	int err = -errno;

	if (file == NULL) {
		snprintf(error, size, "%s: %s", path, strerror(errno));
		return err;
	}
	err = settings_init(&loaded);
	if (err == 0)
		err = take_file(&reader, file);
	fclose(file);
	if (err != 0) {
		settings_fini(&loaded);
		return err;
	}
	settings_fini(settings);
	*settings = loaded;
	return 0;
}
