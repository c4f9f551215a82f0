/* SPDX-License-Identifier: BSD-3-Clause */
/* Boot configuration: the file and its keys. */

#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_config.h>

#include <spp/component.h>

#include "component.h"
#include "config.h"
#include "config_text.h"
#include "decimal.h"
#include "error.h"
#include "grammar.h"
#include "ring.h"

#define FILE_SIZE_MAX ((size_t)1 << 30)
#define ATTACHMENT_WORDS_MAX 8
#define UNSET UINT_MAX

/* libconfuse hands no argument of ours to its callbacks. */
static struct {
	struct config *config;
	const struct config_text *text;
	const cfg_t *section; /* the one begun last */
	unsigned int nb_sections;
	bool failed;
} parse;

/* Sentences.  libconfuse wants a non-zero value from callbacks that refuse. */

static int __attribute__((format(printf, 2, 3))) refuse(unsigned int line, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	parse.failed = true;
	return config_fail(parse.config->file, line, "%s", text);
}

/* `component 'cls': core`, or the key alone outside of sections; out holds 96 bytes. */
static const char *
key_name(const cfg_t *cfg, const char *key, char *out)
{
	if (cfg->title == NULL)
		snprintf(out, 96, "%s", key);
	else
		snprintf(out, 96, "%s '%.40s': %s", cfg->name, cfg->title, key);
	return out;
}

#define REFUSE(cfg, opt, fmt, ...)                                                                 \
	refuse((cfg)->line, "%s: " fmt, key_name(cfg, (opt)->name, (char[96]){0}), __VA_ARGS__)

/* The library's own complaints, in the words of our documentation. */
static void __attribute__((format(printf, 2, 0)))
library_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	static const struct {
		const char *theirs, *ours;
	} words[] = {
		{"no such option '%s'", "there is no key '%.64s' here"},
		{"found duplicate title '%s'", "there is already a section named '%.64s'"},
		{"premature end of file", "the file ends where a value or a '}' is missing"},
		{"missing equal sign after option '%s'", "'=' is missing after '%s'"},
		{"missing opening brace for section '%s'",
		 "'{' is missing after '%s' and its name"},
		{"missing title for section '%s'", "'%s' is not followed by a name in quotes"},
		{"attempt to append to non-list option '%s'", "'+=' needs a list, '%s' is none"},
	};
	char text[1024];

	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(fmt, words[i].theirs) == 0)
			fmt = words[i].ours;
	vsnprintf(text, sizeof(text), fmt, ap);
	if (!parse.failed)
		refuse(cfg->line, "%s", text);
}

/* Values */

static int
refuse_twice(const cfg_t *cfg, const cfg_opt_t *opt)
{
	return REFUSE(cfg, opt, "%s", "set twice");
}

/* A list is being set anew although it has values. */
static bool
is_set_again(const cfg_opt_t *opt, unsigned int nb)
{
	return opt->nvalues == 1 && nb > 0;
}

static int
set_text(const cfg_t *cfg, const cfg_opt_t *opt, const char *value, char **text)
{
	if (*text != NULL)
		return refuse_twice(cfg, opt);
	*text = strdup(value);
	return *text == NULL ? -ENOMEM : 0;
}

static int
set_number(const cfg_t *cfg, const cfg_opt_t *opt, const char *value, unsigned int min,
	   unsigned int max, unsigned int *number)
{
	uint64_t n = 0;
	const char *end = decimal_read(value, max, &n);

	if (*number != UNSET)
		return refuse_twice(cfg, opt);
	if (end == NULL || *end != '\0' || n < min)
		return REFUSE(cfg, opt, "'%.64s' is not a number from %u to %u", value, min, max);
	*number = n;
	return 0;
}

