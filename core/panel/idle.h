/* SPDX-License-Identifier: BSD-3-Clause */
/* Idle policies: what a worker does when nothing arrives, and how people write it. */
#ifndef IDLE_H
#define IDLE_H

#include <stddef.h>
#include <stdint.h>

#define IDLE_CAP_US_DEFAULT 200

enum idle_kind {
	IDLE_BUSY,     /* never yields the CPU */
	IDLE_YIELD,    /* sched_yield() after an empty pass */
	IDLE_ADAPTIVE, /* pause, then yield, then sleep 1, 2, 4 ... us up to the cap */
};

struct idle_policy {
	enum idle_kind kind;
	uint32_t cap_us; /* of IDLE_ADAPTIVE, 1..1000000 */
};

/* `busy`, `yield`, `adaptive:200us` (or `adaptive:200`, `adaptive:1ms`).  0 or -EINVAL. */
int idle_parse(const char *text, struct idle_policy *policy);
/* Writes `adaptive:200us`; returns out. */
char *idle_format(const struct idle_policy *policy, char *out, size_t size);

#endif
