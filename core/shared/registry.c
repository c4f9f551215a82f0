/* SPDX-License-Identifier: BSD-3-Clause */
/* The processes of a panel and the ports that its primary set up. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_lcore.h>

#include "error.h"
#include "registry.h"
#include "registry_table.h"
#include "ring.h"

/* How long a newcomer waits for the primary to clear away a dead process with its id. */
#define JOIN_WAIT_MS 3000
#define JOIN_POLL_MS 20

/* Processes */

/* Field 22 of /proc/PID/stat, after the name in parentheses; 0 when there is no such process or it
 * is a zombie. */
static uint64_t
start_time(pid_t pid)
{
	char path[32], line[1024], state = 'X', *after;
	unsigned long long ticks = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	after = fgets(line, sizeof(line), file) != NULL ? strrchr(line, ')') : NULL;
	fclose(file);
	if (after == NULL ||
	    sscanf(after + 1,
		   " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d "
		   "%llu",
		   &state, &ticks) != 2)
		return 0;
	return state == 'Z' || state == 'X' ? 0 : ticks;
}

bool
registry_is_alive(const struct registry_process *process)
{
	uint64_t now = start_time(process->pid);

	return now != 0 && now == process->start_time;
}

static void
enter(struct registry_slot *p, const char *program, int id)
{
	unsigned int lcore;

	memset(p, 0, sizeof(*p));
	p->public.id = id;
	p->public.pid = getpid();
	p->public.start_time = start_time(getpid());
	snprintf(p->public.program, sizeof(p->public.program), "%s", program);
	p->public.main_lcore = rte_get_main_lcore();
	RTE_LCORE_FOREACH_WORKER(lcore)
	{
		p->workers[lcore] = true;
		p->public.nb_workers++;
	}
	__atomic_store_n(&p->is_used, true, __ATOMIC_RELEASE);
}

/* 0, or -EAGAIN when only a dead process is in the way, or -EBUSY with fail(). */
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

int
registry_create(const char *program, unsigned int nb_rings)
{
	int rc = registry_table_create(nb_rings);

	if (rc != 0)
		return rc;
	registry.id = REGISTRY_PRIMARY;
	enter(&registry.shared->processes[REGISTRY_PRIMARY], program, REGISTRY_PRIMARY);
	registry_table_publish();
	return 0;
}

int
registry_join(const char *program, int id)
{
	const struct timespec poll = {.tv_nsec = JOIN_POLL_MS * 1000000L};
	int rc = registry_table_find();

	for (int waited_ms = 0; rc == 0; waited_ms += JOIN_POLL_MS) {
		registry_lock();
		rc = check_free(id);
		if (rc == 0)
			enter(&registry.shared->processes[id], program, id);
		registry_unlock();
		if (rc != -EAGAIN)
			break;
		if (waited_ms >= JOIN_WAIT_MS) {
			rc = fail(-EBUSY,
				  "a dead process still has client id %d or its cores: the primary "
				  "does not clear it away; is it alive?",
				  id);
			break;
		}
		nanosleep(&poll, NULL);
		rc = 0;
	}
	if (rc != 0)
		registry.shared = NULL;
	else
		registry.id = id;
	return rc;
}

bool
registry_is_there(void)
{
	return registry.shared != NULL;
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
	__atomic_store_n(&shared->nb_ports, shared->nb_ports + 1, __ATOMIC_RELEASE);
	return 0;
}

bool
registry_get_port(unsigned int i, struct registry_port *port)
{
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

/* Under the lock. */
static void
leave(int id)
{
	registry_release_all(id);
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
	registry.shared = NULL;
}

void
registry_reap(int id, char *text, size_t size)
{
	const struct registry_slot *p = &registry.shared->processes[id];
	unsigned int nb_claims = 0, nb_repaired = 0;

	registry_lock();
	for (unsigned int i = 0; i < REGISTRY_CLAIMS_MAX; i++) {
		const struct registry_claim *held = &registry.shared->claims[i];

		if (held->res_uid[0] == '\0' || held->owner != id)
			continue;
		nb_claims++;
		nb_repaired += ring_repair(held->res_uid, held->dir);
	}
	for (unsigned int lcore = 0; lcore < RTE_MAX_LCORE; lcore++)
		if (p->workers[lcore])
			ring_forget_cache(lcore);
	snprintf(text, size,
		 "%s, client id %d, process %d has died: %u ports, %u worker cores taken back, %u "
		 "ring ends repaired",
		 p->public.program, id, (int)p->public.pid, nb_claims, p->public.nb_workers,
		 nb_repaired);
	leave(id);
	registry_unlock();
}
