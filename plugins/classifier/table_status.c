/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table as status shows it. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_byteorder.h>

#include <spp/plugin.h>

#include "entries.h"
#include "instance.h"
#include "mac_table.h"
#include "table_status.h"

char *
table_format_value(uint16_t vc, uint64_t key, char *out)
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

void
table_write_entry(struct spp_reply *reply, const struct classifier *c, uint16_t vc, uint64_t key,
		  uint16_t value)
{
	char text[TABLE_VALUE_SIZE];

	spp_host->reply_open(reply, NULL, SPP_REPLY_OBJECT);
	spp_host->reply_str(reply, "type", vc == UNTAGGED ? "mac" : "vlan");
	spp_host->reply_str(reply, "value", table_format_value(vc, key, text));
	spp_host->reply_str(reply, "port", c->port[value - 1]);
	spp_host->reply_close(reply);
}

uint64_t
table_swap_key(uint64_t key)
{
	return rte_bswap64(key);
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void
table_sort_words(uint64_t *words, uint64_t nb)
{
	qsort(words, nb, sizeof(*words), compare);
}

/* Entries of a table in order of address, as numbers: address above, value in the lower 16 bits.
 * The caller frees them.  NULL without memory. */
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
		sorted[nb++] = table_swap_key(key) << 16 | value;
	table_sort_words(sorted, nb);
	return sorted;
}

static int
visit_class(const struct classifier *c, uint16_t vc, table_visit_fn visit, void *arg)
{
	const struct vlan_class *class = &c->class[vc];
	uint64_t *sorted = NULL;
	int rc = 0;

	if (class->default_value != 0)
		rc = visit(arg, c, vc, DEFAULT_KEY, class->default_value);
	if (class->nb_entries > 0 && rc == 0) {
		sorted = sort_entries(class->table);
		rc = sorted == NULL ? instance_fail_memory(c) : 0;
	}
	for (uint32_t i = 0; rc == 0 && sorted != NULL && i < class->table->nb_entries; i++)
		rc = visit(arg, c, vc, table_swap_key(sorted[i] >> 16), (uint16_t)sorted[i]);
	spp_host->free(spp_host, sorted);
	return rc;
}

int
table_visit(const struct classifier *c, table_visit_fn visit, void *arg)
{
	int rc = visit_class(c, UNTAGGED, visit, arg);

	for (uint16_t vid = 0; vid < NB_VIDS && rc == 0; vid++)
		rc = visit_class(c, vid, visit, arg);
	return rc;
}

static int
visit_status(void *reply, const struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	table_write_entry(reply, c, vc, key, value);
	return 0;
}

/* Classifiers in order of creation. */
void
table_status_write(struct spp_reply *reply)
{
	spp_host->reply_open(reply, "classifier_table", SPP_REPLY_ARRAY);
	for (const struct classifier *c = instance_first(); c != NULL; c = c->next)
		table_visit(c, visit_status, reply);
	spp_host->reply_close(reply);
}

/* How well the tables are filled. */
void
table_status_write_instance(void *instance, struct spp_reply *reply)
{
	const struct classifier *c = instance;

	spp_host->reply_u64(reply, "longest_probe", entries_longest_probe(c));
	spp_host->reply_u64(reply, "rekeys", c->nb_rekeys);
}
