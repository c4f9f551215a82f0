/* SPDX-License-Identifier: BSD-3-Clause */
/* Entries of the classifier: floods, detached ports, and how changes are undone. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/random.h>

#include "plugins/classifier/mac_table.h"

#include "classifier_fixture.h"

/* Of plugins/classifier/entries.h, whose words for classes are not those of the fixture. */
uint64_t entries_nb_visits(void);

/* What the tables get as secrets: another number each time, or always the one that tests know. */
static struct {
	unsigned int nb_draws;
	bool is_known;
	bool fails;
} secrets;

#define KNOWN_SECRET UINT64_C(0x9e3779b97f4a7c15)

ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned int flags);

ssize_t
__wrap_getrandom(void *buffer, size_t size, unsigned int flags)
{
	uint64_t secret = KNOWN_SECRET;

	(void)flags;
	assert_int_equal(size, sizeof(secret));
	if (secrets.fails) {
		errno = ENOSYS;
		return -1;
	}
	secrets.nb_draws++;
	if (!secrets.is_known)
		secret = (secrets.nb_draws + 1) * UINT64_C(0xbf58476d1ce4e5b9);
	memcpy(buffer, &secret, sizeof(secret));
	return size;
}

static void
groups_are_set_only_when_their_ports_change(void **state)
{
	unsigned int nb;

	(void)state;
	must("add mac " MAC56 " ring:0");
	nb = host.nb_group_calls;
	assert_int_not_equal(nb, 0);
	must("add mac " MAC58 " ring:0");
	must("del mac " MAC56 " ring:0");
	assert_int_equal(host.nb_group_calls, nb);
	must("add mac " MAC56 " ring:1");
	assert_int_equal(host.nb_group_calls, nb + 1);
	txn_begin();
	assert_int_equal(run("add mac default ring:2"), 0);
	txn_abort();
	nb = host.nb_group_calls;
	must("add mac 02:00:00:00:00:01 ring:1");
	assert_int_equal(host.nb_group_calls, nb);
}

static void
empty_classes_give_their_memory_back(void **state)
{
	unsigned int nb_blocks = host.nb_blocks;

	(void)state;
	must("add vlan 5 " MAC56 " ring:0");
	must("add vlan 5 default ring:3");
	assert_true(host.nb_blocks > nb_blocks);
	must("del vlan 5 " MAC56 " ring:0");
	must("del vlan 5 default ring:3");
	assert_int_equal(host.nb_blocks, nb_blocks);
	txn_begin();
	assert_int_equal(run("add vlan 6 " MAC56 " ring:0"), 0);
	txn_abort();
	assert_int_equal(host.nb_blocks, nb_blocks);
}

static void
detached_ports_lose_their_entries(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add mac " MAC58 " ring:1");
	must("add mac default ring:1");
	must("add vlan 5 " MAC56 " ring:1");
	must("add vlan 6 " MAC56 " ring:0");
	txn_begin();
	detach(&a, SPP_TX, 1, "ring:1");
	assert_true(host.is_touched);
	txn_commit();
	assert_status("classifier_table:\nmac " MAC56 " ring:0\nvlan 6/" MAC56 " ring:0");
	assert_int_equal(decide(&a, MAC58, UNTAGGED), UNKNOWN_MAC);
	assert_int_equal(decide(&a, MAC56, 5), UNKNOWN_VLAN);
	assert_flood(&a, BROADCAST, UNTAGGED, 0x1);
	assert_flood(&a, BROADCAST, 6, 0x1);
	must_fail("add mac " MAC58 " ring:1", "Invalid value (port): ring:1 is not a tx port of a "
					      "classifier; attach it to one first");
	txn_begin();
	detach(&a, SPP_RX, 0, "phy:0");
	detach(&a, SPP_TX, 0, "ring:0");
	txn_commit();
	assert_false(is_ready(&a));
	assert_status("classifier_table:");
	txn_begin();
	attach(&b, SPP_TX, 3, "ring:1");
	txn_commit();
	must("add mac " MAC58 " ring:1");
	assert_int_equal(decide(&b, MAC58, UNTAGGED), 3);
	assert_int_equal(decide(&a, MAC58, UNTAGGED), UNKNOWN_MAC);
}

