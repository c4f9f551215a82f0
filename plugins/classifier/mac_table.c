/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of MAC addresses: what the way of most packets does not touch. */

#include <assert.h>

#include "mac_table.h"

/* A slot whose entry is gone.  It is not empty, and its value 0 belongs to no entry. */
#define DEAD_SLOT (~(uint64_t)UINT16_MAX)

/* Slots of tables that fit into the first and the second cache of a core: 32 and 512 KiB. */
#define TINY_TABLE 4096
#define SMALL_TABLE 65536

static_assert(offsetof(struct mac_table, slots) == 64, "the first bucket is a cache line");

static uint64_t
load(const struct mac_table *table, uint64_t pos)
{
	return __atomic_load_n(&table->slots[pos], __ATOMIC_RELAXED);
}

/* A reader needs nothing but the slot: no other memory has to be visible with it, so relaxed will
 * do. */
static void
store(struct mac_table *table, uint64_t pos, uint64_t slot)
{
	__atomic_store_n(&table->slots[pos], slot, __ATOMIC_RELAXED);
}

static uint64_t
home(const struct mac_table *table, uint64_t key)
{
	return mac_key_hash(key, table->secret) >> table->hash_shift;
}

static uint64_t
bucket_of(uint64_t pos)
{
	return pos & ~(uint64_t)(MAC_TABLE_BUCKET - 1);
}

static uint64_t
next_bucket(const struct mac_table *table, uint64_t bucket)
{
	return (bucket + MAC_TABLE_BUCKET) & table->slot_mask;
}

/* True, with place and content of its slot, if the key is there.  The writer may change slots while
 * a reader searches; the reader then finds what was true at some moment of its search.  A reader
 * that does not see a longer probe yet misses the new entry alone. */
static bool
search(const struct mac_table *table, uint64_t key, uint64_t *pos, uint64_t *slot)
{
	uint32_t nb_left = __atomic_load_n(&table->longest_probe, __ATOMIC_RELAXED);
	uint64_t bucket = bucket_of(home(table, key));
	bool has_empty = false;

	for (; nb_left > 0 && !has_empty; nb_left--) {
		for (*pos = bucket; *pos < bucket + MAC_TABLE_BUCKET; ++*pos) {
			*slot = load(table, *pos);
			if (mac_slot_match(*slot, key) < UINT16_MAX)
				return true;
			has_empty |= *slot == 0;
		}
		bucket = next_bucket(table, bucket);
	}
	return false;
}

uint16_t
mac_table_find(const struct mac_table *table, uint64_t key)
{
	uint64_t pos, slot;

	if (load(table, home(table, key)) == 0)
		return 0;
	return search(table, key, &pos, &slot) ? (uint16_t)slot : 0;
}

size_t
mac_table_size(uint64_t nb_buckets)
{
	return sizeof(struct mac_table) + nb_buckets * MAC_TABLE_BUCKET * sizeof(uint64_t);
}

void
mac_table_init(struct mac_table *table, uint64_t nb_buckets, uint64_t secret)
{
	table->slot_mask = nb_buckets * MAC_TABLE_BUCKET - 1;
	table->hash_shift = 32 - __builtin_ctzll(nb_buckets * MAC_TABLE_BUCKET);
	/* An even factor would lose a bit of the address. */
	table->secret = secret | 1;
}

/* Number of used slots, dead ones included, with which a table is full.  A lower number puts more
 * entries into their home slots, and spreads them over more memory.  The three sizes of tables have
 * 19 of 20, 9 of 10 and 4 of 5 entries in their home slots. */
static uint64_t
full_at(uint64_t nb_slots)
{
	if (nb_slots <= TINY_TABLE)
		return nb_slots / 8;
	if (nb_slots <= SMALL_TABLE)
		return nb_slots / 4;
	return nb_slots / 2;
}

/* Number of entries up to which a table of that size is chosen.  It has so much room that the next
 * new table is far away, even if only dead slots made this one necessary. */
static uint64_t
fill_at(uint64_t nb_slots)
{
	return full_at(nb_slots) * 3 / 4;
}

