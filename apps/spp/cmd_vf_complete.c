/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion of `vf ID; ...` and `mirror ID; ...`, fed by what the process has. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "candidates.h"
#include "cli.h"
#include "cmd_vf_complete.h"
#include "plugin_verbs.h"
#include "res_uid.h"
#include "target.h"

/* Of so many entries of the table words are offered. */
#define ENTRIES_MAX 4096

/* One completion: the process, the words before the cursor, where candidates go. */
struct vf_cursor {
	struct cli *cli;
	const char *path;
	const struct words *words;
	struct candidates *found;
	bool is_vf;
};

static bool
word_is(const struct vf_cursor *at, unsigned int i, const char *text)
{
	const char *word = words_at(at->words, i);

	return word != NULL && strcmp(word, text) == 0;
}

static bool
word_is_action(const struct vf_cursor *at, unsigned int i)
{
	return word_is(at, i, "add") || word_is(at, i, "del");
}

/* The status of the process with so many entries of its table, or NULL. */
static json_t *
peek(const struct vf_cursor *at, unsigned int nb_entries)
{
	char path[API_PATH_SIZE];

	snprintf(path, sizeof(path), "%s?max=%u", at->path, nb_entries);
	return api_peek(at->cli, path);
}

/* Add the names of the components. */
static void
add_names(const struct vf_cursor *at)
{
	json_t *status = peek(at, 0);
	const json_t *component;
	size_t i;

	json_array_foreach (json_object_get(status, "components"), i, component)
		candidates_add(at->found, api_text(component, "name"));
	json_decref(status);
}

/* Add the cores without a component. */
static void
add_idle_cores(const struct vf_cursor *at)
{
	json_t *status = peek(at, 0);
	const json_t *component;
	size_t i;

	json_array_foreach (json_object_get(status, "components"), i, component) {
		char core[32];

		if (strcmp(api_text(component, "type"), "unuse") != 0)
			continue;
		snprintf(core, sizeof(core), "%" JSON_INTEGER_FORMAT, api_int(component, "core"));
		candidates_add(at->found, core);
	}
	json_decref(status);
}

/* Add a port as one word, as commands take it. */
static void
add_port(struct candidates *found, const char *text)
{
	char word[RES_UID_SIZE];
	struct res_uid res_uid;

	if (res_uid_parse(text, &res_uid) == 0)
		candidates_add(found, res_uid_format_word(&res_uid, word));
}

/* Add the ports of all components. */
static void
add_attached(const struct vf_cursor *at)
{
	static const char *const dirs[] = {"rx_port", "tx_port"};
	json_t *status = peek(at, 0);
	const json_t *component, *port;
	size_t i, k;

	json_array_foreach (json_object_get(status, "components"), i, component) {
		for (unsigned int d = 0; d < 2; d++) {
			json_array_foreach (json_object_get(component, dirs[d]), k, port)
				add_port(at->found, api_text(port, "port"));
		}
	}
	json_decref(status);
}

/* Number of queues of a port `phy:N` without a queue; 0 for other ports and for a single queue. */
static json_int_t
queues_of(const struct vf_cursor *at, const char *text)
{
	json_t *status;
	const json_t *port;
	json_int_t nb = 0;
	struct res_uid res_uid;
	size_t i;

	if (res_uid_parse(text, &res_uid) < 0 || strcmp(res_uid.type, "phy") != 0 ||
	    res_uid.queue >= 0)
		return 0;
	status = api_peek(at->cli, "/v1/primary/status");
	json_array_foreach (json_object_get(status, "phy_ports"), i, port) {
		const json_t *queues = json_object_get(port, "nof_queues");
		json_int_t rx = api_int(queues, "rx"), tx = api_int(queues, "tx");

		if (api_int(port, "id") == (json_int_t)res_uid.id)
			nb = rx > tx ? rx : tx;
	}
	json_decref(status);
	return nb > 1 ? nb : 0;
}

/* Complete behind the port at word i: `nq` and the queues, when the port has several.  Returns how
 * many words the port takes, 0 when the word at the cursor belongs to the port. */
static unsigned int
complete_queue(const struct vf_cursor *at, unsigned int i)
{
	json_int_t nb;

	if (word_is(at, i + 1, "nq") && at->words->nb > i + 2)
		return 3;
	if (at->words->nb > i + 2)
		return 1;
	nb = queues_of(at, words_at(at->words, i));
	if (nb == 0)
		return 1;
	if (at->words->nb == i + 1)
		candidates_add(at->found, "nq");
	for (json_int_t q = 0; word_is(at, i + 1, "nq") && q < nb; q++) {
		char queue[32];

		snprintf(queue, sizeof(queue), "%" JSON_INTEGER_FORMAT, q);
		candidates_add(at->found, queue);
	}
	return 0;
}

static void
complete_component(const struct vf_cursor *at)
{
	unsigned int nb = at->words->nb;

	if (nb == 1)
		candidates_add_all(at->found, "start stop");
	else if (word_is(at, 1, "stop") && nb == 2)
		add_names(at);
	else if (!word_is(at, 1, "start"))
		return;
	else if (nb == 2)
		candidates_add(at->found, "NAME");
	else if (nb == 3)
		add_idle_cores(at);
	else if (nb == 4)
		candidates_add_all(at->found, at->is_vf ? "classifier forward merge" : "mirror");
}

