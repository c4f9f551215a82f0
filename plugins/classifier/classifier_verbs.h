/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table as commands and status show it.  [main] */
#ifndef CLASSIFIER_VERBS_H
#define CLASSIFIER_VERBS_H

#include <spp/plugin.h>

/* `classifier_table add|del mac|vlan ...`. */
int classifier_verbs_run(const struct spp_args *args, struct spp_reply *reply);

/* The member `classifier_table` of the status of the process. */
void classifier_verbs_write_status(struct spp_reply *reply);

/* The members `longest_probe` and `rekeys` of the status of a classifier. */
void classifier_verbs_write_instance(void *instance, struct spp_reply *reply);

#endif