static int
add_text(const cfg_t *cfg, const cfg_opt_t *opt, const char *value, struct config_strings *list)
{
	if (is_set_again(opt, list->nb))
		return refuse_twice(cfg, opt);
	if (config_grow(&list->str, list->nb, sizeof(*list->str)) != 0 ||
	    config_grow(&list->line, list->nb, sizeof(*list->line)) != 0)
		return -ENOMEM;
	list->str[list->nb] = strdup(value);
	if (list->str[list->nb] == NULL)
		return -ENOMEM;
	list->line[list->nb++] = cfg->line;
	return 0;
}

static int
add_option(const cfg_t *cfg, const cfg_opt_t *opt, const char *value, struct config_strings *list)
{
	const char *equal = strchr(value, '=');

	if (equal == NULL || equal == value)
		return REFUSE(cfg, opt, "'%.64s' is not of the form name=value", value);
	return add_text(cfg, opt, value, list);
}

/* 1..31 characters of that set */
static bool
is_name(const char *name, const char *allowed)
{
	size_t len = strlen(name);

	return len >= 1 && len < GRAMMAR_NAME_SIZE && strspn(name, allowed) == len;
}

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define COMPONENT_CHARS LOWER UPPER DIGITS "_.-"
#define PLUGIN_CHARS LOWER DIGITS "_-"

/* Attachments: a port, then perhaps what is done to VLAN tags */

static int
parse_vlan(const cfg_t *cfg, const cfg_opt_t *opt, const char *const *words, unsigned int nb,
	   struct vlan_op *vlan)
{
	uint64_t vid, pcp;
	const char *end;

	if (strcmp(words[0], "del_vlantag") == 0) {
		*vlan = (struct vlan_op){.kind = VLAN_DEL};
		return nb == 1 ? 0 : REFUSE(cfg, opt, "%s", "nothing follows del_vlantag");
	}
	if (nb != 3)
		return REFUSE(cfg, opt, "%s", "add_vlantag is followed by a VID and a PCP");
	end = decimal_read(words[1], 4094, &vid);
	if (end == NULL || *end != '\0')
		return REFUSE(cfg, opt, "VID '%.64s' is not a number from 0 to 4094", words[1]);
	end = decimal_read(words[2], 7, &pcp);
	if (end == NULL || *end != '\0')
		return REFUSE(cfg, opt, "PCP '%.64s' is not a number from 0 to 7", words[2]);
	*vlan = (struct vlan_op){.kind = VLAN_ADD, .vid = vid, .pcp = pcp};
	return 0;
}

static int
parse_attachment(const cfg_t *cfg, const cfg_opt_t *opt, const char *value,
		 struct config_attachment *attachment)
{
	char line[CONFIG_STRING_MAX + 1], port[CONFIG_STRING_MAX + 1] = "";
	const char *words[ATTACHMENT_WORDS_MAX];
	int nb, nb_port = 0;

	*attachment = (struct config_attachment){.line = cfg->line};
	snprintf(line, sizeof(line), "%s", value);
	nb = grammar_split(line, words, ATTACHMENT_WORDS_MAX);
	while (nb_port < nb && strcmp(words[nb_port], "add_vlantag") != 0 &&
	       strcmp(words[nb_port], "del_vlantag") != 0) {
		strcat(strcat(port, nb_port > 0 ? " " : ""), words[nb_port]);
		nb_port++;
	}
	if (nb <= 0 || res_uid_parse(port, &attachment->res_uid) != 0)
		return REFUSE(cfg, opt,
			      "'%.64s' is not a port (TYPE:ID, such as ring:0), alone or with "
			      "add_vlantag VID PCP or del_vlantag",
			      value);
	if (nb_port < nb)
		return parse_vlan(cfg, opt, words + nb_port, nb - nb_port, &attachment->vlan);
	return 0;
}

static bool
is_same_port(const struct res_uid *a, const struct res_uid *b)
{
	return strcmp(a->type, b->type) == 0 && a->id == b->id && a->queue == b->queue;
}

static int
add_attachment(const cfg_t *cfg, const cfg_opt_t *opt, const char *value, unsigned int *nb,
	       struct config_attachment **list)
{
	struct config_attachment attachment;

