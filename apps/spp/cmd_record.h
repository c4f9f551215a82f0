/* SPDX-License-Identifier: BSD-3-Clause */
/* `record FILE`: write down what is typed, for playback. */
#ifndef CMD_RECORD_H
#define CMD_RECORD_H

struct cli;

int cmd_record_run(struct cli *cli, const char *args);

#endif
