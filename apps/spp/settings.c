/* SPDX-License-Identifier: BSD-3-Clause */
/* What the user can set: keys, values, descriptions. */

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"
#include "words.h"

static bool
is_any(const char *value)
{
	(void)value;
	return true;
}

/* The number that a text is; NAN when the text is anything else. */
static double
number_of(const char *text)
{
	char *end;
	double number;

	if (text[strspn(text, "0123456789.")] != '\0' || *text == '\0')
		return NAN;
	number = strtod(text, &end);
	return *end == '\0' ? number : NAN;
}

static bool
is_number(const char *value)
{
	return !isnan(number_of(value));
}

/* Options for memory: `-m N` or `--socket-mem N,N`. */
static bool
is_memory(const char *value)
{
	if (strncmp(value, "-m ", 3) == 0)
		return text_is_digits(value + 3);
	if (strncmp(value, "--socket-mem ", 13) != 0)
		return false;
	value += 13;
	return *value != '\0' && value[strspn(value, "0123456789,")] == '\0';
}

static bool
is_captured_port(const char *value)
{
	if (strncmp(value, "phy:", 4) == 0)
		return text_is_digits(value + 4);
	return strncmp(value, "ring:", 5) == 0 && text_is_digits(value + 5);
}

/* `1%` to `100%`, or a ratio above 0 up to 1. */
static bool
is_size(const char *value)
{
	size_t len = strlen(value);
	char text[16];
	double size;

	if (len == 0 || len >= sizeof(text))
		return false;
	memcpy(text, value, len + 1);
	if (text[len - 1] != '%') {
		size = number_of(text);
		return size > 0 && size <= 1;
	}
	text[len - 1] = '\0';
	return text_is_digits(text) && atoi(text) >= 1 && atoi(text) <= 100;
}

static const struct {
	const char *key, *value, *description;
	bool (*accepts)(const char *value);
} keys[] = {
	{"max_secondary", "16", "The maximum number of secondary processes", text_is_digits},
	{"prompt", "spp > ", "Command prompt", is_any},
	{"sec_mem", "-m 512", "Mem size", is_memory},
	{"sec_m_lcore", "2", "Shared master lcore among secondaries", text_is_digits},
	{"sec_wait_launch", "0.5", "Wait for launching secondary process in sec", is_number},
	{"sec_vhost_cli", "", "Vhost client mode, activated if set any of values", is_any},
	{"sec_nfv_nof_lcores", "1", "Default num of lcores for workers of spp_nfv", text_is_digits},
	{"sec_vf_nof_lcores", "3", "Default num of lcores for workers of spp_vf", text_is_digits},
	{"sec_mirror_nof_lcores", "2", "Default num of lcores for workers of spp_mirror",
	 text_is_digits},
	{"sec_pcap_nof_lcores", "2", "Default num of lcores for workers of spp_pcap",
	 text_is_digits},
	{"sec_pcap_port", "phy:0", "Default captured port", is_captured_port},
	{"topo_size", "60%", "Percentage or ratio of topo", is_size},
};

_Static_assert(sizeof(keys) / sizeof(keys[0]) == SETTINGS_NB, "SETTINGS_NB counts the keys");

int
settings_init(struct settings *settings)
{
	*settings = (struct settings){.value = {NULL}};
	for (unsigned int i = 0; i < SETTINGS_NB; i++) {
		settings->value[i] = strdup(keys[i].value);
		settings->description[i] = strdup(keys[i].description);
		if (settings->value[i] == NULL || settings->description[i] == NULL)
			return -ENOMEM;
	}
	return 0;
}

void
settings_fini(struct settings *settings)
{
	for (unsigned int i = 0; i < SETTINGS_NB; i++) {
		free(settings->value[i]);
		free(settings->description[i]);
	}
	*settings = (struct settings){.value = {NULL}};
}

const char *
settings_key(unsigned int i)
{
	return i < SETTINGS_NB ? keys[i].key : NULL;
}

int
settings_find(const char *key)
{
	for (unsigned int i = 0; i < SETTINGS_NB; i++) {
		if (strcmp(keys[i].key, key) == 0)
			return (int)i;
	}
	return -1;
}

const char *
settings_get(const struct settings *settings, const char *key)
{
	return settings->value[settings_find(key)];
}

int
settings_set(struct settings *settings, unsigned int i, const char *value)
{
	char *copy;

	if (!keys[i].accepts(value))
		return -EINVAL;
	copy = strdup(value);
	if (copy == NULL)
		return -ENOMEM;
	free(settings->value[i]);
	settings->value[i] = copy;
	return 0;
}
