/* SPDX-License-Identifier: BSD-3-Clause */
/* `vf ID; ...`, and `mirror ID; ...` where it is the same. */

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "cli.h"
#include "cmd_vf.h"
#include "plugin_verbs.h"
#include "print_vf.h"
#include "target.h"

/* Entries of a table that are asked for at a time. */
#define PAGE_MAX 4096

/* component start NAME CORE ROLE, component stop NAME */

/* The controller's route for components knows these four roles.  Other roles are those of plugins,
 * which only the process itself knows, and go to it as a command. */
static enum api_result
start(struct cli *cli, const struct target *target, const char *name, int64_t core,
      const char *role)
{
	char path[API_PATH_SIZE];

	if (strcmp(target->type, "vf") == 0 && strcmp(role, "classifier") != 0 &&
	    strcmp(role, "classifier_mac") != 0 && strcmp(role, "forward") != 0 &&
	    strcmp(role, "merge") != 0)
		return plugin_verbs_send(cli, target);
	snprintf(path, sizeof(path), "%s/components", target->path);
	return api_send(
		cli, "POST", path,
		json_pack("{s:s, s:I, s:s}", "name", name, "core", (json_int_t)core, "type", role));
}

static int
component_start(struct cli *cli, const struct target *target)
{
	const char *const *word = target->words.word;
	int64_t core;

	if (target_count(cli, target, 5, 5) < 0)
		return -1;
	if (text_integer(word[3], &core) < 0)
		return cli_error(cli, "Error: core is not a number.");
	switch (start(cli, target, word[2], core, word[4])) {
	case API_FAILED:
		return -1;
	case API_DONE:
		cli_say(cli, "Succeeded to start component '%s' on core:%d", word[2], (int)core);
		return 0;
	default:
		return 0;
	}
}

/* The path of a component, and rest.  NULL when the user was told why there is none. */
static const char *
component_path(struct cli *cli, const struct target *target, const char *name, const char *rest,
	       char out[API_PATH_SIZE])
{
	char word[API_WORD_SIZE];

	if (api_escape(name, word) == NULL) {
		cli_error(cli, "Error: the name of the component is too long.");
		return NULL;
	}
	snprintf(out, API_PATH_SIZE, "%s/components/%s%s", target->path, word, rest);
	return out;
}

/* Words behind the name are ignored: recipes repeat the core and the role there. */
static int
component_stop(struct cli *cli, const struct target *target)
{
	const char *name = words_at(&target->words, 2);
	char path[API_PATH_SIZE];

	if (target_count(cli, target, 3, WORDS_MAX) < 0 ||
	    component_path(cli, target, name, "", path) == NULL)
		return -1;
	switch (api_send(cli, "DELETE", path, NULL)) {
	case API_FAILED:
		return -1;
	case API_DONE:
		cli_say(cli, "Succeeded to delete component '%s'", name);
		return 0;
	default:
		return 0;
	}
}

static int
component(struct cli *cli, const struct target *target)
{
	const char *action = words_at(&target->words, 1);

	if (action == NULL)
		return cli_error(cli, "Error: Not enough parameters.");
	if (strcmp(action, "start") == 0)
		return component_start(cli, target);
	if (strcmp(action, "stop") == 0)
		return component_stop(cli, target);
	return cli_error(cli, "Error: Invalid action.");
}

/* port add|del UID [nq Q] DIR NAME [add_vlantag VID PCP | del_vlantag] */

/* The words from 5 on as the vlan object of the request.  NULL when the user was told what is
 * wrong. */
static json_t *
vlan_of(struct cli *cli, const struct target *target)
{
	const char *word = words_at(&target->words, 5);
	int64_t vid, pcp;

	if (word == NULL)
		return json_object();
	if (strcmp(word, "del_vlantag") == 0)
		return target_count(cli, target, 6, 6) < 0 ? NULL
							   : json_pack("{s:s}", "operation", "del");
	if (strcmp(word, "add_vlantag") != 0) {
		cli_error(cli, "Error: vlantag is Only add_vlantag or del_vlantag.");
		return NULL;
	}
	if (target_count(cli, target, 8, 8) < 0)
		return NULL;
	if (text_integer(target->words.word[6], &vid) < 0) {
		cli_error(cli, "Error: vid is not a number.");
		return NULL;
	}
	if (text_integer(target->words.word[7], &pcp) < 0) {
		cli_error(cli, "Error: pcp is not a number.");
		return NULL;
	}
	return json_pack("{s:s, s:I, s:I}", "operation", "add", "id", (json_int_t)vid, "pcp",
			 (json_int_t)pcp);
}

static int
port_send(struct cli *cli, const struct target *target, json_t *vlan)
{
	const char *const *word = target->words.word;
	bool add = strcmp(word[1], "add") == 0;
	char path[API_PATH_SIZE];

	if (component_path(cli, target, word[4], "/ports", path) == NULL) {
		json_decref(vlan);
		return -1;
	}
	/* Detaching a port takes no VLAN operation, even when the line names one. */
	if (!add)
		json_object_clear(vlan);
	switch (api_send(cli, "PUT", path,
			 json_pack("{s:s, s:s, s:s, s:o}", "action", add ? "attach" : "detach",
				   "port", word[2], "dir", word[3], "vlan", vlan))) {
	case API_FAILED:
		return -1;
	case API_DONE:
		cli_say(cli, "Succeeded to %s port", word[1]);
		return 0;
	default:
		return 0;
	}
}