static void
settling_changes_cannot_be_undone_and_need_not(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add vlan 5 default ring:0");
	/* A component that is stopped is taken apart after the commit. */
	detach(&a, SPP_TX, 0, "ring:0");
	txn_commit();
	assert_status("classifier_table:");
	assert_false(is_ready(&a));
}

/* A new class must not send its floods to a group that the plan of the worker does not have. */
static void
floods_wait_for_the_plan_with_their_group(void **state)
{
	(void)state;
	must("add mac default ring:3");
	txn_begin();
	assert_int_equal(run("add vlan 5 " MAC56 " ring:0"), 0);
	assert_int_equal(decide(&a, MAC56, 5), 0);
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x8);
	publish_plans();
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x8);
	settle();
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x9);

	txn_begin();
	assert_int_equal(run("add vlan 5 " MAC58 " ring:1"), 0);
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x9);
	txn_commit();
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0xb);

	txn_begin();
	assert_int_equal(run("del vlan 5 " MAC58 " ring:1"), 0);
	assert_int_equal(run("del vlan 5 " MAC56 " ring:0"), 0);
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x8);
	txn_commit();
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x8);

	must("del mac default ring:3");
	txn_begin();
	assert_int_equal(run("add mac " MAC56 " ring:0"), 0);
	assert_int_equal(decide(&a, BROADCAST, UNTAGGED), UNKNOWN_MAC);
	txn_commit();
	assert_flood(&a, BROADCAST, UNTAGGED, 0x1);
}

/* Refusals */

/* All that a user or a worker can tell. */
struct picture {
	char *status;
	bool is_ready[2];
	struct group groups[2][SPP_GROUP_MAX];
	uint16_t out[2][6][6];
};

static void
take_picture(struct picture *picture)
{
	struct spp_component *c[2] = {&a, &b};

	memset(picture, 0, sizeof(*picture));
	picture->status = status();
	for (unsigned int i = 0; i < 2; i++) {
		picture->is_ready[i] = is_ready(c[i]);
		memcpy(picture->groups[i], c[i]->wanted, sizeof(c[i]->wanted));
		for (unsigned int v = 0; v < 6; v++)
			for (unsigned int m = 0; m < 6; m++)
				picture->out[i][v][m] = decide(c[i], some_macs[m], some_vids[v]);
	}
}

static void
assert_same(const struct picture *x, const struct picture *y)
{
	assert_string_equal(x->status, y->status);
	assert_memory_equal(x->is_ready, y->is_ready, sizeof(x->is_ready));
	assert_memory_equal(x->out, y->out, sizeof(x->out));
	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int g = 0; g < SPP_GROUP_MAX; g++) {
			const struct group *p = &x->groups[i][g], *q = &y->groups[i][g];

			assert_int_equal(p->nb, q->nb);
			assert_memory_equal(p->outputs, q->outputs, p->nb * sizeof(p->outputs[0]));
		}
}

static void
fill_some(void)
{
	must("add mac " MAC56 " ring:0");
	must("add mac " MAC58 " ring:1");
	must("add mac default ring:2");
	must("add vlan 101 " MAC56 " ring:1");
	must("add vlan 5 default ring:3");
	must("add vlan 5 " MAC58 " ring:4");
}

static void
refused_transactions_leave_nothing_behind(void **state)
{
	static struct picture before, after;

	(void)state;
	fill_some();
	take_picture(&before);
	txn_begin();
	assert_int_equal(run("add vlan 4094 " MAC56 " ring:0"), 0);
	assert_int_equal(run("add vlan 4094 default ring:6"), 0);
	assert_int_equal(run("del vlan 101 " MAC56 " ring:1"), 0);
	assert_int_equal(run("add vlan 101 " MAC56 " ring:3"), 0);
	assert_int_equal(run("del mac default ring:2"), 0);
	assert_int_equal(run("add mac default ring:0"), 0);
	detach(&a, SPP_TX, 0, "ring:0");
	attach(&a, SPP_TX, 0, "ring:8");
	assert_int_equal(run("add mac " MAC56 " ring:8"), 0);
	assert_int_equal(run("del vlan 5 " MAC58 " ring:4"), 0);
	for (unsigned int i = 0; i < 1000; i++) {
		char text[64];

		snprintf(text, sizeof(text), "add vlan 5 02:00:00:00:%02x:%02x ring:1", i >> 8,
			 i & 0xff);
		assert_int_equal(run(text), 0);
	}
	detach(&a, SPP_TX, 1, "ring:1");
	txn_abort();
	take_picture(&after);
	assert_same(&before, &after);
	free(before.status);
	free(after.status);
	must_note("add mac " MAC56 " ring:0", "classifier 'a' has " MAC56 " on ring:0 already");
}

