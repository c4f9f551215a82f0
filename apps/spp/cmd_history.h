/* SPDX-License-Identifier: BSD-3-Clause */
/* `history` and `redo`. */
#ifndef CMD_HISTORY_H
#define CMD_HISTORY_H

struct cli;

int cmd_history_run(struct cli *cli, const char *args);
int cmd_redo_run(struct cli *cli, const char *args);

#endif