	if (is_set_again(opt, *nb))
		return refuse_twice(cfg, opt);
	if (parse_attachment(cfg, opt, value, &attachment) != 0)
		return -EINVAL;
	if (*nb == SPP_OUTPUT_MAX)
		return REFUSE(cfg, opt, "more than %u ports", SPP_OUTPUT_MAX);
	for (unsigned int i = 0; i < *nb; i++)
		if (is_same_port(&(*list)[i].res_uid, &attachment.res_uid))
			return REFUSE(cfg, opt, "port '%.64s' is listed twice", value);
	if (config_grow(list, *nb, sizeof(**list)) != 0)
		return -ENOMEM;
	(*list)[(*nb)++] = attachment;
	return 0;
}

/* Sections begin with their first value, or with their end if they have none. */

static unsigned int
head_line(const cfg_t *section)
{
	parse.section = section;
	return parse.text->head_line[parse.nb_sections++];
}

static struct config_idle *
idle_of(const cfg_t *section)
{
	struct config *config = parse.config;
	struct config_idle idle = {.lcore = UNSET, .policy.cap_us = UNSET};
	uint64_t lcore = 0;
	const char *end;

	if (parse.section == section)
		return &config->idle[config->nb_idle - 1];
	idle.line = head_line(section);
	end = decimal_read(section->title, RTE_MAX_LCORE - 1, &lcore);
	if (end == NULL || *end != '\0') {
		refuse(idle.line, "idle '%.40s': the name is the number of a core, 0 to %u",
		       section->title, RTE_MAX_LCORE - 1);
		return NULL;
	}
	idle.lcore = lcore;
	for (unsigned int i = 0; i < config->nb_idle; i++)
		if (config->idle[i].lcore == idle.lcore) {
			refuse(idle.line, "idle '%s': core %u has a section already, line %u",
			       section->title, idle.lcore, config->idle[i].line);
			return NULL;
		}
	if (config_grow(&config->idle, config->nb_idle, sizeof(idle)) != 0)
		return NULL;
	config->idle[config->nb_idle] = idle;
	return &config->idle[config->nb_idle++];
}

static struct config_port *
port_of(const cfg_t *section)
{
	struct config *config = parse.config;
	struct config_port port = {0};
	char word[RES_UID_SIZE];
	struct res_uid res_uid;

	if (parse.section == section)
		return &config->ports[config->nb_ports - 1];
	port.line = head_line(section);
	if ((res_uid_parse(section->title, &res_uid) != 0 || res_uid.queue >= 0) &&
	    !is_name(section->title, PLUGIN_CHARS)) {
		refuse(port.line,
		       "port '%.40s': the name is a port without queue (TYPE:ID) or a type",
		       section->title);
		return NULL;
	}
	if (config_grow(&config->ports, config->nb_ports, sizeof(port)) != 0)
		return NULL;
	port.name = strchr(section->title, ':') == NULL
			    ? strdup(section->title)
			    : strdup(res_uid_format_word(&res_uid, word));
	if (port.name == NULL)
		return NULL;
	config->ports[config->nb_ports] = port;
	return &config->ports[config->nb_ports++];
}

static struct config_component *
component_of(const cfg_t *section)
{
	struct config *config = parse.config;
	struct config_component component = {.lcore = UNSET};

	if (parse.section == section)
		return &config->components[config->nb_components - 1];
	component.line = head_line(section);
	if (!is_name(section->title, COMPONENT_CHARS)) {
		refuse(component.line,
		       "component '%.40s': a name has 1 to %u characters of A-Z a-z 0-9 _ . -",
		       section->title, COMPONENT_NAME_SIZE - 1);
		return NULL;
	}
	if (config_grow(&config->components, config->nb_components, sizeof(component)) != 0)
		return NULL;
	component.name = strdup(section->title);
	if (component.name == NULL)
		return NULL;
	config->components[config->nb_components] = component;
	return &config->components[config->nb_components++];
}

