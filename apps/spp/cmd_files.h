/* SPDX-License-Identifier: BSD-3-Clause */
/* `pwd`, `cd`, `ls`, `mkdir`, `cat`, `less`, `env`; no shell sees any of their arguments. */
#ifndef CMD_FILES_H
#define CMD_FILES_H

struct candidates;
struct cli;
struct cursor;

int cmd_cat_run(struct cli *cli, const char *args);
int cmd_cd_run(struct cli *cli, const char *args);
int cmd_env_run(struct cli *cli, const char *args);
int cmd_less_run(struct cli *cli, const char *args);
int cmd_ls_run(struct cli *cli, const char *args);
int cmd_mkdir_run(struct cli *cli, const char *args);
int cmd_pwd_run(struct cli *cli, const char *args);

void cmd_env_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void cmd_files_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void cmd_files_complete_directories(struct cli *cli, const struct cursor *at,
				    struct candidates *found);

#endif
