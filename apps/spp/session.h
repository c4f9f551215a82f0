/* SPDX-License-Identifier: BSD-3-Clause */
/* A person at a terminal. */
#ifndef SESSION_H
#define SESSION_H

#include <signal.h>

struct cli;

/* What Ctrl-C sets while a session runs. */
const volatile sig_atomic_t *session_interrupt(void);

/* Read and run lines until `exit` or the end of input.  0, or -1 without a usable terminal. */
int session_run(struct cli *cli);

#endif