static void
assert_atomic_without_memory(const char *text)
{
	static struct picture before, after;
	int n = 0, rc;

	do {
		take_picture(&before);
		host.fails_in = ++n;
		rc = command(text);
		host.fails_in = 0;
		if (rc != 0) {
			assert_int_equal(rc, -ENOMEM);
			assert_string_not_equal(host.error, "");
			take_picture(&after);
			assert_same(&before, &after);
			free(after.status);
		}
		free(before.status);
	} while (rc != 0);
	assert_true(n > 3);
}

static void
commands_are_atomic_without_memory(void **state)
{
	(void)state;
	fill_some();
	assert_atomic_without_memory("add mac 02:00:00:00:00:01 ring:3");
	assert_atomic_without_memory("add vlan 0 " MULTICAST " ring:0");
	assert_atomic_without_memory("add vlan 4094 default ring:3");
	assert_atomic_without_memory("del mac default ring:2");
	assert_atomic_without_memory("add mac default ring:0");
	assert_atomic_without_memory("del vlan 101 " MAC56 " ring:1");
	/* Until the table grows, and then some. */
	for (unsigned int i = 0; i < 40; i++) {
		char text[64];

		snprintf(text, sizeof(text), "add mac 06:00:00:00:00:%02x ring:1", i);
		assert_atomic_without_memory(text);
	}
}

static void
missing_memory_is_explained(void **state)
{
	(void)state;
	host.fails_in = 1;
	assert_int_equal(command("add mac " MAC56 " ring:0"), -ENOMEM);
	assert_string_equal(host.error,
			    "classifier 'a': no memory to change the table; stop components or "
			    "delete entries that are not needed");
}

static void
detaching_works_without_memory(void **state)
{
	(void)state;
	fill_some();
	txn_begin();
	host.fails_in = 1;
	host.fails_for_good = true;
	detach(&a, SPP_TX, 2, "ring:2");
	host.fails_in = 0;
	host.fails_for_good = false;
	txn_commit();
	assert_string_equal(host.log, "classifier 'a': floods of ring:2 go nowhere until an entry "
				      "changes: no memory");
	assert_status("classifier_table:\nmac " MAC56 " ring:0\nmac " MAC58 " ring:1\n"
		      "vlan 5/default ring:3\nvlan 101/" MAC56 " ring:1\nvlan 5/" MAC58 " ring:4");
	assert_int_equal(decide(&a, MULTICAST, 4094), UNKNOWN_VLAN);
}

