/* SPDX-License-Identifier: BSD-3-Clause */
/* Two threads: one takes the locks of DPDK's allocator, one counts how long that lasts. */

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_eal_memconfig.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_memzone.h>

#include "error.h"
#include "heap.h"
#include "registry_table.h"

#define STEP_MS 100
/* From one try to the next. */
#define STEPS_PER_TRY 10
/* [main] sees that the allocator is stuck within a step, unless [main] waits for it as well. */
#define MAIN_LIMIT_STEPS 30

uint32_t heap_limit_steps = 80;

static struct {
	pthread_t asker, clock;
	sem_t stop_asker, stop_clock;
	bool has_asker, has_clock;
	struct event *event;
	void (*on_stuck)(void);
	const char *program;
	/* Written by the asker, read by the clock. */
	uint32_t nb_answers;
	/* Written by the clock, read by [main], which has nothing else to see: relaxed. */
	bool is_overdue;
	/* Written by [main], read by the clock: relaxed. */
	bool is_stuck;
} heap;

const char *
heap_why_stuck(void)
{
	return "a process has died inside DPDK's memory allocator, which blocks every start and "
	       "every new port for ever; the panel has to start again as one: this process ends, "
	       "and its secondaries end when it is started again";
}

/* Steps are counted, not the time: a process that was stopped for a while has not waited. */
static bool
is_told_to_stop(sem_t *stop, unsigned int ms)
{
	struct timespec next;

	clock_gettime(CLOCK_MONOTONIC, &next);
	next.tv_nsec += ms % 1000 * 1000000L;
	next.tv_sec += ms / 1000 + next.tv_nsec / 1000000000L;
	next.tv_nsec %= 1000000000L;
	return sem_clockwait(stop, CLOCK_MONOTONIC, &next) == 0;
}

/* The asker */

/* Secondaries that start hold the lock of the memory map for reading, for as long as that takes;
 * the others are asked for as a writer, who also waits for a reader that has died. */
static void
take_all_locks(void)
{
	struct rte_malloc_socket_stats stats;
	struct rte_eth_dev_owner owner;

	rte_mcfg_mem_read_lock();
	rte_mcfg_mem_read_unlock();
	rte_mcfg_tailq_write_lock();
	rte_mcfg_tailq_write_unlock();
	rte_mcfg_mempool_write_lock();
	rte_mcfg_mempool_write_unlock();
	for (unsigned int i = 0; i < rte_socket_count(); i++)
		rte_malloc_get_socket_stats(rte_socket_id_by_idx(i), &stats);
	/* Refused, as there is one of that name, but only under the lock. */
	rte_memzone_reserve(REGISTRY_ZONE_NAME, 1, SOCKET_ID_ANY, 0);
	if (rte_eth_dev_count_avail() > 0)
		rte_eth_dev_owner_get(rte_eth_find_next(0), &owner);
}

static void *
run_asker(void *arg)
{
	(void)arg;
	do {
		take_all_locks();
		__atomic_add_fetch(&heap.nb_answers, 1, __ATOMIC_RELAXED);
	} while (!is_told_to_stop(&heap.stop_asker, STEPS_PER_TRY * STEP_MS));
	return NULL;
}

/* The clock */

/* Without stdio, whose locks [main] may hold. */
static void __attribute__((noreturn)) leave(void)
{
	char text[512];

	snprintf(text, sizeof(text), "%s: %s\n", heap.program, heap_why_stuck());
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

static void *
run_clock(void *arg)
{
	uint32_t seen = 0, now, nb_silent = 0;

	(void)arg;
	while (!is_told_to_stop(&heap.stop_clock, STEP_MS)) {
		now = __atomic_load_n(&heap.nb_answers, __ATOMIC_RELAXED);
		nb_silent = now == seen ? nb_silent + 1 : 0;
		seen = now;
		if (nb_silent < heap_limit_steps + STEPS_PER_TRY)
			continue;
		__atomic_store_n(&heap.is_overdue, true, __ATOMIC_RELAXED);
		if (nb_silent >= heap_limit_steps + STEPS_PER_TRY + MAIN_LIMIT_STEPS &&
		    !__atomic_load_n(&heap.is_stuck, __ATOMIC_RELAXED))
			leave();
	}
	return NULL;
}

/* [main] */

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (heap.is_stuck || !__atomic_load_n(&heap.is_overdue, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(&heap.is_stuck, true, __ATOMIC_RELAXED);
	heap.on_stuck();
}

bool
heap_is_stuck(void)
{
	return heap.is_stuck;
}

/* Signals are for [main]. */
static int
create_thread(pthread_t *thread, const char *name, void *(*run)(void *arg))
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(thread, NULL, run, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc != 0)
		return fail(-rc, "cannot start the thread %s: %s", name, strerror(rc));
	pthread_setname_np(*thread, name);
	return 0;
}

static int
start_threads(void)
{
	int rc = create_thread(&heap.asker, "heap-asker", run_asker);

	heap.has_asker = rc == 0;
	if (rc == 0)
		rc = create_thread(&heap.clock, "heap-clock", run_clock);
	heap.has_clock = rc == 0;
	return rc;
}

static void
stop_thread(bool *is_there, pthread_t thread, sem_t *stop)
{
	if (!*is_there)
		return;
	sem_post(stop);
	pthread_join(thread, NULL);
	sem_destroy(stop);
	*is_there = false;
}

void
heap_unwatch(void)
{
	if (heap.event != NULL)
		event_free(heap.event);
	heap.event = NULL;
	stop_thread(&heap.has_clock, heap.clock, &heap.stop_clock);
	/* One that waits for a dead process never comes back: it goes with this process. */
	if (!heap.is_stuck)
		stop_thread(&heap.has_asker, heap.asker, &heap.stop_asker);
}

int
heap_watch(struct event_base *base, const char *program, void (*on_stuck)(void))
{
	const struct timeval step = {.tv_usec = STEP_MS * 1000};
	int rc;

	heap.program = program;
	heap.on_stuck = on_stuck;
	heap.is_overdue = heap.is_stuck = false;
	sem_init(&heap.stop_asker, 0, 0);
	sem_init(&heap.stop_clock, 0, 0);
	heap.event = event_new(base, -1, EV_PERSIST, on_step, NULL);
	if (heap.event == NULL || event_add(heap.event, &step) != 0)
		rc = fail(-ENOMEM, "no memory to watch DPDK's allocator");
	else
		rc = start_threads();
	if (rc != 0)
		heap_unwatch();
	return rc;
}
