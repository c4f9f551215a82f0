/* SPDX-License-Identifier: BSD-3-Clause */
/* What the user can set: keys, values, descriptions. */
#ifndef SETTINGS_H
#define SETTINGS_H

#define SETTINGS_NB 12

struct settings {
	char *value[SETTINGS_NB];
	char *description[SETTINGS_NB];
};

/* Set the defaults.  0 or -ENOMEM; settings_fini() frees them, after an error, too. */
int settings_init(struct settings *settings);
void settings_fini(struct settings *settings);

/* Name of key i, NULL behind the last. */
const char *settings_key(unsigned int i);

/* Index of a key; -1 when there is no such key. */
int settings_find(const char *key);

/* The value of a key that exists. */
const char *settings_get(const struct settings *settings, const char *key);

/* Set key i to a copy of value.  0, -EINVAL when the key does not take the value, -ENOMEM. */
int settings_set(struct settings *settings, unsigned int i, const char *value);

#endif
