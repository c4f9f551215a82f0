/* SPDX-License-Identifier: BSD-3-Clause */
/* The program without terminal and network: lines in, text out, and a controller that answers what
 * a test tells it to. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>

#include "cli.h"

/* Begin anew: no answers, default settings, one server 127.0.0.1:7777.  As cmocka wants them. */
int terminal_setup(void **state);
int terminal_teardown(void **state);

struct cli *terminal_cli(void);

/* What running the line prints.  The text is valid until the next call. */
const char *terminal_type(const char *line);

/* Did the last line succeed? */
bool terminal_succeeded(void);

/* The candidates for a line up to the cursor, separated by blanks. */
const char *terminal_complete(const char *line);

/* Answer `METHOD /path`, from now on, with this; note may be NULL.  Others are not found. */
void terminal_answer(const char *request, long status, const char *body, const char *note);

/* Every request fails with this negative error; with 0, requests are answered again. */
void terminal_disconnect(int err);

/* The requests since the last call, one a line: `METHOD /path body`. */
const char *terminal_requests(void);

#endif
