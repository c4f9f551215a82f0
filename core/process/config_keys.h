/* SPDX-License-Identifier: BSD-3-Clause */
/* The keys of a configuration file, one line of a table each, and what becomes of their values. */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

#include <stddef.h>

#include "config.h"

enum config_kind {
	CONFIG_VALUE,
	CONFIG_REQUIRED, /* a value that must be given */
	CONFIG_TEXTS,    /* a list, field is a struct config_strings */
	CONFIG_PORTS,    /* a list, field is a struct config_attachments */
	CONFIG_SECTION,  /* field is a pointer to an array of entries */
};

/* Where something stands, for the sentence that refuses it. */
struct config_place {
	const char *file;
	const struct config *config; /* as far as it is read */
	unsigned int line;
	const char *section, *title; /* title is NULL outside of sections */
	const char *key;             /* NULL: the section itself */
};

struct config_key {
	const char *name;
	enum config_kind kind;
	size_t field; /* offset in struct config, or in the entry of the section */
	/* Take one value; lists have room for it.  For a section the title, field is its entry.
	 * -ENOMEM, or -EINVAL with a sentence. */
	int (*take)(const struct config_key *key, const struct config_place *at, const char *text,
		    void *field);
	unsigned int min, max;         /* of a number */
	const struct config_key *keys; /* of a section, up to one without name */
	size_t nb, entry_size;         /* of a section: offset of the number of entries */
};

#define CONFIG_KEYS_MAX 12 /* the end included */

extern const struct config_key config_keys[]; /* outside of sections */

/* The key of that name in keys; NULL when keys has no such key. */
const struct config_key *config_key_find(const struct config_key *keys, const char *word,
					 size_t len);

/* Store `<file>:<line>: <section> '<title>': <key>: <sentence>`; returns -EINVAL. */
int config_refuse(const struct config_place *at, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
