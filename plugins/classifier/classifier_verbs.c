/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table as commands and status show it. */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_byteorder.h>

#include <spp/plugin.h>

#include "classifier_verbs.h"
#include "entries.h"
#include "instance.h"
#include "mac_table.h"

/* The table as text */

#define VALUE_SIZE sizeof("4094/52:54:00:12:34:56")

/* `52:54:00:12:34:56`, `default`, `101/52:54:00:12:34:56` or `101/default`. */
static char *
format_value(uint16_t vc, uint64_t key, char *out)
{
	static const char digits[] = "0123456789ABCDEF";
	char *end = out;

	if (vc != UNTAGGED)
		end += sprintf(end, "%u/", vc);
	if (key == DEFAULT_KEY) {
		strcpy(end, "default");
		return out;
	}
	for (unsigned int shift = 16; shift < 64; shift += 8) {
		*end++ = digits[key >> (shift + 4) & 0xf];
		*end++ = digits[key >> shift & 0xf];
		*end++ = ':';
	}
	end[-1] = '\0';
	return out;
}

static void
write_entry(struct spp_reply *reply, const struct classifier *c, uint16_t vc, uint64_t key,
	    uint16_t value)
{
	char text[VALUE_SIZE];

	spp_host->reply_open(reply, NULL, SPP_REPLY_OBJECT);
	spp_host->reply_str(reply, "type", vc == UNTAGGED ? "mac" : "vlan");
	spp_host->reply_str(reply, "value", format_value(vc, key, text));
	spp_host->reply_str(reply, "port", c->port[value - 1]);
	spp_host->reply_close(reply);
}

/* Turn a key into the number that a reader sees in the address, and that number into the key. */
static uint64_t
swap_key(uint64_t key)
{
	return rte_bswap64(key);
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Entries of a table in order of address, as numbers: address above, value in the lower 16 bits.
 * The caller frees them.  NULL without memory: the status then lacks these entries. */
static uint64_t *
sort_entries(const struct mac_table *table)
{
	uint64_t *sorted, pos = 0, key;
	size_t nb = 0;
	uint16_t value;

	sorted =
		spp_host->zalloc(spp_host, (table->nb_entries + 1) * sizeof(*sorted), SPP_NUMA_ANY);
	if (sorted == NULL)
		return NULL;
	while (mac_table_next(table, &pos, &key, &value))
		sorted[nb++] = swap_key(key) << 16 | value;
	qsort(sorted, nb, sizeof(*sorted), compare);
	return sorted;
}

static void
write_class(struct spp_reply *reply, const struct classifier *c, uint16_t vc)
{
	const struct vlan_class *class = &c->class[vc];
	uint64_t *sorted = NULL;

	if (class->default_value != 0)
		write_entry(reply, c, vc, DEFAULT_KEY, class->default_value);
	if (class->nb_entries > 0)
		sorted = sort_entries(class->table);
	for (uint32_t i = 0; sorted != NULL && i < class->table->nb_entries; i++)
		write_entry(reply, c, vc, swap_key(sorted[i] >> 16), (uint16_t)sorted[i]);
	spp_host->free(spp_host, sorted);
}

/* Classifiers in order of creation; untagged, then by VID; the default, then by address. */
void
classifier_verbs_write_status(struct spp_reply *reply)
{
	spp_host->reply_open(reply, "classifier_table", SPP_REPLY_ARRAY);
	for (const struct classifier *c = instance_first(); c != NULL; c = c->next) {
		write_class(reply, c, UNTAGGED);
		for (uint16_t vid = 0; vid < NB_VIDS; vid++)
			write_class(reply, c, vid);
	}
	spp_host->reply_close(reply);
}

/* How well the tables are filled. */
void
classifier_verbs_write_instance(void *instance, struct spp_reply *reply)
{
	const struct classifier *c = instance;

	spp_host->reply_u64(reply, "longest_probe", entries_longest_probe(c));
	spp_host->reply_u64(reply, "rekeys", c->nb_rekeys);
}

/* Verbs */

/* What a command asks for. */
struct request {
	struct classifier *c; /* NULL if the port is no tx port of a classifier */
	const char *port;
	uint64_t key;
	uint16_t vc;
	uint16_t value; /* output index of the port + 1 */
	bool is_add;
	char text[VALUE_SIZE];
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
	format_value(request->vc, request->key, request->text);
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
