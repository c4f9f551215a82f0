/* SPDX-License-Identifier: BSD-3-Clause */
/* The verb config: a page of the lines that rebuild the process. */

#include <errno.h>
#include <stdbool.h>

#include "args.h"
#include "config_change.h"
#include "config_lines.h"
#include "config_verb.h"
#include "dispatch.h"
#include "error.h"
#include "reply.h"

/* Lines of a reply, so that it stays far below what a peer may leave unread. */
#define PAGE_DEFAULT 2000
#define PAGE_MAX 10000

struct page {
	struct spp_reply *reply;
	uint64_t from, max; /* lines */
	uint64_t at;        /* number of the next line */
	bool is_full;       /* the next line belongs to the next page */
};

static int
take_line(void *arg, const char *line)
{
	struct page *page = arg;

	if (page->at == page->from + page->max) {
		page->is_full = true;
		return -ECANCELED;
	}
	if (page->at++ >= page->from)
		reply_str(page->reply, NULL, line);
	return 0;
}

static int
read_page(const struct spp_args *args, struct page *page)
{
	int rc = args_u64(args, "first", &page->from);

	if (rc != 0 && rc != -ENOENT)
		return rc;
	rc = args_u64(args, "count", &page->max);
	if (rc != 0 && rc != -ENOENT)
		return rc;
	if (page->max == 0 || page->max > PAGE_MAX)
		return fail_arg("count", "a reply has 1 to %d lines; ask for the rest with from",
				PAGE_MAX);
	return 0;
}

static int
run_config(const struct spp_args *args, struct spp_reply *reply)
{
	struct page page = {.reply = reply, .max = PAGE_DEFAULT};
	int rc = read_page(args, &page);

	if (rc != 0)
		return rc;
	reply_open(reply, "config", SPP_REPLY_OBJECT);
	reply_u64(reply, "from", page.from);
	reply_open(reply, "lines", SPP_REPLY_ARRAY);
	rc = config_lines_write(take_line, &page);
	reply_close(reply);
	if (page.is_full)
		reply_u64(reply, "next", page.at);
	reply_close(reply);
	return page.is_full ? 0 : rc;
}

int
config_verb_add(void)
{
	static const struct spp_verb verbs[] = {
		{"config", "the command lines that rebuild this process, in their order",
		 run_config},
		{"config <from:from> <first:UNSIGNED_INT>",
		 "the same, from a line on; 0 is the first", run_config},
		{"config <from:from> <first:UNSIGNED_INT> <max:max> <count:UNSIGNED_INT>",
		 "the same, so many lines", run_config},
	};
	int rc = 0;

	for (unsigned int i = 0; i < sizeof(verbs) / sizeof(verbs[0]) && rc == 0; i++)
		rc = dispatch_add("core", &verbs[i]);
	if (rc == 0)
		config_change_init();
	return rc;
}
