/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table as commands and status show it.  [main] */
#ifndef VERBS_H
#define VERBS_H

#include <spp/plugin.h>

/* `classifier_table add|del mac|vlan ...`. */
int verbs_run(const struct spp_args *args, struct spp_reply *reply);

/* The member `classifier_table` of the status of the process. */
void verbs_write_status(struct spp_reply *reply);

#endif
