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
	FILE *err; /* failures and notes: out as well, unless out is to be pure JSON */
	bool json; /* print replies as they came */
	bool stop_on_error;
	bool ended; /* `exit` or `bye` was given */

	const volatile sig_atomic_t *interrupted; /* what Ctrl-C sets */
	const struct command *commands;           /* all there are, ended by a NULL name */
	struct http_client *http;
	struct servers servers;
	struct settings settings;
	struct history history;
	FILE *record;                   /* NULL: no recording */
	const struct playing *playback; /* innermost file that is played back */
};

/* commands, http and interrupted stay the caller's and outlive cli; *interrupted ends long
 * commands. 0 or -ENOMEM. */
int cli_init(struct cli *cli, const struct command *commands, struct http_client *http,
	     const volatile sig_atomic_t *interrupted);
void cli_fini(struct cli *cli);

/* A line about what has been done; not in JSON mode. */
void cli_say(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A line about what could not be done.  Returns -1, for `return cli_error(...)`. */
int cli_error(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* `Note: <text>`: nothing was done, and nothing had to be. */
void cli_note(struct cli *cli, const char *text);

/* End the recording that is on, if any, and say so. */
void cli_record_close(struct cli *cli);

/* Farewell; the session ends. */
void cli_end(struct cli *cli);

#endif
