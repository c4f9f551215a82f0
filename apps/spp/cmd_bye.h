/* SPDX-License-Identifier: BSD-3-Clause */
/* `bye [sec|all]` and `exit`. */
#ifndef CMD_BYE_H
#define CMD_BYE_H

struct candidates;
struct cli;
struct cursor;

int cmd_bye_run(struct cli *cli, const char *args);
int cmd_exit_run(struct cli *cli, const char *args);

void cmd_bye_complete(struct cli *cli, const struct cursor *at, struct candidates *found);

#endif
