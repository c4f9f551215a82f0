/* SPDX-License-Identifier: BSD-3-Clause */
/* The ring of <spp/ring.h>: order, limits, two users at once, and deaths at every instruction. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <spp/plugin.h>
#include <spp/ring.h>

#define SIZE 64
#define STREAM_LENGTH 200000

/* The ring never looks at what it carries: a number stands for a packet. */
static struct rte_mbuf *
packet(uintptr_t number)
{
	return (struct rte_mbuf *)(number + 1);
}

static uintptr_t
number(const struct rte_mbuf *pkt)
{
	return (uintptr_t)pkt - 1;
}

/* In memory that children share, with indices that begin at first. */
static struct spp_ring *
make_ring(uint32_t first)
{
	struct spp_ring *ring = mmap(NULL, spp_ring_bytes(SIZE), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(ring != MAP_FAILED);
	spp_ring_init(ring, SIZE);
	ring->put.index = ring->put.seen = ring->take.index = ring->take.seen = first;
	return ring;
}

static void
free_ring(struct spp_ring *ring)
{
	munmap(ring, spp_ring_bytes(SIZE));
}

static uint16_t
put_numbers(struct spp_ring *ring, uintptr_t first, uint16_t nb)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];

	for (uint16_t i = 0; i < nb; i++)
		pkts[i] = packet(first + i);
	return spp_ring_put(ring, pkts, nb);
}

/* Take everything, which must be the numbers from first to end - 1. */
static void
expect_numbers(struct spp_ring *ring, uintptr_t first, uintptr_t end)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	uint16_t nb;

	while ((nb = spp_ring_take(ring, pkts, SPP_BURST_MAX)) > 0)
		for (uint16_t i = 0; i < nb; i++)
			assert_int_equal(number(pkts[i]), first++);
	assert_int_equal(first, end);
}

static void
ring_holds_as_many_packets_as_it_has_slots(void **state)
{
	struct spp_ring *ring = make_ring(0);
	uintptr_t next = 0;

	(void)state;
	assert_int_equal(spp_ring_used(ring), 0);
	while (next < SIZE - 1)
		next += put_numbers(ring, next, 21);
	assert_int_equal(next, SIZE - 1);
	assert_int_equal(put_numbers(ring, next, 21), 1);
	assert_int_equal(put_numbers(ring, next + 1, 1), 0);
	assert_int_equal(spp_ring_used(ring), SIZE);
	expect_numbers(ring, 0, SIZE);
	assert_int_equal(spp_ring_used(ring), 0);
	free_ring(ring);
}

static void
packets_stay_in_the_ring_until_they_are_committed(void **state)
{
	struct spp_ring *ring = make_ring(0);
	struct rte_mbuf *pkts[SPP_BURST_MAX];

	(void)state;
	assert_int_equal(put_numbers(ring, 0, 30), 30);
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(spp_ring_peek(ring, pkts, 8), 8);
		for (uint16_t i = 0; i < 8; i++)
			assert_int_equal(number(pkts[i]), i);
	}
	assert_int_equal(spp_ring_used(ring), 30);
	spp_ring_commit(ring, 5);
	expect_numbers(ring, 5, 30);
	free_ring(ring);
}

/* Random bursts of any length against two counters, across the end of the indices. */
static void
ring_agrees_with_a_list(void **state)
{
	struct spp_ring *ring = make_ring(UINT32_MAX - 1000);
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	uintptr_t nb_put = 0, nb_taken = 0;
	unsigned int seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint16_t nb = (uint16_t)(rand_r(&seed) % (SPP_BURST_MAX + 1));
		uint16_t expected, done;

		if (rand_r(&seed) % 2) {
			expected = RTE_MIN((uintptr_t)nb, SIZE - (nb_put - nb_taken));
			assert_int_equal(put_numbers(ring, nb_put, nb), expected);
			nb_put += expected;
		} else {
			expected = RTE_MIN((uintptr_t)nb, nb_put - nb_taken);
			done = spp_ring_take(ring, pkts, nb);
			assert_int_equal(done, expected);
			for (uint16_t k = 0; k < done; k++)
				assert_int_equal(number(pkts[k]), nb_taken++);
		}
		assert_int_equal(spp_ring_used(ring), nb_put - nb_taken);
	}
	assert_true(nb_put > 2000);
	free_ring(ring);
}

/* Two processes */

static void
run_producer(struct spp_ring *ring)
{
	unsigned int seed = 2;

	for (uintptr_t next = 0; next < STREAM_LENGTH;) {
		uint16_t nb = (uint16_t)(1 + rand_r(&seed) % SPP_BURST_MAX);
		uint16_t done = put_numbers(ring, next, RTE_MIN(nb, STREAM_LENGTH - next));

		next += done;
		if (done == 0)
			sched_yield();
	}
}

