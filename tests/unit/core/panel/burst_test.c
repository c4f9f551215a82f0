/* SPDX-License-Identifier: BSD-3-Clause */
/* The way of a packet: order, scatter, replication, drops, and the balance of the counters. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "core/test_panel.h"

#include "group.h"

#define PASS_LIMIT 1000

static void
run_dry(void)
{
	for (int i = 0; i < PASS_LIMIT; i++)
		if (panel_pass() == 0)
			return;
	assert_int_equal(panel_pass(), 0);
}

static void
pass_keeps_order_and_passes_everything(void **state)
{
	struct mem_queue *out = &mem_ports[1].tx[0];

	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:0 rx a");
	panel_ok("port add mem:1 tx a");
	panel_put(&mem_ports[0].rx[0], 0, 100);
	run_dry();
	assert_int_equal(out->nb, 100);
	for (int i = 1; i < 100; i++)
		assert_int_equal(panel_serial(out->pkts[i]), panel_serial(out->pkts[i - 1]) + 1);
	assert_int_equal(panel_find("a")->rx->stats->packets, 100);
	panel_assert_balance(panel_find("a"));
}

static void
pass_takes_rx_ports_in_turn_one_burst_each(void **state)
{
	struct mem_queue *out = &mem_ports[2].tx[0];

	(void)state;
	panel_ok("component start m 3 pass");
	panel_ok("port add mem:0 rx m");
	panel_ok("port add mem:1 rx m");
	panel_ok("port add mem:2 tx m");
	panel_put(&mem_ports[0].rx[0], 0, 40);
	panel_put(&mem_ports[1].rx[0], 0, 40);
	assert_int_equal(panel_pass(), 64);
	assert_int_equal(panel_pass(), 16);
	assert_int_equal(panel_pass(), 0);
	assert_int_equal(panel_serial(out->pkts[32]) - panel_serial(out->pkts[0]), 40);
	assert_int_equal(panel_serial(out->pkts[64]) - panel_serial(out->pkts[0]), 32);
	panel_assert_balance(panel_find("m"));
}

static void
what_the_tx_port_does_not_accept_is_freed_and_counted(void **state)
{
	const struct spp_component *a;

	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:0 rx a");
	panel_ok("port add mem:1 tx a");
	a = panel_find("a");
	mem_ports[1].tx[0].room = 10;
	panel_put(&mem_ports[0].rx[0], 0, 50);
	run_dry();
	assert_int_equal(a->tx->stats->packets, 10);
	assert_int_equal(a->tx->stats->dropped, 40);
	assert_int_equal(a->stats->core_drops[CORE_DROP_TX_FULL], 40);
	panel_assert_balance(a);
	assert_int_equal(rte_mempool_avail_count(panel_pool), PANEL_MBUFS - 10);
}

static void
start_pass(void)
{
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:0 rx a");
	panel_ok("port add mem:1 tx a");
}

/* Burst functions of a faulty plugin return more packets than there are. */
static void
an_rx_count_out_of_range_is_no_packets(void **state)
{
	static const uint16_t counts[] = {UINT16_MAX, SPP_BURST_MAX + 1, 4711};
	const struct spp_component *a;

	(void)state;
	start_pass();
	a = panel_find("a");
	for (unsigned int i = 0; i < RTE_DIM(counts); i++) {
		mem_ports[0].rx[0].bad_count = counts[i];
		assert_int_equal(panel_pass(), 0);
		assert_int_equal(a->rx->stats->bad_counts, i + 1);
	}
	mem_ports[0].rx[0].bad_count = 0;
	assert_int_equal(a->rx->stats->packets, 0);
	assert_int_equal(a->tx->stats->bad_counts, 0);
	panel_put(&mem_ports[0].rx[0], 0, SPP_BURST_MAX);
	assert_int_equal(panel_pass(), SPP_BURST_MAX);
	assert_int_equal(a->rx->stats->bad_counts, RTE_DIM(counts));
	panel_assert_balance(a);
}

static void
a_tx_count_out_of_range_is_all_of_them(void **state)
{
	const struct spp_component *a;

	(void)state;
	start_pass();
	a = panel_find("a");
	mem_ports[1].tx[0].bad_count = 11;
	panel_put(&mem_ports[0].rx[0], 0, 10);
	assert_int_equal(panel_pass(), 10);
	mem_ports[1].tx[0].bad_count = UINT16_MAX;
	panel_put(&mem_ports[0].rx[0], 0, 1);
	assert_int_equal(panel_pass(), 1);
	assert_int_equal(a->tx->stats->packets, 11);
	assert_int_equal(a->tx->stats->dropped, 0);
	assert_int_equal(a->tx->stats->bad_counts, 2);
	panel_assert_balance(a);
}

