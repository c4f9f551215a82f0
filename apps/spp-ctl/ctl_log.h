/* SPDX-License-Identifier: BSD-3-Clause */
/* The log of the controller: one line each on stderr. */
#ifndef CTL_LOG_H
#define CTL_LOG_H

#include <stddef.h>

/* Write one line with the time in front.  Bytes that are not printable are shown as `?`, and a line
 * that is too long is cut and ends in `...`. */
void ctl_log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Write `<about>: <text>` about a text that came from outside.  The text needs no NUL at its end;
 * one that is too long is cut, and the line tells its length. */
void ctl_log_text(const char *about, const char *text, size_t len);

#endif
