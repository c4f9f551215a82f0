/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting for the primary process. */
#ifndef WAIT_H
#define WAIT_H

struct cli;

/* Wait for the primary and show the wait.  Asks every interval_ms, at most 40 times, which the text
 * counts as half a second each, and returns in any case. */
void wait_primary(struct cli *cli, unsigned int interval_ms);

#endif
