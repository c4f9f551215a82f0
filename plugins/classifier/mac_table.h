/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which output a MAC address has: a hash table with one writer and any number of readers that
 * never wait.
 *
 * A slot is one 64-bit word: the address above, a value (1..65535) in the lower 16 bits.  The
 * word is read and written as a whole, so a reader sees the old or the new entry and never half of
 * one, and entries never move while the table is in use.  A bucket is eight slots, one cache line.
 *
 * The hash of an address names a slot, the home of its entry.  Most entries lie in their home
 * slots. The other entries found their home slot taken: they lie in the same bucket or, if that
 * bucket was full, in the next bucket that was not.  A deleted entry leaves a dead slot, without
 * value, which the next entry may take.  So no slot ever becomes empty again: an address whose home
 * slot is empty has no entry, and a search ends at the first bucket with an empty slot.
 *
 * The table allocates nothing and knows no host: its user brings the memory.
 */
#ifndef MAC_TABLE_H
#define MAC_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE4_2__
#include <nmmintrin.h>
#endif

#include <rte_byteorder.h>

#define MAC_TABLE_BUCKET 8

struct mac_table {
	uint64_t slot_mask; /* number of slots - 1; constant */
	uint16_t miss[2]; /* what an address without entry gets: unicast, multicast; set by the user
			   */
	uint32_t nb_entries; /* of the writer alone */
	uint32_t nb_dead;    /* of the writer alone */
	uint64_t slots[] __attribute__((aligned(64)));
};

/* The eight bytes that start with an address, as the address part of a slot. */
static inline uint64_t
mac_key(const void *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return rte_le_to_cpu_64(word) << 16;
}

static inline bool
mac_key_is_multicast(uint64_t key)
{
	return key >> 16 & 1;
}

/* An index of a slot, to be masked; 32 bits.  Addresses come in rows.  A multiplication alone maps
 * some rows to a few slots, and so does a CRC alone. */
static inline uint64_t
mac_key_hash(uint64_t key)
{
#ifdef __SSE4_2__
	uint64_t hash = _mm_crc32_u64(0, key) * 0x9e3779b97f4a7c15u;

	return hash >> 32;
#else
	uint64_t hash = (key ^ key >> 32) * 0x9e3779b97f4a7c15u;

	return (hash ^ hash >> 32) & UINT32_MAX;
#endif
}

static inline const uint64_t *
mac_table_home(const struct mac_table *table, uint64_t key)
{
	return &table->slots[mac_key_hash(key) & table->slot_mask];
}

/* The value of the key minus 1 if the slot holds the key; UINT16_MAX or above if it does not. */
static inline uint64_t
mac_slot_match(uint64_t slot, uint64_t key)
{
	return (slot ^ key) - 1;
}

/* The value of a key, 0 if the key has none.  [any thread] */
uint16_t mac_table_find(const struct mac_table *table, uint64_t key);

/* Bytes of a table of that many buckets, a power of two; aligned to 64 and zeroed by the user. */
size_t mac_table_size(uint64_t nb_buckets);
void mac_table_init(struct mac_table *table, uint64_t nb_buckets);

/* True if the next entry should go into a new table of mac_table_next_size() buckets, filled with
 * mac_table_copy().  A full table still has room for as many entries again. */
bool mac_table_is_full(const struct mac_table *table);
uint64_t mac_table_next_size(const struct mac_table *table);
void mac_table_copy(struct mac_table *to, const struct mac_table *from);

/* Add a key that has no value; delete a key that has one. */
void mac_table_add(struct mac_table *table, uint64_t key, uint16_t value);
void mac_table_del(struct mac_table *table, uint64_t key);

/* Walk: the next entry from slot *pos on, which starts as 0; false at the end.  The entry just
 * returned may be deleted. */
bool mac_table_next(const struct mac_table *table, uint64_t *pos, uint64_t *key, uint16_t *value);

#endif
