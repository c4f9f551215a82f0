/* SPDX-License-Identifier: BSD-3-Clause */
/* The sections and keys of a configuration file, and what becomes of their values. */

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <rte_config.h>

#include <spp/component.h>

#include "config_keys.h"
#include "decimal.h"
#include "error.h"
#include "grammar.h"
#include "panel.h"
#include "rings.h"

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define COMPONENT_CHARS LOWER UPPER DIGITS "_.-"
#define PLUGIN_CHARS LOWER DIGITS "_-"

int
config_refuse(const struct config_place *at, const char *fmt, ...)
{
	char text[1024];
	size_t len = snprintf(text, sizeof(text), "%.500s:%u: ", at->file, at->line);
	va_list ap;

	if (at->title != NULL)
		len += snprintf(text + len, sizeof(text) - len, "%s '%.40s': ", at->section,
				at->title);
	if (at->key != NULL)
		len += snprintf(text + len, sizeof(text) - len, "%s: ", at->key);
	va_start(ap, fmt);
	vsnprintf(text + len, sizeof(text) - len, fmt, ap);
	va_end(ap);
	return fail_text(text);
}

/* What a value must be */

/* 1..31 characters of that set */
static bool
is_name(const char *name, const char *allowed)
{
	size_t len = strlen(name);

	return len >= 1 && len < GRAMMAR_NAME_SIZE && strspn(name, allowed) == len;
}

static bool
number_parse(const char *text, unsigned int min, unsigned int max, unsigned int *number)
{
	uint64_t n = 0;
	const char *end = decimal_read(text, max, &n);

	if (end == NULL || *end != '\0' || n < min)
		return false;
	*number = n;
	return true;
}

static int
check_plugin(const struct config_place *at, const char *name)
{
	if (is_name(name, PLUGIN_CHARS))
		return 0;
	return config_refuse(at, "'%.64s' is not the name of a plugin (a-z 0-9 _ -)", name);
}

/* Each has the type of config_key.take; many need neither the key nor the place. */
#define TAKE(what)                                                                                 \
	static int take_##what(__attribute__((unused)) const struct config_key *key,               \
			       __attribute__((unused)) const struct config_place *at,              \
			       const char *text, void *field)

TAKE(number)
{
	if (!number_parse(text, key->min, key->max, field))
		return config_refuse(at, "'%.64s' is not a number from %u to %u", text, key->min,
				     key->max);
	return 0;
}

TAKE(ring_size)
{
	const unsigned int *size = field;

	if (take_number(key, at, text, field) != 0)
		return -EINVAL;
	return (*size & (*size - 1)) == 0 ? 0
					  : config_refuse(at, "%u is not a power of two", *size);
}

/* process.c may free the text and put another in its place. */
TAKE(plugin_dir)
{
	char **dir = field;

	*dir = strdup(text);
	return *dir != NULL ? 0 : -ENOMEM;
}

TAKE(type)
{
	const char **type = field;

	*type = text;
	return check_plugin(at, text);
}

TAKE(policy)
{
	if (idle_parse(text, field) == 0)
		return 0;
	return config_refuse(at,
			     "'%.64s' is not busy, yield, or adaptive:CAP with a CAP such as "
			     "200us or 1ms, at most 1 s",
			     text);
}

TAKE(text)
{
	struct config_strings *list = field;

	list->str[list->nb] = text;
	list->line[list->nb++] = at->line;
	return 0;
}

TAKE(plugin)
{
	return check_plugin(at, text) != 0 ? -EINVAL : take_text(key, at, text, field);
}

TAKE(eal)
{
	if (strcmp(text, "--") == 0)
		return config_refuse(at, "'--' is no option of EAL");
	return take_text(key, at, text, field);
}

TAKE(option)
{
	if (strchr(text, '=') == NULL || *text == '=')
		return config_refuse(at, "'%.64s' is not of the form name=value", text);
	return take_text(key, at, text, field);
}

/* Attachments: a port, then perhaps what is done to VLAN tags */

static int
vlan_parse(const struct config_place *at, const char *const *words, int nb, struct vlan_op *vlan)
{
	unsigned int vid, pcp;

	if (strcmp(words[0], "del_vlantag") == 0) {
		*vlan = (struct vlan_op){.kind = VLAN_DEL};
		return nb == 1 ? 0 : config_refuse(at, "nothing follows del_vlantag");
	}
	if (nb != 3)
		return config_refuse(at, "add_vlantag is followed by a VID and a PCP");
	if (!number_parse(words[1], 0, 4094, &vid))
		return config_refuse(at, "VID '%.64s' is not a number from 0 to 4094", words[1]);
	if (!number_parse(words[2], 0, 7, &pcp))
		return config_refuse(at, "PCP '%.64s' is not a number from 0 to 7", words[2]);
	*vlan = (struct vlan_op){.kind = VLAN_ADD, .vid = vid, .pcp = pcp};
	return 0;
}

static int
attachment_parse(const struct config_place *at, const char *value,
		 struct config_attachment *attachment)
{
	char line[CONFIG_STRING_MAX + 1], port[CONFIG_STRING_MAX + 1] = "";
	const char *words[8];
	int nb, nb_port = 0;