/* Keys: one callback each, called for a value, or for each value of a list.  What libconfuse
 * itself keeps of it is the empty text. */

#define KEY_CALLBACK(key)                                                                          \
	static int set_##key(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)

KEY_CALLBACK(plugin_dir)
{
	*(const char **)result = "";
	return set_text(cfg, opt, value, &parse.config->plugin_dir);
}

KEY_CALLBACK(plugins)
{
	*(const char **)result = "";
	if (!is_name(value, PLUGIN_CHARS))
		return REFUSE(cfg, opt, "'%.64s' is not the name of a plugin (a-z 0-9 _ -)", value);
	return add_text(cfg, opt, value, &parse.config->plugins);
}

KEY_CALLBACK(eal)
{
	*(const char **)result = "";
	if (strcmp(value, "--") == 0)
		return REFUSE(cfg, opt, "%s", "'--' is no option of EAL");
	return add_text(cfg, opt, value, &parse.config->eal);
}

KEY_CALLBACK(rings)
{
	*(const char **)result = "";
	return set_number(cfg, opt, value, 0, RING_MAX, &parse.config->nb_rings);
}

KEY_CALLBACK(ring_size)
{
	unsigned int *size = &parse.config->ring_size;

	*(const char **)result = "";
	if (set_number(cfg, opt, value, 2, CONFIG_RING_SIZE_MAX, size) != 0)
		return -EINVAL;
	if ((*size & (*size - 1)) != 0)
		return REFUSE(cfg, opt, "%u is not a power of two", *size);
	return 0;
}

KEY_CALLBACK(mbufs)
{
	*(const char **)result = "";
	return set_number(cfg, opt, value, CONFIG_MBUFS_MIN, CONFIG_MBUFS_MAX,
			  &parse.config->nb_mbufs);
}

KEY_CALLBACK(commands)
{
	*(const char **)result = "";
	return add_text(cfg, opt, value, &parse.config->commands);
}

KEY_CALLBACK(policy)
{
	struct config_idle *idle = idle_of(cfg);

	*(const char **)result = "";
	if (idle == NULL)
		return -EINVAL;
	if (idle->policy.cap_us != UNSET)
		return refuse_twice(cfg, opt);
	if (idle_parse(value, &idle->policy) != 0)
		return REFUSE(cfg, opt,
			      "'%.64s' is not busy, yield, or adaptive:CAP with a CAP such as "
			      "200us or 1ms, at most 1 s",
			      value);
	return 0;
}

KEY_CALLBACK(port_options)
{
	struct config_port *port = port_of(cfg);

	*(const char **)result = "";
	return port == NULL ? -EINVAL : add_option(cfg, opt, value, &port->options);
}

KEY_CALLBACK(core)
{
	struct config_component *component = component_of(cfg);

	*(const char **)result = "";
	if (component == NULL)
		return -EINVAL;
	return set_number(cfg, opt, value, 0, RTE_MAX_LCORE - 1, &component->lcore);
}

KEY_CALLBACK(type)
{
	struct config_component *component = component_of(cfg);

	*(const char **)result = "";
	if (component == NULL)
		return -EINVAL;
	if (!is_name(value, PLUGIN_CHARS))
		return REFUSE(cfg, opt, "'%.64s' is not the name of a plugin (a-z 0-9 _ -)", value);
	return set_text(cfg, opt, value, &component->type);
}

KEY_CALLBACK(component_options)
{
	struct config_component *component = component_of(cfg);

	*(const char **)result = "";
	return component == NULL ? -EINVAL : add_option(cfg, opt, value, &component->options);
}

KEY_CALLBACK(rx)
{
	struct config_component *component = component_of(cfg);

	*(const char **)result = "";
	if (component == NULL)
		return -EINVAL;
	return add_attachment(cfg, opt, value, &component->nb_rx, &component->rx);
}