static void
two_processes_pass_every_packet_once_and_in_order(void **state)
{
	struct spp_ring *ring = make_ring(0);
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	pid_t child = fork();
	uintptr_t next = 0;
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		run_producer(ring);
		_exit(0);
	}
	while (next < STREAM_LENGTH) {
		uint16_t nb = spp_ring_peek(ring, pkts, SPP_BURST_MAX);

		for (uint16_t i = 0; i < nb; i++)
			assert_int_equal(number(pkts[i]), next++);
		spp_ring_commit(ring, nb);
		if (nb == 0)
			sched_yield();
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(spp_ring_used(ring), 0);
	free_ring(ring);
}

/* Death */

/* The operation cut short, and the state of the ring before it. */
struct cut {
	void (*operation)(struct spp_ring *ring);
	uint32_t nb_before; /* packets in the ring */
};

static struct spp_ring *
prepare(const struct cut *cut)
{
	/* The operation passes the end of the slots. */
	struct spp_ring *ring = make_ring(SIZE - 10);

	put_numbers(ring, 0, cut->nb_before > SPP_BURST_MAX ? SPP_BURST_MAX : cut->nb_before);
	if (cut->nb_before > SPP_BURST_MAX)
		put_numbers(ring, SPP_BURST_MAX, cut->nb_before - SPP_BURST_MAX);
	return ring;
}

/* Let a child carry out the operation and die after nb_steps instructions.  False if it had
 * finished by then. */
static bool
die_after(const struct cut *cut, struct spp_ring *ring, unsigned int nb_steps)
{
	pid_t child = fork();
	bool is_cut = true;
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		cut->operation(ring);
		raise(SIGSTOP);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSTOPPED(status));
	for (unsigned int i = 0; i < nb_steps && is_cut; i++) {
		assert_int_equal(ptrace(PTRACE_SINGLESTEP, child, NULL, NULL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSTOPPED(status));
		is_cut = WSTOPSIG(status) == SIGTRAP;
	}
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	return is_cut;
}

static void
put_ten(struct spp_ring *ring)
{
	put_numbers(ring, 1000, 10);
}

static void
take_ten(struct spp_ring *ring)
{
	struct rte_mbuf *pkts[10];

	spp_ring_take(ring, pkts, 10);
}

/* Let the dynamic linker find what the operations call: it would take thousands of steps. */
static void
bind_calls(void)
{
	struct spp_ring *ring = make_ring(0);

	put_ten(ring);
	take_ten(ring);
	free_ring(ring);
}

/* A producer that dies has put all ten or none; a successor continues. */
static void
a_producer_may_die_at_every_instruction(void **state)
{
	const struct cut cut = {.operation = put_ten, .nb_before = 5};
	unsigned int nb_none = 0, nb_all = 0;
	bool is_cut = true;

	(void)state;
	bind_calls();
	for (unsigned int steps = 0; is_cut; steps++) {
		struct spp_ring *ring = prepare(&cut);
		struct rte_mbuf *pkts[SPP_BURST_MAX];
		bool is_done;

		is_cut = die_after(&cut, ring, steps);
		is_done = spp_ring_used(ring) == 15;
		assert_int_equal(put_numbers(ring, 2000, 3), 3);
		assert_int_equal(spp_ring_take(ring, pkts, SPP_BURST_MAX), is_done ? 18 : 8);
		for (uintptr_t i = 0; i < 5; i++)
			assert_int_equal(number(pkts[i]), i);
		for (uintptr_t i = 0; is_done && i < 10; i++)
			assert_int_equal(number(pkts[5 + i]), 1000 + i);
		for (uintptr_t i = 0; i < 3; i++)
			assert_int_equal(number(pkts[(is_done ? 15 : 5) + i]), 2000 + i);
		*(is_done ? &nb_all : &nb_none) += 1;
		free_ring(ring);
	}
	assert_true(nb_none > 20);
	assert_true(nb_all > 0);
}

/* A consumer that dies has taken all ten or none; a successor continues. */
static void
a_consumer_may_die_at_every_instruction(void **state)
{
	const struct cut cut = {.operation = take_ten, .nb_before = 40};
	unsigned int nb_none = 0, nb_all = 0;
	bool is_cut = true;

	(void)state;
	bind_calls();
	for (unsigned int steps = 0; is_cut; steps++) {
		struct spp_ring *ring = prepare(&cut);
		bool is_done;

		is_cut = die_after(&cut, ring, steps);
		is_done = spp_ring_used(ring) == 30;
		assert_int_equal(put_numbers(ring, 40, 20), 20);
		expect_numbers(ring, is_done ? 10 : 0, 60);
		*(is_done ? &nb_all : &nb_none) += 1;
		free_ring(ring);
	}
	assert_true(nb_none > 20);
	assert_true(nb_all > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ring_holds_as_many_packets_as_it_has_slots),
		cmocka_unit_test(packets_stay_in_the_ring_until_they_are_committed),
		cmocka_unit_test(ring_agrees_with_a_list),
		cmocka_unit_test(two_processes_pass_every_packet_once_and_in_order),
		cmocka_unit_test(a_producer_may_die_at_every_instruction),
		cmocka_unit_test(a_consumer_may_die_at_every_instruction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
