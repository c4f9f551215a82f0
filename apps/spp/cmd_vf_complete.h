/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion of `vf ID; ...` and `mirror ID; ...`, fed by what the process has. */
#ifndef CMD_VF_COMPLETE_H
#define CMD_VF_COMPLETE_H

struct candidates;
struct cli;
struct cursor;

void cmd_mirror_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void cmd_vf_complete(struct cli *cli, const struct cursor *at, struct candidates *found);

#endif
