/* SPDX-License-Identifier: BSD-3-Clause */
/* `playback FILE`: run the lines of a recipe as if they were typed. */
#ifndef CMD_PLAYBACK_H
#define CMD_PLAYBACK_H

struct cli;

int cmd_playback_run(struct cli *cli, const char *args);

#endif
