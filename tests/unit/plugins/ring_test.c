/* SPDX-License-Identifier: BSD-3-Clause */
/* The port plugin ring, on rings of this process. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include <rte_ring.h>

#include "port_host.h"

#define RING_SIZE 64

/* The plugin never looks at what it carries. */
static struct rte_mbuf mbufs[2 * RING_SIZE];

static struct rte_ring *
make_ring(unsigned int id, unsigned int flags)
{
	char name[RTE_RING_NAMESIZE];
	struct rte_ring *ring;

	snprintf(name, sizeof(name), SPP_RING_NAME_FORMAT, id);
	ring = rte_ring_create(name, RING_SIZE, SOCKET_ID_ANY, flags);
	assert_non_null(ring);
	return ring;
}

static void *
open_ring(uint32_t id)
{
	void *port = NULL;

	assert_int_equal(port_host_open(id, NULL, NULL, NULL, NULL, &port), 0);
	return port;
}

static void
ring_table_has_the_rank_after_vhost_and_no_options(void **state)
{
	(void)state;
	assert_int_equal(port_host.ops->rank, 30);
	assert_null(port_host.ops->options);
	assert_null(port_host.ops->list);
	assert_null(port_host.ops->nb_queues);
}

static void
ring_open_refuses_a_ring_that_nobody_created(void **state)
{
	void *port = &port;

	(void)state;
	assert_int_equal(port_host_open(99999, NULL, NULL, NULL, NULL, &port), -EINVAL);
	assert_string_equal(error_text(-EINVAL),
			    "Invalid value (port): ring:99999 does not exist; use a lower number "
			    "or restart with more rings");
	assert_ptr_equal(port, &port);
}

static void
ring_name_has_room_for_any_number(void **state)
{
	(void)state;
	make_ring(UINT32_MAX, RING_F_SP_ENQ | RING_F_SC_DEQ);
	rte_ring_free(open_ring(UINT32_MAX));
}

/* Fill the ring, empty it, in bursts. */
static void
check_order_and_limit(struct rte_ring *ring, uint32_t id)
{
	struct spp_port_queue tx = port_host_attach(open_ring(id), SPP_TX, 0);
	struct spp_port_queue rx = port_host_attach(open_ring(id), SPP_RX, 0);
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	unsigned int nb_in = 0, nb_out = 0;
	uint16_t nb;

	do {
		for (unsigned int i = 0; i < SPP_BURST_MAX; i++)
			pkts[i] = &mbufs[nb_in + i];
		nb = port_host_burst(&tx, pkts, SPP_BURST_MAX);
		nb_in += nb;
	} while (nb == SPP_BURST_MAX);
	assert_int_equal(nb_in, RING_SIZE - 1);
	assert_int_equal(port_host_burst(&tx, pkts, 1), 0);
	assert_int_equal(rte_ring_count(ring), RING_SIZE - 1);

	while ((nb = port_host_burst(&rx, pkts, SPP_BURST_MAX)) > 0) {
		for (uint16_t i = 0; i < nb; i++)
			assert_ptr_equal(pkts[i], &mbufs[nb_out++]);
	}
	assert_int_equal(nb_out, nb_in);
}

static void
ring_keeps_the_order_and_accepts_what_fits(void **state)
{
	struct rte_ring *ring = make_ring(0, RING_F_SP_ENQ | RING_F_SC_DEQ);

	(void)state;
	check_order_and_limit(ring, 0);
	rte_ring_free(ring);
}

static void
ring_with_shared_ends_passes_packets_too(void **state)
{
	struct rte_ring *ring = make_ring(0, 0);

	(void)state;
	check_order_and_limit(ring, 0);
	rte_ring_free(ring);
}

/* An SP/SC call on an end with several users would corrupt the ring. */
static void
ring_uses_the_calls_that_each_end_was_created_for(void **state)
{
	struct rte_ring *single = make_ring(0, RING_F_SP_ENQ | RING_F_SC_DEQ);
	struct rte_ring *mp = make_ring(1, RING_F_SC_DEQ);
	struct rte_ring *mc = make_ring(2, RING_F_SP_ENQ);
	struct spp_port_queue rx = port_host_attach(single, SPP_RX, 0);
	struct spp_port_queue tx = port_host_attach(single, SPP_TX, 0);

	(void)state;
	assert_true(port_host_attach(mp, SPP_RX, 0).burst == rx.burst);
	assert_true(port_host_attach(mp, SPP_TX, 0).burst != tx.burst);
	assert_true(port_host_attach(mc, SPP_RX, 0).burst != rx.burst);
	assert_true(port_host_attach(mc, SPP_TX, 0).burst == tx.burst);
	rte_ring_free(single);
	rte_ring_free(mp);
	rte_ring_free(mc);
}

static void
ring_status_tells_capacity_and_fill(void **state)
{
	struct rte_ring *ring = make_ring(5, RING_F_SP_ENQ | RING_F_SC_DEQ);
	struct rte_mbuf *pkts[] = {&mbufs[0], &mbufs[1], &mbufs[2]};
	void *port = open_ring(5);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	json_t *status, *expected;

	(void)state;
	assert_int_equal(port_host_burst(&tx, pkts, 3), 3);
	status = port_host_status(port);
	expected = json_pack("{s:i, s:i}", "capacity", RING_SIZE - 1, "used", 3);
	assert_true(json_equal(status, expected));
	json_decref(status);
	json_decref(expected);
	rte_ring_free(ring);
}

static void
ring_has_no_other_extension(void **state)
{
	(void)state;
	assert_null(port_host.plugin->get_extension("spp.status/2"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ring_table_has_the_rank_after_vhost_and_no_options),
		cmocka_unit_test(ring_open_refuses_a_ring_that_nobody_created),
		cmocka_unit_test(ring_name_has_room_for_any_number),
		cmocka_unit_test(ring_keeps_the_order_and_accepts_what_fits),
		cmocka_unit_test(ring_with_shared_ends_passes_packets_too),
		cmocka_unit_test(ring_uses_the_calls_that_each_end_was_created_for),
		cmocka_unit_test(ring_status_tells_capacity_and_fill),
		cmocka_unit_test(ring_has_no_other_extension),
	};

	port_host_init("ring");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
