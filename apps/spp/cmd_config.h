/* SPDX-License-Identifier: BSD-3-Clause */
/* `config [KEY [VALUE...]]` */
#ifndef CMD_CONFIG_H
#define CMD_CONFIG_H

struct candidates;
struct cli;
struct cursor;

int cmd_config_run(struct cli *cli, const char *args);

void cmd_config_complete(struct cli *cli, const struct cursor *at, struct candidates *found);

#endif
