/* SPDX-License-Identifier: BSD-3-Clause */
/* The state of the program, and how it speaks to its user. */
#ifndef CLI_H
#define CLI_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "history.h"
#include "servers.h"
#include "settings.h"

/* Longest line, as for a command of the wire protocol. */
#define CLI_LINE_MAX 4096

struct command;
struct http_client;

struct cli {
	FILE *out; /* results */
	FILE *err; /* failures and notes: stderr in JSON mode, otherwise out */
	bool json; /* print replies as they came */
	bool stop_on_error;
	bool ended; /* `exit` or `bye` was given */

	const volatile sig_atomic_t *interrupted; /* what Ctrl-C sets */
	const struct command *commands;           /* ended by a NULL name */
	struct http_client *http;
	struct servers servers;
	struct settings settings;
	struct history history;
	FILE *record;                   /* owned; NULL: nothing is recorded */
	const struct playing *playback; /* innermost file that is played back, on its stack */
};

/* commands, http and interrupted stay the caller's and outlive cli.  A set *interrupted ends long
 * commands.  0 or -ENOMEM. */
int cli_init(struct cli *cli, const struct command *commands, struct http_client *http,
	     const volatile sig_atomic_t *interrupted);
void cli_fini(struct cli *cli);

/* Write a line about what has been done; in JSON mode write nothing. */
void cli_say(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Write a line about what could not be done.  Returns -1, for `return cli_error(...)`. */
int cli_error(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Write `Note: <text>`: nothing had to be done. */
void cli_note(struct cli *cli, const char *text);

/* End the recording that is on, if any, and say so. */
void cli_record_close(struct cli *cli);

/* Say farewell and end the session. */
void cli_end(struct cli *cli);

#endif
