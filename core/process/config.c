/* SPDX-License-Identifier: BSD-3-Clause */
/* Boot configuration: from a file, over libconfuse's values, to struct config. */

#include <confuse.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_keys.h"
#include "config_text.h"
#include "error.h"
#include "rings.h"

#define FILE_SIZE_MAX ((size_t)1 << 30)

/* Memory */

struct config_block {
	struct config_block *next;
	max_align_t data[];
};

static void *
config_alloc(struct config *config, unsigned int nb, size_t size)
{
	struct config_block *block = calloc(1, sizeof(*block) + nb * size);

	if (block == NULL)
		return NULL;
	block->next = config->blocks;
	config->blocks = block;
	return block->data;
}

void
config_free(struct config *config)
{
	if (config == NULL)
		return;
	while (config->blocks != NULL) {
		struct config_block *block = config->blocks;

		config->blocks = block->next;
		free(block);
	}
	if (config->values != NULL)
		cfg_free(config->values);
	free(config->plugin_dir);
	free(config->file);
	free(config);
}

/* Values and names of sections begin with their line, see config_text.h. */

static const char *
without_line(const char *value, unsigned int *line)
{
	char *colon;

	*line = strtoul(value, &colon, 10);
	return colon + 1;
}

static int
make_room(struct config *config, const struct config_key *key, unsigned int nb, void *field)
{
	struct config_strings *texts = field;
	struct config_attachments *ports = field;
	void **entries = field;

	switch (key->kind) {
	case CONFIG_TEXTS:
		texts->str = config_alloc(config, nb, sizeof(*texts->str));
		texts->line = config_alloc(config, nb, sizeof(*texts->line));
		return texts->str != NULL && texts->line != NULL ? 0 : -ENOMEM;
	case CONFIG_PORTS:
		ports->list = config_alloc(config, nb, sizeof(*ports->list));
		return ports->list != NULL ? 0 : -ENOMEM;
	case CONFIG_SECTION:
		*entries = config_alloc(config, nb, key->entry_size);
		return *entries != NULL ? 0 : -ENOMEM;
	default:
		return 0;
	}
}

static int
read_values(const struct config_key *key, struct config_place at, cfg_opt_t *values, void *field)
{
	int rc = 0;

	at.key = key->name;
	for (unsigned int i = 0; rc == 0 && i < cfg_opt_size(values); i++) {
		const char *text = without_line(cfg_opt_getnstr(values, i), &at.line);

		rc = key->take(key, &at, text, field);
	}
	return rc;
}

static int read_sections(struct config *config, const struct config_key *key, cfg_opt_t *sections,
			 char *entry);

/* All keys of the file, or of a section; the entry is what their fields are part of. */
static int
read_keys(struct config *config, const struct config_key *keys, struct config_place at, cfg_t *cfg,
	  char *entry)
{
	int rc = 0;

	for (const struct config_key *key = keys; rc == 0 && key->name != NULL; key++) {
		cfg_opt_t *values = cfg_getopt(cfg, key->name);

		rc = make_room(config, key, cfg_opt_size(values), entry + key->field);
		if (rc == 0 && key->kind == CONFIG_SECTION)
			rc = read_sections(config, key, values, *(char **)(entry + key->field));
		else if (rc == 0)
			rc = read_values(key, at, values, entry + key->field);
	}
	for (const struct config_key *key = keys; rc == 0 && key->name != NULL; key++)
		if (key->kind == CONFIG_REQUIRED && cfg_size(cfg, key->name) == 0)
			rc = config_refuse(&at, "no %s is given", key->name);
	return rc;
}

static bool
is_among_first(cfg_opt_t *sections, unsigned int nb, const char *title)
{
	unsigned int line;

	for (unsigned int i = 0; i < nb; i++)
		if (strcmp(without_line(cfg_title(cfg_opt_getnsec(sections, i)), &line), title) ==
		    0)
			return true;
	return false;
}

