/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Size-stamped tables become zero-extended copies: from here on, a field that the plugin does not
 * know is NULL or 0.  The least size of a table covers the fields that no plugin can do without.
 */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "activity.h"
#include "error.h"
#include "grammar.h"
#include "plugin_tables.h"

/* Far above any use: this limit catches a number that the plugin never set. */
#define VERBS_MAX 256

#define END_OF(type, field) (offsetof(type, field) + sizeof(((type *)NULL)->field))
#define MIN(a, b) ((a) < (b) ? (a) : (b))

/* Copy a table; min is the smallest size that makes sense. */
static int
copy(const struct plugin *plugin, const char *what, void *to, size_t to_size, const void *from,
     size_t min)
{
	uint32_t size;

	memcpy(&size, from, sizeof(size));
	if (size < min)
		return fail(-ENOEXEC, "plugin %s: %s of %u bytes, this host needs at least %zu",
			    plugin->path, what, size, min);
	memset(to, 0, to_size);
	memcpy(to, from, MIN(size, to_size));
	return 0;
}

/* Options and verbs */

static int
check_options(const struct plugin *plugin, const char *options)
{
	struct grammar *grammar;
	char error[256];
	int ret;

	if (options == NULL)
		return 0;
	ret = grammar_parse(options, &grammar, error, sizeof(error));
	if (ret < 0)
		return fail(ret, "plugin %s: options '%s': %s", plugin->path, options,
			    ret == -EINVAL ? error : strerror(-ret));
	if (grammar_verb(grammar)[0] != '\0')
		ret = fail(-EINVAL, "plugin %s: options '%s' begin with a word, they are arguments",
			   plugin->path, options);
	grammar_free(grammar);
	return ret;
}

struct spp_verb
plugin_tables_verb(const struct plugin *plugin, uint32_t i)
{
	const char *from = (const char *)plugin->table.verbs + (size_t)i * plugin->table.verb_size;
	struct spp_verb verb = {0};

	memcpy(&verb, from, MIN(plugin->table.verb_size, sizeof(verb)));
	return verb;
}

static int
check_verbs(const struct plugin *plugin)
{
	const struct spp_plugin *table = &plugin->table;
	const size_t min = END_OF(struct spp_verb, run);

	if (table->nb_verbs == 0)
		return 0;
	if (table->nb_verbs > VERBS_MAX)
		return fail(-ENOEXEC, "plugin %s: %u verbs, this host takes %u", plugin->path,
			    table->nb_verbs, VERBS_MAX);
	if (table->verbs == NULL)
		return fail(-ENOEXEC, "plugin %s: %u verbs, but no table of them", plugin->path,
			    table->nb_verbs);
	if (table->verb_size < min)
		return fail(-ENOEXEC, "plugin %s: verbs of %u bytes, this host needs at least %zu",
			    plugin->path, table->verb_size, min);
	for (uint32_t i = 0; i < table->nb_verbs; i++) {
		struct spp_verb verb = plugin_tables_verb(plugin, i);

		if (verb.grammar == NULL || verb.run == NULL)
			return fail(-ENOEXEC, "plugin %s: verb %u of %u has no %s", plugin->path, i,
				    table->nb_verbs, verb.grammar == NULL ? "grammar" : "run()");
	}
	return 0;
}

/* Components */

static int
check_range(const struct plugin *plugin, const char *dir, uint16_t min, uint16_t max)
{
	if (min > max)
		return fail(-ENOEXEC, "plugin %s: %s_min %u is above %s_max %u", plugin->path, dir,
			    min, dir, max);
	return 0;
}

static int
check_drop_reasons(const struct plugin *plugin)
{
	const struct spp_component_ops *ops = &plugin->component;

	if (ops->nb_drop_reasons > SPP_DROP_MAX)
		return fail(-ENOEXEC, "plugin %s: %u drop reasons, this host takes %u",
			    plugin->path, ops->nb_drop_reasons, SPP_DROP_MAX);
	if (ops->nb_drop_reasons > 0 && ops->drop_reasons == NULL)
		return fail(-ENOEXEC, "plugin %s: %u drop reasons, but no table of their names",
			    plugin->path, ops->nb_drop_reasons);
	for (uint32_t i = 0; i < ops->nb_drop_reasons; i++)
		if (ops->drop_reasons[i] == NULL || ops->drop_reasons[i][0] == '\0')
			return fail(-ENOEXEC, "plugin %s: drop reason %u of %u has no name",
				    plugin->path, i, ops->nb_drop_reasons);
	return 0;
}

