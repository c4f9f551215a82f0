/* SPDX-License-Identifier: BSD-3-Clause */
/* The log of the controller: one line each on stderr. */
#ifndef CTL_LOG_H
#define CTL_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Write one line with the time in front.  Bytes that are not printable are shown as `?`, and a line
 * that is too long is cut and ends in `...`. */
void ctl_log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Write `<about>: <text>` about a text that came from outside.  The text needs no NUL at its end;
 * one that is too long is cut, and the line tells its length. */
void ctl_log_text(const char *about, const char *text, size_t len);

/* Lines that a stranger can cause as often as he likes: some at once, then a few a second.  What is
 * left out is counted. */
struct ctl_log_limit {
	const char *about; /* what the lines are about, for the count */
	struct ctl_log_limit *next;
	bool is_listed;
	unsigned int nb_tokens, nb_left_out;
	time_t filled_s;
};

#define CTL_LOG_LIMIT(text)                                                                        \
	{                                                                                          \
		.about = (text)                                                                    \
	}

/* True if a line of this kind may be written now.  The limit outlives the log. */
bool ctl_log_may(struct ctl_log_limit *limit);

/* Write how many lines were left out since the last call; to be called once a second. */
void ctl_log_tell_left_out(void);

#endif
