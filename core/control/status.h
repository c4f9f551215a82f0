/* SPDX-License-Identifier: BSD-3-Clause */
/* The verb status. [main] */
#ifndef STATUS_H
#define STATUS_H

/* Port types whose id list is in the reply even if no plugin drives them: peers expect the keys.
 * client_id is -1 when the process has none. */
int status_init(int client_id, const char *const *port_types, unsigned int nb_port_types);

struct spp_reply;

/* Add the member mbufs: how many packet buffers there are, and how many are in use. */
void status_write_mbufs(struct spp_reply *reply);

#endif
