/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table as status shows it.  [main] */
#ifndef TABLE_STATUS_H
#define TABLE_STATUS_H

#include <stdint.h>

#include <spp/plugin.h>

#define TABLE_VALUE_SIZE sizeof("4094/52:54:00:12:34:56")

/* `52:54:00:12:34:56`, `default`, `101/52:54:00:12:34:56` or `101/default`; out holds
 * TABLE_VALUE_SIZE bytes.  Returns out. */
char *table_format_value(uint16_t vc, uint64_t key, char *out);

/* The member `classifier_table` of the status of the process. */
void table_status_write(struct spp_reply *reply);

/* The members `longest_probe` and `rekeys` of the status of a classifier. */
void table_status_write_instance(void *instance, struct spp_reply *reply);

#endif
