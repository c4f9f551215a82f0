/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests to spp_vf, and to spp_mirror where they are the same. */
#include <stdio.h>
#include <string.h>

#include "route_vf.h"
#include "value.h"

#define CORE_MAX 127
#define VID_MAX 4094
#define PCP_MAX 7

static char *
component_start(const json_t *body, const char *const *types, struct response *r)
{
	static const char *const keys[] = {"name", "core", "type", NULL};
	const json_t *name = json_object_get(body, "name");
	json_int_t core;
	const char *type;

	if (!value_have_keys(body, keys, r))
		return NULL;
	if (!json_is_string(name) || !value_is_name(json_string_value(name))) {
		value_invalid(r, "name", name);
		return NULL;
	}
	if (!value_int(body, "core", false, 0, CORE_MAX, &core, r))
		return NULL;
	type = value_choice(body, "type", types, r);
	if (type == NULL)
		return NULL;
	/* classifier_mac is another spelling of the type, which processes do not know. */
	if (strcmp(type, "classifier_mac") == 0)
		type = "classifier";
	return route_command(r, "component start %s %d %s", json_string_value(name), (int)core,
			     type);
}

char *
vf_component_start(const struct route_args *args, const json_t *body, struct response *r)
{
	static const char *const types[] = {"forward", "merge", "classifier", "classifier_mac",
					    NULL};

	(void)args;
	return component_start(body, types, r);
}

char *
mirror_component_start(const struct route_args *args, const json_t *body, struct response *r)
{
	static const char *const types[] = {"mirror", NULL};

	(void)args;
	return component_start(body, types, r);
}

static bool
name_is_valid(const struct route_args *args, struct response *r)
{
	return value_is_name(args->name) || value_invalid_text(r, "name", args->name);
}

char *
vf_component_stop(const struct route_args *args, const json_t *body, struct response *r)
{
	(void)body;
	if (!name_is_valid(args, r))
		return NULL;
	return route_command(r, "component stop %s", args->name);
}

struct port_request {
	const char *action, *dir;
	struct res_uid port;
};

static bool
port_request_read(const struct route_args *args, const json_t *body, struct port_request *request,
		  struct response *r)
{
	static const char *const keys[] = {"action", "port", "dir", NULL};
	static const char *const actions[] = {"attach", "detach", NULL};
	static const char *const dirs[] = {"rx", "tx", NULL};

	if (!name_is_valid(args, r) || !value_have_keys(body, keys, r))
		return false;
	request->action = value_choice(body, "action", actions, r);
	if (request->action == NULL || !value_port(body, "port", &request->port, r))
		return false;
	request->dir = value_choice(body, "dir", dirs, r);
	return request->dir != NULL;
}

static char *
port_command(const struct route_args *args, const struct port_request *request, const char *vlan,
	     struct response *r)
{
	const char *action = strcmp(request->action, "attach") == 0 ? "add" : "del";
	char port[RES_UID_SIZE];

	return route_command(r, "port %s %s %s %s%s", action,
			     res_uid_format_word(&request->port, port), request->dir, args->name,
			     vlan);
}

static char *
port_command_add_vlantag(const struct route_args *args, const struct port_request *request,
			 const json_t *vlan, struct response *r)
{
	static const char *const keys[] = {"id", "pcp", NULL};
	json_int_t vid, pcp;
	char words[64];

	if (!value_have_keys(vlan, keys, r) || !value_int(vlan, "id", true, 0, VID_MAX, &vid, r) ||
	    !value_int(vlan, "pcp", true, 0, PCP_MAX, &pcp, r))
		return NULL;
	snprintf(words, sizeof(words), " add_vlantag %d %d", (int)vid, (int)pcp);
	return port_command(args, request, words, r);
}

char *
mirror_ports(const struct route_args *args, const json_t *body, struct response *r)
{
	struct port_request request;

	if (!port_request_read(args, body, &request, r))
		return NULL;
	return port_command(args, &request, "", r);
}

char *
vf_ports(const struct route_args *args, const json_t *body, struct response *r)
{
	static const char *const keys[] = {"operation", NULL};
	static const char *const operations[] = {"none", "add", "del", NULL};
	const json_t *vlan = json_object_get(body, "vlan");
	struct port_request request;
	const char *operation;

	if (!port_request_read(args, body, &request, r))
		return NULL;
	if (strcmp(request.action, "attach") != 0 || vlan == NULL || json_is_null(vlan))
		return port_command(args, &request, "", r);
	if (!json_is_object(vlan)) {
		value_invalid(r, "vlan", vlan);
		return NULL;
	}
	if (json_object_size(vlan) == 0)
		return port_command(args, &request, "", r);
	if (!value_have_keys(vlan, keys, r))
		return NULL;
	operation = value_choice(vlan, "operation", operations, r);
	if (operation == NULL)
		return NULL;
	if (strcmp(operation, "add") == 0)
		return port_command_add_vlantag(args, &request, vlan, r);
	return port_command(args, &request, strcmp(operation, "del") == 0 ? " del_vlantag" : "", r);
}

