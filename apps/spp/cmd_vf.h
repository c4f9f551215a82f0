/* SPDX-License-Identifier: BSD-3-Clause */
/* `vf ID; ...`, and `mirror ID; ...` where it is the same. */
#ifndef CMD_VF_H
#define CMD_VF_H

struct cli;

int cmd_mirror_run(struct cli *cli, const char *args);
int cmd_vf_run(struct cli *cli, const char *args);

#endif
