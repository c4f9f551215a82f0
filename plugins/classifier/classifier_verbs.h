/* SPDX-License-Identifier: BSD-3-Clause */
/* The commands that change the classifier's table.  [main] */
#ifndef CLASSIFIER_VERBS_H
#define CLASSIFIER_VERBS_H

#include <spp/plugin.h>

/* `classifier_table add|del mac|vlan ...`. */
int classifier_verbs_run(const struct spp_args *args, struct spp_reply *reply);

#endif
