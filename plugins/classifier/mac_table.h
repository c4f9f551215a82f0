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
 * Each table hashes with a secret of its own, so nobody can choose addresses that share a home.  A
 * probe is the number of buckets that a search for an entry reads.  The table knows the longest
 * probe of its entries, and no search reads more buckets.  An entry that would have too long a
 * probe goes into a new table, which has another secret.
 *
 * The table allocates nothing and knows no host: its user brings the memory and the secret.
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

/* Buckets that a new entry may have to pass, its own included. */
#define MAC_TABLE_PROBE_MAX 16

/* A table has at most 2^24 slots, 128 MiB, in which 6 Mi entries find room at any time. */
#define MAC_TABLE_MAX_SLOTS (UINT64_C(1) << 24)
#define MAC_TABLE_MAX_ENTRIES (6u << 20)

/* Tables in a row that take the place of one with too long a probe: so many of the same size, then
 * so many of twice the size each. */
#define MAC_TABLE_MAX_REKEYS 3
#define MAC_TABLE_MAX_GROWTHS 3

struct mac_table {
	uint64_t slot_mask;  /* number of slots - 1; constant */
	uint64_t secret;     /* odd; constant */
	uint32_t hash_shift; /* what a hash has more bits than slot_mask; constant */
	uint16_t miss[2]; /* what an address without entry gets: unicast, multicast; set by the user
			   */
	uint32_t longest_probe; /* in buckets; never falls */
	uint32_t nb_entries;    /* of the writer alone */
	uint32_t nb_dead;       /* of the writer alone */
	uint32_t nb_rekeys;     /* tables before this one that had too long a probe, in a row */
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

/* 32 bits, the upper ones of which are the index of a slot.
 *
 * The secret decides where a multiplication sends an address, but it sends some rows of addresses,
 * and rows are common, to a few places.  A CRC spreads any row, but anybody can tell which
 * addresses it sends to one place.  Here the CRC has to spread what only the secret tells.  The
 * upper bits of the CRC tell addresses apart that differ in their last bits alone, whatever the
 * secret. */
static inline uint32_t
mac_key_hash(uint64_t key, uint64_t secret)
{
	uint64_t product = key * secret;

#ifdef __SSE4_2__
	return _mm_crc32_u64(0, product);
#else
	product = (product ^ product >> 32) * 0x9e3779b97f4a7c15u;
	product = (product ^ product >> 29) * 0xbf58476d1ce4e5b9u;
	return product >> 32;
#endif
}

static inline const uint64_t *
mac_table_home(const struct mac_table *table, uint64_t key)
{
	return &table->slots[mac_key_hash(key, table->secret) >> table->hash_shift];
}

/* The value of the key minus 1 if the slot holds the key; UINT16_MAX or above if it does not. */
static inline uint64_t
mac_slot_match(uint64_t slot, uint64_t key)
{
	return (slot ^ key) - 1;
}

/* The value of a key, 0 if the key has none.  [any thread] */
uint16_t mac_table_find(const struct mac_table *table, uint64_t key);

/* Bytes of a table of that many buckets, a power of two; aligned to 64 and zeroed by the user.  The
 * secret is a random number. */
size_t mac_table_size(uint64_t nb_buckets);
void mac_table_init(struct mac_table *table, uint64_t nb_buckets, uint64_t secret);

/* The probe that an entry of the key would have, MAC_TABLE_PROBE_MAX + 1 if it were longer. */
uint32_t mac_table_probe(const struct mac_table *table, uint64_t key);

/* False if the key should go into a new table, filled with mac_table_copy().  A table without room
 * still takes as many entries again, whatever their probes. */
bool mac_table_has_room(const struct mac_table *table, uint64_t key);

/* True if the table has no room for any key; then a new table counts no re-keys. */
bool mac_table_is_full(const struct mac_table *table);

/* Buckets of a table that takes the place of this one after that many re-keys in a row; 0 if there
 * should be no such table.  Never less than this table has, so that deleted entries can be put
 * back. */
uint64_t mac_table_next_size(const struct mac_table *table, uint32_t nb_rekeys);

/* False if an entry would have too long a probe: the new table is then of no use. */
bool mac_table_copy(struct mac_table *to, const struct mac_table *from);

/* Add a key that has no value; delete a key that has one. */
void mac_table_add(struct mac_table *table, uint64_t key, uint16_t value);
void mac_table_del(struct mac_table *table, uint64_t key);

/* Walk: the next entry from slot *pos on, which starts as 0; false at the end.  The entry just
 * returned may be deleted. */
bool mac_table_next(const struct mac_table *table, uint64_t *pos, uint64_t *key, uint16_t *value);

#endif
