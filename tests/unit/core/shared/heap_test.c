/* SPDX-License-Identifier: BSD-3-Clause */
/* A death inside DPDK's allocator, with real deaths: processes are killed where they allocate,
 * until one of them holds the lock. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <rte_malloc.h>

#include "tests/unit/eal.h"

#include "heap.h"

#define DEATHS_MAX 1000

static struct event_base *base;
static int nb_stuck;

static void
sleep_ms(long ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static void
die_while_allocating(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		for (;;)
			rte_free(rte_malloc(NULL, 64, 0));
	sleep_ms(2);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* True if a process that allocates once ends. */
static bool
works(void)
{
	pid_t ended, pid = fork();
	int waited = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		rte_free(rte_malloc(NULL, 64, 0));
		_exit(0);
	}
	while ((ended = waitpid(pid, NULL, WNOHANG)) == 0 && waited++ < 1000)
		sleep_ms(1);
	if (ended == 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return ended != 0;
}

static void
on_stuck(void)
{
	nb_stuck++;
	event_base_loopexit(base, NULL);
}

/* Serve for so long, or until the allocator is stuck. */
static void
serve(unsigned int seconds)
{
	const struct timeval limit = {.tv_sec = seconds};

	event_base_loopexit(base, &limit);
	event_base_dispatch(base);
}

static void
an_allocator_that_works_answers(void **state)
{
	(void)state;
	assert_int_equal(heap_watch(base, "test", on_stuck), 0);
	serve(4);
	assert_int_equal(nb_stuck, 0);
	assert_false(heap_is_stuck());
	heap_unwatch();
}

/* From here on nothing can be allocated. */
static void
a_death_inside_is_noticed(void **state)
{
	int nb_deaths = 0;

	(void)state;
	do {
		die_while_allocating();
	} while (works() && ++nb_deaths < DEATHS_MAX);
	assert_true(nb_deaths < DEATHS_MAX);
	assert_int_equal(heap_watch(base, "test", on_stuck), 0);
	assert_false(heap_is_stuck());
	serve(60);
	assert_int_equal(nb_stuck, 1);
	assert_true(heap_is_stuck());
	assert_non_null(strstr(heap_why_stuck(), "died inside DPDK's memory allocator"));
	heap_unwatch();
}

/* A process whose [main] waits for the lock, and so never serves. */
static void
a_process_that_waits_for_the_lock_itself_says_so_and_ends(void **state)
{
	char text[512] = "";
	int status, err[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(err), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(err[1], STDERR_FILENO);
		if (heap_watch(base, "blocked", on_stuck) != 0)
			_exit(3);
		rte_malloc(NULL, 64, 0);
		_exit(4);
	}
	close(err[1]);
	assert_true(read(err[0], text, sizeof(text) - 1) > 0);
	close(err[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_FAILURE);
	assert_memory_equal(text, "blocked: a process has died inside DPDK", 39);
	assert_int_equal(text[strlen(text) - 1], '\n');
}

/* rte_eal_cleanup() would wait for ever: only the files go. */
static int
remove_files(void)
{
	DIR *dir = opendir(rte_eal_get_runtime_dir());
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	return rmdir(rte_eal_get_runtime_dir());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_allocator_that_works_answers),
		cmocka_unit_test(a_death_inside_is_noticed),
		cmocka_unit_test(a_process_that_waits_for_the_lock_itself_says_so_and_ends),
	};
	int nb_failed;

	base = event_base_new();
	if (base == NULL || test_eal_init("0@0") != 0)
		return 1;
	/* The tests are short, and so is their patience. */
	heap_limit_steps = 20;
	nb_failed = cmocka_run_group_tests(tests, NULL, NULL);
	if (remove_files() != 0)
		nb_failed++;
	/* What DPDK does at a regular exit would wait for the lock. */
	fflush(stdout);
	_exit(nb_failed);
}
