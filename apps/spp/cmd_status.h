/* SPDX-License-Identifier: BSD-3-Clause */
/* `status`: the controller and the processes it knows. */
#ifndef CMD_STATUS_H
#define CMD_STATUS_H

struct cli;

int cmd_status_run(struct cli *cli, const char *args);

#endif