static void
a_million_entries_are_added_listed_and_dropped(void **state)
{
	const unsigned int nb = 1000000;
	struct spp_args args = {.action = "add"};
	struct spp_reply reply = {0};
	char *text;
	size_t nb_lines = 0;

	(void)state;
	for (unsigned int i = 0; i < nb; i++) {
		char mac[18];

		snprintf(mac, sizeof(mac), "52:54:00:%02X:%02X:%02X", i >> 16, i >> 8 & 0xff,
			 i & 0xff);
		args.mac = mac;
		args.port = i % 2 == 0 ? "ring:0" : "ring:1";
		txn_begin();
		assert_int_equal(host.plugin->verbs[0].run(&args, &reply), 0);
		settle();
	}
	publish_plans();
	assert_int_equal(decide(&a, "52:54:00:0F:42:3F", UNTAGGED), 1);
	assert_int_equal(decide(&a, "52:54:00:0F:42:3E", UNTAGGED), 0);
	assert_int_equal(decide(&a, "52:54:00:0F:42:40", UNTAGGED), UNKNOWN_MAC);
	assert_flood(&a, BROADCAST, UNTAGGED, 0x3);
	text = status();
	for (const char *line = text; (line = strchr(line, '\n')) != NULL; line++)
		nb_lines++;
	assert_int_equal(nb_lines, nb);
	free(text);
	txn_begin();
	detach(&a, SPP_TX, 0, "ring:0");
	txn_commit();
	assert_int_equal(decide(&a, "52:54:00:0F:42:3E", UNTAGGED), UNKNOWN_MAC);
	assert_int_equal(decide(&a, "52:54:00:0F:42:3F", UNTAGGED), 1);
	assert_flood(&a, BROADCAST, UNTAGGED, 0x2);
}

/* Classes that a transaction visits which fills so many VLANs of each classifier. */
static uint64_t
visits_of_filling(unsigned int nb_vlans, bool is_committed)
{
	uint64_t nb = entries_nb_visits();

	txn_begin();
	for (unsigned int vid = 0; vid < nb_vlans; vid++) {
		char text[64];

		snprintf(text, sizeof(text), "add vlan %u " MAC56 " ring:0", vid);
		assert_int_equal(run(text), 0);
		snprintf(text, sizeof(text), "add vlan %u " MAC56 " ring:4", vid);
		assert_int_equal(run(text), 0);
	}
	if (is_committed)
		txn_commit();
	else
		txn_abort();
	for (unsigned int vid = 0; vid < nb_vlans; vid++)
		assert_int_equal(decide(&b, MAC56, vid), is_committed ? 0 : UNKNOWN_VLAN);
	return entries_nb_visits() - nb;
}

/* Each class is visited to set its group and to settle it, and when it is undone. */
static void
a_command_visits_the_classes_it_changes_and_no_others(void **state)
{
	uint64_t nb;

	(void)state;
	assert_int_equal(visits_of_filling(1000, false), 6 * 1000);
	assert_int_equal(visits_of_filling(1000, true), 4 * 1000);
	nb = entries_nb_visits();
	must("add vlan 4000 " MAC56 " ring:0");
	assert_int_equal(entries_nb_visits() - nb, 2);
	nb = entries_nb_visits();
	must("add vlan 4000 " MAC58 " ring:0");
	assert_int_equal(entries_nb_visits() - nb, 0);
}

/* A transaction that is undone while a worker is stuck: its deferred calls come later. */
static struct calls
refuse_for_stuck_worker(const char *text)
{
	struct calls late;

	txn_begin();
	assert_int_equal(run(text), 0);
	late = host.defer;
	host.defer = (struct calls){0};
	txn_abort();
	return late;
}

static void
run_late(struct calls *late)
{
	for (unsigned int i = 0; i < late->nb; i++)
		late->call[i].fn(late->call[i].arg);
	free(late->call);
}

static void
a_class_waits_for_its_latest_change(void **state)
{
	struct calls late;
	unsigned int nb_blocks;

	(void)state;
	must("add vlan 5 " MAC56 " ring:0");
	late = refuse_for_stuck_worker("del vlan 5 " MAC56 " ring:0");
	txn_begin();
	assert_int_equal(run("del vlan 5 " MAC56 " ring:0"), 0);
	nb_blocks = host.nb_blocks;
	run_late(&late);
	assert_int_equal(host.nb_blocks, nb_blocks - 1);
	txn_commit();
	assert_int_equal(host.nb_blocks, nb_blocks - 4);
}

/* The worker that is stuck may hold the table of the class. */
static void
a_class_does_not_settle_with_a_later_change_of_another_class(void **state)
{
	struct calls late;
	unsigned int nb_blocks;

	(void)state;
	late = refuse_for_stuck_worker("add vlan 5 " MAC56 " ring:0");
	nb_blocks = host.nb_blocks;
	must("add vlan 6 " MAC56 " ring:4");
	must("del vlan 6 " MAC56 " ring:4");
	assert_int_equal(host.nb_blocks, nb_blocks);
	run_late(&late);
	assert_int_equal(host.nb_blocks, nb_blocks - 3);
}

