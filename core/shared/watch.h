/* SPDX-License-Identifier: BSD-3-Clause */
/* Notice at once when another process of the panel dies.  [main] */
#ifndef WATCH_H
#define WATCH_H

struct event_base;

/* Primary: watch every secondary that joins; take back what a dead one had, and say so. */
int watch_secondaries(struct event_base *base);

/* Secondary: call on_death() once when the primary dies. */
int watch_primary(struct event_base *base, void (*on_death)(void));

void watch_fini(void);

/* Text of the i-th of the last deaths, the newest last, for status; NULL beyond the number kept. */
const char *watch_death(unsigned int i);

#endif
