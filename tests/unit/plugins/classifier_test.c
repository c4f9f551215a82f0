/* SPDX-License-Identifier: BSD-3-Clause */
/* The data path and the instances of the classifier: where frames go. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "classifier_fixture.h"

/* Decisions */

static void
exact_entries_lead_to_their_ports(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add mac " MAC58 " ring:1");
	assert_int_equal(decide(&a, MAC56, UNTAGGED), 0);
	assert_int_equal(decide(&a, MAC58, UNTAGGED), 1);
	assert_int_equal(decide(&a, "52:54:00:12:34:57", UNTAGGED), UNKNOWN_MAC);
	assert_int_equal(decide(&a, "00:00:00:00:00:00", UNTAGGED), UNKNOWN_MAC);
}

static void
any_address_may_have_an_entry(void **state)
{
	(void)state;
	must("add mac 00:00:00:00:00:00 ring:1");
	must("add mac 00:00:00:00:00:01 ring:2");
	must("add mac " BROADCAST " ring:3");
	assert_int_equal(decide(&a, "00:00:00:00:00:00", UNTAGGED), 1);
	assert_int_equal(decide(&a, "00:00:00:00:00:01", UNTAGGED), 2);
	assert_int_equal(decide(&a, BROADCAST, UNTAGGED), 3);
	assert_int_equal(decide(&a, "00:00:00:00:00:02", UNTAGGED), UNKNOWN_MAC);
	must("del mac 00:00:00:00:00:00 ring:1");
	assert_int_equal(decide(&a, "00:00:00:00:00:00", UNTAGGED), UNKNOWN_MAC);
}

static void
classes_are_apart(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add vlan 0 " MAC56 " ring:1");
	must("add vlan 101 " MAC56 " ring:2");
	must("add vlan 4094 " MAC56 " ring:3");
	assert_int_equal(decide(&a, MAC56, UNTAGGED), 0);
	assert_int_equal(decide(&a, MAC56, 0), 1);
	assert_int_equal(decide(&a, MAC56, 101), 2);
	assert_int_equal(decide(&a, MAC56, 4094), 3);
	assert_int_equal(decide(&a, MAC56, 102), UNKNOWN_VLAN);
	assert_int_equal(decide(&a, MAC56, 4095), UNKNOWN_VLAN);
	assert_int_equal(decide(&a, MAC58, 101), UNKNOWN_MAC);
}

static void
other_tags_are_untagged(void **state)
{
	struct frame frame;
	uint16_t out;

	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add vlan 5 " MAC56 " ring:1");
	frame_init(&frame, MAC56, 5, 60);
	frame.bytes[12] = 0x88;
	frame.bytes[13] = 0xa8;
	process(&a, &frame, 1, &out);
	assert_int_equal(out, 0);
	frame_fini(&frame);
}

static void
broadcast_floods_each_port_of_the_class_once(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add mac 52:54:00:12:34:57 ring:0");
	must("add mac " MAC58 " ring:2");
	assert_flood(&a, BROADCAST, UNTAGGED, 0x5);
	assert_flood(&a, MULTICAST, UNTAGGED, 0x5);
	must("add mac default ring:3");
	assert_flood(&a, BROADCAST, UNTAGGED, 0xd);
	must("del mac " MAC56 " ring:0");
	assert_flood(&a, BROADCAST, UNTAGGED, 0xd);
	must("del mac 52:54:00:12:34:57 ring:0");
	assert_flood(&a, BROADCAST, UNTAGGED, 0xc);
	/* An entry of its own comes first. */
	must("add mac " MULTICAST " ring:1");
	assert_int_equal(decide(&a, MULTICAST, UNTAGGED), 1);
	assert_flood(&a, BROADCAST, UNTAGGED, 0xe);
}

