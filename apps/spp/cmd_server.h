/* SPDX-License-Identifier: BSD-3-Clause */
/* `server ...`: which controller is talked to. */
#ifndef CMD_SERVER_H
#define CMD_SERVER_H

struct candidates;
struct cli;
struct cursor;

int cmd_server_run(struct cli *cli, const char *args);

void cmd_server_complete(struct cli *cli, const struct cursor *at, struct candidates *found);

#endif
