/* SPDX-License-Identifier: BSD-3-Clause */
/* `pri; ...` */
#ifndef CMD_PRI_H
#define CMD_PRI_H

struct candidates;
struct cli;
struct cursor;

int cmd_pri_run(struct cli *cli, const char *args);

void cmd_pri_complete(struct cli *cli, const struct cursor *at, struct candidates *found);

#endif
