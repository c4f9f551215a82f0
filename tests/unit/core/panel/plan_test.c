/* SPDX-License-Identifier: BSD-3-Clause */
/* Plans are built from components by pure functions: no EAL here. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <stdlib.h>
#include <string.h>

#include "burst.h"
#include "plan.h"
#include "worker.h"

static uint16_t
burst(void *queue, struct rte_mbuf **pkts, uint16_t nb)
{
	(void)queue;
	(void)pkts;
	return nb;
}

static void
process(void *worker, uint16_t input, struct rte_mbuf **pkts, uint16_t nb, uint16_t *out)
{
	(void)worker;
	(void)input;
	(void)pkts;
	memset(out, 0, nb * sizeof(*out));
}

static struct plugin pass = {.component = {.rx_min = 1, .tx_min = 1, .tx_max = 1}};
static struct plugin choose = {
	.component = {.rx_min = 1, .tx_min = 1, .tx_max = SPP_MANY, .process = process}};

/* One component with nb_rx inputs and the outputs of indices, all in static storage. */
struct sample {
	struct spp_component component;
	struct attachment rx[4], tx[4];
	struct attachment_stats rx_stats[4], tx_stats[4];
	struct component_stats stats;
	int queues[8];
};

static void
sample_init(struct sample *s, unsigned int lcore, struct plugin *plugin, unsigned int nb_rx,
	    const uint16_t *tx_indices, unsigned int nb_tx)
{
	memset(s, 0, sizeof(*s));
	s->component.lcore = lcore;
	s->component.plugin = plugin;
	s->component.stats = &s->stats;
	s->component.nb_rx = nb_rx;
	s->component.nb_tx = nb_tx;
	for (unsigned int i = 0; i < nb_rx; i++) {
		s->rx[i] = (struct attachment){.index = i, .stats = &s->rx_stats[i]};
		s->rx[i].io = (struct spp_port_queue){burst, &s->queues[i]};
		s->rx[i].next = i + 1 < nb_rx ? &s->rx[i + 1] : NULL;
	}
	for (unsigned int i = 0; i < nb_tx; i++) {
		s->tx[i] = (struct attachment){.index = tx_indices[i], .stats = &s->tx_stats[i]};
		s->tx[i].io = (struct spp_port_queue){burst, &s->queues[4 + i]};
		s->tx[i].next = i + 1 < nb_tx ? &s->tx[i + 1] : NULL;
	}
	s->component.rx = nb_rx > 0 ? s->rx : NULL;
	s->component.tx = nb_tx > 0 ? s->tx : NULL;
}

static const uint16_t first[] = {0};

static void
an_lcore_without_components_gets_an_empty_plan(void **state)
{
	struct plan *plan = plan_build(NULL, 3, -1);

	(void)state;
	assert_non_null(plan);
	assert_int_equal(plan->nb_components, 0);
	plan_free(plan);
}

static void
only_components_of_the_lcore_that_can_run_are_planned(void **state)
{
	struct sample here, elsewhere, incomplete, also_here;
	struct plan *plan;

	(void)state;
	sample_init(&here, 3, &pass, 1, first, 1);
	sample_init(&elsewhere, 4, &pass, 1, first, 1);
	sample_init(&incomplete, 3, &pass, 1, NULL, 0);
	sample_init(&also_here, 3, &pass, 2, first, 1);
	here.component.next = &elsewhere.component;
	elsewhere.component.next = &incomplete.component;
	incomplete.component.next = &also_here.component;
	plan = plan_build(&here.component, 3, -1);
	assert_int_equal(plan->nb_components, 2);
	assert_ptr_equal(plan->components[0].stats, &here.stats);
	assert_ptr_equal(plan->components[1].stats, &also_here.stats);
	assert_int_equal(plan->components[1].nb_rx, 2);
	plan_free(plan);
}