static void
start_pick(unsigned int nb_outputs)
{
	char line[64];

	panel_ok("component start p 3 pick");
	panel_ok("port add mem:0 rx p");
	for (unsigned int i = 0; i < nb_outputs; i++) {
		snprintf(line, sizeof(line), "port add mem:%u tx p", i + 1);
		panel_ok(line);
	}
}

static void
assert_scatter(unsigned int nb_outputs)
{
	start_pick(nb_outputs);
	for (unsigned int i = 0; i < 200; i++)
		panel_put(&mem_ports[0].rx[0], i < nb_outputs ? i : rand() % nb_outputs, 1);
	run_dry();
	for (uint16_t o = 0; o < nb_outputs; o++) {
		struct mem_queue *out = &mem_ports[o + 1].tx[0];

		assert_true(out->nb > 0);
		for (uint16_t i = 0; i < out->nb; i++) {
			uint16_t first;

			memcpy(&first, rte_pktmbuf_mtod(out->pkts[i], char *), 2);
			assert_int_equal(first, o);
			if (i > 0)
				assert_true(panel_serial(out->pkts[i]) >
					    panel_serial(out->pkts[i - 1]));
		}
	}
	panel_assert_balance(panel_find("p"));
}

static void
process_scatters_by_output_and_keeps_order_per_output(void **state)
{
	(void)state;
	assert_scatter(4);
}

static void
drops_are_counted_under_their_reason(void **state)
{
	const struct spp_component *p;

	(void)state;
	start_pick(2);
	p = panel_find("p");
	panel_put(&mem_ports[0].rx[0], SPP_DROP(1), 3);
	panel_put(&mem_ports[0].rx[0], SPP_DROP(0), 1);
	panel_put(&mem_ports[0].rx[0], 0, 2);
	panel_put(&mem_ports[0].rx[0], 77, 4);           /* no such output */
	panel_put(&mem_ports[0].rx[0], SPP_GROUP(5), 5); /* no such group */
	panel_put(&mem_ports[0].rx[0], 0xffff, 6);       /* no such reason */
	run_dry();
	assert_int_equal(p->stats->plugin_drops[1], 3);
	assert_int_equal(p->stats->plugin_drops[0], 1);
	assert_int_equal(p->stats->core_drops[CORE_DROP_NO_OUTPUT], 15);
	assert_int_equal(mem_ports[1].tx[0].nb, 2);
	panel_assert_balance(p);
	assert_int_equal(rte_mempool_avail_count(panel_pool), PANEL_MBUFS - 2);
}

static void
set_group(uint16_t group, const uint16_t *outputs, uint16_t nb)
{
	txn_begin();
	assert_int_equal(group_set(pick.self, group, outputs, nb), 0);
	assert_int_equal(txn_commit(), 0);
}

static void
a_group_gets_one_reference_each_in_order_with_the_rest(void **state)
{
	const uint16_t outputs[] = {0, 2};
	const struct spp_component *p;

	(void)state;
	start_pick(3);
	p = panel_find("p");
	set_group(7, outputs, 2);
	panel_put(&mem_ports[0].rx[0], 0, 1);
	panel_put(&mem_ports[0].rx[0], SPP_GROUP(7), 2);
	panel_put(&mem_ports[0].rx[0], 2, 1);
	run_dry();
	assert_int_equal(mem_ports[1].tx[0].nb, 3);
	assert_int_equal(mem_ports[2].tx[0].nb, 0);
	assert_int_equal(mem_ports[3].tx[0].nb, 3);
	assert_ptr_equal(mem_ports[1].tx[0].pkts[1], mem_ports[3].tx[0].pkts[0]);
	assert_int_equal(rte_mbuf_refcnt_read(mem_ports[3].tx[0].pkts[0]), 2);
	assert_int_equal(p->stats->copies, 2);
	panel_assert_balance(p);
}

/* The packets that tx was given, taken out. */
static uint16_t
take(struct mem_queue *queue, struct rte_mbuf **pkts)
{
	uint16_t nb = queue->nb;

	memcpy(pkts, queue->pkts, nb * sizeof(*pkts));
	queue->nb = 0;
	queue->room = MEM_DEPTH;
	return nb;
}

