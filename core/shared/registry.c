/* SPDX-License-Identifier: BSD-3-Clause */
/* Who uses what, in shared memory. */

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_memzone.h>
#include <rte_version.h>

#include "error.h"
#include "lcore.h"
#include "log.h"
#include "registry.h"
#include "ring.h"

#define ZONE_NAME "spp_registry"
#define MAGIC 0x53505052 /* "SPPR" */
#define PORTS_MAX 64
#define CLAIMS_MAX 1024
#define TOTALS_MAX 1024
/* How long a newcomer waits for the primary to clear away a dead process with its id. */
#define JOIN_WAIT_MS 3000
#define JOIN_POLL_MS 20

struct process {
	struct registry_process public;
	bool is_used;
	bool workers[RTE_MAX_LCORE];
};

struct claim {
	struct attachment_stats stats; /* first: a cache line of its own */
	char res_uid[RES_UID_SIZE];    /* "" when free */
	char component[REGISTRY_COMPONENT_SIZE];
	int owner;
	uint16_t dir;
};

struct total {
	char res_uid[RES_UID_SIZE]; /* "" when free */
	uint16_t dir;
	struct registry_totals gone;    /* of claims given back */
	struct registry_totals cleared; /* subtracted from what is shown */
};

struct registry {
	uint32_t magic;
	uint32_t size;
	char build[64];
	pthread_mutex_t lock; /* process-shared and robust */
	unsigned int nb_rings;
	unsigned int nb_ports;
	struct registry_port ports[PORTS_MAX];
	struct process processes[REGISTRY_ID_MAX + 1];
	struct claim claims[CLAIMS_MAX];
	struct total totals[TOTALS_MAX];
};

static struct {
	struct registry *shared; /* NULL: this process runs alone */
	int id;
} registry;

/* The lock.  Whatever its dead holder left half done is one flag or one string: each entry is
 * made valid by its last store, so there is nothing to repair. */
static void
lock(void)
{
	if (pthread_mutex_lock(&registry.shared->lock) == EOWNERDEAD)
		pthread_mutex_consistent(&registry.shared->lock);
}

static void
unlock(void)
{
	pthread_mutex_unlock(&registry.shared->lock);
}

static int
init_lock(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attr;
	int rc = pthread_mutexattr_init(&attr);

	if (rc != 0)
		return -rc;
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	rc = pthread_mutex_init(mutex, &attr);
	pthread_mutexattr_destroy(&attr);
	return -rc;
}

static void
format_build(char *out, size_t size)
{
	snprintf(out, size, "spp %s, %s", SPP_VERSION, rte_version());
}

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
enter(struct process *p, const char *program, int id)
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
	const struct process *held = &registry.shared->processes[id];
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
		const struct process *p = &registry.shared->processes[other];

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
	const struct rte_memzone *zone = rte_memzone_reserve_aligned(
		ZONE_NAME, sizeof(struct registry), SOCKET_ID_ANY, 0, RTE_CACHE_LINE_SIZE);
	struct registry *shared;

	if (zone == NULL)
		return fail(-ENOMEM, "no memory for the table of processes: %s",
			    rte_strerror(rte_errno));
	shared = zone->addr;
	memset(shared, 0, sizeof(*shared));
	if (init_lock(&shared->lock) != 0)
		return fail(-ENOTSUP, "this system has no robust locks between processes");
	format_build(shared->build, sizeof(shared->build));
	shared->size = sizeof(*shared);
	shared->nb_rings = nb_rings;
	registry.shared = shared;
	registry.id = REGISTRY_PRIMARY;
	enter(&shared->processes[REGISTRY_PRIMARY], program, REGISTRY_PRIMARY);
	__atomic_store_n(&shared->magic, MAGIC, __ATOMIC_RELEASE);
	return 0;
}

static int
find_table(void)
{
	const struct rte_memzone *zone = rte_memzone_lookup(ZONE_NAME);
	struct registry *shared = zone != NULL ? zone->addr : NULL;
	char build[sizeof(shared->build)];

	format_build(build, sizeof(build));
	if (shared == NULL || __atomic_load_n(&shared->magic, __ATOMIC_ACQUIRE) != MAGIC)
		return fail(-ENOENT, "the primary process of this --file-prefix is no spp_primary, "
				     "or has not started up yet");
	if (strncmp(shared->build, build, sizeof(build)) != 0 || shared->size != sizeof(*shared))
		return fail(-ENOEXEC,
			    "the primary is %.*s, this process is %s; start both from one build",
			    (int)sizeof(shared->build), shared->build, build);
	registry.shared = shared;
	return 0;
}