bool
mac_table_is_full(const struct mac_table *table)
{
	uint64_t nb_used = (uint64_t)table->nb_entries + table->nb_dead;

	return nb_used >= full_at(table->slot_mask + 1) ||
	       table->nb_entries >= MAC_TABLE_MAX_ENTRIES;
}

static bool
is_free(const struct mac_table *table, uint64_t pos)
{
	return (uint16_t)load(table, pos) == 0;
}

/* The probe of a new entry and its slot; max + 1 if no bucket up to max has a free slot. */
static uint32_t
probe(const struct mac_table *table, uint64_t key, uint32_t max, uint64_t *pos)
{
	uint64_t bucket = bucket_of(home(table, key));
	uint32_t nb;

	*pos = home(table, key);
	if (is_free(table, *pos))
		return 1;
	for (nb = 1; nb <= max; nb++) {
		for (*pos = bucket; *pos < bucket + MAC_TABLE_BUCKET; ++*pos)
			if (is_free(table, *pos))
				return nb;
		bucket = next_bucket(table, bucket);
	}
	return nb;
}

uint32_t
mac_table_probe(const struct mac_table *table, uint64_t key)
{
	uint64_t pos;

	return probe(table, key, MAC_TABLE_PROBE_MAX, &pos);
}

/* A probe longer than the limit comes from entries that were put back. */
bool
mac_table_has_room(const struct mac_table *table, uint64_t key)
{
	return !mac_table_is_full(table) && table->longest_probe <= MAC_TABLE_PROBE_MAX &&
	       mac_table_probe(table, key) <= MAC_TABLE_PROBE_MAX;
}

uint64_t
mac_table_next_size(const struct mac_table *table, uint32_t nb_rekeys)
{
	uint64_t nb_slots = MAC_TABLE_BUCKET;

	if (nb_rekeys > MAC_TABLE_MAX_REKEYS + MAC_TABLE_MAX_GROWTHS)
		return 0;
	while (fill_at(nb_slots) < (uint64_t)table->nb_entries + 1)
		nb_slots *= 2;
	if (nb_rekeys > MAC_TABLE_MAX_REKEYS)
		nb_slots <<= nb_rekeys - MAC_TABLE_MAX_REKEYS;
	if (nb_slots > MAC_TABLE_MAX_SLOTS)
		return 0;
	if (nb_slots <= table->slot_mask)
		nb_slots = table->slot_mask + 1;
	return nb_slots / MAC_TABLE_BUCKET;
}

/* Entries whose home slot is free come first, so that most entries lie in their home slots. */
bool
mac_table_copy(struct mac_table *to, const struct mac_table *from)
{
	uint64_t pos, key;
	uint16_t value;

	for (pos = 0; mac_table_next(from, &pos, &key, &value);)
		if (to->slots[home(to, key)] == 0)
			mac_table_add(to, key, value);
	for (pos = 0; mac_table_next(from, &pos, &key, &value);) {
		if (mac_table_find(to, key) != 0)
			continue;
		if (mac_table_probe(to, key) > MAC_TABLE_PROBE_MAX)
			return false;
		mac_table_add(to, key, value);
	}
	return true;
}

void
mac_table_add(struct mac_table *table, uint64_t key, uint16_t value)
{
	uint64_t pos;
	uint32_t length;

	assert(table->nb_entries <= table->slot_mask);
	length = probe(table, key, UINT32_MAX - 1, &pos);
	if (length > table->longest_probe)
		__atomic_store_n(&table->longest_probe, length, __ATOMIC_RELAXED);
	table->nb_dead -= load(table, pos) == DEAD_SLOT;
	table->nb_entries++;
	store(table, pos, key | value);
}

void
mac_table_del(struct mac_table *table, uint64_t key)
{
	uint64_t pos, slot;
	bool found = search(table, key, &pos, &slot);

	assert(found);
	(void)found;
	table->nb_dead++;
	table->nb_entries--;
	store(table, pos, DEAD_SLOT);
}

bool
mac_table_next(const struct mac_table *table, uint64_t *pos, uint64_t *key, uint16_t *value)
{
	while (*pos <= table->slot_mask) {
		uint64_t slot = load(table, (*pos)++);

		*key = slot & ~(uint64_t)UINT16_MAX;
		*value = (uint16_t)slot;
		if (*value != 0)
			return true;
	}
	return false;
}