	snprintf(line, sizeof(line), "%s", value);
	nb = grammar_split(line, words, sizeof(words) / sizeof(words[0]));
	while (nb_port < nb && strcmp(words[nb_port], "add_vlantag") != 0 &&
	       strcmp(words[nb_port], "del_vlantag") != 0) {
		strcat(strcat(port, nb_port > 0 ? " " : ""), words[nb_port]);
		nb_port++;
	}
	if (res_uid_parse(port, &attachment->res_uid) != 0)
		return config_refuse(at,
				     "'%.64s' is not a port (TYPE:ID, such as ring:0), alone or "
				     "with add_vlantag VID PCP or del_vlantag",
				     value);
	return nb_port == nb ? 0 : vlan_parse(at, words + nb_port, nb - nb_port, &attachment->vlan);
}

static bool
is_same_port(const struct res_uid *a, const struct res_uid *b)
{
	return strcmp(a->type, b->type) == 0 && a->id == b->id && a->queue == b->queue;
}

TAKE(port)
{
	struct config_attachments *ports = field;
	struct config_attachment *new = &ports->list[ports->nb];

	new->line = at->line;
	if (attachment_parse(at, text, new) != 0)
		return -EINVAL;
	if (ports->nb == SPP_OUTPUT_MAX)
		return config_refuse(at, "more than %u ports", SPP_OUTPUT_MAX);
	for (unsigned int i = 0; i < ports->nb; i++)
		if (is_same_port(&ports->list[i].res_uid, &new->res_uid))
			return config_refuse(at, "port '%.64s' is listed twice", text);
	ports->nb++;
	return 0;
}

/* Names of sections */

TAKE(idle_name)
{
	struct config_idle *idle = field;

	idle->line = at->line;
	if (!number_parse(text, key->min, key->max, &idle->lcore))
		return config_refuse(at, "the name is the number of a core, 0 to %u", key->max);
	for (const struct config_idle *other = at->config->idle; other < idle; other++)
		if (other->lcore == idle->lcore)
			return config_refuse(at, "core %u has a section already, line %u",
					     idle->lcore, other->line);
	return 0;
}

TAKE(port_name)
{
	struct config_port *port = field;
	struct res_uid res_uid;

	port->line = at->line;
	if (res_uid_parse(text, &res_uid) == 0 && res_uid.queue < 0)
		res_uid_format_word(&res_uid, port->name);
	else if (is_name(text, PLUGIN_CHARS))
		snprintf(port->name, sizeof(port->name), "%s", text);
	else
		return config_refuse(at, "the name is a port without queue (TYPE:ID) or a type");
	return 0;
}

TAKE(component_name)
{
	struct config_component *component = field;

	component->line = at->line;
	component->name = text;
	if (!is_name(text, COMPONENT_CHARS))
		return config_refuse(at, "a name has 1 to %u characters of A-Z a-z 0-9 _ . -",
				     COMPONENT_NAME_SIZE - 1);
	return 0;
}

/* The tables */

#define KEY(key, key_kind, entry, member, what, ...)                                               \
	{                                                                                          \
		.name = (key), .kind = (key_kind), .field = offsetof(struct entry, member),        \
		.take = take_##what, __VA_ARGS__                                                   \
	}
#define SECTION(key, member, nb_member, entry, what, ...)                                          \
	KEY(#key, CONFIG_SECTION, config, member, what, .keys = key##_keys,                        \
	    .nb = offsetof(struct config, nb_member), .entry_size = sizeof(struct entry),          \
	    __VA_ARGS__)

static const struct config_key idle_keys[] = {
	KEY("policy", CONFIG_REQUIRED, config_idle, policy, policy),
	{0},
};

static const struct config_key port_keys[] = {
	KEY("options", CONFIG_TEXTS, config_port, options, option),
	{0},
};

static const struct config_key component_keys[] = {
	KEY("core", CONFIG_REQUIRED, config_component, lcore, number, .max = RTE_MAX_LCORE - 1),
	KEY("type", CONFIG_REQUIRED, config_component, type, type),
	KEY("options", CONFIG_TEXTS, config_component, options, option),
	KEY("rx", CONFIG_PORTS, config_component, rx, port),
	KEY("tx", CONFIG_PORTS, config_component, tx, port),
	{0},
};

const struct config_key config_keys[] = {
	KEY("plugin_dir", CONFIG_VALUE, config, plugin_dir, plugin_dir),
	KEY("plugins", CONFIG_TEXTS, config, plugins, plugin),
	KEY("eal", CONFIG_TEXTS, config, eal, eal),
	KEY("rings", CONFIG_VALUE, config, nb_rings, number, .max = RINGS_MAX),
	KEY("ring_size", CONFIG_VALUE, config, ring_size, ring_size, .min = 2,
	    .max = CONFIG_RING_SIZE_MAX),
	KEY("mbufs", CONFIG_VALUE, config, nb_mbufs, number, .min = CONFIG_MBUFS_MIN,
	    .max = CONFIG_MBUFS_MAX),
	SECTION(idle, idle, nb_idle, config_idle, idle_name, .max = RTE_MAX_LCORE - 1),
	SECTION(port, ports, nb_ports, config_port, port_name),
	SECTION(component, components, nb_components, config_component, component_name),
	KEY("commands", CONFIG_TEXTS, config, commands, text),
	{0},
};

static_assert(sizeof(config_keys) / sizeof(config_keys[0]) <= CONFIG_KEYS_MAX, "raise it");

const struct config_key *
config_key_find(const struct config_key *keys, const char *word, size_t len)
{
	for (const struct config_key *key = keys; key->name != NULL; key++)
		if (strlen(key->name) == len && memcmp(key->name, word, len) == 0)
			return key;
	return NULL;
}