static void
tagged_floods_include_the_untagged_default(void **state)
{
	(void)state;
	must("add vlan 101 " MAC56 " ring:0");
	must("add vlan 101 default ring:1");
	must("add vlan 102 " MAC56 " ring:3");
	assert_flood(&a, BROADCAST, 101, 0x3);
	assert_flood(&a, BROADCAST, 102, 0x8);
	must("add mac default ring:3");
	assert_flood(&a, BROADCAST, 101, 0xb);
	assert_flood(&a, BROADCAST, 102, 0x8);
	must("add mac " MAC56 " ring:2");
	assert_flood(&a, BROADCAST, 101, 0xb);
	assert_flood(&a, BROADCAST, UNTAGGED, 0xc);
	must("del mac default ring:3");
	assert_flood(&a, BROADCAST, 101, 0x3);
	assert_flood(&a, BROADCAST, 102, 0x8);
}

static void
unknown_unicast_goes_to_the_nearest_default(void **state)
{
	(void)state;
	must("add vlan 101 " MAC56 " ring:0");
	must("add vlan 102 " MAC56 " ring:1");
	must("add vlan 102 default ring:2");
	assert_int_equal(decide(&a, MAC58, 101), UNKNOWN_MAC);
	assert_int_equal(decide(&a, MAC58, 102), 2);
	assert_int_equal(decide(&a, MAC58, UNTAGGED), UNKNOWN_MAC);
	must("add mac default ring:3");
	assert_int_equal(decide(&a, MAC58, 101), 3);
	assert_int_equal(decide(&a, MAC58, 102), 2);
	assert_int_equal(decide(&a, MAC58, UNTAGGED), 3);
	must("del vlan 102 default ring:2");
	assert_int_equal(decide(&a, MAC58, 102), 3);
}

static void
classes_without_entries_go_to_the_untagged_default(void **state)
{
	(void)state;
	must("add mac default ring:3");
	assert_int_equal(decide(&a, MAC56, 7), 3);
	assert_int_equal(decide(&a, MULTICAST, 7), 3);
	assert_int_equal(decide(&a, BROADCAST, 4095), 3);
	assert_flood(&a, BROADCAST, UNTAGGED, 0x8);
	must("add vlan 7 " MAC58 " ring:0");
	assert_flood(&a, MULTICAST, 7, 0x9);
	must("del vlan 7 " MAC58 " ring:0");
	assert_int_equal(decide(&a, MULTICAST, 7), 3);
	must("del mac default ring:3");
	assert_int_equal(decide(&a, MULTICAST, 7), UNKNOWN_VLAN);
	assert_int_equal(decide(&a, MAC56, 7), UNKNOWN_VLAN);
	assert_int_equal(decide(&a, MULTICAST, UNTAGGED), UNKNOWN_MAC);
}

static void
short_frames_are_dropped_unread(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add mac default ring:1");
	must("add vlan 5 " MAC56 " ring:2");
	for (uint16_t len = 1; len < 14; len++)
		assert_int_equal(decide_len(&a, MAC56, UNTAGGED, len), SHORT_FRAME);
	for (uint16_t len = 14; len < 18; len++)
		assert_int_equal(decide_len(&a, MAC56, UNTAGGED, len), 0);
	for (uint16_t len = 1; len < 16; len++)
		assert_int_equal(decide_len(&a, MAC56, 5, len), SHORT_FRAME);
	assert_int_equal(decide_len(&a, MAC56, 5, 16), 2);
}

static void
bursts_are_decided_packet_by_packet(void **state)
{
	const int vids[] = {UNTAGGED, UNTAGGED, 101, UNTAGGED, 102, 101, UNTAGGED};
	const char *macs[] = {
		MAC56, MAC58, MAC56, BROADCAST, MAC56, BROADCAST, "52:54:00:00:00:01"};
	const uint16_t expected[] = {
		0, 1, 2, SPP_GROUP(UNTAGGED_GROUP), UNKNOWN_VLAN, SPP_GROUP(101), UNKNOWN_MAC};
	struct frame frames[SPP_BURST_MAX];
	uint16_t out[SPP_BURST_MAX + 1];

	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add mac " MAC58 " ring:1");
	must("add vlan 101 " MAC56 " ring:2");
	for (uint16_t i = 0; i < SPP_BURST_MAX; i++)
		frame_init(&frames[i], macs[i % 7], vids[i % 7], 60);
	for (uint16_t nb = 1; nb <= SPP_BURST_MAX; nb++) {
		memset(out, 0xaa, sizeof(out));
		process(&a, frames, nb, out);
		for (uint16_t i = 0; i < nb; i++)
			assert_int_equal(out[i], expected[i % 7]);
		assert_int_equal(out[nb], 0xaaaa);
	}
	for (uint16_t i = 0; i < SPP_BURST_MAX; i++)
		frame_fini(&frames[i]);
}

