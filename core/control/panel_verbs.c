/* SPDX-License-Identifier: BSD-3-Clause */
/* The verbs component and port: words in, changes of the panel out. */

#include <stdio.h>
#include <string.h>

#include "args.h"
#include "attachment.h"
#include "component.h"
#include "dispatch.h"
#include "error.h"
#include "panel_verbs.h"
#include "reply.h"

/* Options of a component fill the words of a command that component, start, name, core and type
 * leave. */
#define OPTIONS_MAX (DISPATCH_WORDS_MAX - 5)

static unsigned int
read_options(const struct spp_args *args, const char *options[OPTIONS_MAX])
{
	char name[16];
	unsigned int nb = 0;

	do {
		snprintf(name, sizeof(name), "option %u", nb + 1);
		options[nb] = args_str(args, name);
	} while (options[nb] != NULL && ++nb < OPTIONS_MAX);
	return nb;
}

static int
run_component_start(const struct spp_args *args, struct spp_reply *reply)
{
	const char *name = args_str(args, "component name");
	const char *type = args_str(args, "component type");
	const struct spp_component *component = panel_find(name);
	const char *options[OPTIONS_MAX];
	unsigned int nb = read_options(args, options);
	uint64_t lcore;
	int rc = args_u64(args, "core", &lcore);

	if (rc != 0)
		return rc;
	if (component == NULL || !component_is(component, lcore, type, options, nb))
		return component_start(name, lcore, type, options, nb);
	reply_note(reply, "component '%s' is already a %s on core %u", name,
		   component->plugin->name, component->lcore);
	return 0;
}

static int
run_component_stop(const struct spp_args *args, struct spp_reply *reply)
{
	const char *name = args_str(args, "component name");
	struct spp_component *component = panel_find(name);

	if (component != NULL)
		return component_stop(component);
	reply_note(reply, "no component '%s' to stop", name);
	return 0;
}

/* The words that both forms of the verb port have in common. */
struct port_words {
	const struct res_uid *port;
	uint16_t dir;
	struct spp_component *component;
};

static int
read_port_words(const struct spp_args *args, struct port_words *words)
{
	const char *name = args_str(args, "component name");

	words->port = args_port(args, "port");
	if (words->port == NULL)
		return fail_arg("port", "'%s' is not a port", args_str(args, "port"));
	words->dir = strcmp(args_str(args, "port rxtx"), "rx") == 0 ? SPP_RX : SPP_TX;
	words->component = panel_find(name);
	if (words->component == NULL)
		return fail_arg("component name", "there is no component '%s'; start it first",
				name);
	return 0;
}

static int
read_vlan(const struct spp_args *args, struct vlan_op *vlan)
{
	const char *operation = args_str(args, "port vlan operation");
	uint64_t vid, pcp;
	int rc;

	*vlan = (struct vlan_op){.kind = VLAN_NONE};
	if (operation == NULL)
		return 0;
	if (strcmp(operation, "del_vlantag") == 0) {
		vlan->kind = VLAN_DEL;
		return 0;
	}
	rc = args_u64(args, "port vid", &vid);
	if (rc == 0)
		rc = args_u64(args, "port pcp", &pcp);
	if (rc == 0)
		*vlan = (struct vlan_op){.kind = VLAN_ADD, .vid = vid, .pcp = pcp};
	return rc;
}

static bool
is_same_vlan(const struct vlan_op *a, const struct vlan_op *b)
{
	return a->kind == b->kind && a->vid == b->vid && a->pcp == b->pcp;
}

static int
run_port_add(const struct spp_args *args, struct spp_reply *reply)
{
	const struct attachment *held;
	struct port_words words;
	struct vlan_op vlan;
	int rc = read_port_words(args, &words);

	if (rc == 0)
		rc = read_vlan(args, &vlan);
	if (rc != 0)
		return rc;
	held = panel_find_attachment(words.component, words.port, words.dir);
	if (held != NULL && is_same_vlan(&held->vlan, &vlan)) {
		reply_note(reply, "%s is already %s port of '%s'", held->name,
			   args_str(args, "port rxtx"), words.component->name);
		return 0;
	}
	return attachment_add(words.component, words.port, words.dir, &vlan);
}

static int
run_port_del(const struct spp_args *args, struct spp_reply *reply)
{
	struct attachment *held;
	struct port_words words;
	int rc = read_port_words(args, &words);

	if (rc != 0)
		return rc;
	if (plugin_find(SPP_KIND_PORT, words.port->type) == NULL)
		return fail_arg("port", "no plugin drives ports of type '%s'", words.port->type);
	held = panel_find_attachment(words.component, words.port, words.dir);
	if (held != NULL)
		return attachment_del(held);
	reply_note(reply, "%s is not %s port of '%s', nothing to delete", args_str(args, "port"),
		   args_str(args, "port rxtx"), words.component->name);
	return 0;
}

#define PORT_ADD "port <action:add> <port:RES_UID> <port rxtx:rx|tx> <component name:NAME>"
#define COMPONENT_START                                                                            \
	"component <action:start> <component name:NAME> <core:CORE> <component type:NAME>"
#define COMPONENT_STOP "component <action:stop> <component name:NAME>"

static const struct spp_verb verbs[] = {
	{COMPONENT_START, "start a component on a worker lcore", run_component_start},
	{COMPONENT_STOP, "stop a component and detach its ports", run_component_stop},
	/* Some recipes repeat the words of start here. */
	{COMPONENT_STOP " <core:WORD>", "the same; the last word is ignored", run_component_stop},
	{COMPONENT_STOP " <core:WORD> <component type:WORD>",
	 "the same; the last two words are ignored", run_component_stop},
	{PORT_ADD, "attach a port to a component", run_port_add},
	{PORT_ADD " <port vlan operation:del_vlantag>",
	 "attach a port, remove the VLAN tag of its packets", run_port_add},
	{PORT_ADD " <port vlan operation:add_vlantag> <port vid:VID> <port pcp:PCP>",
	 "attach a port, write a VLAN tag into its packets", run_port_add},
	{"port <action:del> <port:RES_UID> <port rxtx:rx|tx> <component name:NAME>",
	 "detach a port from a component", run_port_del},
};

/* A form for each number of options. */
static int
add_start_with_options(void)
{
	char grammar[sizeof(COMPONENT_START) + OPTIONS_MAX * sizeof(" <option 99:WORD>")];
	size_t len = snprintf(grammar, sizeof(grammar), COMPONENT_START);
	const struct spp_verb verb = {grammar, "the same, with options NAME=VALUE of the plugin",
				      run_component_start};
	int rc = 0;

	for (unsigned int i = 1; i <= OPTIONS_MAX && rc == 0; i++) {
		len += snprintf(grammar + len, sizeof(grammar) - len, " <option %u:WORD>", i);
		rc = dispatch_add("core", &verb);
	}
	return rc;
}

int
panel_verbs_add(void)
{
	for (unsigned int i = 0; i < RTE_DIM(verbs); i++) {
		int rc = dispatch_add("core", &verbs[i]);

		if (rc != 0)
			return rc;
	}
	return add_start_with_options();
}
