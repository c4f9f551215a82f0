/* SPDX-License-Identifier: BSD-3-Clause */
/* The verb status. [main] */
#ifndef STATUS_H
#define STATUS_H

#include <stdbool.h>

/* Port types whose id list is in the reply even if no plugin drives them: peers expect the keys.
 * client_id is -1 when the process has none. */
int status_init(int client_id, const char *const *port_types, unsigned int nb_port_types);

/* True once status_init() has added the forms of status that show less than all. */
bool status_has_pages(void);

struct spp_reply;

/* Add the member mbufs: how many packet buffers there are, and how many are in use. */
void status_write_mbufs(struct spp_reply *reply);

#endif
