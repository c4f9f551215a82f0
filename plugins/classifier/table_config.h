/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table as the commands that rebuild it.  [main] */
#ifndef TABLE_CONFIG_H
#define TABLE_CONFIG_H

#include <spp/ext/config.h>

/* The commands that add the entries of a classifier, as spp_config_ext.instance_config. */
int table_config_write(void *state, spp_config_emit emit, void *arg);

#endif
