/* SPDX-License-Identifier: BSD-3-Clause */
/* The verb plugin: list and load. */

#include <errno.h>
#include <stdio.h>

#include "args.h"
#include "dispatch.h"
#include "error.h"
#include "load.h"
#include "manifest.h"
#include "plugin_verbs.h"
#include "reply.h"

static void
reply_plugin(struct spp_reply *reply, const struct plugin *plugin)
{
	const struct spp_manifest *manifest = &plugin->manifest;
	char abi[16];

	snprintf(abi, sizeof(abi), "%u.%u", manifest->abi_major, manifest->abi_minor);
	reply_open(reply, NULL, SPP_REPLY_OBJECT);
	reply_str(reply, "name", plugin->name);
	reply_str(reply, "kind", manifest_kind_name(manifest->kind));
	reply_str(reply, "version", manifest->version);
	reply_str(reply, "summary", manifest->summary);
	reply_str(reply, "abi", abi);
	reply_str(reply, "file", plugin->path);
	reply_u64(reply, "instances", plugin->nb_instances);
	reply_close(reply);
}

static int
run_list(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	reply_open(reply, "plugins", SPP_REPLY_ARRAY);
	for (const struct plugin *plugin = plugin_first(); plugin != NULL; plugin = plugin->next)
		reply_plugin(reply, plugin);
	reply_close(reply);
	return 0;
}

static int
run_load(const struct spp_args *args, struct spp_reply *reply)
{
	const char *name = args_str(args, "name");
	int ret = plugin_load(name);

	if (ret != -EEXIST)
		return ret;
	reply_note(reply, "plugin %s is loaded already", name);
	error_clear();
	return 0;
}

static const struct spp_verb verbs[] = {
	{"plugin <action:list>", "show the plugins of this process", run_list},
	{"plugin <action:load> <name:WORD>", "load NAME.so of the plugin directory", run_load},
};

int
plugin_verbs_add(void)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		int ret = dispatch_add("core", &verbs[i]);

		if (ret < 0)
			return ret;
	}
	return 0;
}