/* Instances */

static void
instances_do_not_influence_each_other(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	assert_true(is_ready(&a));
	assert_false(is_ready(&b));
	must("add mac " MAC56 " ring:5");
	must("add mac default ring:6");
	assert_int_equal(decide(&a, MAC56, UNTAGGED), 0);
	assert_int_equal(decide(&b, MAC56, UNTAGGED), 1);
	assert_int_equal(decide(&a, MAC58, UNTAGGED), UNKNOWN_MAC);
	assert_int_equal(decide(&b, MAC58, 9), 2);
	assert_flood(&a, BROADCAST, UNTAGGED, 0x1);
	assert_flood(&b, BROADCAST, UNTAGGED, 0x6);
	must("del mac " MAC56 " ring:0");
	assert_false(is_ready(&a));
	assert_true(is_ready(&b));
}

static void
describes_itself(void **state)
{
	const struct spp_component_ops *ops = host.plugin->component;

	(void)state;
	assert_int_equal(ops->rx_min, 1);
	assert_int_equal(ops->rx_max, 1);
	assert_int_equal(ops->tx_min, 1);
	assert_int_equal(ops->tx_max, SPP_MANY);
	assert_int_equal(ops->nb_drop_reasons, 3);
	assert_string_equal(ops->drop_reasons[0], "unknown-mac");
	assert_string_equal(ops->drop_reasons[1], "unknown-vlan");
	assert_string_equal(ops->drop_reasons[2], "short-frame");
	assert_int_equal(host.plugin->nb_verbs, 2);
	assert_string_equal(host.plugin->verbs[0].grammar,
			    "classifier_table <action:add|del> <type:mac> "
			    "<mac address:MAC_ADDR|default> <port:RES_UID>");
	assert_string_equal(host.plugin->verbs[1].grammar,
			    "classifier_table <action:add|del> <type:vlan> <vlan id:VID> "
			    "<mac address:MAC_ADDR|default> <port:RES_UID>");
	assert_null(host.plugin->get_extension("spp.other/1"));
}

static void
creation_fails_cleanly_without_memory(void **state)
{
	static struct spp_component c = {.name = "c"};
	unsigned int nb_blocks = host.nb_blocks;
	int n = 0;
	int rc;

	(void)state;
	do {
		host.fails_in = ++n;
		rc = create(&c);
		if (rc != 0) {
			assert_int_equal(rc, -ENOMEM);
			assert_string_equal(host.error, "no memory for classifier 'c'");
			assert_int_equal(host.nb_blocks, nb_blocks);
			free(c.worker);
		}
	} while (rc != 0);
	assert_true(n > 3);
	host.fails_in = 0;
	destroy(&c);
	assert_int_equal(host.nb_blocks, nb_blocks);
}

/* Random commands against a naive table */

struct naive {
	uint16_t value[2][6][6]; /* by instance, class, address: output + 1 */
	uint16_t fallback[2][6]; /* defaults */
};

static bool
naive_has_class(const struct naive *n, unsigned int c, unsigned int v)
{
	bool has = n->fallback[c][v] != 0;

	for (unsigned int m = 0; m < 6; m++)
		has |= n->value[c][v][m] != 0;
	return has;
}

static uint32_t
bit_of(uint16_t value)
{
	return value == 0 ? 0 : 1u << (value - 1);
}

/* The decision as it is written down, in its order. */
static uint32_t
naive_targets(const struct naive *n, unsigned int c, unsigned int v, unsigned int m)
{
	uint32_t mask = bit_of(n->fallback[c][0]);

	if (!naive_has_class(n, c, v))
		return v == 0 ? 0 : mask;
	if (n->value[c][v][m] != 0)
		return bit_of(n->value[c][v][m]);
	if (m == 2 || m == 3) {
		mask |= bit_of(n->fallback[c][v]);
		for (unsigned int i = 0; i < 6; i++)
			mask |= bit_of(n->value[c][v][i]);
		return mask;
	}
	return n->fallback[c][v] != 0 ? bit_of(n->fallback[c][v]) : mask;
}