char *
vf_classifier_table(const struct route_args *args, const json_t *body, struct response *r)
{
	static const char *const keys[] = {"action", "type", "port", "mac_address", NULL};
	static const char *const vlan_keys[] = {"vlan", NULL};
	static const char *const actions[] = {"add", "del", NULL};
	static const char *const types[] = {"mac", "vlan", NULL};
	char word[RES_UID_SIZE], mac[VALUE_WORD_SIZE];
	const char *action, *type, *given;
	struct res_uid port;
	json_int_t vid;

	(void)args;
	if (!value_have_keys(body, keys, r))
		return NULL;
	given = json_string_value(json_object_get(body, "type"));
	if (given != NULL && strcmp(given, "vlan") == 0 && !value_have_keys(body, vlan_keys, r))
		return NULL;
	action = value_choice(body, "action", actions, r);
	type = action == NULL ? NULL : value_choice(body, "type", types, r);
	if (type == NULL || !value_port(body, "port", &port, r) ||
	    !value_mac(body, "mac_address", mac, r))
		return NULL;
	res_uid_format_word(&port, word);
	if (strcmp(type, "mac") == 0)
		return route_command(r, "classifier_table %s mac %s %s", action, mac, word);
	if (!value_int(body, "vlan", true, 0, VID_MAX, &vid, r))
		return NULL;
	return route_command(r, "classifier_table %s vlan %d %s %s", action, (int)vid, mac, word);
}

/* Add `<type>:<id>` for each id in the list, whether text or number.  False when there is no
 * list. */
static bool
ports_add(json_t *ports, const json_t *info, const char *type)
{
	const json_t *ids = json_object_get(info, type), *id;
	size_t i;

	if (!json_is_array(ids))
		return false;
	json_array_foreach (ids, i, id) {
		json_t *port;

		if (json_is_string(id))
			port = json_sprintf("%s:%s", type, json_string_value(id));
		else
			port = json_sprintf("%s:%d", type, (int)json_integer_value(id));
		if (json_array_append_new(ports, port) != 0)
			return false;
	}
	return true;
}

/* Idle workers of a spp_vf have the same members as busy ones: existing clients index any entry. */
static void
idle_complete(json_t *entry)
{
	if (json_object_get(entry, "name") == NULL)
		json_object_set_new(entry, "name", json_string(""));
	if (json_object_get(entry, "rx_port") == NULL)
		json_object_set_new(entry, "rx_port", json_array());
	if (json_object_get(entry, "tx_port") == NULL)
		json_object_set_new(entry, "tx_port", json_array());
}

/* Idle workers of a spp_mirror have core and type, nothing else: a name there ends an existing
 * command line. */
static void
idle_strip(json_t *entry)
{
	json_object_del(entry, "name");
	json_object_del(entry, "rx_port");
	json_object_del(entry, "tx_port");
}

static json_t *
components_build(const json_t *core, void (*idle)(json_t *entry))
{
	json_t *components = json_deep_copy(core), *entry;
	size_t i;

	json_array_foreach (components, i, entry) {
		const char *type = json_string_value(json_object_get(entry, "type"));

		if (type != NULL && strcmp(type, "unuse") == 0)
			idle(entry);
	}
	return components;
}

/* A process that has lost its primary says so, and has nothing else to show. */
static void
add_orphan(json_t *status, const json_t *info)
{
	static const char *const keys[] = {"primary", "primary_gone"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_is_string(json_object_get(info, keys[i])))
			json_object_set(status, keys[i], json_object_get(info, keys[i]));
}

/* A new object without the table; NULL when the status lacks a list that clients rely on. */
static json_t *
status_build(const json_t *info, void (*idle)(json_t *entry))
{
	json_t *ports = json_array(), *status;

	if (!json_is_array(json_object_get(info, "core")) || !ports_add(ports, info, "phy") ||
	    !ports_add(ports, info, "vhost") || !ports_add(ports, info, "ring")) {
		json_decref(ports);
		return NULL;
	}
	status =
		json_pack("{s:O?, s:o, s:O?, s:o}", "client-id", json_object_get(info, "client-id"),
			  "ports", ports, "master-lcore", json_object_get(info, "master-lcore"),
			  "components", components_build(json_object_get(info, "core"), idle));
	add_orphan(status, info);
	/* What port plugins tell: peers, link, counters. */
	if (json_is_array(json_object_get(info, "port_status")))
		json_object_set(status, "port_status", json_object_get(info, "port_status"));
	return status;
}

json_t *
vf_status(const json_t *info)
{
	return status_build(info, idle_complete);
}

void
vf_lacks_member(struct response *r)
{
	response_error(r, 500,
		       "Internal Server Error: the status of the process lacks what it must have");
}

static void
answer_status(const struct outcome *outcome, bool with_table, struct response *r)
{
	const json_t *info = json_object_get(outcome->reply, "info");
	json_t *table = json_object_get(info, "classifier_table");
	json_t *status = status_build(info, with_table ? idle_complete : idle_strip);

	if (status == NULL || (with_table && !json_is_array(table))) {
		json_decref(status);
		vf_lacks_member(r);
		return;
	}
	if (with_table)
		json_object_set(status, "classifier_table", table);
	response_json(r, status);
}

void
vf_answer_status(const struct outcome *outcome, struct response *r)
{
	answer_status(outcome, true, r);
}

void
mirror_answer_status(const struct outcome *outcome, struct response *r)
{
	answer_status(outcome, false, r);
}
