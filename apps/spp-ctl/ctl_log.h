/* SPDX-License-Identifier: BSD-3-Clause */
/* The log of the controller: one line each on stderr. */
#ifndef CTL_LOG_H
#define CTL_LOG_H

#include <stddef.h>

/* Write one line with the time in front; what is not printable is shown as `?`, and what is longer
 * than a line should be is cut and marked. */
void ctl_log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same line about a text that came from outside: `<about>: <text>`. */
void ctl_log_text(const char *about, const char *text, size_t len);

#endif
