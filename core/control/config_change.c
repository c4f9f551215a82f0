/* SPDX-License-Identifier: BSD-3-Clause */
/* What a command changes of the lines that verbs have configured. */

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config_change.h"
#include "config_lines.h"
#include "error.h"
#include "log.h"
#include "observer.h"
#include "panel.h"
#include "reply.h"

/* Sets of lines, in the order in which they are written: each is a key.  The value of a line of a
 * component is the name of the component. */
struct lines {
	json_t *before, *after;
};

struct taker {
	json_t *set;
	const char *component; /* NULL: none */
};

static int
take_line(void *arg, const char *line)
{
	const struct taker *taker = arg;
	json_t *value = taker->component == NULL ? json_true() : json_string(taker->component);

	if (json_object_set_new(taker->set, line, value) == 0)
		return 0;
	return fail(-ENOMEM, "no memory to look at the configuration");
}

static int
take_all(const struct lines *lines)
{
	struct taker taker = {.set = lines->before};
	int rc = config_lines_write_before(take_line, &taker);

	taker.set = lines->after;
	for (const struct spp_component *c = panel_first(); c != NULL && rc == 0; c = c->next) {
		taker.component = c->name;
		rc = config_lines_write_after(c, take_line, &taker);
	}
	return rc;
}

static void
lines_destroy(struct lines *lines)
{
	if (lines == NULL)
		return;
	json_decref(lines->before);
	json_decref(lines->after);
	free(lines);
}

/* NULL with a line in the log when the lines cannot be had: then nobody is told of a change. */
static struct lines *
lines_create(void)
{
	struct lines *lines = calloc(1, sizeof(*lines));
	int rc = -ENOMEM;

	if (lines != NULL) {
		lines->before = json_object();
		lines->after = json_object();
		rc = take_all(lines);
	}
	if (rc == 0)
		return lines;
	log_err("no reply tells what this command configures: %s", error_sentence(rc));
	error_clear();
	lines_destroy(lines);
	return NULL;
}

/* Replies */

/* Add arrays of the lines of the set that others does not have: one of that name, or with
 * by_component an object of that name with one for each component. */
static void
write_new(struct spp_reply *reply, const char *name, json_t *set, const json_t *others,
	  bool by_component)
{
	const char *line, *last = NULL;
	json_t *value;

	json_object_foreach (set, line, value) {
		const char *list = by_component ? json_string_value(value) : name;

		if (json_object_get(others, line) != NULL)
			continue;
		if (last == NULL && by_component)
			reply_open(reply, name, SPP_REPLY_OBJECT);
		if (last != NULL && strcmp(last, list) != 0)
			reply_close(reply);
		if (last == NULL || strcmp(last, list) != 0)
			reply_open(reply, list, SPP_REPLY_ARRAY);
		reply_str(reply, NULL, line);
		last = list;
	}
	if (last != NULL)
		reply_close(reply);
	if (last != NULL && by_component)
		reply_close(reply);
}

static json_t *
lines_all(const struct lines *lines)
{
	json_t *all = json_copy(lines->before);

	json_object_update(all, lines->after);
	return all;
}

static void
write_change(struct spp_reply *reply, const struct lines *old, const struct lines *new)
{
	json_t *was = lines_all(old), *is = lines_all(new);

	if (was != NULL && is != NULL && !json_equal(was, is)) {
		reply_open(reply, "configured", SPP_REPLY_OBJECT);
		write_new(reply, "before", new->before, old->before, false);
		write_new(reply, "after", new->after, old->after, true);
		write_new(reply, "gone", was, is, false);
		reply_close(reply);
	}
	json_decref(was);
	json_decref(is);
}

void
config_change_write_status(struct spp_reply *reply)
{
	struct lines none = {json_object(), json_object()};
	struct lines *lines = lines_create();

	if (lines != NULL)
		write_change(reply, &none, lines);
	lines_destroy(lines);
	json_decref(none.before);
	json_decref(none.after);
}

/* Commands */

static void *
command_begins(void)
{
	return lines_create();
}

static void
command_ends(void *begin, struct spp_reply *reply)
{
	struct lines *now = begin == NULL || reply == NULL ? NULL : lines_create();

	if (now != NULL)
		write_change(reply, begin, now);
	lines_destroy(now);
	lines_destroy(begin);
}

void
config_change_init(void)
{
	static const struct observer observer = {command_begins, command_ends};

	observer_set(&observer);
}
