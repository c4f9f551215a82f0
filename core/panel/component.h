/* SPDX-License-Identifier: BSD-3-Clause */
/* Start and stop components.  All changes belong to the open transaction.  [main] */
#ifndef COMPONENT_H
#define COMPONENT_H

#include "panel.h"

/* Start a component of that type on a worker lcore; options as `name=value` texts.  -errno with
 * fail(). */
int component_start(const char *name, unsigned int lcore, const char *type,
		    const char *const *options, unsigned int nb_options);

/* Stop it: its ports are detached.  -errno with fail(). */
int component_stop(struct spp_component *component);

/* Stop everything (end of the process), in one transaction of its own. */
int component_stop_all(void);

/* host->component_touch(): its lcore gets a new plan, the reply waits for it. */
void component_touch(struct spp_component *self);

#endif
