/* SPDX-License-Identifier: BSD-3-Clause */
/* `help`: the names in columns, or the forms of one command. */
#ifndef CMD_HELP_H
#define CMD_HELP_H

struct candidates;
struct cli;
struct cursor;

int cmd_help_run(struct cli *cli, const char *args);

void cmd_help_complete(struct cli *cli, const struct cursor *at, struct candidates *found);

#endif