static void
changes_outlive_their_classifier(void **state)
{
	struct calls late;

	(void)state;
	txn_begin();
	assert_int_equal(run("add vlan 5 " MAC56 " ring:0"), 0);
	late = host.defer;
	host.defer = (struct calls){0};
	txn_commit();
	destroy(&a);
	assert_int_equal(create(&a), 0);
	run_late(&late);
	assert_int_equal(decide(&a, MAC56, 5), UNKNOWN_VLAN);
}

/* Addresses that the known secret sends to one bucket */

#define NB_NEAR (MAC_TABLE_PROBE_MAX * MAC_TABLE_BUCKET + 1)

static struct {
	char mac[NB_NEAR][18];
	unsigned int nb; /* that are in the table, at ring:0 */
	unsigned int nb_looks;
} near;

/* The first nb_bits of their hashes are 0.  The bit after those is 1 from the middle on, so a table
 * of twice the size has two buckets for them. */
static void
choose_near(unsigned int nb_bits)
{
	unsigned int nb = 0;

	near.nb = near.nb_looks = 0;
	for (uint32_t n = 0; nb < NB_NEAR; n++) {
		const uint8_t mac[8] = {0x52, 0x54, n >> 24, n >> 16, n >> 8, n};
		uint32_t hash = mac_key_hash(mac_key(mac), KNOWN_SECRET);

		if (hash >> (31 - nb_bits) == (nb > NB_NEAR / 2))
			snprintf(near.mac[nb++], sizeof(near.mac[0]), "52:54:%02X:%02X:%02X:%02X",
				 mac[2], mac[3], mac[4], mac[5]);
	}
}

static void
look_at_near(void)
{
	near.nb_looks++;
	for (unsigned int i = 0; i < near.nb; i++)
		assert_int_equal(decide(&a, near.mac[i], UNTAGGED), 0);
	for (unsigned int i = near.nb + 1; i < NB_NEAR; i++)
		assert_int_equal(decide(&a, near.mac[i], UNTAGGED), UNKNOWN_MAC);
}

static int
add_near(void)
{
	char text[64];
	int rc;

	snprintf(text, sizeof(text), "add mac %s ring:0", near.mac[near.nb]);
	rc = command(text);
	near.nb += rc == 0;
	return rc;
}

/* Addresses in the other half of the table. */
static void
add_far(unsigned int nb)
{
	for (uint32_t n = 0; nb > 0; n++) {
		const uint8_t mac[8] = {0x06, 0, 0, 0, 0, n};
		char text[64];

		if (mac_key_hash(mac_key(mac), KNOWN_SECRET) >> 31 == 0)
			continue;
		snprintf(text, sizeof(text), "add mac 06:00:00:00:00:%02x ring:0", n);
		must(text);
		nb--;
	}
}

/* All addresses but the last one, while the secret is known to whoever chose them.  A few others
 * come first, so that the table is not full when the last one comes. */
static void
fill_with_near(unsigned int nb_bits)
{
	destroy(&a);
	secrets.is_known = true;
	txn_begin();
	assert_int_equal(create(&a), 0);
	attach(&a, SPP_TX, 0, "ring:0");
	txn_commit();
	add_far(8);
	choose_near(nb_bits);
	while (near.nb < NB_NEAR - 1)
		assert_int_equal(add_near(), 0);
	look_at_near();
	assert_instance_status(&a, "longest_probe 16\nrekeys 0\n");
}

static int
tear_down_secrets(void **state)
{
	secrets.is_known = secrets.fails = false;
	return tear_down(state);
}

#define TEST_SECRETS(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down_secrets)

static void
a_long_probe_gets_the_table_another_secret(void **state)
{
	unsigned int nb_draws;

	(void)state;
	fill_with_near(14);
	secrets.is_known = false;
	nb_draws = secrets.nb_draws;
	host.watch = look_at_near;
	near.nb_looks = 0;
	assert_int_equal(add_near(), 0);
	assert_true(near.nb_looks > 5);
	assert_int_equal(secrets.nb_draws, nb_draws + 1);
	look_at_near();
	assert_instance_status(&a, "longest_probe 1\nrekeys 1\n");
}

