/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Proof of life: a process holds a lock on its record in a file of the panel, and the kernel
 * releases the lock when the process dies.  A lock means the same in every PID namespace; a pid
 * does not. A child that is forked and does not exec keeps the lock of its parent.  [main]
 */
#ifndef LIFE_H
#define LIFE_H

#include <stdbool.h>
#include <stddef.h>

/* Use the file in that runtime directory of DPDK; with is_owner set, make it if it is not there.
 * -ENOENT when there is no such file, else -errno; no sentence is stored. */
int life_open(const char *runtime_dir, bool is_owner);
/* End this process's own life there as well. */
void life_close(void);

/* From now on this process lives under that id of the registry.  -EAGAIN while another process
 * does, else -errno; no sentence is stored. */
int life_begin(int id, const char *program);
void life_end(void);

/* True while some process, this one included, lives under that id. */
bool life_is_held(int id);

/* Who lives, or last lived, under that id, for a sentence: `spp_vf 1 (process 4711)`. */
void life_describe(int id, char *text, size_t size);

/* A primary wants to start: ask those that outlived an earlier primary to end, until life_close().
 * -errno; no sentence is stored. */
int life_ask_to_leave(void);
/* True while a primary asks that. */
bool life_is_asked_to_leave(void);

#endif
