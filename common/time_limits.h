/* SPDX-License-Identifier: BSD-3-Clause */
/* Time limits that the processes and the controller must agree on. */
#ifndef TIME_LIMITS_H
#define TIME_LIMITS_H

/* A process waits so long for a worker before it refuses a command, ms. */
#define LIMIT_QUIESCE_MS 2000
/* Most waits of one command: for the workers that it touches, then for all workers. */
#define LIMIT_QUIESCE_WAITS 2
/* The controller waits so long for a sign of life of the process that carries out a command, ms.
 * The sentence of a process that has given up is on its way by then. */
#define LIMIT_ANSWER_MS (LIMIT_QUIESCE_WAITS * LIMIT_QUIESCE_MS + 1000)

#endif
