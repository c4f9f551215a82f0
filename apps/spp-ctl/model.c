/* SPDX-License-Identifier: BSD-3-Clause */
/* The configuration of one process as far as it can be put back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "model.h"
#include "value.h"

#define WORDS_MAX 16
#define WORD_BYTES 32

json_t *
model_create(void)
{
	return json_pack("{s:{}, s:{}}", "components", "entries");
}

bool
model_is_empty(const json_t *model)
{
	return json_object_size(json_object_get(model, "components")) == 0 &&
	       json_object_size(json_object_get(model, "before")) == 0;
}

/* Words of commands */

struct words {
	char text[LINE_MAX_BYTES];
	const char *word[WORDS_MAX];
	unsigned int nb;
};

static bool
words_split(struct words *words, const char *command)
{
	char *rest = words->text, *word;

	if (strlen(command) >= sizeof(words->text))
		return false;
	strcpy(words->text, command);
	words->nb = 0;
	while ((word = strsep(&rest, " ")) != NULL) {
		if (*word == '\0')
			continue;
		if (words->nb == WORDS_MAX)
			return false;
		words->word[words->nb++] = word;
	}
	return true;
}

static bool
word_is(const struct words *words, unsigned int i, const char *text)
{
	return i < words->nb && strcmp(words->word[i], text) == 0;
}

/* The words from i on, with one blank between them. */
static json_t *
words_join(const struct words *words, unsigned int i)
{
	char joined[LINE_MAX_BYTES] = "";
	size_t len = 0;

	for (; i < words->nb; i++)
		len += (size_t)snprintf(joined + len, sizeof(joined) - len, "%s%s",
					len > 0 ? " " : "", words->word[i]);
	return json_string(joined);
}

/* A number as a status spells it; other words stay as they are. */
static const char *
number_word(const char *word, char out[WORD_BYTES])
{
	size_t len = strspn(word, "0123456789");

	if (len == 0 || len > 9 || word[len] != '\0')
		return word;
	snprintf(out, WORD_BYTES, "%ld", strtol(word, NULL, 10));
	return out;
}

/* A port as a status spells it; other words stay as they are. */
static const char *
port_name(const char *word, char out[RES_UID_SIZE])
{
	struct res_uid res_uid;

	return res_uid_parse(word, &res_uid) != 0 ? word : res_uid_format_word(&res_uid, out);
}

/* Changes: each function returns false when the model has nothing that the command builds on */

static json_t *
components_of(const json_t *model)
{
	return json_object_get(model, "components");
}

/* Table entries lead to tx ports: an entry goes with the port that it leads to. */
static void
entries_drop_port(json_t *model, const char *port)
{
	json_t *entries = json_object_get(model, "entries"), *ports;
	const char *key;
	void *next;

	json_object_foreach_safe(entries, next, key, ports)
	{
		json_object_del(ports, port);
		if (json_object_size(ports) == 0)
			json_object_del(entries, key);
	}
}

static bool
component_start(json_t *model, const struct words *words)
{
	json_t *component;
	char core[WORD_BYTES];

	if (words->nb < 5 || !value_is_name(words->word[2]))
		return false;
	component = json_object_get(components_of(model), words->word[2]);
	if (component == NULL) {
		component = json_pack("{s:{}, s:{}}", "rx", "tx");
		json_object_set_new(components_of(model), words->word[2], component);
	}
	/* A process does not start a component twice: a new place for it is where it runs now. */
	json_object_update_new(
		component, json_pack("{s:s, s:s, s:o}", "core", number_word(words->word[3], core),
				     "type", words->word[4], "options", words_join(words, 5)));
	return true;
}

static bool
component_stop(json_t *model, const struct words *words)
{
	const char *port;
	json_t *component, *vlan;

	if (words->nb < 3)
		return false;
	component = json_object_get(components_of(model), words->word[2]);
	json_object_foreach (json_object_get(component, "tx"), port, vlan)
		entries_drop_port(model, port);
	json_object_del(components_of(model), words->word[2]);
	json_object_del(json_object_get(model, "after"), words->word[2]);
	return true;
}

static json_t *
vlan_from_words(const struct words *words)
{
	char vid[WORD_BYTES], pcp[WORD_BYTES];

	if (!word_is(words, 5, "add_vlantag") || words->nb != 8)
		return words_join(words, 5);
	return json_sprintf("add_vlantag %s %s", number_word(words->word[6], vid),
			    number_word(words->word[7], pcp));
}