int
registry_join(const char *program, int id)
{
	const struct timespec poll = {.tv_nsec = JOIN_POLL_MS * 1000000L};
	int rc = find_table();

	for (int waited_ms = 0; rc == 0; waited_ms += JOIN_POLL_MS) {
		lock();
		rc = check_free(id);
		if (rc == 0)
			enter(&registry.shared->processes[id], program, id);
		unlock();
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
		const struct process *p = &registry.shared->processes[id];

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
	struct registry *shared = registry.shared;

	if (shared->nb_ports == PORTS_MAX)
		return fail(-ENOSPC, "more than %u ports", PORTS_MAX);
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

/* Claims; all under the lock */

static struct claim *
find_claim(const char *res_uid, uint16_t dir)
{
	for (unsigned int i = 0; i < CLAIMS_MAX; i++) {
		struct claim *claim = &registry.shared->claims[i];

		if (claim->dir == dir && strcmp(claim->res_uid, res_uid) == 0)
			return claim;
	}
	return NULL;
}

static struct claim *
free_claim(void)
{
	for (unsigned int i = 0; i < CLAIMS_MAX; i++)
		if (registry.shared->claims[i].res_uid[0] == '\0')
			return &registry.shared->claims[i];
	return NULL;
}

static struct total *
find_total(const char *res_uid, uint16_t dir)
{
	struct total *unused = NULL;

	for (unsigned int i = 0; i < TOTALS_MAX; i++) {
		struct total *total = &registry.shared->totals[i];

		if (total->res_uid[0] == '\0') {
			unused = unused == NULL ? total : unused;
			continue;
		}
		if (total->dir == dir && strcmp(total->res_uid, res_uid) == 0)
			return total;
	}
	if (unused != NULL) {
		unused->dir = dir;
		snprintf(unused->res_uid, sizeof(unused->res_uid), "%s", res_uid);
	}
	return unused;
}

static int
claim(const char *res_uid, uint16_t dir, const char *component, struct attachment_stats **stats)
{
	struct claim *held = find_claim(res_uid, dir);

	if (held != NULL)
		return fail_arg(
			"port rxtx",
			"%s is already %s port of component '%s' of client id %d; delete it "
			"there first",
			res_uid, dir == SPP_RX ? "rx" : "tx", held->component, held->owner);
	held = free_claim();
	if (held == NULL || find_total(res_uid, dir) == NULL)
		return fail(-ENOSPC,
			    "all processes together use %u ports already, the most there "
			    "can be",
			    CLAIMS_MAX);
	held->stats = (struct attachment_stats){0};
	held->owner = registry.id;
	held->dir = dir;
	snprintf(held->component, sizeof(held->component), "%s", component);
	snprintf(held->res_uid, sizeof(held->res_uid), "%s", res_uid);
	*stats = &held->stats;
	return 0;
}

int
registry_claim(const char *res_uid, uint16_t dir, const char *component,
	       struct attachment_stats **stats)
{
	int rc;

	lock();
	rc = claim(res_uid, dir, component, stats);
	unlock();
	return rc;
}

static void
give_back(struct claim *held)
{
	struct total *total = find_total(held->res_uid, held->dir);

	if (total != NULL) {
		total->gone.packets += stats_get(&held->stats.packets);
		total->gone.dropped += stats_get(&held->stats.dropped);
	}
	held->res_uid[0] = '\0';
}

void
registry_release(const char *res_uid, uint16_t dir)
{
	struct claim *held;

	lock();
	held = find_claim(res_uid, dir);
	if (held != NULL && held->owner == registry.id)
		give_back(held);
	unlock();
}

/* Totals */

/* True for `TYPE:ID` and for its queues, `TYPE:ID nq Q`. */
static bool
is_of_port(const char *res_uid, const char *name)
{
	size_t len = strlen(name);

	return strncmp(res_uid, name, len) == 0 && (res_uid[len] == '\0' || res_uid[len] == ' ');
}

static void
add_live(const struct total *total, struct registry_totals *sum)
{
	const struct claim *held = find_claim(total->res_uid, total->dir);

	sum->packets = total->gone.packets;
	sum->dropped = total->gone.dropped;
	if (held == NULL)
		return;
	sum->packets += stats_get(&held->stats.packets);
	sum->dropped += stats_get(&held->stats.dropped);
}

void
registry_totals(const char *type, uint32_t id, uint16_t dir, struct registry_totals *totals)
{
	char name[RES_UID_SIZE];

	snprintf(name, sizeof(name), "%s:%u", type, id);
	*totals = (struct registry_totals){0};
	lock();
	for (unsigned int i = 0; i < TOTALS_MAX; i++) {
		const struct total *total = &registry.shared->totals[i];
		struct registry_totals now;

		if (total->res_uid[0] == '\0' || total->dir != dir ||
		    !is_of_port(total->res_uid, name))
			continue;
		add_live(total, &now);
		totals->packets += now.packets - total->cleared.packets;
		totals->dropped += now.dropped - total->cleared.dropped;
	}
	unlock();
}

void
registry_clear_totals(void)
{
	lock();
	for (unsigned int i = 0; i < TOTALS_MAX; i++)
		if (registry.shared->totals[i].res_uid[0] != '\0')
			add_live(&registry.shared->totals[i], &registry.shared->totals[i].cleared);
	unlock();
}

/* Death and departure */

static void
give_back_all(int id)
{
	for (unsigned int i = 0; i < CLAIMS_MAX; i++) {
		struct claim *held = &registry.shared->claims[i];

		if (held->res_uid[0] != '\0' && held->owner == id)
			give_back(held);
	}
	__atomic_store_n(&registry.shared->processes[id].is_used, false, __ATOMIC_RELEASE);
}

void
registry_leave(void)
{
	if (registry.shared == NULL)
		return;
	lock();
	give_back_all(registry.id);
	unlock();
	registry.shared = NULL;
}

void
registry_reap(int id, char *text, size_t size)
{
	const struct process *p = &registry.shared->processes[id];
	unsigned int nb_claims = 0, nb_repaired = 0;

	lock();
	for (unsigned int i = 0; i < CLAIMS_MAX; i++) {
		const struct claim *held = &registry.shared->claims[i];

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
	give_back_all(id);
	unlock();
}
