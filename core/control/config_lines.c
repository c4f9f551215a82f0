/* SPDX-License-Identifier: BSD-3-Clause */
/* The configuration of the process as command lines. */

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include <rte_common.h>

#include "activity.h"
#include "config_lines.h"
#include "dispatch.h"
#include "error.h"
#include "lcore.h"
#include "lcore_verbs.h"
#include "line.h"
#include "panel.h"
#include "plugin.h"
#include "worker.h"

/* Where lines go. */
struct sink {
	spp_config_emit emit;
	void *arg;
	bool with_large;             /* the lines of plugins with SPP_CONFIG_LARGE, too */
	const struct plugin *plugin; /* the plugin that writes */
};

static int __attribute__((format(printf, 2, 3)))
emit_format(const struct sink *sink, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (len >= (int)sizeof(line))
		return fail(-E2BIG, "a line of the configuration is too long: %.64s...", line);
	return sink->emit(sink->arg, line);
}

/* Lines of the core */

static int
write_idle(const struct sink *sink)
{
	int rc = 0;

	for (int lcore = lcore_next(-1); lcore >= 0 && rc == 0; lcore = lcore_next(lcore)) {
		struct idle_policy policy;
		char text[32];

		if (!lcore_idle_is_set(lcore))
			continue;
		worker_get_idle(lcore_worker(lcore), &policy);
		rc = emit_format(sink, "idle %d %s", lcore,
				 idle_format(&policy, text, sizeof(text)));
	}
	return rc;
}

static int
write_component(const struct sink *sink, const struct spp_component *c)
{
	char options[LINE_MAX_BYTES];
	size_t len = 0;

	options[0] = '\0';
	for (char **option = c->options; option != NULL && *option != NULL; option++) {
		len += snprintf(options + len, sizeof(options) - len, " %s", *option);
		if (len >= sizeof(options))
			return fail(-E2BIG, "component '%s' has options too long for a command",
				    c->name);
	}
	return emit_format(sink, "component start %s %u %s%s", c->name, c->lcore, c->plugin->name,
			   options);
}

static int
write_components(const struct sink *sink)
{
	int rc = 0;

	for (const struct spp_component *c = panel_first(); c != NULL && rc == 0; c = c->next)
		rc = write_component(sink, c);
	return rc;
}

static int
write_port(const struct sink *sink, const struct attachment *a)
{
	const char *dir = a->dir == SPP_RX ? "rx" : "tx", *name = a->component->name;
	char port[RES_UID_SIZE];

	res_uid_format_word(&a->res_uid, port);
	if (a->vlan.kind == VLAN_ADD)
		return emit_format(sink, "port add %s %s %s add_vlantag %u %u", port, dir, name,
				   a->vlan.vid, a->vlan.pcp);
	return emit_format(sink, "port add %s %s %s%s", port, dir, name,
			   a->vlan.kind == VLAN_DEL ? " del_vlantag" : "");
}

static int
write_ports(const struct sink *sink, uint16_t dir)
{
	int rc = 0;

	for (const struct spp_component *c = panel_first(); c != NULL; c = c->next)
		for (const struct attachment *a = panel_first_attachment(c, dir);
		     a != NULL && rc == 0; a = a->next)
			rc = write_port(sink, a);
	return rc;
}

/* Lines of plugins */

/* What a plugin writes is data from a stranger: only commands of its own verbs pass. */
static int
emit_checked(void *arg, const char *line)
{
	const struct sink *sink = arg;

	if (!dispatch_is_command(sink->plugin->name, line))
		return fail(-EPROTO,
			    "plugin %s: its configuration has `%.128s`, which is no command of its "
			    "own",
			    sink->plugin->name, line);
	return sink->emit(sink->arg, line);
}

/* The plugin's extension, NULL when its lines do not go to this sink. */
static const struct spp_config_ext *
wanted(const struct sink *sink, const struct plugin *plugin)
{
	const struct spp_config_ext *ext = plugin->config;

	return ext == NULL || (!sink->with_large && (ext->flags & SPP_CONFIG_LARGE) != 0) ? NULL
											  : ext;
}

static int
process_config(struct sink *sink, const struct spp_config_ext *ext)
{
	int rc;

	activity_enter("process_config() of plugin %s", sink->plugin->name);
	rc = ext->process_config(emit_checked, sink);
	activity_leave();
	return RTE_MIN(0, rc);
}

static int
write_processes(struct sink *sink)
{
	int rc = 0;

	for (const struct plugin *p = plugin_first(); p != NULL && rc == 0; p = p->next) {
		const struct spp_config_ext *ext = wanted(sink, p);

		sink->plugin = p;
		if (ext != NULL && ext->process_config != NULL)
			rc = process_config(sink, ext);
	}
	return rc;
}

static int
write_instance(struct sink *sink, const struct spp_component *c)
{
	const struct spp_config_ext *ext = wanted(sink, c->plugin);
	int rc;

	sink->plugin = c->plugin;
	if (ext == NULL || ext->instance_config == NULL)
		return 0;
	activity_enter("instance_config() of plugin %s for component '%s'", c->plugin->name,
		       c->name);
	rc = ext->instance_config(c->state, emit_checked, sink);
	activity_leave();
	return RTE_MIN(0, rc);
}

static int
write_instances(struct sink *sink)
{
	int rc = 0;

	for (const struct spp_component *c = panel_first(); c != NULL && rc == 0; c = c->next)
		rc = write_instance(sink, c);
	return rc;
}

/* All of them */

static int
write_before(struct sink *sink)
{
	int rc = write_idle(sink);

	return rc != 0 ? rc : write_processes(sink);
}

int
config_lines_write(spp_config_emit emit, void *arg)
{
	struct sink sink = {.emit = emit, .arg = arg, .with_large = true};
	int rc = write_before(&sink);

	if (rc == 0)
		rc = write_components(&sink);
	if (rc == 0)
		rc = write_ports(&sink, SPP_TX);
	if (rc == 0)
		rc = write_instances(&sink);
	return rc != 0 ? rc : write_ports(&sink, SPP_RX);
}

int
config_lines_write_before(spp_config_emit emit, void *arg)
{
	struct sink sink = {.emit = emit, .arg = arg};

	return write_before(&sink);
}

int
config_lines_write_after(const struct spp_component *component, spp_config_emit emit, void *arg)
{
	struct sink sink = {.emit = emit, .arg = arg};

	return write_instance(&sink, component);
}
