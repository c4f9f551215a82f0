/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a command changes of the lines that config_lines_write_before() and ..._after() write: its
 * reply says so, so that a controller can keep what verbs configure that the controller has never
 * heard of.  [main]
 */
#ifndef CONFIG_CHANGE_H
#define CONFIG_CHANGE_H

struct spp_reply;

/* From now on the reply to a command that was carried out has a member `configured` when lines have
 * come or gone: `before` lists those that have come and stand before all components, `after` lists
 * those of each component by its name, and `gone` the others. */
void config_change_init(void);

/* Add the member `configured` with all such lines; nothing without such lines. */
void config_change_write_status(struct spp_reply *reply);

#endif
