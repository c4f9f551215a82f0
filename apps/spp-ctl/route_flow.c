/* SPDX-License-Identifier: BSD-3-Clause */
/* Flow rules of the primary: JSON into the words of the command `flow`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route_flow.h"
#include "value.h"

#define NUMBER_MAX 0xffffffffLL
#define PORT_ID_MAX 99999

static bool
port_id_is_valid(const struct route_args *args, struct response *r)
{
	if (args->port_id[0] == '-' || strlen(args->port_id) > 5 ||
	    atoi(args->port_id) > PORT_ID_MAX)
		return value_invalid_text(r, "port_id", args->port_id);
	return true;
}

/* `<key> <number> ` when the rule has the key. */
static bool
number_write(FILE *out, const json_t *rule, const char *key, struct response *r)
{
	json_int_t value;

	if (json_object_get(rule, key) == NULL)
		return true;
	if (!value_int(rule, key, false, 0, NUMBER_MAX, &value, r))
		return false;
	fprintf(out, "%s %lld ", key, (long long)value);
	return true;
}

/* The key, the items with a slash after each, and `end`, whether or not the list ends with it. */
static bool
items_write(FILE *out, const json_t *rule, const char *key, struct response *r)
{
	const json_t *items = json_object_get(rule, key), *item;
	size_t i;

	if (!json_is_array(items))
		return value_invalid(r, key, items);
	fputs(key, out);
	json_array_foreach (items, i, item) {
		const char *text = json_string_value(item);

		if (text == NULL || !value_is_line(text, true))
			return value_invalid(r, key, item);
		if (strcmp(text, "end") == 0 && i + 1 == json_array_size(items))
			break;
		fprintf(out, " %s /", text);
	}
	fputs(" end", out);
	return true;
}

static bool
attributes_write(FILE *out, const json_t *rule, struct response *r)
{
	static const char *const directions[] = {"ingress", "egress", NULL};
	const json_t *transfer = json_object_get(rule, "transfer");
	const char *direction;

	if (!number_write(out, rule, "group", r) || !number_write(out, rule, "priority", r))
		return false;
	if (transfer != NULL && !json_is_boolean(transfer))
		return value_invalid(r, "transfer", transfer);
	if (json_is_true(transfer))
		fputs("transfer ", out);
	direction = value_choice(rule, "direction", directions, r);
	if (direction == NULL)
		return false;
	fprintf(out, "%s ", direction);
	return true;
}

static bool
rule_write(FILE *out, const json_t *body, struct response *r)
{
	static const char *const keys[] = {"rule", NULL};
	static const char *const rule_keys[] = {"direction", "pattern", "actions", NULL};
	const json_t *rule = json_object_get(body, "rule");

	if (!value_have_keys(body, keys, r))
		return false;
	if (!json_is_object(rule))
		return value_invalid(r, "rule", rule);
	if (!value_have_keys(rule, rule_keys, r) || !attributes_write(out, rule, r) ||
	    !items_write(out, rule, "pattern", r))
		return false;
	fputc(' ', out);
	return items_write(out, rule, "actions", r);
}

static bool
flow_write(FILE *out, const char *verb, const struct route_args *args, const json_t *body,
	   struct response *r)
{
	if (!port_id_is_valid(args, r))
		return false;
	fprintf(out, "flow %s phy:%d ", verb, atoi(args->port_id));
	return rule_write(out, body, r);
}

static bool
validate_write(FILE *out, const struct route_args *args, const json_t *body, struct response *r)
{
	return flow_write(out, "validate", args, body, r);
}

static bool
create_write(FILE *out, const struct route_args *args, const json_t *body, struct response *r)
{
	return flow_write(out, "create", args, body, r);
}

char *
flow_validate(const struct route_args *args, const json_t *body, struct response *r)
{
	return route_command_write(validate_write, args, body, r);
}

char *
flow_create(const struct route_args *args, const json_t *body, struct response *r)
{
	return route_command_write(create_write, args, body, r);
}

char *
flow_destroy(const struct route_args *args, const json_t *body, struct response *r)
{
	(void)body;
	if (!port_id_is_valid(args, r))
		return NULL;
	if (args->rule_id[0] == '\0')
		return route_command(r, "flow destroy phy:%d ALL", atoi(args->port_id));
	if (args->rule_id[0] == '-' || strlen(args->rule_id) > 10) {
		value_invalid_text(r, "rule_id", args->rule_id);
		return NULL;
	}
	return route_command(r, "flow destroy phy:%d %lld", atoi(args->port_id),
			     atoll(args->rule_id));
}
