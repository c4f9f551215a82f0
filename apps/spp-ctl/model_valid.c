/* SPDX-License-Identifier: BSD-3-Clause */
/* Is a model what it should be?  A file may hold anything. */
#include <stdbool.h>

#include "model.h"
#include "model_valid.h"
#include "value.h"

static bool
member_is_line(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL && value_is_line(text, false);
}

static bool
ports_are_valid(const json_t *ports)
{
	const char *port;
	json_t *vlan;

	if (!json_is_object(ports))
		return false;
	json_object_foreach ((json_t *)ports, port, vlan) {
		const char *words = json_string_value(vlan);

		if (!value_is_line(port, false) || words == NULL ||
		    (*words != '\0' && !value_is_line(words, true)))
			return false;
	}
	return true;
}

static bool
component_is_valid(const char *name, const json_t *component)
{
	const char *options = json_string_value(json_object_get(component, "options"));

	return value_is_name(name) && options != NULL &&
	       (*options == '\0' || value_is_line(options, true)) &&
	       member_is_line(component, "core") && member_is_line(component, "type") &&
	       ports_are_valid(json_object_get(component, "rx")) &&
	       ports_are_valid(json_object_get(component, "tx"));
}

static bool
lines_are_valid(const json_t *lines)
{
	const char *line;
	json_t *unused;

	if (lines != NULL && !json_is_object(lines))
		return false;
	json_object_foreach ((json_t *)lines, line, unused)
		if (!value_is_line(line, true) || model_is_changed_by(line))
			return false;
	return true;
}

static bool
after_is_valid(const json_t *model)
{
	json_t *after = json_object_get(model, "after"), *lines;
	const char *name;

	if (after != NULL && !json_is_object(after))
		return false;
	json_object_foreach (after, name, lines)
		if (json_object_get(json_object_get(model, "components"), name) == NULL ||
		    !lines_are_valid(lines))
			return false;
	return true;
}

bool
model_is_valid(const json_t *model)
{
	json_t *components = json_object_get(model, "components"),
	       *entries = json_object_get(model, "entries");
	json_t *component, *ports, *unused;
	const char *name, *key, *port;

	if (!json_is_object(components) || !json_is_object(entries) ||
	    !lines_are_valid(json_object_get(model, "before")) || !after_is_valid(model))
		return false;
	json_object_foreach (components, name, component)
		if (!component_is_valid(name, component))
			return false;
	json_object_foreach (entries, key, ports) {
		if (!value_is_line(key, true) || !json_is_object(ports))
			return false;
		json_object_foreach (ports, port, unused)
			if (!value_is_line(port, false))
				return false;
	}
	return true;
}
