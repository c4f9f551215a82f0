/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory of the registry: who makes it, who finds it, its lock. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_memzone.h>
#include <rte_version.h>

#include "error.h"
#include "registry_table.h"

#define MAGIC 0x53505052 /* "SPPR" */

struct registry registry;

/* The lock.  Each entry becomes valid, or free, by one store of one flag, its last: what a dead
 * holder left half done does not exist, so there is nothing to repair. */
void
registry_lock(void)
{
	if (pthread_mutex_lock(&registry.shared->lock) == EOWNERDEAD)
		pthread_mutex_consistent(&registry.shared->lock);
}

void
registry_unlock(void)
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

int
registry_table_create(unsigned int nb_rings)
{
	const struct rte_memzone *zone =
		rte_memzone_reserve_aligned(REGISTRY_ZONE_NAME, sizeof(struct registry_table),
					    SOCKET_ID_ANY, 0, RTE_CACHE_LINE_SIZE);
	struct registry_table *shared;

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
	return 0;
}

void
registry_table_publish(void)
{
	/* Pairs with the acquire in registry_table_find(). */
	__atomic_store_n(&registry.shared->magic, MAGIC, __ATOMIC_RELEASE);
}

int
registry_table_find(void)
{
	const struct rte_memzone *zone = rte_memzone_lookup(REGISTRY_ZONE_NAME);
	struct registry_table *shared = zone != NULL ? zone->addr : NULL;
	char build[sizeof(shared->build)];

	format_build(build, sizeof(build));
	/* The acquire pairs with the release in registry_table_publish(). */
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
