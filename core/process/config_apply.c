/* SPDX-License-Identifier: BSD-3-Clause */
/* Boot configuration: plugins, then the patch panel in one transaction. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attachment.h"
#include "component.h"
#include "config_apply.h"
#include "config_keys.h"
#include "dispatch.h"
#include "error.h"
#include "lcore_verbs.h"
#include "load.h"
#include "log.h"
#include "manifest.h"
#include "plugin.h"
#include "plugin_dir.h"
#include "plugin_options.h"
#include "port.h"
#include "txn.h"

/* Put file, line and object in front of the stored sentence; returns err. */
static int __attribute__((format(printf, 4, 5)))
say_where(const struct config *config, unsigned int line, int err, const char *fmt, ...)
{
	char object[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(object, sizeof(object), fmt, ap);
	va_end(ap);
	config_refuse(&(struct config_place){.file = config->file, .line = line}, "%s: %s", object,
		      error_sentence(err));
	return err;
}

/* A plugin without a file is a mistake in the configuration, which ends the start.  A file that is
 * refused is a fault of the plugin: the process goes on without that plugin. */
static int
load_plugin(const struct config *config, unsigned int i)
{
	const char *name = config->plugins.str[i];
	unsigned int line = config->plugins.line[i];
	int rc = plugin_load(name);

	if (rc == -ENOENT || !manifest_name_is_valid(name))
		return say_where(config, line, rc, "plugins");
	if (rc != 0 && rc != -EEXIST)
		log_err("%s:%u: %s", config->file, line, error_sentence(rc));
	error_clear();
	return 0;
}

int
config_load_plugins(const struct config *config)
{
	int rc = plugin_set_dir(config->plugin_dir != NULL ? config->plugin_dir
							   : plugin_dir_default());

	if (rc != 0)
		return rc;
	if (config->plugins.nb == 0) {
		plugin_load_all();
		return 0;
	}
	for (unsigned int i = 0; rc == 0 && i < config->plugins.nb; i++)
		rc = load_plugin(config, i);
	return rc;
}

static int
apply_idle(const struct config *config)
{
	for (unsigned int i = 0; i < config->nb_idle; i++) {
		const struct config_idle *idle = &config->idle[i];
		int rc = lcore_set_idle(idle->lcore, &idle->policy);

		if (rc != 0)
			return say_where(config, idle->line, rc, "idle '%u'", idle->lcore);
	}
	return 0;
}

/* `ring` of `ring:1`, or the whole name; out holds RES_UID_TYPE_SIZE bytes. */
static const char *
type_of(const struct config_port *port, char *out)
{
	snprintf(out, RES_UID_TYPE_SIZE, "%.*s", (int)strcspn(port->name, ":"), port->name);
	return out;
}

/* The options are checked here and when the port is opened: a section may describe a port that is
 * never opened. */
static int
check_port_options(const struct config_port *port, const struct plugin *plugin)
{
	struct plugin_options options;
	int rc = plugin_options_init(&options, "options", plugin->port.options, port->options.str,
				     port->options.nb);

	if (rc == 0)
		plugin_options_fini(&options);
	return rc;
}

static int
set_port_options(const struct config_port *port)
{
	char type[RES_UID_TYPE_SIZE];
	const struct plugin *plugin = plugin_find(SPP_KIND_PORT, type_of(port, type));
	int rc;

	if (plugin == NULL)
		return fail(-ENOENT, "no plugin is loaded for ports of type '%s'", type);
	rc = check_port_options(port, plugin);
	if (rc != 0)
		return rc;
	return port_set_options(port->name, port->options.str, port->options.nb);
}

int
config_set_port_options(const struct config *config)
{
	for (unsigned int i = 0; i < config->nb_ports; i++) {
		const struct config_port *port = &config->ports[i];
		int rc = set_port_options(port);

		if (rc != 0)
			return say_where(config, port->line, rc, "port '%s'", port->name);
	}
	return 0;
}

static int
apply_components(const struct config *config)
{
	for (unsigned int i = 0; i < config->nb_components; i++) {
		const struct config_component *c = &config->components[i];
		int rc = component_start(c->name, c->lcore, c->type, c->options.str, c->options.nb);

		if (rc != 0)
			return say_where(config, c->line, rc, "component '%s'", c->name);
	}
	return 0;
}

static int
apply_attachments(const struct config *config, const struct config_component *c, uint16_t dir)
{
	const struct config_attachments *ports = dir == SPP_RX ? &c->rx : &c->tx;

	for (unsigned int i = 0; i < ports->nb; i++) {
		const struct config_attachment *a = &ports->list[i];
		char res_uid[RES_UID_SIZE];
		int rc = attachment_add(panel_find(c->name), &a->res_uid, dir, &a->vlan);

		if (rc != 0)
			return say_where(config, a->line, rc, "component '%s': %s %s", c->name,
					 dir == SPP_RX ? "rx" : "tx",
					 res_uid_format(&a->res_uid, res_uid));
	}
	return 0;
}

static int
apply_ports(const struct config *config)
{
	for (unsigned int i = 0; i < config->nb_components; i++) {
		int rc = apply_attachments(config, &config->components[i], SPP_RX);

		if (rc == 0)
			rc = apply_attachments(config, &config->components[i], SPP_TX);
		if (rc != 0)
			return rc;
	}
	return 0;
}

static int
apply_commands(const struct config *config)
{
	const struct config_strings *commands = &config->commands;

	for (unsigned int i = 0; i < commands->nb; i++) {
		int rc = dispatch_run_in_txn(commands->str[i]);

		if (rc != 0)
			return say_where(config, commands->line[i], rc, "command '%.100s'",
					 commands->str[i]);
	}
	return 0;
}

int
config_apply(const struct config *config)
{
	static int (*const parts[])(const struct config *config) = {
		apply_idle,
		apply_components,
		apply_ports,
		apply_commands,
	};
	int rc = 0;

	error_clear();
	txn_begin();
	for (unsigned int i = 0; rc == 0 && i < sizeof(parts) / sizeof(parts[0]); i++)
		rc = parts[i](config);
	if (rc != 0) {
		/* Undoing may store another sentence. */
		char text[1024];

		snprintf(text, sizeof(text), "%s", error_sentence(rc));
		txn_abort();
		fail_text(text);
		return rc;
	}
	rc = txn_commit();
	if (rc != 0)
		fail(rc, "%s: %s", config->file, error_sentence(rc));
	return rc;
}
