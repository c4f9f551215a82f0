/* SPDX-License-Identifier: BSD-3-Clause */
/* Start and stop components.  All changes belong to the open transaction.  [main] */
#ifndef COMPONENT_H
#define COMPONENT_H

#include "panel.h"

/* Start a component of that type on a worker lcore; options as `name=value` texts.  -errno with
 * fail(). */
int component_start(const char *name, unsigned int lcore, const char *type,
		    const char *const *options, unsigned int nb_options);

/* True if that component was started with these words, so that nothing is left to start. */
bool component_is(const struct spp_component *component, unsigned int lcore, const char *type,
		  const char *const *options, unsigned int nb_options);

/* Stop it: its ports are detached.  -errno with fail(). */
int component_stop(struct spp_component *component);

/* Stop all components, in one transaction of its own: the process ends. */
int component_stop_all(void);

/* host->component_touch(): the lcore of the component gets a new plan, and the reply waits until
 * the worker uses that plan. */
void component_touch(struct spp_component *self);

#endif