KEY_CALLBACK(tx)
{
	struct config_component *component = component_of(cfg);

	*(const char **)result = "";
	if (component == NULL)
		return -EINVAL;
	return add_attachment(cfg, opt, value, &component->nb_tx, &component->tx);
}

/* Ends of sections: what must have been given */

static const cfg_t *
ended_section(const cfg_opt_t *opt)
{
	return opt->values[opt->nvalues - 1]->section;
}

static int
end_idle(cfg_t *cfg, cfg_opt_t *opt)
{
	const struct config_idle *idle = idle_of(ended_section(opt));

	(void)cfg;
	if (idle == NULL)
		return -EINVAL;
	if (idle->policy.cap_us == UNSET)
		return refuse(idle->line, "idle '%u': no policy is given", idle->lcore);
	return 0;
}

static int
end_port(cfg_t *cfg, cfg_opt_t *opt)
{
	(void)cfg;
	return port_of(ended_section(opt)) == NULL ? -EINVAL : 0;
}

static int
end_component(cfg_t *cfg, cfg_opt_t *opt)
{
	const struct config_component *component = component_of(ended_section(opt));

	(void)cfg;
	if (component == NULL)
		return -EINVAL;
	if (component->lcore == UNSET)
		return refuse(component->line, "component '%s': no core is given", component->name);
	if (component->type == NULL)
		return refuse(component->line, "component '%s': no type is given", component->name);
	return 0;
}

/* The file */

static cfg_opt_t idle_keys[] = {
	CFG_STR_CB("policy", NULL, CFGF_NODEFAULT, set_policy),
	CFG_END(),
};

static cfg_opt_t port_keys[] = {
	CFG_STR_LIST_CB("options", NULL, CFGF_NODEFAULT, set_port_options),
	CFG_END(),
};

static cfg_opt_t component_keys[] = {
	CFG_STR_CB("core", NULL, CFGF_NODEFAULT, set_core),
	CFG_STR_CB("type", NULL, CFGF_NODEFAULT, set_type),
	CFG_STR_LIST_CB("options", NULL, CFGF_NODEFAULT, set_component_options),
	CFG_STR_LIST_CB("rx", NULL, CFGF_NODEFAULT, set_rx),
	CFG_STR_LIST_CB("tx", NULL, CFGF_NODEFAULT, set_tx),
	CFG_END(),
};

#define SECTION_FLAGS (CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES)

static cfg_opt_t file_keys[] = {
	CFG_STR_CB("plugin_dir", NULL, CFGF_NODEFAULT, set_plugin_dir),
	CFG_STR_LIST_CB("plugins", NULL, CFGF_NODEFAULT, set_plugins),
	CFG_STR_LIST_CB("eal", NULL, CFGF_NODEFAULT, set_eal),
	CFG_STR_CB("rings", NULL, CFGF_NODEFAULT, set_rings),
	CFG_STR_CB("ring_size", NULL, CFGF_NODEFAULT, set_ring_size),
	CFG_STR_CB("mbufs", NULL, CFGF_NODEFAULT, set_mbufs),
	CFG_SEC("idle", idle_keys, SECTION_FLAGS),
	CFG_SEC("port", port_keys, SECTION_FLAGS),
	CFG_SEC("component", component_keys, SECTION_FLAGS),
	CFG_STR_LIST_CB("commands", NULL, CFGF_NODEFAULT, set_commands),
	CFG_END(),
};

static int
parse_text(const char *text)
{
	cfg_t *cfg = cfg_init(file_keys, CFGF_NONE);
	int rc;

	if (cfg == NULL)
		return fail(-ENOMEM, "%s: no memory", parse.config->file);
	cfg_set_error_function(cfg, library_error);
	cfg_set_validate_func(cfg, "idle", end_idle);
	cfg_set_validate_func(cfg, "port", end_port);
	cfg_set_validate_func(cfg, "component", end_component);
	rc = cfg_parse_buf(cfg, text);
	cfg_free(cfg);
	if (rc == CFG_SUCCESS)
		return 0;
	return parse.failed ? -EINVAL : fail(-ENOMEM, "%s: no memory", parse.config->file);
}