static void
assert_agree(const struct naive *n)
{
	struct spp_component *c[2] = {&a, &b};

	for (unsigned int i = 0; i < 2; i++) {
		bool any = false;

		for (unsigned int v = 0; v < 6; v++) {
			any |= naive_has_class(n, i, v);
			for (unsigned int m = 0; m < 6; m++) {
				uint16_t out = decide(c[i], some_macs[m], some_vids[v]);

				assert_int_equal(targets(c[i], out), naive_targets(n, i, v, m));
			}
		}
		assert_int_equal(is_ready(c[i]), any);
	}
}

/* One random command, refused now and then, in both. */
static void
change_entry(struct naive *n)
{
	unsigned int c = rand() % 2, v = rand() % 5, m = rand() % 7;
	unsigned int output = rand() % (c == 0 ? 4 : 3);
	bool is_add = rand() % 2, is_refused = rand() % 4 == 0;
	uint16_t *value = m == 6 ? &n->fallback[c][v] : &n->value[c][v][m];
	const char *mac = m == 6 ? "default" : some_macs[m];
	char text[128], vlan[16] = "mac";
	int rc;

	if (v > 0)
		snprintf(vlan, sizeof(vlan), "vlan %d", some_vids[v]);
	snprintf(text, sizeof(text), "%s %s %s ring:%u", is_add ? "add" : "del", vlan, mac,
		 output + 4 * c);
	txn_begin();
	rc = run(text);
	assert_int_equal(rc, is_add && *value != 0 && *value != output + 1 ? -EINVAL : 0);
	if (rc != 0 || is_refused) {
		txn_abort();
		return;
	}
	txn_commit();
	if (is_add)
		*value = output + 1;
	else if (*value == output + 1)
		*value = 0;
}

static void
forget_output(struct naive *n, unsigned int c, uint16_t value)
{
	for (unsigned int v = 0; v < 6; v++) {
		if (n->fallback[c][v] == value)
			n->fallback[c][v] = 0;
		for (unsigned int m = 0; m < 6; m++)
			if (n->value[c][v][m] == value)
				n->value[c][v][m] = 0;
	}
}

/* A port goes, or would have gone, and comes back without entries. */
static void
replug(struct naive *n)
{
	unsigned int c = rand() % 2, output = rand() % (c == 0 ? 4 : 3);
	struct spp_component *component = c == 0 ? &a : &b;
	char port[16];

	snprintf(port, sizeof(port), "ring:%u", output + 4 * c);
	txn_begin();
	detach(component, SPP_TX, output, port);
	if (rand() % 2) {
		txn_abort();
		return;
	}
	txn_commit();
	forget_output(n, c, output + 1);
	assert_agree(n);
	txn_begin();
	attach(component, SPP_TX, output, port);
	txn_commit();
}

static void
agrees_with_a_naive_classifier(void **state)
{
	struct naive n;

	(void)state;
	memset(&n, 0, sizeof(n));
	srand(1);
	for (unsigned int i = 0; i < 8000; i++) {
		if (rand() % 32 == 0)
			replug(&n);
		else
			change_entry(&n);
		assert_agree(&n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(describes_itself),
		TEST(exact_entries_lead_to_their_ports),
		TEST(any_address_may_have_an_entry),
		TEST(classes_are_apart),
		TEST(other_tags_are_untagged),
		TEST(broadcast_floods_each_port_of_the_class_once),
		TEST(tagged_floods_include_the_untagged_default),
		TEST(unknown_unicast_goes_to_the_nearest_default),
		TEST(classes_without_entries_go_to_the_untagged_default),
		TEST(short_frames_are_dropped_unread),
		TEST(bursts_are_decided_packet_by_packet),
		TEST(instances_do_not_influence_each_other),
		TEST(creation_fails_cleanly_without_memory),
		TEST(agrees_with_a_naive_classifier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