static int
take_component(struct plugin *plugin)
{
	struct spp_component_ops *ops = &plugin->component;
	int ret;

	if (plugin->table.component == NULL)
		return fail(-ENOEXEC, "plugin %s: kind component, but its component table is NULL",
			    plugin->path);
	if (plugin->table.port != NULL)
		return fail(-ENOEXEC, "plugin %s: kind component, but it has a port table, too",
			    plugin->path);
	ret = copy(plugin, "component table", ops, sizeof(*ops), plugin->table.component,
		   END_OF(struct spp_component_ops, tx_max));
	if (ret < 0)
		return ret;
	if (check_range(plugin, "rx", ops->rx_min, ops->rx_max) < 0 ||
	    check_range(plugin, "tx", ops->tx_min, ops->tx_max) < 0)
		return -ENOEXEC;
	if (ops->rx_max == 0)
		return fail(-ENOEXEC,
			    "plugin %s: rx_max 0, a component must take 1 rx port or more",
			    plugin->path);
	if (ops->process == NULL && ops->tx_max != 1)
		return fail(-ENOEXEC, "plugin %s: no process() although tx_max is %u, not 1",
			    plugin->path, ops->tx_max);
	ret = check_drop_reasons(plugin);
	return ret < 0 ? ret : check_options(plugin, ops->options);
}

/* Ports */

static int
take_port(struct plugin *plugin)
{
	struct spp_port_ops *ops = &plugin->port;
	int ret;

	if (plugin->table.port == NULL)
		return fail(-ENOEXEC, "plugin %s: kind port, but its port table is NULL",
			    plugin->path);
	if (plugin->table.component != NULL)
		return fail(-ENOEXEC, "plugin %s: kind port, but it has a component table, too",
			    plugin->path);
	ret = copy(plugin, "port table", ops, sizeof(*ops), plugin->table.port,
		   END_OF(struct spp_port_ops, attach));
	if (ret < 0)
		return ret;
	if (ops->open == NULL || ops->attach == NULL)
		return fail(-ENOEXEC, "plugin %s: no %s(), a port must have open() and attach()",
			    plugin->path, ops->open == NULL ? "open" : "attach");
	return check_options(plugin, ops->options);
}

/* Copy an extension; *taken says whether the plugin has it. */
static int
take_extension(const struct plugin *plugin, const char *id, void *to, size_t to_size, size_t min,
	       bool *taken)
{
	const void *from;

	activity_enter("get_extension() of plugin %s", plugin->name);
	from = plugin->table.get_extension(id);
	activity_leave();
	*taken = from != NULL;
	return from == NULL ? 0 : copy(plugin, id, to, to_size, from, min);
}

static int
take_status(struct plugin *plugin)
{
	bool taken;
	int ret = take_extension(plugin, SPP_EXT_STATUS, &plugin->status_ext,
				 sizeof(plugin->status_ext),
				 END_OF(struct spp_status_ext, reserved0), &taken);

	if (ret == 0 && taken)
		plugin->status = &plugin->status_ext;
	return ret;
}

static int
take_pages(struct plugin *plugin)
{
	const struct spp_table_ext *pages = &plugin->pages_ext;
	bool taken;
	int ret =
		take_extension(plugin, SPP_EXT_TABLE, &plugin->pages_ext, sizeof(plugin->pages_ext),
			       END_OF(struct spp_table_ext, write), &taken);

	if (ret < 0 || !taken)
		return ret;
	if (pages->name == NULL || pages->count == NULL || pages->write == NULL)
		return fail(-ENOEXEC,
			    "plugin %s: " SPP_EXT_TABLE " lacks a name, count() or write()",
			    plugin->path);
	plugin->pages = pages;
	return 0;
}

static int
take_config(struct plugin *plugin)
{
	bool taken;
	int ret = take_extension(plugin, SPP_EXT_CONFIG, &plugin->config_ext,
				 sizeof(plugin->config_ext), END_OF(struct spp_config_ext, flags),
				 &taken);

	if (ret == 0 && taken)
		plugin->config = &plugin->config_ext;
	return ret;
}

static int
take_extensions(struct plugin *plugin)
{
	int ret;

	if (plugin->table.get_extension == NULL)
		return 0;
	ret = take_status(plugin);
	if (ret == 0)
		ret = take_pages(plugin);
	return ret == 0 ? take_config(plugin) : ret;
}

int
plugin_tables_take(struct plugin *plugin, const struct spp_plugin *table)
{
	int ret;

	if (table == NULL)
		return fail(-ENOEXEC, "plugin %s: its entry function returned no table",
			    plugin->path);
	ret = copy(plugin, "plugin table", &plugin->table, sizeof(plugin->table), table,
		   END_OF(struct spp_plugin, port));
	if (ret < 0)
		return ret;
	if (plugin->manifest.kind == SPP_KIND_COMPONENT)
		ret = take_component(plugin);
	else
		ret = take_port(plugin);
	if (ret == 0)
		ret = check_verbs(plugin);
	return ret < 0 ? ret : take_extensions(plugin);
}
