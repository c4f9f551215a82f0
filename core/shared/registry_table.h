/* SPDX-License-Identifier: BSD-3-Clause */
/* How the registry lies in shared memory; for the files of the registry alone.  [main] */
#ifndef REGISTRY_TABLE_H
#define REGISTRY_TABLE_H

#include <pthread.h>

#include <rte_config.h>

#include "registry.h"
#include "registry_claims.h"

/* The memzone of the table. */
#define REGISTRY_ZONE_NAME "spp_registry"
#define REGISTRY_PORTS_MAX 64
#define REGISTRY_CLAIMS_MAX 1024
#define REGISTRY_TOTALS_MAX 1024

struct registry_slot {
	struct registry_process public;
	bool is_used; /* the last store of an entry, here and below */
	bool workers[RTE_MAX_LCORE];
};

struct registry_claim {
	struct attachment_stats stats; /* first: a cache line of its own */
	char res_uid[RES_UID_SIZE];
	char component[REGISTRY_COMPONENT_SIZE];
	int owner;
	uint16_t dir;
	bool is_used;
};

/* What went through one direction of a port, past its claims.  Those that no claim uses any more
 * are kept until their place is needed. */
struct registry_total {
	char res_uid[RES_UID_SIZE];
	uint16_t dir;
	bool is_used;
	unsigned int claim;          /* the last one; valid if it has the same port and direction */
	uint64_t turn;               /* when the last claim was made, to find the oldest */
	struct registry_totals gone; /* sum of the claims given back */
	struct registry_totals cleared; /* subtracted from what is shown */
};

struct registry_table {
	uint32_t magic;
	uint32_t size;
	char build[64];
	pthread_mutex_t lock; /* process-shared and robust */
	unsigned int nb_rings;
	unsigned int nb_ports;
	uint64_t nb_entered; /* processes so far: the last generation */
	uint64_t nb_claimed; /* claims so far: the last turn */
	bool is_blocked;     /* see registry_set_blocked() */
	struct registry_port ports[REGISTRY_PORTS_MAX];
	struct registry_slot processes[REGISTRY_ID_MAX + 1];
	struct registry_claim claims[REGISTRY_CLAIMS_MAX];
	struct registry_total totals[REGISTRY_TOTALS_MAX];
};

/* The table and this process's id in it.  shared is NULL before this process is entered, and while
 * it runs alone. */
struct registry {
	struct registry_table *shared;
	int id;
};

extern struct registry registry;

/* Make the table; the caller has still to enter this process.  -errno with fail(). */
int registry_table_create(unsigned int nb_rings);
/* From now on secondaries may find the table. */
void registry_table_publish(void);
/* Find the table of the primary.  -errno with fail(). */
int registry_table_find(void);

/* The lock of the table survives the death of its holder. */
void registry_lock(void);
void registry_unlock(void);

#endif
