/* SPDX-License-Identifier: BSD-3-Clause */
/* The reply of a command. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spp/plugin.h>

#include "reply.h"

int
reply_init(struct spp_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	reply->stack[0] = json_object();
	if (reply->stack[0] == NULL)
		return -ENOMEM;
	reply->depth = 1;
	return 0;
}

void
reply_fini(struct spp_reply *reply)
{
	json_decref(reply->stack[0]);
	reply->stack[0] = NULL;
	reply->depth = 0;
}

/* A JSON string of any bytes: a text may quote a user or a file, so a text that is not UTF-8 loses
 * its bytes beyond ASCII. */
static json_t *
string(const char *value)
{
	json_t *json = json_string(value);
	char *ascii;

	if (json != NULL)
		return json;
	ascii = strdup(value);
	if (ascii == NULL)
		return NULL;
	for (char *c = ascii; *c != '\0'; c++) {
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	}
	json = json_string(ascii);
	free(ascii);
	return json;
}

/* Takes over the reference to value, NULL included.  Values inside a container that was lost for
 * want of memory or depth are lost, too. */
static int
add(struct spp_reply *reply, const char *name, json_t *value)
{
	json_t *parent = reply->stack[reply->depth - 1];

	if (reply->lost > 0) {
		json_decref(value);
		return -ENOMEM;
	}
	if (json_is_array(parent))
		return json_array_append_new(parent, value);
	return json_object_set_new(parent, name, value);
}

void
reply_str(struct spp_reply *reply, const char *name, const char *value)
{
	add(reply, name, string(value == NULL ? "" : value));
}

void
reply_u64(struct spp_reply *reply, const char *name, uint64_t value)
{
	/* JSON readers, ours included, keep integers in 64 bits with a sign. */
	add(reply, name, json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value));
}

void
reply_bool(struct spp_reply *reply, const char *name, int value)
{
	add(reply, name, json_boolean(value));
}

void
reply_open(struct spp_reply *reply, const char *name, uint32_t container)
{
	json_t *child = container == SPP_REPLY_ARRAY ? json_array() : json_object();

	if (reply->depth == REPLY_DEPTH_MAX) {
		json_decref(child);
		reply->lost++;
	} else if (add(reply, name, child) < 0) {
		reply->lost++;
	} else {
		reply->stack[reply->depth++] = child;
	}
}

void
reply_close(struct spp_reply *reply)
{
	if (reply->lost > 0)
		reply->lost--;
	else if (reply->depth > 1)
		reply->depth--;
}

void
reply_note(struct spp_reply *reply, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reply->note, sizeof(reply->note), fmt, ap);
	va_end(ap);
}

/* All packers return NULL without memory, and take over the references that they are given. */

static json_t *
pack_success(const struct spp_reply *reply)
{
	if (reply->note[0] == '\0')
		return json_pack("[{s:s}]", "result", "success");
	return json_pack("[{s:s,s:o}]", "result", "success", "note", string(reply->note));
}

static json_t *
pack_error(const char *text)
{
	return json_pack("[{s:s,s:{s:o}}]", "result", "error", "error_details", "message",
			 string(text));
}

static json_t *
pack_reply(const struct spp_reply *reply, const char *error_text)
{
	json_t *json = json_object();

	if (json_object_set_new(json, "results",
				error_text ? pack_error(error_text) : pack_success(reply)) < 0)
		goto err;
	if (error_text == NULL && json_object_update_missing(json, reply->stack[0]) < 0)
		goto err;
	return json;
err:
	json_decref(json);
	return NULL;
}

char *
reply_text(struct spp_reply *reply, const char *error_text)
{
	json_t *json = pack_reply(reply, error_text);
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);
	char *line = NULL;

	if (text != NULL && asprintf(&line, "%s\n", text) < 0)
		line = NULL;
	free(text);
	json_decref(json);
	return line;
}
