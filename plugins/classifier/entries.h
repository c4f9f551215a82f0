/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Entries of a classifier: (VLAN class, address or default) -> tx port.  [main]
 *
 * A class is a VID or UNTAGGED; a key is an address (mac_key()) or DEFAULT_KEY; a value is an
 * output index + 1, 0 for none.  A change belongs to the running command: if the command is
 * refused, the change is undone.
 */
#ifndef ENTRIES_H
#define ENTRIES_H

#include <stdint.h>

#include "instance.h"

/* Make the tables of a new classifier and show them to its worker.  0 or what the host was told;
 * entries_fini() follows in both cases. */
int entries_init(struct classifier *c);
void entries_fini(struct classifier *c);

/* The value of a key, 0 if the key has none. */
uint16_t entries_find(const struct classifier *c, uint16_t vc, uint64_t key);

/* Add a key that has no value; delete a key that has that value.  0 or what the host was told. */
int entries_add(struct classifier *c, uint16_t vc, uint64_t key, uint16_t value);
int entries_del(struct classifier *c, uint16_t vc, uint64_t key, uint16_t value);

/* Drop all entries of an output whose port is being detached.  The entries are gone even if the
 * function fails: a failure means that the host was not told of the new floods. */
int entries_drop(struct classifier *c, uint16_t output);

/* Buckets that a search for an entry reads at most, over all tables; 0 if there never was an entry.
 */
uint32_t entries_longest_probe(const struct classifier *c);

/* Number of classes that commands have settled or told the host the floods of, in this process.
 * Tests watch that the number grows with the changes alone. */
uint64_t entries_nb_visits(void);

#endif
