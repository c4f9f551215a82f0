/* SPDX-License-Identifier: BSD-3-Clause */
/* The commands that change the classifier's table. */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <spp/plugin.h>

#include "classifier_verbs.h"
#include "entries.h"
#include "instance.h"
#include "mac_table.h"
#include "table_status.h"

/* What a command asks for. */
struct request {
	struct classifier *c; /* NULL if the port is no tx port of a classifier */
	const char *port;
	uint64_t key;
	uint16_t vc;
	uint16_t value; /* output index of the port + 1 */
	bool is_add;
	char text[TABLE_VALUE_SIZE];
};

static uint16_t
port_value(const struct classifier *c, const char *port)
{
	for (uint16_t output = 0; output < SPP_OUTPUT_MAX; output++)
		if (c->port[output] != NULL && strcmp(c->port[output], port) == 0)
			return output + 1;
	return 0;
}

/* A port and its direction belong to one component, so at most one classifier has the tx port. */
static void
find_classifier(struct request *request)
{
	for (struct classifier *c = instance_first(); c != NULL && request->c == NULL;
	     c = c->next) {
		request->value = port_value(c, request->port);
		if (request->value != 0)
			request->c = c;
	}
}

static int
parse_key(const struct spp_args *args, uint64_t *key)
{
	uint8_t mac[sizeof(uint64_t)] = {0};
	int rc;

	*key = DEFAULT_KEY;
	if (strcmp(spp_host->arg_str(args, "mac address"), "default") == 0)
		return 0;
	rc = spp_host->arg_mac(args, "mac address", mac);
	if (rc == 0)
		*key = mac_key(mac);
	return rc;
}

static int
parse_request(const struct spp_args *args, struct request *request)
{
	uint64_t vid = UNTAGGED;
	int rc = spp_host->arg_u64(args, "vlan id", &vid);

	if (rc == 0 || rc == -ENOENT)
		rc = parse_key(args, &request->key);
	if (rc != 0)
		return rc;
	request->c = NULL;
	request->vc = vid;
	request->port = spp_host->arg_str(args, "port");
	request->is_add = strcmp(spp_host->arg_str(args, "action"), "add") == 0;
	table_format_value(request->vc, request->key, request->text);
	find_classifier(request);
	return 0;
}

static int
run_add(const struct request *request, struct spp_reply *reply)
{
	struct classifier *c = request->c;
	uint16_t held;

	if (c == NULL)
		return spp_host->fail_arg(spp_host, "port",
					  "%s is not a tx port of a classifier; attach it to one "
					  "first",
					  request->port);
	held = entries_find(c, request->vc, request->key);
	if (held == 0)
		return entries_add(c, request->vc, request->key, request->value);
	if (held != request->value)
		return spp_host->fail_arg(spp_host, "port",
					  "classifier '%s' has %s on %s already; delete that entry "
					  "first",
					  spp_host->component_name(c->self), request->text,
					  c->port[held - 1]);
	spp_host->reply_note(reply, "classifier '%s' has %s on %s already",
			     spp_host->component_name(c->self), request->text, request->port);
	return 0;
}

static int
run_del(const struct request *request, struct spp_reply *reply)
{
	struct classifier *c = request->c;
	uint16_t held = c == NULL ? 0 : entries_find(c, request->vc, request->key);

	if (held != 0 && held == request->value)
		return entries_del(c, request->vc, request->key, request->value);
	if (c == NULL)
		spp_host->reply_note(reply,
				     "no entry %s on %s to delete: it is not a tx port of a "
				     "classifier",
				     request->text, request->port);
	else if (held == 0)
		spp_host->reply_note(reply, "classifier '%s' has no entry %s on %s to delete",
				     spp_host->component_name(c->self), request->text,
				     request->port);
	else
		spp_host->reply_note(reply,
				     "classifier '%s' has no entry %s on %s to delete: it is on %s",
				     spp_host->component_name(c->self), request->text,
				     request->port, c->port[held - 1]);
	return 0;
}

int
classifier_verbs_run(const struct spp_args *args, struct spp_reply *reply)
{
	struct request request;
	int rc = parse_request(args, &request);

	if (rc != 0)
		return rc;
	return request.is_add ? run_add(&request, reply) : run_del(&request, reply);
}
