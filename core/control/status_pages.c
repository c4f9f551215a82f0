/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of plugins, page by page. */

#include <errno.h>
#include <string.h>

#include <rte_common.h>

#include "activity.h"
#include "args.h"
#include "dispatch.h"
#include "error.h"
#include "plugin.h"
#include "reply.h"
#include "status_pages.h"

static void
write_total(struct spp_reply *reply, const struct plugin *plugin, const char *next)
{
	reply_open(reply, plugin->pages->name, SPP_REPLY_OBJECT);
	activity_enter("count() of plugin %s", plugin->name);
	reply_u64(reply, "total", plugin->pages->count());
	activity_leave();
	if (next[0] != '\0')
		reply_str(reply, "next", next);
	reply_close(reply);
}

void
status_pages_write_totals(struct spp_reply *reply)
{
	reply_open(reply, "tables", SPP_REPLY_OBJECT);
	for (const struct plugin *p = plugin_first(); p != NULL; p = p->next)
		if (p->pages != NULL)
			write_total(reply, p, "");
	reply_close(reply);
}

static const struct plugin *
find_table(const char *name)
{
	for (const struct plugin *p = plugin_first(); p != NULL; p = p->next)
		if (p->pages != NULL && strcmp(p->pages->name, name) == 0)
			return p;
	return NULL;
}

static int
write_page(const struct plugin *plugin, const char *from, uint64_t max, struct spp_reply *reply)
{
	char next[SPP_TABLE_PLACE_SIZE] = "";
	int rc;

	reply_open(reply, "info", SPP_REPLY_OBJECT);
	reply_open(reply, plugin->pages->name, SPP_REPLY_ARRAY);
	activity_enter("a page of the table of plugin %s", plugin->name);
	rc = plugin->pages->write(reply, from, RTE_MIN(max, (uint64_t)STATUS_PAGE_MAX), next);
	activity_leave();
	reply_close(reply);
	reply_open(reply, "tables", SPP_REPLY_OBJECT);
	write_total(reply, plugin, next);
	reply_close(reply);
	reply_close(reply);
	return rc;
}

static int
run_page(const struct spp_args *args, struct spp_reply *reply)
{
	const char *name = args_str(args, "table");
	const struct plugin *plugin = find_table(name);
	uint64_t max = 0;
	int rc;

	if (plugin == NULL)
		return fail_arg("table",
				"no plugin has a table '%.48s'; 'status brief' lists those that "
				"have pages",
				name);
	rc = args_u64(args, "max", &max);
	return rc < 0 ? rc : write_page(plugin, args_str(args, "from"), max, reply);
}

int
status_pages_init(void)
{
	static const struct spp_verb verb = {"status <table:WORD> <keyword from:from> <from:WORD> "
					     "<keyword max:max> <max:UNSIGNED_INT>",
					     "a page of a table, from an entry on", run_page};

	return dispatch_add("core", &verb);
}
