/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table of addresses against a naive one, under load and under a reader. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/classifier/mac_table.h"

static uint64_t random_state;

static uint64_t
random_u64(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static struct mac_table *
make_table(uint64_t nb_buckets)
{
	size_t size = mac_table_size(nb_buckets);
	struct mac_table *table = aligned_alloc(64, size);

	assert_non_null(table);
	memset(table, 0, size);
	mac_table_init(table, nb_buckets);
	return table;
}

static struct mac_table *
grow(struct mac_table *table)
{
	struct mac_table *larger = make_table(mac_table_next_size(table));

	mac_table_copy(larger, table);
	free(table);
	return larger;
}

/* 52:54 and the number in the last four octets. */
static uint64_t
key_of(uint32_t n)
{
	const uint8_t mac[8] = {0x52, 0x54, n >> 24, n >> 16, n >> 8, n};

	return mac_key(mac);
}

/* The data path's way: the home slot first. */
static uint16_t
look_up(const struct mac_table *table, uint64_t key)
{
	uint64_t slot = __atomic_load_n(mac_table_home(table, key), __ATOMIC_RELAXED);
	uint64_t match = mac_slot_match(slot, key);

	return match < UINT16_MAX ? match + 1 : mac_table_find(table, key);
}

/* A naive table of universe keys, value 0 for none. */
struct model {
	uint32_t universe;
	uint32_t nb_entries;
	uint64_t *key;
	uint16_t *value;
};

static void
model_init(struct model *model, uint32_t universe)
{
	model->universe = universe;
	model->nb_entries = 0;
	model->key = calloc(universe, sizeof(model->key[0]));
	model->value = calloc(universe, sizeof(model->value[0]));
	assert_non_null(model->key);
	assert_non_null(model->value);
	/* The two addresses that look like special slots, then addresses close together. */
	for (uint32_t i = 0; i < universe; i++)
		model->key[i] = key_of(i);
	model->key[0] = 0;
	model->key[1] = ~(uint64_t)UINT16_MAX;
}

static void
model_fini(struct model *model)
{
	free(model->key);
	free(model->value);
}

static void
check_all(const struct mac_table *table, const struct model *model)
{
	uint64_t pos = 0, key;
	uint32_t nb = 0;
	uint16_t value;

	assert_int_equal(table->nb_entries, model->nb_entries);
	for (uint32_t i = 0; i < model->universe; i++) {
		assert_int_equal(mac_table_find(table, model->key[i]), model->value[i]);
		assert_int_equal(look_up(table, model->key[i]), model->value[i]);
	}
	while (mac_table_next(table, &pos, &key, &value)) {
		assert_int_equal(mac_table_find(table, key), value);
		nb++;
	}
	assert_int_equal(nb, model->nb_entries);
	for (pos = 0; pos <= table->slot_mask; pos++)
		nb += table->slots[pos] != 0 && (uint16_t)table->slots[pos] == 0;
	assert_int_equal(nb, model->nb_entries + table->nb_dead);
}

/* One random change, or none, of a key in both. */
static void
change(struct mac_table *table, struct model *model, uint32_t limit)
{
	uint32_t i = random_u64() % model->universe;
	uint16_t value = random_u64() % 3 == 0 ? UINT16_MAX : 1 + random_u64() % 1024;

	assert_int_equal(look_up(table, model->key[i]), model->value[i]);
	if (model->value[i] != 0) {
		mac_table_del(table, model->key[i]);
		model->value[i] = 0;
		model->nb_entries--;
	} else if (model->nb_entries < limit) {
		mac_table_add(table, model->key[i], value);
		model->value[i] = value;
		model->nb_entries++;
	}
	assert_int_equal(look_up(table, model->key[i]), model->value[i]);
}

/* Of a table that grows when it is full; as many entries come as go. */
static void
run_model(uint64_t seed, uint32_t universe, uint32_t nb_changes)
{
	struct mac_table *table = make_table(1);
	struct model model;

	random_state = seed;
	model_init(&model, universe);
	for (uint32_t n = 0; n < nb_changes; n++) {
		if (mac_table_is_full(table))
			table = grow(table);
		change(table, &model, universe);
		if (n % (nb_changes / 16) == 0)
			check_all(table, &model);
	}
	check_all(table, &model);
	model_fini(&model);
	free(table);
}

static void
agrees_with_a_naive_table(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		run_model(seed, 6, 100000);
		run_model(seed, 64, 200000);
		run_model(seed, 1000, 400000);
		run_model(seed, 30000, 400000);
	}
}