static int
port(struct cli *cli, const struct target *given)
{
	struct target target = *given;
	const char *action = words_at(&target.words, 1);
	bool has_vlan = strcmp(target.type, "vf") == 0;
	json_t *vlan;

	if (action == NULL)
		return cli_error(cli, "Error: Not enough parameters.");
	if (strcmp(action, "add") != 0 && strcmp(action, "del") != 0)
		return cli_error(cli, "Error: Invalid action.");
	if (target_count(cli, &target, 5, WORDS_MAX) < 0)
		return -1;
	if (words_join_queue(&target.words, 2) < 0)
		return cli_error(cli, "Error: nq is not a number.");
	if (target_count(cli, &target, 5, has_vlan ? WORDS_MAX : 5) < 0)
		return -1;
	vlan = vlan_of(cli, &target);
	return vlan == NULL ? -1 : port_send(cli, &target, vlan);
}

/* classifier_table add|del mac MAC UID [nq Q], ... vlan VID MAC UID [nq Q] */

static int
classifier_table_send(struct cli *cli, const struct target *target, const char *vid,
		      const char *const *mac_and_port)
{
	const char *const *word = target->words.word;
	char path[API_PATH_SIZE];

	snprintf(path, sizeof(path), "%s/classifier_table", target->path);
	switch (api_send(cli, "PUT", path,
			 json_pack("{s:s, s:s, s:s, s:s, s:s?}", "action", word[1], "type", word[2],
				   "mac_address", mac_and_port[0], "port", mac_and_port[1], "vlan",
				   vid))) {
	case API_FAILED:
		return -1;
	case API_DONE:
		cli_say(cli, "Succeeded to %s", word[1]);
		return 0;
	default:
		return 0;
	}
}

static int
classifier_table(struct cli *cli, const struct target *given)
{
	struct target target = *given;
	const char *type = words_at(&target.words, 2);
	unsigned int mac = 3;

	if (type == NULL)
		return cli_error(cli, "Error: Not enough parameters.");
	if (strcmp(type, "vlan") == 0)
		mac = 4;
	else if (strcmp(type, "mac") != 0)
		return cli_error(cli, "Error: Type is only vlan or mac");
	if (target_count(cli, &target, mac + 2, WORDS_MAX) < 0)
		return -1;
	if (words_join_queue(&target.words, mac + 1) < 0)
		return cli_error(cli, "Error: nq is not a number.");
	if (target_count(cli, &target, mac + 2, mac + 2) < 0)
		return -1;
	return classifier_table_send(cli, &target, mac == 4 ? target.words.word[3] : NULL,
				     &target.words.word[mac]);
}

/* A page of the table, with all the rest of the status; from may be NULL.  NULL when the user was
 * told why there is none. */
static json_t *
status_page(struct cli *cli, const struct target *target, const char *from)
{
	char path[API_PATH_SIZE], word[API_WORD_SIZE];

	if (from == NULL) {
		snprintf(path, sizeof(path), "%s?max=%d", target->path, PAGE_MAX);
	} else if (api_escape(from, word) != NULL) {
		snprintf(path, sizeof(path), "%s?max=%d&from=%s", target->path, PAGE_MAX, word);
	} else {
		cli_error(cli, "Error: unknown response.");
		return NULL;
	}
	return api_get(cli, path);
}

/* Print the pages of the table behind this one. */
static int
print_pages(struct cli *cli, const struct target *target, const json_t *status)
{
	json_t *page = json_incref((json_t *)status), *next;
	const char *from;

	while ((from = json_string_value(json_object_get(page, "classifier_table_next"))) != NULL) {
		next = status_page(cli, target, from);
		json_decref(page);
		if (next == NULL)
			return -1;
		page = next;
		print_vf_entries(cli->out, json_object_get(page, "classifier_table"));
	}
	json_decref(page);
	return 0;
}

/* A table may have a million entries, so it is shown page by page. */
static int
vf_status(struct cli *cli, const struct target *target)
{
	json_t *status;
	int ret;

	if (target_count(cli, target, 1, 1) < 0)
		return -1;
	if (cli->json)
		return api_copy(cli, target->path);
	status = status_page(cli, target, NULL);
	if (status == NULL)
		return -1;
	print_vf_head(cli->out, status);
	ret = print_pages(cli, target, status);
	if (ret == 0)
		print_vf_components(cli->out, status);
	json_decref(status);
	return ret;
}

static int
mirror_status(struct cli *cli, const struct target *target)
{
	if (target_count(cli, target, 1, 1) < 0)
		return -1;
	return api_show(cli, target->path, print_mirror);
}

int
cmd_vf_run(struct cli *cli, const char *args)
{
	static const struct target_verb verbs[] = {
		{"classifier_table", classifier_table},
		{"component", component},
		{"exit", target_exit},
		{"port", port},
		{"status", vf_status},
		{.name = NULL},
	};

	return target_run(cli, "vf", args, verbs, plugin_verbs_run);
}

int
cmd_mirror_run(struct cli *cli, const char *args)
{
	static const struct target_verb verbs[] = {
		{"component", component},  {"exit", target_exit}, {"port", port},
		{"status", mirror_status}, {.name = NULL},
	};

	return target_run(cli, "mirror", args, verbs, NULL);
}