static int
read_sections(struct config *config, const struct config_key *key, cfg_opt_t *sections, char *entry)
{
	unsigned int *nb = (unsigned int *)((char *)config + key->nb);
	struct config_place at = {.file = config->file, .config = config};
	int rc = 0;

	for (; rc == 0 && *nb < cfg_opt_size(sections); ++*nb, entry += key->entry_size) {
		cfg_t *section = cfg_opt_getnsec(sections, *nb);
		const char *title = without_line(cfg_title(section), &at.line);

		at.title = NULL;
		if (is_among_first(sections, *nb, title))
			return config_refuse(&at, "there is already a section named '%.64s'",
					     title);
		at.section = key->name;
		at.title = title;
		rc = key->take(key, &at, title, entry);
		if (rc == 0)
			rc = read_keys(config, key->keys, at, section, entry);
	}
	return rc;
}

/* The options of libconfuse that our keys are.  A section has options of its own in turn. */
static void
options_init(cfg_opt_t *options, const struct config_key *keys,
	     cfg_opt_t (*inside)[CONFIG_KEYS_MAX])
{
	for (const struct config_key *key = keys; key->name != NULL; key++) {
		if (key->kind == CONFIG_SECTION) {
			options_init(*inside, key->keys, NULL);
			*options++ =
				(cfg_opt_t)CFG_SEC(key->name, *inside++, CFGF_MULTI | CFGF_TITLE);
		} else if (key->kind >= CONFIG_TEXTS) {
			*options++ = (cfg_opt_t)CFG_STR_LIST(key->name, NULL, CFGF_NODEFAULT);
		} else {
			*options++ = (cfg_opt_t)CFG_STR(key->name, NULL, CFGF_NODEFAULT);
		}
	}
	*options = (cfg_opt_t)CFG_END();
}

static int
parse_clean(struct config *config, const char *text)
{
	cfg_opt_t options[CONFIG_KEYS_MAX], inside[CONFIG_KEYS_MAX][CONFIG_KEYS_MAX];
	const struct config_place at = {.file = config->file, .config = config};

	options_init(options, config_keys, inside);
	config->values = cfg_init(options, CFGF_NONE);
	if (config->values == NULL || cfg_parse_buf(config->values, text) != CFG_SUCCESS)
		return -ENOMEM;
	config->nb_rings = CONFIG_RINGS_DEFAULT;
	config->ring_size = RINGS_SIZE_DEFAULT;
	config->nb_mbufs = CONFIG_MBUFS_DEFAULT;
	return read_keys(config, config_keys, at, config->values, (char *)config);
}

static int
parse(struct config *config, const char *text, const char *path)
{
	char *clean;
	int rc;

	config->file = strdup(path);
	if (config->file == NULL)
		return -ENOMEM;
	rc = config_text_clean(text, path, &clean);
	if (rc != 0)
		return rc;
	rc = parse_clean(config, clean);
	free(clean);
	return rc;
}

int
config_parse(const char *text, const char *path, struct config **config)
{
	struct config *c = calloc(1, sizeof(*c));
	int rc = c != NULL ? parse(c, text, path) : -ENOMEM;

	if (rc == 0)
		*config = c;
	else
		config_free(c);
	return rc == -ENOMEM ? fail(rc, "%s: no memory", path) : rc;
}

int
config_default(struct config **config)
{
	return config_parse("", "built-in defaults", config);
}

/* Everything up to the end of the file, NUL-terminated. */
static int
read_all(FILE *file, char **text, size_t *len)
{
	for (size_t size = 65536; size <= FILE_SIZE_MAX; size *= 2) {
		char *more = realloc(*text, size);

		if (more == NULL)
			return -ENOMEM;
		*text = more;
		*len += fread(more + *len, 1, size - *len - 1, file);
		more[*len] = '\0';
		if (ferror(file))
			return -errno;
		if (feof(file))
			return 0;
	}
	return -EFBIG;
}

int
config_load(const char *path, struct config **config)
{
	FILE *file = fopen(path, "re");
	struct config_place at = {.file = path, .line = 1};
	char *text = NULL;
	size_t len = 0;
	int rc;

	if (file == NULL)
		return fail(-errno, "configuration %s: cannot open: %s", path, strerror(errno));
	rc = read_all(file, &text, &len);
	fclose(file);
	if (rc != 0)
		fail(rc, "configuration %s: cannot read: %s", path, strerror(-rc));
	else if (strlen(text) == len)
		rc = config_parse(text, path, config);
	else {
		for (const char *c = text; *c != '\0'; c++)
			at.line += *c == '\n';
		rc = config_refuse(&at, "unexpected byte 0x00");
	}
	free(text);
	return rc;
}
