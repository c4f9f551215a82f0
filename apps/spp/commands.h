/* SPDX-License-Identifier: BSD-3-Clause */
/* The functions behind the table of commands, see command.h. */
#ifndef COMMANDS_H
#define COMMANDS_H

struct cli;
struct candidates;
struct cursor;

int bye_run(struct cli *cli, const char *args);
int cat_run(struct cli *cli, const char *args);
int cd_run(struct cli *cli, const char *args);
int config_run(struct cli *cli, const char *args);
int env_run(struct cli *cli, const char *args);
int exit_run(struct cli *cli, const char *args);
int help_run(struct cli *cli, const char *args);
int history_run(struct cli *cli, const char *args);
int less_run(struct cli *cli, const char *args);
int ls_run(struct cli *cli, const char *args);
int mirror_run(struct cli *cli, const char *args);
int mkdir_run(struct cli *cli, const char *args);
int nfv_run(struct cli *cli, const char *args);
int pcap_run(struct cli *cli, const char *args);
int playback_run(struct cli *cli, const char *args);
int pri_run(struct cli *cli, const char *args);
int pwd_run(struct cli *cli, const char *args);
int record_run(struct cli *cli, const char *args);
int redo_run(struct cli *cli, const char *args);
int server_run(struct cli *cli, const char *args);
int status_run(struct cli *cli, const char *args);
int vf_run(struct cli *cli, const char *args);

void bye_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void config_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void env_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void files_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void files_complete_directories(struct cli *cli, const struct cursor *at, struct candidates *found);
void help_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void mirror_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void nfv_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void pcap_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void pri_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void server_complete(struct cli *cli, const struct cursor *at, struct candidates *found);
void vf_complete(struct cli *cli, const struct cursor *at, struct candidates *found);

#endif
