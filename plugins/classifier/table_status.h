/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table as status shows it.  [main] */
#ifndef TABLE_STATUS_H
#define TABLE_STATUS_H

#include <stdint.h>

#include <spp/plugin.h>

#include "instance.h"

#define TABLE_VALUE_SIZE sizeof("4094/52:54:00:12:34:56")

/* `52:54:00:12:34:56`, `default`, `101/52:54:00:12:34:56` or `101/default`; out holds
 * TABLE_VALUE_SIZE bytes.  Returns out. */
char *table_format_value(uint16_t vc, uint64_t key, char *out);

/* Turn a key into the number that a reader sees in the address, and that number into the key. */
uint64_t table_swap_key(uint64_t key);

/* Sort words that have such a number above, the value of an entry in the lower 16 bits. */
void table_sort_words(uint64_t *words, uint64_t nb);

/* Write one entry into the array that is open. */
void table_write_entry(struct spp_reply *reply, const struct classifier *c, uint16_t vc,
		       uint64_t key, uint16_t value);

/* What becomes of one entry; 0, or what ends the visit. */
typedef int (*table_visit_fn)(void *arg, const struct classifier *c, uint16_t vc, uint64_t key,
			      uint16_t value);

/* Visit the entries of a classifier: untagged, then by VID; the default, then by address.  Returns
 * 0, what visit() returned, or -ENOMEM with fail(). */
int table_visit(const struct classifier *c, table_visit_fn visit, void *arg);

/* The member `classifier_table` of the status of the process.  The entries of a classifier end
 * early without memory. */
void table_status_write(struct spp_reply *reply);

/* The members `longest_probe` and `rekeys` of the status of a classifier. */
void table_status_write_instance(void *instance, struct spp_reply *reply);

#endif
