/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table in shared memory that says who uses what: processes, worker lcores, ring ends and NIC
 * queues.  The primary makes the table, secondaries join it.  A process that runs alone has no
 * table and calls none of these functions but registry_is_there(), registry_is_primary() and
 * registry_leave().  Changes are made under a lock that survives the death of its holder.  [main]
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "res_uid.h"

/* The primary's id; secondaries have 1..127. */
#define REGISTRY_PRIMARY 0
#define REGISTRY_ID_MAX 127
#define REGISTRY_COMPONENT_SIZE 32

/* One process of the panel. */
struct registry_process {
	int id;
	pid_t pid;
	uint64_t pid_namespace; /* in which pid means this process; 0: unknown */
	uint64_t generation;    /* tells a process from the next one with its id */
	char program[16];
	unsigned int main_lcore;
	unsigned int nb_workers;
};

/* A port that exists from the start, as the primary set it up. */
struct registry_port {
	char type[RES_UID_TYPE_SIZE];
	uint32_t id;
	uint16_t nb_rx, nb_tx;
};

/* Primary: make the table and enter this process in it.  Secondaries read nb_rings there.  -errno
 * with fail(). */
int registry_create(const char *program, unsigned int nb_rings);
/* Secondary: find the table and enter this process under its id.  Refused with a sentence that
 * names the holder when the id or one of the worker lcores belongs to a live process, when the
 * table is of another build, or when no table exists.  Waits some seconds at most for the primary
 * to clear away a dead holder. */
int registry_join(const char *program, int id);
/* Primary or secondary: give back what this process has. */
void registry_leave(void);

/* True after registry_create() or registry_join(). */
bool registry_is_there(void);
bool registry_is_primary(void);
unsigned int registry_nb_rings(void);

/* Primary: this process ends because DPDK's memory allocator is blocked; secondaries learn that
 * even when it has gone. */
void registry_set_blocked(void);
bool registry_is_blocked(void);

/* Publish a port; find a published one.  Secondaries use no other permanent ports. */
int registry_publish(const struct registry_port *port);
bool registry_find_port(const char *type, uint32_t id, struct registry_port *port);
/* The i-th published port; false beyond the last. */
bool registry_get_port(unsigned int i, struct registry_port *port);

/* Next process after id (start with -1); false after the last. */
bool registry_next(int id, struct registry_process *process);
/* Primary: names of the secondaries that live, for a sentence; returns their number. */
unsigned int registry_list_secondaries(char *list, size_t size);
/* True while that very process lives: see life.h. */
bool registry_is_alive(const struct registry_process *process);
/* True if its pid means the same process here: not so from one container to another. */
bool registry_is_pid_ours(const struct registry_process *process);

/* Primary: take back everything of a dead secondary: claims, lcores.
 * Writes a sentence about the loss into text. */
void registry_reap(int id, char *text, size_t size);

#endif