static void
set_default(unsigned int *number, unsigned int value)
{
	if (*number == UNSET)
		*number = value;
}

int
config_default(struct config **config)
{
	return config_parse("", "built-in defaults", config);
}

int
config_parse(const char *text, const char *path, struct config **config)
{
	struct config_text clean;
	struct config *c = calloc(1, sizeof(*c));
	int rc = -ENOMEM;

	if (c == NULL || (c->file = strdup(path)) == NULL) {
		fail(rc, "%s: no memory", path);
		goto err_free;
	}
	rc = config_text_init(&clean, text, path);
	if (rc != 0)
		goto err_free;
	c->nb_rings = c->ring_size = c->nb_mbufs = UNSET;
	parse = (typeof(parse)){.config = c, .text = &clean};
	rc = parse_text(clean.text);
	config_text_fini(&clean);
	if (rc != 0)
		goto err_free;
	set_default(&c->nb_rings, CONFIG_RINGS_DEFAULT);
	set_default(&c->ring_size, RING_SIZE_DEFAULT);
	set_default(&c->nb_mbufs, CONFIG_MBUFS_DEFAULT);
	*config = c;
	return 0;

err_free:
	config_free(c);
	return rc;
}

/* Everything up to the end of the file, NUL-terminated. */
static int
read_all(int fd, char **text, size_t *len)
{
	size_t size = 0;
	ssize_t n;

	*text = NULL;
	*len = 0;
	do {
		if (*len + 1 >= size) {
			char *mem;

			size = size == 0 ? 65536 : 2 * size;
			if (size > FILE_SIZE_MAX)
				return -EFBIG;
			mem = realloc(*text, size);
			if (mem == NULL)
				return -ENOMEM;
			*text = mem;
		}
		n = read(fd, *text + *len, size - *len - 1);
		if (n < 0 && errno != EINTR)
			return -errno;
		*len += n > 0 ? n : 0;
	} while (n != 0);
	(*text)[*len] = '\0';
	return 0;
}

static unsigned int
line_of(const char *text, const char *where)
{
	unsigned int line = 1;

	for (; text < where; text++)
		line += *text == '\n';
	return line;
}

int
config_load(const char *path, struct config **config)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text;
	size_t len;
	int rc;

	if (fd < 0)
		return fail(-errno, "configuration %s: cannot open: %s", path, strerror(errno));
	rc = read_all(fd, &text, &len);
	close(fd);
	if (rc != 0)
		fail(rc, "configuration %s: cannot read: %s", path, strerror(-rc));
	else if (strlen(text) != len)
		rc = config_fail(path, line_of(text, text + strlen(text)), "unexpected byte 0x00");
	else
		rc = config_parse(text, path, config);
	free(text);
	return rc;
}

static void
strings_free(struct config_strings *strings)
{
	for (unsigned int i = 0; i < strings->nb; i++)
		free(strings->str[i]);
	free(strings->str);
	free(strings->line);
}

static void
component_free(struct config_component *component)
{
	free(component->name);
	free(component->type);
	strings_free(&component->options);
	free(component->rx);
	free(component->tx);
}

void
config_free(struct config *config)
{
	if (config == NULL)
		return;
	for (unsigned int i = 0; i < config->nb_ports; i++) {
		free(config->ports[i].name);
		strings_free(&config->ports[i].options);
	}
	for (unsigned int i = 0; i < config->nb_components; i++)
		component_free(&config->components[i]);
	strings_free(&config->plugins);
	strings_free(&config->eal);
	strings_free(&config->commands);
	free(config->idle);
	free(config->ports);
	free(config->components);
	free(config->plugin_dir);
	free(config->file);
	free(config);
}
