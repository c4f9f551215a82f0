/* SPDX-License-Identifier: BSD-3-Clause */
/* Changes of groups.  All of them belong to the open transaction.  [main] */
#ifndef GROUP_H
#define GROUP_H

#include "panel.h"

/* host->component_set_group(): set the outputs behind a group number of a component; with
 * nb_outputs 0 the group is empty.  -EINVAL or -ENOMEM with fail(). */
int group_set(struct spp_component *component, uint16_t group, const uint16_t *outputs,
	      uint16_t nb_outputs);

#endif
