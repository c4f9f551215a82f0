/* SPDX-License-Identifier: BSD-3-Clause */
/* The processes of a panel and the ports that its primary set up. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_lcore.h>

#include "error.h"
#include "life.h"
#include "registry.h"
#include "registry_table.h"
#include "pool.h"

/* How long a newcomer waits for the primary to clear away a dead process with its id. */
#define JOIN_WAIT_MS 3000
#define JOIN_POLL_MS 20

/* Processes */

/* Of this process; 0 where /proc does not say. */
static uint64_t
own_pid_namespace(void)
{
	struct stat info;

	return stat("/proc/self/ns/pid", &info) == 0 ? (uint64_t)info.st_ino : 0;
}

bool
registry_is_pid_ours(const struct registry_process *process)
{
	return process->pid_namespace != 0 && process->pid_namespace == own_pid_namespace();
}

bool
registry_is_alive(const struct registry_process *process)
{
	const struct registry_process *now = &registry.shared->processes[process->id].public;

	/* The lock alone may be that of a successor. */
	return now->generation == process->generation && life_is_held(process->id);
}

/* The process lives under that id already. */
static void
enter(struct registry_slot *p, const char *program, int id)
{
	unsigned int lcore;

	memset(p, 0, sizeof(*p));
	p->public.id = id;
	p->public.pid = getpid();
	p->public.pid_namespace = own_pid_namespace();
	p->public.generation = ++registry.shared->nb_entered;
	snprintf(p->public.program, sizeof(p->public.program), "%s", program);
	p->public.main_lcore = rte_get_main_lcore();
	RTE_LCORE_FOREACH_WORKER(lcore)
	{
		p->workers[lcore] = true;
		p->public.nb_workers++;
	}
	/* Pairs with the acquire in registry_next(). */
	__atomic_store_n(&p->is_used, true, __ATOMIC_RELEASE);
}

/* Under the lock: whether id and this process's worker lcores are free.  0, or -EAGAIN when only a
 * dead process is in the way, or -EBUSY with fail(). */
static int
check_free(int id)
{
	const struct registry_slot *held = &registry.shared->processes[id];
	unsigned int lcore;

	if (held->is_used) {
		if (!registry_is_alive(&held->public))
			return -EAGAIN;
		return fail(
			-EBUSY,
			"client id %d belongs to %s, process %d; end that one or choose another "
			"--client-id",
			id, held->public.program, (int)held->public.pid);
	}
	for (int other = 0; other <= REGISTRY_ID_MAX; other++) {
		const struct registry_slot *p = &registry.shared->processes[other];

		RTE_LCORE_FOREACH_WORKER(lcore)
		{
			if (!p->is_used || !p->workers[lcore])
				continue;
			if (!registry_is_alive(&p->public))
				return -EAGAIN;
			return fail(
				-EBUSY,
				"worker core %u belongs to %s, client id %d, process %d; choose "
				"other cores with -l",
				lcore, p->public.program, other, (int)p->public.pid);
		}
	}
	return 0;
}

static int
fail_life(int rc)
{
	return fail(rc, "cannot lock spp_life in %s, the proof of life of this process: %s",
		    rte_eal_get_runtime_dir(), strerror(-rc));
}

int
registry_create(const char *program, unsigned int nb_rings)
{
	int rc = registry_table_create(nb_rings);

	if (rc != 0)
		return rc;
	rc = life_open(rte_eal_get_runtime_dir(), true);
	if (rc == 0)
		rc = life_begin(REGISTRY_PRIMARY, program);
	if (rc != 0) {
		registry.shared = NULL;
		return fail_life(rc);
	}
	registry.id = REGISTRY_PRIMARY;
	enter(&registry.shared->processes[REGISTRY_PRIMARY], program, REGISTRY_PRIMARY);
	registry_table_publish();
	return 0;
}

/* Under the lock.  -EAGAIN while another with that id, which has died or is leaving, is in the way.
 */
static int
try_to_enter(const char *program, int id)
{
	int rc = check_free(id);

	if (rc != 0)
		return rc;
	rc = life_begin(id, program);
	if (rc == 0)
		enter(&registry.shared->processes[id], program, id);
	return rc == 0 || rc == -EAGAIN ? rc : fail_life(rc);
}

static int
enter_when_free(const char *program, int id)
{
	const struct timespec poll = {.tv_nsec = JOIN_POLL_MS * 1000000L};

	for (int waited_ms = 0; waited_ms < JOIN_WAIT_MS; waited_ms += JOIN_POLL_MS) {
		int rc;

		registry_lock();
		rc = try_to_enter(program, id);
		registry_unlock();
		if (rc != -EAGAIN)
			return rc;
		nanosleep(&poll, NULL);
	}
	return fail(-EBUSY,
		    "a dead process still has client id %d or its cores: the primary does not "
		    "clear it away; is it alive?",
		    id);
}

