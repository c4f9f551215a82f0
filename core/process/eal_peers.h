/* SPDX-License-Identifier: BSD-3-Clause */
/* The other processes of a runtime directory of DPDK, for one that has not started DPDK yet.
 * [main] */
#ifndef EAL_PEERS_H
#define EAL_PEERS_H

#include <stdbool.h>
#include <sys/types.h>

struct eal_peer {
	pid_t pid; /* 0 when it is in a PID namespace that this process does not see */
};

/* True while a primary, not this process, lives there, be it still starting.  From any thread. */
bool eal_peers_find_primary(const char *runtime_dir, struct eal_peer *primary);
bool eal_peers_have_primary(const char *runtime_dir);

/* The pid of a process that still uses the memory of an earlier primary, by the files that DPDK
 * makes for it; 0: none is known.  For what is no process of ours. */
int eal_peers_find_pid(const char *runtime_dir);

/* Primary: if secondaries of an earlier primary live, ask them to end and wait for that, at most so
 * long.  -EBUSY with fail() naming one that stays. */
int eal_peers_end_survivors(const char *runtime_dir, unsigned int wait_s);

/* Secondary: wait until the primary is ready, but a moment only, since it may be no spp_primary.
 * -ENOENT with fail() when there is none, or none that gets ready. */
int eal_peers_await_primary(const char *runtime_dir);

#endif