/* Of a table that is never replaced: dead slots and chains over all its buckets, up to the last
 * free slot. */
static void
agrees_with_a_naive_table_when_crammed(void **state)
{
	(void)state;
	for (uint64_t nb_buckets = 1; nb_buckets <= 8; nb_buckets *= 2) {
		for (uint64_t seed = 1; seed <= 4; seed++) {
			uint32_t nb_slots = nb_buckets * MAC_TABLE_BUCKET;
			struct mac_table *table = make_table(nb_buckets);
			struct model model;

			random_state = seed;
			model_init(&model, 2 * nb_slots);
			for (uint32_t n = 0; n < 100000; n++)
				change(table, &model, nb_slots);
			check_all(table, &model);
			model_fini(&model);
			free(table);
		}
	}
}

static void
stays_small_when_entries_come_and_go(void **state)
{
	struct mac_table *table = make_table(1);
	uint32_t nb_grown = 0;

	(void)state;
	for (uint32_t n = 0; n < 1000000; n++) {
		if (mac_table_is_full(table)) {
			table = grow(table);
			nb_grown++;
		}
		mac_table_add(table, key_of(n), 1);
		if (n >= 1000)
			mac_table_del(table, key_of(n - 1000));
	}
	assert_int_equal(table->nb_entries, 1000);
	assert_true(table->slot_mask + 1 <= 8192);
	assert_true(nb_grown < 10000);
	free(table);
}

static void
holds_a_million_entries(void **state)
{
	const uint32_t nb = 1000000;
	struct mac_table *table = make_table(1);

	(void)state;
	for (uint32_t n = 0; n < nb; n++) {
		if (mac_table_is_full(table))
			table = grow(table);
		mac_table_add(table, key_of(n), 1 + n % 1000);
	}
	for (uint32_t n = 0; n < nb; n++) {
		assert_int_equal(look_up(table, key_of(n)), 1 + n % 1000);
		assert_int_equal(look_up(table, key_of(nb + n)), 0);
	}
	for (uint32_t n = 0; n < nb; n += 2)
		mac_table_del(table, key_of(n));
	for (uint32_t n = 0; n < nb; n++)
		assert_int_equal(look_up(table, key_of(n)), n % 2 == 0 ? 0 : 1 + n % 1000);
	assert_int_equal(table->nb_entries, nb / 2);
	free(table);
}

/* Share of the entries that the data path finds at once, in percent, for addresses in a pattern. */
static unsigned int
home_share(uint32_t nb, unsigned int shift)
{
	struct mac_table *table = make_table(1);
	uint32_t nb_home = 0;

	for (uint32_t n = 0; n < nb; n++) {
		if (mac_table_is_full(table))
			table = grow(table);
		mac_table_add(table, (uint64_t)n << shift | 0x5452ull << 16, 1);
	}
	for (uint32_t n = 0; n < nb; n++) {
		uint64_t key = (uint64_t)n << shift | 0x5452ull << 16;

		nb_home += mac_slot_match(*mac_table_home(table, key), key) == 0;
	}
	free(table);
	return nb_home * 100ull / nb;
}

static void
keeps_most_entries_in_their_home_slots(void **state)
{
	(void)state;
	/* Numbers that run through different octets of the address. */
	for (unsigned int shift = 32; shift <= 48; shift += 4) {
		assert_true(home_share(1000, shift) >= 65);
		assert_true(home_share(60000, shift) >= 65);
	}
	assert_true(home_share(1000000, 32) >= 65);
	/* In a small table. */
	assert_true(home_share(64, 56) >= 85);
	assert_true(home_share(1000, 40) >= 85);
}