static void
a_table_grows_when_no_secret_helps(void **state)
{
	unsigned int nb_draws;

	(void)state;
	fill_with_near(8);
	nb_draws = secrets.nb_draws;
	host.watch = look_at_near;
	assert_int_equal(add_near(), 0);
	assert_int_equal(secrets.nb_draws, nb_draws + MAC_TABLE_MAX_REKEYS + 1);
	look_at_near();
	assert_instance_status(&a, "longest_probe 16\nrekeys 1\n");
}

static void
an_address_without_a_place_is_refused(void **state)
{
	unsigned int nb_draws, nb_blocks;

	(void)state;
	fill_with_near(14);
	nb_draws = secrets.nb_draws;
	nb_blocks = host.nb_blocks;
	host.watch = look_at_near;
	assert_int_equal(add_near(), -ENOSPC);
	assert_string_equal(host.error, "classifier 'a': the table has no place near the one where "
					"this address belongs; delete entries that are not needed");
	assert_int_equal(secrets.nb_draws, nb_draws + MAC_TABLE_MAX_REKEYS + MAC_TABLE_MAX_GROWTHS);
	assert_int_equal(host.nb_blocks, nb_blocks);
	assert_instance_status(&a, "longest_probe 16\nrekeys 0\n");
	/* Other entries are not refused, nor is this one when there is a place. */
	host.watch = NULL;
	must("add mac 02:00:00:00:00:01 ring:0");
	must("add mac default ring:0");
	must("del mac default ring:0");
	must("del mac 02:00:00:00:00:01 ring:0");
	secrets.is_known = false;
	assert_int_equal(add_near(), 0);
	look_at_near();
}

static void
a_kernel_without_random_numbers_is_explained(void **state)
{
	struct spp_component c = {.name = "c"};

	(void)state;
	secrets.fails = true;
	assert_int_equal(command("add vlan 5 " MAC56 " ring:0"), -EIO);
	assert_string_equal(host.error, "classifier 'a': the kernel gives no random numbers: "
					"Function not implemented; allow the process to call "
					"getrandom()");
	assert_int_equal(create(&c), -EIO);
	assert_string_equal(host.error, "classifier 'c': the kernel gives no random numbers: "
					"Function not implemented; allow the process to call "
					"getrandom()");
	free(c.worker);
	assert_int_equal(decide(&a, MAC56, 5), UNKNOWN_VLAN);
}

static void
status_tells_the_longest_probe(void **state)
{
	(void)state;
	assert_instance_status(&a, "longest_probe 0\nrekeys 0\n");
	must("add vlan 5 " MAC56 " ring:0");
	assert_instance_status(&a, "longest_probe 1\nrekeys 0\n");
	assert_instance_status(&b, "longest_probe 0\nrekeys 0\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(groups_are_set_only_when_their_ports_change),
		TEST(empty_classes_give_their_memory_back),
		TEST(detached_ports_lose_their_entries),
		TEST(settling_changes_cannot_be_undone_and_need_not),
		TEST(floods_wait_for_the_plan_with_their_group),
		TEST(refused_transactions_leave_nothing_behind),
		TEST(commands_are_atomic_without_memory),
		TEST(missing_memory_is_explained),
		TEST(detaching_works_without_memory),
		TEST(a_command_visits_the_classes_it_changes_and_no_others),
		TEST(a_class_waits_for_its_latest_change),
		TEST(a_class_does_not_settle_with_a_later_change_of_another_class),
		TEST(changes_outlive_their_classifier),
		TEST_SECRETS(a_long_probe_gets_the_table_another_secret),
		TEST_SECRETS(a_table_grows_when_no_secret_helps),
		TEST_SECRETS(an_address_without_a_place_is_refused),
		TEST_SECRETS(a_kernel_without_random_numbers_is_explained),
		TEST(status_tells_the_longest_probe),
		TEST(a_million_entries_are_added_listed_and_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
