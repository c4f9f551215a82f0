/* SPDX-License-Identifier: BSD-3-Clause */
/* Bring the process into the state that a boot configuration describes.  [main] */
#ifndef CONFIG_APPLY_H
#define CONFIG_APPLY_H

#include "config.h"

/* Load the plugins (before rte_eal_init()): refused ones are logged, the process goes on without.
 * -errno with fail() when their directory cannot be used, or a plugin in the list has no file.
 */
int config_load_plugins(const struct config *config);

/* Before port_init(): check and hand over the options of ports.  -errno with fail(). */
int config_set_port_options(const struct config *config);

/* After lcore_init() and port_init(): idle policies, components, attachments, commands as
 * one transaction.  On failure nothing is applied and the sentence names file, line and object. */
int config_apply(const struct config *config);

#endif