/* `port add|del PORT rx|tx NAME [VLAN words]` */
static bool
port_change(json_t *model, const struct words *words)
{
	bool add = word_is(words, 1, "add");
	char name[RES_UID_SIZE];
	const char *port;
	json_t *ports;

	if (words->nb < 5 || (!word_is(words, 3, "rx") && !word_is(words, 3, "tx")) ||
	    (!add && !word_is(words, 1, "del")))
		return false;
	ports = json_object_get(json_object_get(components_of(model), words->word[4]),
				words->word[3]);
	port = port_name(words->word[2], name);
	if (add)
		return json_object_set_new(ports, port, vlan_from_words(words)) == 0;
	json_object_del(ports, port);
	if (word_is(words, 3, "tx"))
		entries_drop_port(model, port);
	return true;
}

static void
entry_key(char key[LINE_MAX_BYTES], const char *vid, const char *mac)
{
	char *c;

	if (vid == NULL)
		snprintf(key, LINE_MAX_BYTES, "mac %s", mac);
	else
		snprintf(key, LINE_MAX_BYTES, "vlan %s %s", vid, mac);
	for (c = key; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
}

static void
entry_set(json_t *model, const char *key, const char *port, bool add)
{
	json_t *entries = json_object_get(model, "entries"), *ports = json_object_get(entries, key);

	if (add && ports == NULL) {
		ports = json_object();
		json_object_set_new(entries, key, ports);
	}
	if (add) {
		json_object_set_new(ports, port, json_true());
	} else if (ports != NULL) {
		json_object_del(ports, port);
		if (json_object_size(ports) == 0)
			json_object_del(entries, key);
	}
}

static bool
port_is_tx(const json_t *model, const char *port)
{
	const char *name;
	json_t *component;

	json_object_foreach (components_of(model), name, component)
		if (json_object_get(json_object_get(component, "tx"), port) != NULL)
			return true;
	return false;
}

/* `classifier_table add|del mac MAC PORT` or `... vlan VID MAC PORT` */
static bool
entry_change(json_t *model, const struct words *words)
{
	bool add = word_is(words, 1, "add"), vlan = word_is(words, 2, "vlan");
	char key[LINE_MAX_BYTES], name[RES_UID_SIZE], vid[WORD_BYTES];
	unsigned int last = vlan ? 5 : 4;
	const char *port;

	if ((!add && !word_is(words, 1, "del")) || (!vlan && !word_is(words, 2, "mac")) ||
	    words->nb != last + 1)
		return false;
	port = port_name(words->word[last], name);
	if (add && !port_is_tx(model, port))
		return false;
	entry_key(key, vlan ? number_word(words->word[3], vid) : NULL, words->word[last - 1]);
	entry_set(model, key, port, add);
	return true;
}

static const struct {
	const char *verb, *action; /* action NULL: the verb alone decides */
	bool (*apply)(json_t *model, const struct words *words);
} changes[] = {
	{"component", "start", component_start},
	{"component", "stop", component_stop},
	{"port", NULL, port_change},
	{"classifier_table", NULL, entry_change},
};

#define NB_CHANGES (sizeof(changes) / sizeof(changes[0]))

/* Index in changes; NB_CHANGES when the command changes no model.  Splits the command into
 * words. */
static size_t
change_find(struct words *words, const char *command)
{
	size_t i = 0;

	if (!words_split(words, command))
		return NB_CHANGES;
	while (i < NB_CHANGES &&
	       (!word_is(words, 0, changes[i].verb) ||
		(changes[i].action != NULL && !word_is(words, 1, changes[i].action))))
		i++;
	return i;
}

bool
model_is_changed_by(const char *command)
{
	struct words words;

	return change_find(&words, command) < NB_CHANGES;
}

bool
model_takes(const json_t *model, const char *command)
{
	char name[RES_UID_SIZE];
	struct words words;

	if (change_find(&words, command) == NB_CHANGES || words.nb < 5)
		return true;
	if (word_is(&words, 0, "component") && word_is(&words, 1, "start"))
		return value_is_name(words.word[2]);
	if (!word_is(&words, 1, "add"))
		return true;
	if (word_is(&words, 0, "port"))
		return json_object_get(components_of(model), words.word[4]) != NULL;
	return port_is_tx(model, port_name(words.word[words.nb - 1], name));
}

bool
model_apply(json_t *model, const char *command)
{
	struct words words;
	size_t i = change_find(&words, command);

	return i < NB_CHANGES && changes[i].apply(model, &words);
}

/* Lines that the process told */

/* The lines of a list that are commands which no model is made of; NULL without such lines. */
static json_t *
told_lines(const json_t *list)
{
	json_t *lines = json_array(), *line;
	size_t i;

	json_array_foreach (list, i, line) {
		const char *text = json_string_value(line);

		if (text != NULL && strlen(text) < LINE_MAX_BYTES && value_is_line(text, true) &&
		    !model_is_changed_by(text))
			json_array_append(lines, line);
	}
	if (json_array_size(lines) > 0)
		return lines;
	json_decref(lines);
	return NULL;
}

static json_t *
told_by_component(json_t *after)
{
	json_t *told = json_object(), *list;
	const char *name;

	json_object_foreach (after, name, list)
		if (value_is_name(name))
			json_object_set_new(told, name, told_lines(list));
	if (json_object_size(told) > 0)
		return told;
	json_decref(told);
	return NULL;
}

static json_t *
told_from(const json_t *configured)
{
	json_t *told = json_object();

	/* A NULL that a function returns sets nothing. */
	json_object_set_new(told, "before", told_lines(json_object_get(configured, "before")));
	json_object_set_new(told, "after", told_by_component(json_object_get(configured, "after")));
	json_object_set_new(told, "gone", told_lines(json_object_get(configured, "gone")));
	if (json_object_size(told) > 0)
		return told;
	json_decref(told);
	return NULL;
}

json_t *
model_told(const json_t *reply)
{
	return told_from(json_object_get(reply, "configured"));
}

bool
model_told_is_valid(const json_t *told)
{
	json_t *again = told_from(told);
	bool is_valid = json_equal(again, told);

	json_decref(again);
	return is_valid;
}

bool
model_takes_told(const json_t *model, const json_t *told)
{
	const char *name;
	json_t *lines;

	json_object_foreach (json_object_get(told, "after"), name, lines)
		if (json_object_get(components_of(model), name) == NULL)
			return false;
	return true;
}

/* The set of that name in parent, made when it is not there. */
static json_t *
set_get(json_t *parent, const char *name)
{
	json_t *set = json_object_get(parent, name);

	if (set != NULL)
		return set;
	set = json_object();
	json_object_set_new(parent, name, set);
	return set;
}

static void
set_add(json_t *parent, const char *name, const json_t *lines)
{
	json_t *line;
	size_t i;

	json_array_foreach (lines, i, line)
		json_object_set_new(set_get(parent, name), json_string_value(line), json_true());
}

/* A set that becomes empty goes. */
static void
set_del(json_t *parent, const char *name, const json_t *lines)
{
	json_t *set = json_object_get(parent, name), *line;
	size_t i;

	json_array_foreach (lines, i, line)
		json_object_del(set, json_string_value(line));
	if (set != NULL && json_object_size(set) == 0)
		json_object_del(parent, name);
}

void
model_apply_told(json_t *model, const json_t *told)
{
	const json_t *gone = json_object_get(told, "gone");
	json_t *after = set_get(model, "after"), *lines;
	const char *name;
	void *next;

	set_del(model, "before", gone);
	json_object_foreach_safe(after, next, name, lines) set_del(after, name, gone);
	set_add(model, "before", json_object_get(told, "before"));
	json_object_foreach (json_object_get(told, "after"), name, lines)
		if (json_object_get(components_of(model), name) != NULL)
			set_add(after, name, lines);
	if (json_object_size(after) == 0)
		json_object_del(model, "after");
}

/* From a status */

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

/* A status says `phy:0 nq 1` where commands say `phy:0nq1`. */
static bool
port_word(const json_t *object, char out[RES_UID_SIZE])
{
	struct res_uid res_uid;

	if (res_uid_parse(text_of(object, "port"), &res_uid) != 0)
		return false;
	res_uid_format_word(&res_uid, out);
	return true;
}

static json_t *
vlan_words(const json_t *vlan)
{
	const char *operation = text_of(vlan, "operation");

	if (strcmp(operation, "add") == 0)
		return json_sprintf("add_vlantag %d %d",
				    (int)json_integer_value(json_object_get(vlan, "id")),
				    (int)json_integer_value(json_object_get(vlan, "pcp")));
	return json_string(strcmp(operation, "del") == 0 ? "del_vlantag" : "");
}

static json_t *
ports_from_status(const json_t *list)
{
	json_t *ports = json_object(), *entry;
	char word[RES_UID_SIZE];
	size_t i;

	json_array_foreach (list, i, entry)
		if (port_word(entry, word))
			json_object_set_new(ports, word,
					    vlan_words(json_object_get(entry, "vlan")));
	return ports;
}

/* A status does not tell the options that a component was started with. */
static const char *
options_before(const json_t *before, const char *name, const char *core, const char *type)
{
	const json_t *same = json_object_get(components_of(before), name);

	if (strcmp(text_of(same, "core"), core) != 0 || strcmp(text_of(same, "type"), type) != 0)
		return "";
	return text_of(same, "options");
}

static void
component_from_status(json_t *model, const json_t *entry, const json_t *before)
{
	const char *name = text_of(entry, "name"), *type = text_of(entry, "type");
	char core[WORD_BYTES];

	if (strcmp(type, "unuse") == 0 || !value_is_name(name) || !value_is_line(type, false))
		return;
	snprintf(core, sizeof(core), "%d", (int)json_integer_value(json_object_get(entry, "core")));
	json_object_set_new(components_of(model), name,
			    json_pack("{s:s, s:s, s:s, s:o, s:o}", "core", core, "type", type,
				      "options", options_before(before, name, core, type), "rx",
				      ports_from_status(json_object_get(entry, "rx_port")), "tx",
				      ports_from_status(json_object_get(entry, "tx_port"))));
}

/* The value of a VLAN entry is `<vid>/<mac>`, that of a MAC entry the address alone.  The model has
 * the member entries. */
static void
entry_from_status(json_t *model, const json_t *entry)
{
	const char *value = text_of(entry, "value"), *slash = strchr(value, '/');
	char key[LINE_MAX_BYTES], port[RES_UID_SIZE], vid[WORD_BYTES] = "";

	if (!port_word(entry, port) || !value_is_line(value, false))
		return;
	if (slash != NULL)
		snprintf(vid, sizeof(vid), "%.*s", (int)(slash - value), value);
	entry_key(key, slash != NULL ? vid : NULL, slash != NULL ? slash + 1 : value);
	entry_set(model, key, port, true);
}

json_t *
model_entries_from_table(const json_t *table)
{
	json_t *model = json_pack("{s:{}}", "entries"), *entries;
	const json_t *entry;
	size_t i;

	json_array_foreach (table, i, entry)
		entry_from_status(model, entry);
	entries = json_incref(json_object_get(model, "entries"));
	json_decref(model);
	return entries;
}

json_t *
model_from_status(const json_t *info, const json_t *before)
{
	const json_t *core = json_object_get(info, "core"), *entry;
	json_t *model, *told;
	size_t i;

	if (!json_is_array(core))
		return NULL;
	model = model_create();
	json_array_foreach (core, i, entry)
		component_from_status(model, entry, before);
	json_array_foreach (json_object_get(info, "classifier_table"), i, entry)
		entry_from_status(model, entry);
	told = model_told(info);
	model_apply_told(model, told);
	json_decref(told);
	return model;
}

/* To commands */

static void
commands_ports(json_t *commands, const json_t *model, const char *dir)
{
	const char *name, *port;
	json_t *component, *vlan;

	json_object_foreach (components_of(model), name, component) {
		json_object_foreach (json_object_get(component, dir), port, vlan) {
			const char *words = json_string_value(vlan);

			json_array_append_new(commands,
					      json_sprintf("port add %s %s %s%s%s", port, dir, name,
							   *words == '\0' ? "" : " ", words));
		}
	}
}

static void
commands_told(json_t *commands, json_t *set)
{
	const char *line;
	json_t *unused;

	json_object_foreach (set, line, unused)
		json_array_append_new(commands, json_string(line));
}

json_t *
model_commands(const json_t *model)
{
	json_t *commands = json_array(), *component, *ports, *lines, *unused;
	const char *name, *key, *port;

	commands_told(commands, json_object_get(model, "before"));
	json_object_foreach (components_of(model), name, component) {
		const char *options = text_of(component, "options");

		json_array_append_new(commands, json_sprintf("component start %s %s %s%s%s", name,
							     text_of(component, "core"),
							     text_of(component, "type"),
							     *options == '\0' ? "" : " ", options));
	}
	commands_ports(commands, model, "tx");
	json_object_foreach (json_object_get(model, "entries"), key, ports)
		json_object_foreach (ports, port, unused)
			json_array_append_new(
				commands, json_sprintf("classifier_table add %s %s", key, port));
	json_object_foreach (json_object_get(model, "after"), name, lines)
		commands_told(commands, lines);
	commands_ports(commands, model, "rx");
	return commands;
}
