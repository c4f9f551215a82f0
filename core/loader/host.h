/* SPDX-License-Identifier: BSD-3-Clause */
/* The services offered to plugins: one struct spp_host per plugin. */
#ifndef HOST_H
#define HOST_H

#include <spp/plugin.h>

/* Make a table for the plugin whose lines go to log_type; NULL without memory.  The thread of the
 * first call is [main] from then on: debug builds assert that services tagged [main] are called
 * there.  [main] */
const struct spp_host *host_create(int log_type);
void host_destroy(const struct spp_host *host);

/* From now on the calling thread is [main]; for a program whose later calls come from another
 * thread than its first host_create(). */
void host_set_main_thread(void);

#endif