/* A loop that doubles a packet in each round: the 16 bits of its references must not wrap. */
static void
a_flood_in_a_loop_ends_before_the_references_of_a_buffer_wrap(void **state)
{
	static struct rte_mbuf *held[70000], *again[MEM_DEPTH];
	const uint16_t outputs[] = {0, 1};
	const struct spp_component *p;
	unsigned int nb_held = 0;
	uint16_t nb;

	(void)state;
	start_pick(2);
	p = panel_find("p");
	set_group(1, outputs, 2);
	panel_put(&mem_ports[0].rx[0], SPP_GROUP(1), 1);
	while (panel_pass() > 0 && nb_held < RTE_DIM(held) - MEM_DEPTH) {
		struct mem_queue *rx = &mem_ports[0].rx[0];

		nb = take(&mem_ports[1].tx[0], again);
		memcpy(rx->pkts + rx->nb, again, nb * sizeof(again[0]));
		rx->nb += nb;
		nb_held += take(&mem_ports[2].tx[0], held + nb_held);
	}
	assert_int_equal(nb_held, 0x7fff - 1);
	assert_int_equal(rte_mbuf_refcnt_read(held[0]), nb_held);
	assert_int_equal(p->stats->core_drops[CORE_DROP_REFERENCES], 1);
	assert_string_equal(stats_core_drop_name(CORE_DROP_REFERENCES), "too-many-references");
	panel_assert_balance(p);
	rte_pktmbuf_free_bulk(held, nb_held);
}

static void
the_references_of_each_segment_count(void **state)
{
	const uint16_t outputs[] = {0, 1, 2};
	struct mem_queue *rx = &mem_ports[0].rx[0];
	const struct spp_component *p;
	struct rte_mbuf *tail = rte_pktmbuf_alloc(panel_pool);

	(void)state;
	start_pick(3);
	p = panel_find("p");
	set_group(1, outputs, 3);
	panel_put(rx, SPP_GROUP(1), 1);
	assert_non_null(rte_pktmbuf_append(tail, 10));
	assert_int_equal(rte_pktmbuf_chain(rx->pkts[0], tail), 0);
	rte_mbuf_refcnt_set(tail, 0x7fff - 1);
	run_dry();
	assert_int_equal(p->stats->core_drops[CORE_DROP_REFERENCES], 1);
	assert_int_equal(p->stats->copies, 0);
	assert_int_equal(rte_mbuf_refcnt_read(tail), 0x7fff - 2);
	panel_assert_balance(p);
	rte_mbuf_refcnt_set(tail, 1);
	rte_pktmbuf_free(tail);
}

static void
an_emptied_group_drops(void **state)
{
	const uint16_t outputs[] = {1};
	const struct spp_component *p;

	(void)state;
	start_pick(2);
	p = panel_find("p");
	set_group(0, outputs, 1);
	set_group(0, NULL, 0);
	panel_put(&mem_ports[0].rx[0], SPP_GROUP(0), 2);
	run_dry();
	assert_int_equal(p->stats->core_drops[CORE_DROP_NO_OUTPUT], 2);
	panel_assert_balance(p);
}

static void
replicated_packets_get_private_headers_where_a_vlan_operation_changes_them(void **state)
{
	const uint16_t outputs[] = {0, 1};
	const uint8_t tag[] = {0x81, 0x00, 0x60, 0x65};
	const struct rte_mbuf *plain, *tagged;

	(void)state;
	panel_ok("component start p 3 pick");
	panel_ok("port add mem:0 rx p");
	panel_ok("port add mem:1 tx p");
	panel_ok("port add mem:2 tx p add_vlantag 101 3");
	set_group(1, outputs, 2);
	panel_put(&mem_ports[0].rx[0], SPP_GROUP(1), 1);
	run_dry();
	plain = mem_ports[1].tx[0].pkts[0];
	tagged = mem_ports[2].tx[0].pkts[0];
	assert_int_equal(plain->pkt_len, 60);
	assert_int_equal(tagged->pkt_len, 64);
	assert_memory_equal(rte_pktmbuf_mtod_offset(tagged, char *, 12), tag, 4);
	assert_int_equal(panel_serial(plain), panel_serial(tagged));
	panel_assert_balance(panel_find("p"));
}

static void
an_index_left_by_a_detached_port_drops(void **state)
{
	const struct spp_component *p;

	(void)state;
	start_pick(3);
	p = panel_find("p");
	panel_ok("port del mem:2 tx p");
	panel_put(&mem_ports[0].rx[0], 1, 5);
	panel_put(&mem_ports[0].rx[0], 2, 5);
	run_dry();
	assert_int_equal(p->stats->core_drops[CORE_DROP_NO_OUTPUT], 5);
	assert_int_equal(mem_ports[3].tx[0].nb, 5);
	panel_ok("port add mem:2 tx p");
	panel_put(&mem_ports[0].rx[0], 1, 5);
	run_dry();
	assert_int_equal(mem_ports[2].tx[0].nb, 5);
}

static void
the_law_remembers_detached_ports(void **state)
{
	const struct spp_component *p;

	(void)state;
	start_pick(2);
	p = panel_find("p");
	panel_put(&mem_ports[0].rx[0], 0, 5);
	panel_put(&mem_ports[0].rx[0], 1, 6);
	run_dry();
	panel_ok("port del mem:2 tx p");
	assert_int_equal(p->nb_detached[SPP_TX], 6);
	panel_assert_balance(p);
	panel_ok("port del mem:0 rx p");
	assert_int_equal(p->nb_detached[SPP_RX], 11);
	panel_assert_balance(p);
}