/* A reader beside the writer */

#define NB_STABLE 300
#define NB_CHANGING 700
#define NB_VALUES 5

static struct {
	struct mac_table *table; /* published with release */
	bool stop;
} shared;

/* Each key has values of its own. */
static uint16_t
value_of(uint32_t n, uint32_t version)
{
	return 1 + n * NB_VALUES + version % NB_VALUES;
}

static void *
read_all(void *arg)
{
	uint64_t *nb_wrong = arg;

	while (!__atomic_load_n(&shared.stop, __ATOMIC_RELAXED)) {
		const struct mac_table *table = __atomic_load_n(&shared.table, __ATOMIC_ACQUIRE);

		for (uint32_t n = 0; n < NB_STABLE + NB_CHANGING; n++) {
			uint16_t value = look_up(table, key_of(n));

			if (value == 0)
				*nb_wrong += n < NB_STABLE;
			else
				*nb_wrong += (value - 1u) / NB_VALUES != n;
		}
	}
	return NULL;
}

static void
write_much(struct mac_table **retired, uint32_t *nb_retired, uint32_t nb_changes)
{
	bool present[NB_CHANGING] = {false};

	for (uint32_t i = 0; i < nb_changes; i++) {
		uint32_t n = random_u64() % NB_CHANGING;
		struct mac_table *table = shared.table;

		if (mac_table_is_full(table)) {
			table = make_table(mac_table_next_size(table));
			mac_table_copy(table, shared.table);
			retired[(*nb_retired)++] = shared.table;
			__atomic_store_n(&shared.table, table, __ATOMIC_RELEASE);
		}
		if (present[n])
			mac_table_del(table, key_of(NB_STABLE + n));
		else
			mac_table_add(table, key_of(NB_STABLE + n), value_of(NB_STABLE + n, i));
		present[n] = !present[n];
	}
}

static void
readers_see_whole_entries_while_it_changes(void **state)
{
	static struct mac_table *retired[1000000];
	uint32_t nb_retired = 0;
	uint64_t nb_wrong = 0;
	pthread_t reader;

	(void)state;
	random_state = 42;
	shared.table = make_table(1);
	for (uint32_t n = 0; n < NB_STABLE; n++) {
		if (mac_table_is_full(shared.table))
			shared.table = grow(shared.table);
		mac_table_add(shared.table, key_of(n), value_of(n, 0));
	}
	assert_int_equal(pthread_create(&reader, NULL, read_all, &nb_wrong), 0);
	write_much(retired, &nb_retired, 1000000);
	__atomic_store_n(&shared.stop, true, __ATOMIC_RELAXED);
	pthread_join(reader, NULL);
	assert_int_equal(nb_wrong, 0);
	assert_true(nb_retired > 0);
	while (nb_retired > 0)
		free(retired[--nb_retired]);
	free(shared.table);
}

static void
keys_are_the_six_octets_and_nothing_else(void **state)
{
	const uint8_t a[8] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 0x01, 0x02};
	const uint8_t b[8] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 0xff, 0xee};
	const uint8_t group[8] = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x01};

	(void)state;
	assert_int_equal(mac_key(a), mac_key(b));
	assert_int_equal(mac_key(a) & UINT16_MAX, 0);
	assert_false(mac_key_is_multicast(mac_key(a)));
	assert_true(mac_key_is_multicast(mac_key(group)));
	for (unsigned int octet = 0; octet < 6; octet++) {
		uint8_t other[8];

		memcpy(other, a, sizeof(other));
		other[octet] ^= 0x80;
		assert_int_not_equal(mac_key(a), mac_key(other));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_the_six_octets_and_nothing_else),
		cmocka_unit_test(agrees_with_a_naive_table),
		cmocka_unit_test(agrees_with_a_naive_table_when_crammed),
		cmocka_unit_test(stays_small_when_entries_come_and_go),
		cmocka_unit_test(holds_a_million_entries),
		cmocka_unit_test(keeps_most_entries_in_their_home_slots),
		cmocka_unit_test(readers_see_whole_entries_while_it_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
