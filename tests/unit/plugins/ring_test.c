/* SPDX-License-Identifier: BSD-3-Clause */
/* The port plugin ring, on rings of this process. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include <rte_memzone.h>

#include <spp/ring.h>

#include "port_host.h"

#define RING_SIZE 64

/* The plugin never looks at what it carries. */
static struct rte_mbuf mbufs[2 * RING_SIZE];

static struct spp_ring *
make_ring(unsigned int id)
{
	char name[RTE_MEMZONE_NAMESIZE];
	const struct rte_memzone *zone;

	snprintf(name, sizeof(name), SPP_RING_NAME_FORMAT, id);
	zone = rte_memzone_reserve_aligned(name, spp_ring_bytes(RING_SIZE), SOCKET_ID_ANY, 0,
					   RTE_CACHE_LINE_SIZE);
	assert_non_null(zone);
	spp_ring_init(zone->addr, RING_SIZE);
	return zone->addr;
}

static void
free_ring(unsigned int id)
{
	char name[RTE_MEMZONE_NAMESIZE];

	snprintf(name, sizeof(name), SPP_RING_NAME_FORMAT, id);
	assert_int_equal(rte_memzone_free(rte_memzone_lookup(name)), 0);
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
	const struct spp_ring *ring = make_ring(UINT32_MAX);

	(void)state;
	assert_ptr_equal(open_ring(UINT32_MAX), ring);
	free_ring(UINT32_MAX);
}

/* Fill the ring, empty it, in bursts. */
static void
check_order_and_limit(struct spp_ring *ring, uint32_t id)
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
	} while (nb == SPP_BURST_MAX && nb_in < RING_SIZE);
	assert_int_equal(nb_in, RING_SIZE);
	assert_int_equal(port_host_burst(&tx, pkts, 1), 0);
	assert_int_equal(spp_ring_used(ring), RING_SIZE);

	while ((nb = port_host_burst(&rx, pkts, SPP_BURST_MAX)) > 0) {
		for (uint16_t i = 0; i < nb; i++)
			assert_ptr_equal(pkts[i], &mbufs[nb_out++]);
	}
	assert_int_equal(nb_out, nb_in);
}

static void
ring_keeps_the_order_and_accepts_what_fits(void **state)
{
	struct spp_ring *ring = make_ring(0);

	(void)state;
	check_order_and_limit(ring, 0);
	free_ring(0);
}

static void
ring_status_tells_capacity_and_fill(void **state)
{
	struct rte_mbuf *pkts[] = {&mbufs[0], &mbufs[1], &mbufs[2]};
	void *port = make_ring(5);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	json_t *status, *expected;

	(void)state;
	assert_int_equal(port_host_burst(&tx, pkts, 3), 3);
	status = port_host_status(port);
	expected = json_pack("{s:i, s:i}", "capacity", RING_SIZE, "used", 3);
	assert_true(json_equal(status, expected));
	json_decref(status);
	json_decref(expected);
	free_ring(5);
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
		cmocka_unit_test(ring_status_tells_capacity_and_fill),
		cmocka_unit_test(ring_has_no_other_extension),
	};

	port_host_init("ring");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