static void
a_component_that_does_not_run_leaves_its_packets_alone(void **state)
{
	(void)state;
	panel_ok("component start p 3 pick");
	panel_ok("port add mem:0 rx p");
	panel_put(&mem_ports[0].rx[0], 0, 5);
	assert_int_equal(panel_pass(), 0);
	pick.not_ready = 1;
	panel_ok("port add mem:1 tx p");
	assert_int_equal(panel_pass(), 0);
	assert_int_equal(mem_ports[0].rx[0].nb, 5);
	pick.not_ready = 0;
	panel_ok("port add mem:2 tx p");
	assert_int_equal(panel_pass(), 5);
}

static void
components_of_one_lcore_run_in_turn(void **state)
{
	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("component start b 3 pass");
	panel_ok("port add mem:0 rx a");
	panel_ok("port add mem:1 tx a");
	panel_ok("port add mem:2 rx b");
	panel_ok("port add mem:3 tx b");
	panel_put(&mem_ports[0].rx[0], 0, 40);
	panel_put(&mem_ports[2].rx[0], 0, 40);
	assert_int_equal(panel_pass(), 64);
	assert_int_equal(mem_ports[1].tx[0].nb, 32);
	assert_int_equal(mem_ports[3].tx[0].nb, 32);
}

static void
assert_balance_under_random_traffic(unsigned int nb_outputs)
{
	const uint16_t outputs[] = {0, 1, 3};
	const struct spp_component *p;

	start_pick(nb_outputs);
	p = panel_find("p");
	set_group(2, outputs, 3);
	for (int round = 0; round < 2000; round++) {
		static const uint16_t choice[] = {0,           1,          2, 3, 9, SPP_GROUP(2),
						  SPP_DROP(0), SPP_DROP(1)};
		int nb = rand() % 64;

		for (int i = 0; i < nb; i++)
			panel_put(&mem_ports[0].rx[0], choice[rand() % 8], 1);
		for (unsigned int o = 1; o <= nb_outputs; o++) {
			struct mem_queue *q = &mem_ports[o].tx[0];

			rte_pktmbuf_free_bulk(q->pkts, q->nb);
			q->nb = 0;
			q->room = rand() % 20;
		}
		run_dry();
		panel_assert_balance(p);
	}
}

static void
the_law_holds_for_random_traffic_and_full_ports(void **state)
{
	(void)state;
	assert_balance_under_random_traffic(4);
}

static void
the_law_holds_with_more_outputs_than_a_register_counts(void **state)
{
	(void)state;
	assert_balance_under_random_traffic(40);
}

static void
process_scatters_to_many_outputs_in_order(void **state)
{
	(void)state;
	assert_scatter(40);
}

static void
idle_policy_survives_packing(void **state)
{
	const struct idle_policy in = {.kind = IDLE_ADAPTIVE, .cap_us = 12345};
	struct idle_policy out;

	(void)state;
	worker_set_idle(panel_worker[0], &in);
	worker_get_idle(panel_worker[0], &out);
	assert_int_equal(out.kind, IDLE_ADAPTIVE);
	assert_int_equal(out.cap_us, 12345);
}

#define TEST(f) cmocka_unit_test_teardown(f, panel_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pass_keeps_order_and_passes_everything),
		TEST(pass_takes_rx_ports_in_turn_one_burst_each),
		TEST(an_rx_count_out_of_range_is_no_packets),
		TEST(a_tx_count_out_of_range_is_all_of_them),
		TEST(what_the_tx_port_does_not_accept_is_freed_and_counted),
		TEST(process_scatters_by_output_and_keeps_order_per_output),
		TEST(drops_are_counted_under_their_reason),
		TEST(a_group_gets_one_reference_each_in_order_with_the_rest),
		TEST(a_flood_in_a_loop_ends_before_the_references_of_a_buffer_wrap),
		TEST(the_references_of_each_segment_count),
		TEST(an_emptied_group_drops),
		TEST(replicated_packets_get_private_headers_where_a_vlan_operation_changes_them),
		TEST(an_index_left_by_a_detached_port_drops),
		TEST(the_law_remembers_detached_ports),
		TEST(a_component_that_does_not_run_leaves_its_packets_alone),
		TEST(components_of_one_lcore_run_in_turn),
		TEST(process_scatters_to_many_outputs_in_order),
		TEST(the_law_holds_for_random_traffic_and_full_ports),
		TEST(the_law_holds_with_more_outputs_than_a_register_counts),
		TEST(idle_policy_survives_packing),
	};

	return cmocka_run_group_tests(tests, panel_setup, panel_teardown);
}