static void
attachments_keep_their_order_queue_and_counters(void **state)
{
	struct sample s;
	struct plan *plan;

	(void)state;
	sample_init(&s, 3, &pass, 3, first, 1);
	plan = plan_build(&s.component, 3, -1);
	for (unsigned int i = 0; i < 3; i++) {
		assert_ptr_equal(plan->components[0].rx[i].queue, &s.queues[i]);
		assert_ptr_equal(plan->components[0].rx[i].stats, &s.rx_stats[i]);
		assert_int_equal(plan->components[0].rx[i].input, i);
	}
	assert_ptr_equal(plan->components[0].tx[0].queue, &s.queues[4]);
	assert_ptr_equal(plan->components[0].tx[0].burst, burst);
	plan_free(plan);
}

static void
an_index_without_a_port_takes_nothing(void **state)
{
	static const uint16_t with_gap[] = {0, 2};
	struct sample s;
	struct plan *plan;
	const struct plan_tx *gap;

	(void)state;
	sample_init(&s, 3, &choose, 1, with_gap, 2);
	plan = plan_build(&s.component, 3, -1);
	assert_int_equal(plan->components[0].nb_tx, 3);
	gap = &plan->components[0].tx[1];
	assert_int_equal(gap->burst(gap->queue, NULL, 32), 0);
	assert_int_equal(gap->drop_reason, CORE_DROP_NO_OUTPUT);
	assert_ptr_equal(gap->stats, &plan->no_port);
	assert_int_equal(plan->components[0].tx[2].drop_reason, CORE_DROP_TX_FULL);
	assert_ptr_equal(plan->components[0].tx[2].stats, &s.tx_stats[1]);
	plan_free(plan);
}

static void
a_group_that_names_a_missing_output_counts_as_empty(void **state)
{
	struct component_group *good = malloc(sizeof(*good) + 2 * sizeof(uint16_t));
	struct component_group *bad = malloc(sizeof(*bad) + 2 * sizeof(uint16_t));
	struct component_group *groups[] = {good, bad, NULL};
	static const uint16_t two[] = {0, 1};
	struct sample s;
	struct plan *plan;

	(void)state;
	good->nb_outputs = bad->nb_outputs = 2;
	good->outputs[0] = bad->outputs[0] = 0;
	good->outputs[1] = 1;
	bad->outputs[1] = 2;
	sample_init(&s, 3, &choose, 1, two, 2);
	s.component.groups = groups;
	s.component.nb_groups = 3;
	plan = plan_build(&s.component, 3, -1);
	assert_int_equal(plan->components[0].nb_groups, 3);
	assert_ptr_equal(plan->components[0].groups[0], good);
	assert_null(plan->components[0].groups[1]);
	assert_null(plan->components[0].groups[2]);
	plan_free(plan);
	free(good);
	free(bad);
}

static void
vlan_operations_select_another_run_function(void **state)
{
	struct sample plain, tagged;
	struct plan *plan;

	(void)state;
	sample_init(&plain, 3, &pass, 1, first, 1);
	sample_init(&tagged, 3, &pass, 1, first, 1);
	tagged.tx[0].vlan = (struct vlan_op){.kind = VLAN_ADD, .vid = 7};
	plain.component.next = &tagged.component;
	plan = plan_build(&plain.component, 3, -1);
	burst_resolve(plan);
	assert_ptr_not_equal(plan->components[0].run, plan->components[1].run);
	assert_int_equal(plan->components[1].tx[0].vlan.vid, 7);
	plan_free(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_lcore_without_components_gets_an_empty_plan),
		cmocka_unit_test(only_components_of_the_lcore_that_can_run_are_planned),
		cmocka_unit_test(attachments_keep_their_order_queue_and_counters),
		cmocka_unit_test(an_index_without_a_port_takes_nothing),
		cmocka_unit_test(a_group_that_names_a_missing_output_counts_as_empty),
		cmocka_unit_test(vlan_operations_select_another_run_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
