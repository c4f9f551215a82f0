/* SPDX-License-Identifier: BSD-3-Clause */
/* Plugins in service: a list, found by kind and name. */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "plugin.h"

static struct plugin *plugins;

void
plugin_append(struct plugin *plugin)
{
	struct plugin **last = &plugins;

	while (*last != NULL)
		last = &(*last)->next;
	/* The plugin is complete before it is in the list; pairs with the acquires in
	 * plugin_find_code(). */
	__atomic_store_n(last, plugin, __ATOMIC_RELEASE);
}

const struct plugin *
plugin_find_code(uintptr_t address)
{
	const struct plugin *plugin = __atomic_load_n(&plugins, __ATOMIC_ACQUIRE);

	while (plugin != NULL && (address < plugin->code || address >= plugin->code_end))
		plugin = __atomic_load_n(&plugin->next, __ATOMIC_ACQUIRE);
	return plugin;
}

struct plugin *
plugin_first(void)
{
	return plugins;
}

/* True if name is one of the blank-separated words of aliases. */
static bool
is_alias(const char *aliases, const char *name)
{
	const size_t len = strlen(name);

	while (aliases != NULL && *aliases != '\0') {
		size_t word = strcspn(aliases, " ");

		if (word == len && word > 0 && strncmp(aliases, name, len) == 0)
			return true;
		aliases += word + strspn(aliases + word, " ");
	}
	return false;
}

struct plugin *
plugin_find(uint32_t kind, const char *name)
{
	for (struct plugin *plugin = plugins; plugin != NULL; plugin = plugin->next)
		if (plugin->manifest.kind == kind &&
		    (strcmp(plugin->name, name) == 0 || is_alias(plugin->table.aliases, name)))
			return plugin;
	return NULL;
}

int
plugin_fail_type(uint32_t kind, const char *arg, const char *type)
{
	char list[256] = "";
	size_t used = 0;

	for (struct plugin *p = plugins; p != NULL && used < sizeof(list); p = p->next)
		if (p->manifest.kind == kind)
			used += snprintf(list + used, sizeof(list) - used, "%s%s",
					 used > 0 ? ", " : "", p->name);
	return fail_arg(arg,
			kind == SPP_KIND_COMPONENT
				? "no component plugin '%s' is loaded; there are: %s"
				: "no plugin drives ports of type '%s'; there are: %s",
			type, used > 0 ? list : "none");
}
