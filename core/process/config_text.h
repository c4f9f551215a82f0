/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The text of a configuration file before libconfuse sees it.  That library counts a line too many
 * for each block comment, accepts one that never ends, skips characters it does not know, and
 * replaces ${...} by environment variables.  A text cleaned here has none of these.
 */
#ifndef CONFIG_TEXT_H
#define CONFIG_TEXT_H

struct config_text {
	char *text;            /* the same lines, comments blanked */
	unsigned int nb_heads; /* sections, in order of appearance */
	unsigned int *head_line;
};

/* Check and clean text.  -EINVAL with a sentence, or -ENOMEM; path is for the sentence. */
int config_text_init(struct config_text *clean, const char *text, const char *path);
void config_text_fini(struct config_text *clean);

/* Store `<path>:<line>: <sentence>`; returns -EINVAL. */
int config_fail(const char *path, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Make room in an array of nb entries for one more. 0 or -ENOMEM with fail(). */
int config_grow(void *array, unsigned int nb, size_t entry_size);

#endif
