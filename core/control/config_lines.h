/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration of the process as command lines, which lead to the same configuration when they
 * are sent in their order to a process that has none.  [main]
 *
 * Functions hand each line to emit() and stop when emit() returns something other than 0.  They
 * return 0, what emit() returned, or -errno with fail() when a plugin writes a line that is no
 * command of its own.
 */
#ifndef CONFIG_LINES_H
#define CONFIG_LINES_H

#include <spp/ext/config.h>

/* Every line: policies of workers, process lines of plugins, components, tx ports, lines of
 * components, rx ports. */
int config_lines_write(spp_config_emit emit, void *arg);

/* The lines that verbs other than component and port have configured, without those of plugins
 * with SPP_CONFIG_LARGE: what comes before components, and what comes after the tx ports of one. */
int config_lines_write_before(spp_config_emit emit, void *arg);
int config_lines_write_after(const struct spp_component *component, spp_config_emit emit,
			     void *arg);

#endif
