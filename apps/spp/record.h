/* SPDX-License-Identifier: BSD-3-Clause */
/* Recording of what is typed. */
#ifndef RECORD_H
#define RECORD_H

struct cli;

/* Write a typed line, if something is recorded and the line is one to be played back. */
void record_line(struct cli *cli, const char *line);

/* End the recording that is on, and say so. */
void record_close(struct cli *cli);

#endif
