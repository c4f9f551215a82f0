/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The text of a configuration file before libconfuse sees it.  That library counts a line too many
 * for each block comment, takes a comment in a list for a value, accepts comments and sections that
 * never end, skips bytes it does not know, replaces ${...} by environment variables, forgets where
 * a value stood, and says what is wrong in its own words.
 */
#ifndef CONFIG_TEXT_H
#define CONFIG_TEXT_H

/* Check a text and write *clean, to be freed: its tokens, with the line and a colon in front of
 * each value and each name of a section.  libconfuse accepts a clean text.
 * -EINVAL with a sentence that begins with path and line, or -ENOMEM. */
int config_text_clean(const char *text, const char *path, char **clean);

#endif