/* Complete the words behind the port; dir is the index of `rx` or `tx`. */
static void
complete_attachment(const struct vf_cursor *at, unsigned int dir)
{
	unsigned int nb = at->words->nb;

	if (nb == dir) {
		candidates_add_all(at->found, "rx tx");
		return;
	}
	if (!word_is(at, dir, "rx") && !word_is(at, dir, "tx"))
		return;
	if (nb == dir + 1) {
		candidates_add(at->found, "NAME");
		add_names(at);
	} else if (!word_is(at, 1, "add") || !at->is_vf) {
		return;
	} else if (nb == dir + 2) {
		candidates_add_all(at->found, "add_vlantag del_vlantag");
	} else if (word_is(at, dir + 2, "add_vlantag") && nb == dir + 3) {
		candidates_add(at->found, "VID");
	} else if (word_is(at, dir + 2, "add_vlantag") && nb == dir + 4) {
		candidates_add(at->found, "PCP");
	}
}

static void
complete_port(const struct vf_cursor *at)
{
	unsigned int taken;

	if (at->words->nb == 1) {
		candidates_add_all(at->found, "add del");
		return;
	}
	if (!word_is_action(at, 1))
		return;
	if (at->words->nb == 2) {
		candidates_add(at->found, "RES_UID");
		if (word_is(at, 1, "del"))
			add_attached(at);
		return;
	}
	taken = complete_queue(at, 2);
	if (taken > 0)
		complete_attachment(at, 2 + taken);
}

/* A table entry in words: `mac 52:.. ring:0` or `vlan 101 52:.. ring:0`. */
struct entry {
	const char *type, *port;
	char vid[16];
	const char *mac;
};

static void
entry_of(const json_t *data, struct entry *entry)
{
	const char *value = api_text(data, "value"), *slash = strchr(value, '/');

	*entry = (struct entry){.type = api_text(data, "type"),
				.port = api_text(data, "port"),
				.mac = slash == NULL ? value : slash + 1};
	if (slash != NULL)
		snprintf(entry->vid, sizeof(entry->vid), "%.*s", (int)(slash - value), value);
}

/* Add the next word of an entry that may be deleted, when the words before agree with the entry. */
static void
add_entry_word(const struct vf_cursor *at, const struct entry *entry)
{
	bool vlan = word_is(at, 2, "vlan");
	unsigned int nb = at->words->nb, mac = vlan ? 4 : 3;

	if (!word_is(at, 2, entry->type))
		return;
	if (vlan && nb == 3)
		candidates_add(at->found, entry->vid);
	if (vlan && nb > 3 && !word_is(at, 3, entry->vid))
		return;
	if (nb == mac)
		candidates_add(at->found, entry->mac);
	else if (nb == mac + 1 && strcasecmp(words_at(at->words, mac), entry->mac) == 0)
		add_port(at->found, entry->port);
}

static void
add_entries(const struct vf_cursor *at)
{
	json_t *status = peek(at, ENTRIES_MAX);
	const json_t *data;
	struct entry entry;
	size_t i;

	json_array_foreach (json_object_get(status, "classifier_table"), i, data) {
		entry_of(data, &entry);
		add_entry_word(at, &entry);
	}
	json_decref(status);
}

static void
complete_entry(const struct vf_cursor *at)
{
	unsigned int nb = at->words->nb, mac = word_is(at, 2, "vlan") ? 4 : 3;

	if (nb == 3 && mac == 4)
		candidates_add(at->found, "VID");
	else if (nb == mac)
		candidates_add_all(at->found, "MAC_ADDR default");
	else if (nb == mac + 1)
		candidates_add(at->found, "RES_UID");
	else if (nb > mac + 1)
		complete_queue(at, mac + 1);
	if (word_is(at, 1, "del"))
		add_entries(at);
}

static void
complete_classifier_table(const struct vf_cursor *at)
{
	if (at->words->nb == 1)
		candidates_add_all(at->found, "add del");
	else if (!word_is_action(at, 1))
		return;
	else if (at->words->nb == 2)
		candidates_add_all(at->found, "mac vlan");
	else if (word_is(at, 2, "mac") || word_is(at, 2, "vlan"))
		complete_entry(at);
}

static void
complete_verb(const struct vf_cursor *at, const struct cursor *cursor)
{
	if (at->words->nb == 0) {
		candidates_add_all(at->found,
				   at->is_vf ? "classifier_table component exit port status"
					     : "component exit port status");
		if (at->is_vf)
			plugin_verbs_complete(at->cli, at->path, cursor, at->found);
	} else if (word_is(at, 0, "component")) {
		complete_component(at);
	} else if (word_is(at, 0, "port")) {
		complete_port(at);
	} else if (word_is(at, 0, "classifier_table") && at->is_vf) {
		complete_classifier_table(at);
	} else if (at->is_vf && !word_is(at, 0, "status") && !word_is(at, 0, "exit")) {
		plugin_verbs_complete(at->cli, at->path, cursor, at->found);
	}
}

static void
complete(struct cli *cli, const char *type, const struct cursor *cursor, struct candidates *found)
{
	char path[TARGET_PATH_SIZE];
	struct vf_cursor at = {.cli = cli,
			       .path = path,
			       .words = &cursor->words,
			       .found = found,
			       .is_vf = strcmp(type, "vf") == 0};

	if (target_complete(cli, cursor, type, found))
		return;
	target_path(path, type, cursor->before);
	complete_verb(&at, cursor);
}

void
cmd_vf_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	complete(cli, "vf", at, found);
}

void
cmd_mirror_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	complete(cli, "mirror", at, found);
}
