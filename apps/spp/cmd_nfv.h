/* SPDX-License-Identifier: BSD-3-Clause */
/* `nfv ID; ...` */
#ifndef CMD_NFV_H
#define CMD_NFV_H

struct candidates;
struct cli;
struct cursor;

int cmd_nfv_run(struct cli *cli, const char *args);

void cmd_nfv_complete(struct cli *cli, const struct cursor *at, struct candidates *found);

#endif