int
registry_join(const char *program, int id)
{
	int rc = registry_table_find();

	if (rc != 0)
		return rc;
	rc = life_open(rte_eal_get_runtime_dir(), false);
	rc = rc == 0 ? enter_when_free(program, id) : fail_life(rc);
	if (rc == 0)
		registry.id = id;
	else
		registry.shared = NULL;
	return rc;
}

bool
registry_is_there(void)
{
	return registry.shared != NULL;
}

void
registry_set_blocked(void)
{
	__atomic_store_n(&registry.shared->is_blocked, true, __ATOMIC_RELAXED);
}

bool
registry_is_blocked(void)
{
	return __atomic_load_n(&registry.shared->is_blocked, __ATOMIC_RELAXED);
}

bool
registry_is_primary(void)
{
	return registry.shared != NULL && registry.id == REGISTRY_PRIMARY;
}

unsigned int
registry_nb_rings(void)
{
	return registry.shared->nb_rings;
}

bool
registry_next(int id, struct registry_process *process)
{
	for (id++; id <= REGISTRY_ID_MAX; id++) {
		const struct registry_slot *p = &registry.shared->processes[id];

		/* Without the lock; pairs with the releases in enter() and leave(). */
		if (!__atomic_load_n(&p->is_used, __ATOMIC_ACQUIRE))
			continue;
		*process = p->public;
		return true;
	}
	return false;
}

unsigned int
registry_list_secondaries(char *list, size_t size)
{
	struct registry_process process;
	unsigned int nb = 0;
	size_t used = 0;

	list[0] = '\0';
	for (int id = REGISTRY_PRIMARY; registry_next(id, &process); id = process.id) {
		if (!registry_is_alive(&process))
			continue;
		if (used < size)
			used += snprintf(list + used, size - used, "%s%s %d (process %d)",
					 nb > 0 ? ", " : "", process.program, process.id,
					 (int)process.pid);
		nb++;
	}
	return nb;
}

/* Ports */

int
registry_publish(const struct registry_port *port)
{
	struct registry_table *shared = registry.shared;

	if (shared->nb_ports == REGISTRY_PORTS_MAX)
		return fail(-ENOSPC, "more than %u ports", REGISTRY_PORTS_MAX);
	shared->ports[shared->nb_ports] = *port;
	/* Entries below nb_ports are complete and never change; pairs with the acquire in
	 * registry_get_port(). */
	__atomic_store_n(&shared->nb_ports, shared->nb_ports + 1, __ATOMIC_RELEASE);
	return 0;
}

bool
registry_get_port(unsigned int i, struct registry_port *port)
{
	/* Pairs with the release in registry_publish(). */
	if (i >= __atomic_load_n(&registry.shared->nb_ports, __ATOMIC_ACQUIRE))
		return false;
	*port = registry.shared->ports[i];
	return true;
}

bool
registry_find_port(const char *type, uint32_t id, struct registry_port *port)
{
	for (unsigned int i = 0; registry_get_port(i, port); i++)
		if (strcmp(port->type, type) == 0 && port->id == id)
			return true;
	return false;
}

/* Death and departure */

/* Under the lock: give back the claims first, the id last.  A process that finds the id free finds
 * the ports free, too. */
static void
leave(int id)
{
	registry_release_all(id);
	/* Pairs with the acquire in registry_next(). */
	__atomic_store_n(&registry.shared->processes[id].is_used, false, __ATOMIC_RELEASE);
}

void
registry_leave(void)
{
	if (registry.shared == NULL)
		return;
	registry_lock();
	leave(registry.id);
	registry_unlock();
	life_close();
	registry.shared = NULL;
}

void
registry_reap(int id, char *text, size_t size)
{
	const struct registry_slot *p = &registry.shared->processes[id];
	unsigned int nb_claims = 0;

	registry_lock();
	for (unsigned int i = 0; i < REGISTRY_CLAIMS_MAX; i++) {
		const struct registry_claim *held = &registry.shared->claims[i];

		nb_claims += held->is_used && held->owner == id;
	}
	for (unsigned int lcore = 0; lcore < RTE_MAX_LCORE; lcore++)
		if (p->workers[lcore])
			pool_forget_cache(lcore);
	snprintf(text, size,
		 "%s, client id %d, process %d has died: %u ports, %u worker cores taken back",
		 p->public.program, id, (int)p->public.pid, nb_claims, p->public.nb_workers);
	leave(id);
	registry_unlock();
}
