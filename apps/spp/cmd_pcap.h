/* SPDX-License-Identifier: BSD-3-Clause */
/* `pcap ID; ...` */
#ifndef CMD_PCAP_H
#define CMD_PCAP_H

struct candidates;
struct cli;
struct cursor;

int cmd_pcap_run(struct cli *cli, const char *args);

void cmd_pcap_complete(struct cli *cli, const struct cursor *at, struct candidates *found);

#endif
