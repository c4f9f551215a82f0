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

#include <rte_byteorder.h>

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

/* Any number will do where no test says otherwise. */
static uint64_t secret = 0x6a09e667f3bcc909u;

static struct mac_table *
make_table(uint64_t nb_buckets)
{
	size_t size = mac_table_size(nb_buckets);
	struct mac_table *table = aligned_alloc(64, size);

	assert_non_null(table);
	memset(table, 0, size);
	mac_table_init(table, nb_buckets, secret);
	return table;
}

static struct mac_table *
copy(const struct mac_table *table)
{
	struct mac_table *other = make_table(mac_table_next_size(table, 0));

	assert_true(mac_table_copy(other, table));
	return other;
}

static struct mac_table *
grow(struct mac_table *table)
{
	struct mac_table *larger = copy(table);

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

/* Addresses that somebody chose */

#define NB_CHOSEN 4096

/* CRC-32C of eight bytes without its inversions: a linear function, and no secret. */
static uint32_t
crc32c(uint64_t word)
{
	uint32_t crc = 0;

	for (unsigned int byte = 0; byte < 8; byte++) {
		crc ^= word >> 8 * byte & 0xff;
		for (unsigned int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return crc;
}

/* The hash of tables before they had secrets. */
static uint32_t
open_hash(uint64_t key)
{
	return crc32c(key) * UINT64_C(0x9e3779b97f4a7c15) >> 32;
}

/* 16 keys whose sums all have the CRC 0: what is left of the 48 bits of an address, by Gaussian
 * elimination of their CRCs. */
static void
find_kernel(uint64_t kernel[16])
{
	uint64_t key_with[32] = {0}; /* by the top bit of its CRC */
	unsigned int nb = 0;

	for (unsigned int bit = 16; bit < 64; bit++) {
		uint64_t key = UINT64_C(1) << bit;
		uint32_t crc;

		while ((crc = crc32c(key)) != 0 && key_with[31 - __builtin_clz(crc)] != 0)
			key ^= key_with[31 - __builtin_clz(crc)];
		if (crc != 0)
			key_with[31 - __builtin_clz(crc)] = key;
		else
			kernel[nb++] = key;
	}
	assert_int_equal(nb, 16);
}

static uint64_t
chosen_key(const uint64_t kernel[16], uint32_t n)
{
	uint64_t key = key_of(0);

	for (unsigned int i = 0; i < 16; i++)
		if (n >> i & 1)
			key ^= kernel[i];
	return key;
}

static void
chosen_addresses_do_not_share_a_home(void **state)
{
	struct mac_table *table = make_table(1);
	uint64_t kernel[16];
	uint32_t nb_probes = 0, nb_tables = 0;

	(void)state;
	find_kernel(kernel);
	for (uint32_t n = 0; n < NB_CHOSEN; n++) {
		uint64_t key = chosen_key(kernel, n);

		assert_int_equal(open_hash(key), open_hash(key_of(0)));
		if (!mac_table_has_room(table, key)) {
			/* No other reason than the number of entries. */
			assert_true(mac_table_is_full(table));
			table = grow(table);
			nb_tables++;
		}
		nb_probes += mac_table_probe(table, key);
		mac_table_add(table, key, 1 + n);
		assert_true(table->longest_probe <= 4);
	}
	assert_true(nb_probes < NB_CHOSEN * 5 / 4);
	assert_true(nb_tables <= 12);
	for (uint32_t n = 0; n < 2 * NB_CHOSEN; n++)
		assert_int_equal(look_up(table, chosen_key(kernel, n)), n < NB_CHOSEN ? 1 + n : 0);
	free(table);
}

#ifdef __SSE4_2__
/* What the CRC alone would do to the last bits of an address; other hashes promise less. */
static void
addresses_in_a_row_do_not_share_a_home(void **state)
{
	(void)state;
	for (unsigned int nb_bits = 3; nb_bits <= 16; nb_bits++) {
		uint64_t nb = UINT64_C(1) << nb_bits;
		struct mac_table *table;

		secret = random_u64();
		table = make_table(nb / MAC_TABLE_BUCKET);
		for (uint64_t n = 0; n < nb; n++) {
			uint64_t key = n << (64 - nb_bits);

			assert_int_equal(*mac_table_home(table, key), 0);
			mac_table_add(table, key, 1);
		}
		assert_int_equal(table->longest_probe, 1);
		free(table);
	}
}
#endif

/* Many secrets */

#define NB_SECRETS 2000
#define FEW_BUCKETS 512 /* a table that is full with so many entries */
#define NB_CROWD (MAC_TABLE_PROBE_MAX * MAC_TABLE_BUCKET + 1)

/* Put different keys into a table with a secret of its own; counts the entries that come into their
 * home slots.  Returns the longest probe. */
static uint32_t
probe_of(struct mac_table *table, const uint64_t *keys, unsigned int nb, unsigned int *nb_home)
{
	memset(table, 0, mac_table_size(FEW_BUCKETS));
	mac_table_init(table, FEW_BUCKETS, random_u64());
	for (unsigned int i = 0; i < nb; i++) {
		*nb_home += *mac_table_home(table, keys[i]) == 0;
		mac_table_add(table, keys[i], 1);
	}
	return table->longest_probe;
}

/* The address whose octets, the last one lowest, are the number. */
static uint64_t
key_of_number(uint64_t n)
{
	return rte_bswap64(n) & ~(uint64_t)UINT16_MAX;
}

/* Addresses of one maker, in rows as they are given out.  No secret gives them long probes, and the
 * secrets together leave nine of ten entries at home. */
static void
no_secret_brings_a_row_together(void **state)
{
	static const uint64_t steps[] = {1,   2,      3,       16,      255,       256,
					 257, 0x1000, 0x10000, 0x10101, 0x1000000, 0x100000000};
	struct mac_table *table = make_table(FEW_BUCKETS);
	uint64_t keys[FEW_BUCKETS];

	(void)state;
	for (unsigned int s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
		unsigned int nb_home = 0;

		for (uint64_t n = 0; n < FEW_BUCKETS; n++)
			keys[n] = key_of_number(UINT64_C(0x525400000000) + n * steps[s]);
		for (unsigned int i = 0; i < NB_SECRETS; i++)
			assert_true(probe_of(table, keys, FEW_BUCKETS, &nb_home) <= 4);
		assert_true(nb_home > NB_SECRETS * FEW_BUCKETS * 9 / 10);
	}
	free(table);
}

static void
addresses_chosen_for_one_secret_are_harmless_with_others(void **state)
{
	struct mac_table *table = make_table(FEW_BUCKETS);
	uint64_t keys[NB_CROWD];
	unsigned int nb = 0, nb_home = 0;

	(void)state;
	for (uint64_t n = 0; nb < NB_CROWD; n++) {
		uint64_t key = key_of_number(UINT64_C(0x060000000000) + n);

		if (mac_table_home(table, key) < &table->slots[MAC_TABLE_BUCKET])
			keys[nb++] = key;
	}
	for (unsigned int i = 0; i < NB_CROWD - 1; i++)
		mac_table_add(table, keys[i], 1);
	assert_false(mac_table_is_full(table));
	assert_false(mac_table_has_room(table, keys[NB_CROWD - 1]));
	for (unsigned int i = 0; i < NB_SECRETS; i++)
		assert_true(probe_of(table, keys, NB_CROWD, &nb_home) <= 4);
	assert_true(nb_home > NB_SECRETS * NB_CROWD * 9 / 10);
	free(table);
}

static void
the_longest_probe_is_that_of_its_entries(void **state)
{
	struct mac_table *table = make_table(4);

	(void)state;
	assert_int_equal(table->longest_probe, 0);
	for (uint32_t n = 0, nb = 0; nb < 20; n++) {
		if (mac_table_home(table, key_of(n)) >= &table->slots[MAC_TABLE_BUCKET])
			continue;
		assert_int_equal(mac_table_probe(table, key_of(n)), 1 + nb / MAC_TABLE_BUCKET);
		mac_table_add(table, key_of(n), ++nb);
		assert_int_equal(table->longest_probe, 1 + (nb - 1) / MAC_TABLE_BUCKET);
		assert_int_equal(mac_table_find(table, key_of(n)), nb);
	}
	free(table);
}

static void
new_tables_have_a_bounded_size(void **state)
{
	struct mac_table table = {.slot_mask = 2047, .nb_entries = 129};
	uint64_t nb = 2048 / MAC_TABLE_BUCKET;

	(void)state;
	for (uint32_t i = 0; i <= MAC_TABLE_MAX_REKEYS; i++)
		assert_int_equal(mac_table_next_size(&table, i), nb);
	assert_int_equal(mac_table_next_size(&table, MAC_TABLE_MAX_REKEYS + 1), 2 * nb);
	assert_int_equal(mac_table_next_size(&table, MAC_TABLE_MAX_REKEYS + 3), 8 * nb);
	assert_int_equal(mac_table_next_size(&table, MAC_TABLE_MAX_REKEYS + 4), 0);

	/* Dead slots make a table of the maximum size anew, entries do not. */
	table.slot_mask = MAC_TABLE_MAX_SLOTS - 1;
	table.nb_entries = MAC_TABLE_MAX_ENTRIES - 1;
	assert_false(mac_table_is_full(&table));
	table.nb_dead = 2u << 20;
	assert_false(mac_table_is_full(&table));
	table.nb_dead++;
	assert_true(mac_table_is_full(&table));
	assert_int_equal(mac_table_next_size(&table, 0), MAC_TABLE_MAX_SLOTS / MAC_TABLE_BUCKET);
	assert_int_equal(mac_table_next_size(&table, MAC_TABLE_MAX_REKEYS + 1), 0);
	table.nb_dead = 0;
	table.nb_entries++;
	assert_true(mac_table_is_full(&table));
	assert_int_equal(mac_table_next_size(&table, 0), 0);
	assert_int_equal(mac_table_size(MAC_TABLE_MAX_SLOTS / MAC_TABLE_BUCKET), (128u << 20) + 64);
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
			secret = random_u64();
			table = copy(shared.table);
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
		cmocka_unit_test(chosen_addresses_do_not_share_a_home),
#ifdef __SSE4_2__
		cmocka_unit_test(addresses_in_a_row_do_not_share_a_home),
#endif
		cmocka_unit_test(no_secret_brings_a_row_together),
		cmocka_unit_test(addresses_chosen_for_one_secret_are_harmless_with_others),
		cmocka_unit_test(the_longest_probe_is_that_of_its_entries),
		cmocka_unit_test(new_tables_have_a_bounded_size),
		cmocka_unit_test(readers_see_whole_entries_while_it_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
