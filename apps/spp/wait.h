/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting for the primary process. */
#ifndef WAIT_H
#define WAIT_H

struct cli;

/* Ask every interval_ms, at most 20 s by that count, and show it; then go on in any case. */
void wait_primary(struct cli *cli, unsigned int interval_ms);

#endif
