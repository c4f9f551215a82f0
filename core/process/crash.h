/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The last words of a process that crashes: one line on stderr with the signal, the lcore, the
 * plugin and component, and the command that runs; then the process dies as it would have died
 * without.
 */
#ifndef CRASH_H
#define CRASH_H

/* From here on SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT have the line.  program is for its
 * begin, and stays.  Gives the calling thread a stack for it.  [main] */
void crash_init(const char *program);

/* Give every worker lcore a stack for the line, so that a stack that ran over has its line, too.
 * After rte_eal_init(), while no worker runs.  [main] */
void crash_guard_lcores(void);

#endif
