/* SPDX-License-Identifier: BSD-3-Clause */
/* The services offered to plugins: one struct spp_host per plugin. */
#ifndef HOST_H
#define HOST_H

#include <spp/plugin.h>

/* A table for the plugin whose lines go to log_type; NULL without memory.  The calling thread
 * becomes [main]: debug builds assert that services tagged so are called there.  [main] */
const struct spp_host *host_create(int log_type);
void host_destroy(const struct spp_host *host);

/* This thread is [main] from now on (a program that changes its mind after fork()). */
void host_set_main_thread(void);

#endif
