/* SPDX-License-Identifier: BSD-3-Clause */
/* The log of the controller: one line each on stderr. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ascii.h"
#include "ctl_log.h"

#define LINE_SIZE 1024
#define TEXT_MAX 512
/* Of a kind of lines that is limited: so many at once, then so many a second. */
#define AT_ONCE_MAX 50
#define PER_SECOND 5

/* Every limit that was ever asked. */
static struct ctl_log_limit *limits;

void
ctl_log_line(const char *fmt, ...)
{
	char line[LINE_SIZE], stamp[32] = "";
	struct timespec now;
	struct tm tm;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (len >= (int)sizeof(line))
		memcpy(line + sizeof(line) - 4, "...", 4);
	ascii_sanitize(line);

	clock_gettime(CLOCK_REALTIME, &now);
	if (localtime_r(&now.tv_sec, &tm) != NULL)
		strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%S", &tm);
	fprintf(stderr, "%s.%03ld spp-ctl: %s\n", stamp, now.tv_nsec / 1000000, line);
}

void
ctl_log_text(const char *about, const char *text, size_t len)
{
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	if (len > TEXT_MAX)
		ctl_log_line("%s: %.*s... (%zu bytes)", about, TEXT_MAX, text, len);
	else
		ctl_log_line("%s: %.*s", about, (int)len, text);
}

static void
refill(struct ctl_log_limit *limit)
{
	struct timespec now;
	time_t passed_s;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!limit->is_listed) {
		*limit = (struct ctl_log_limit){.about = limit->about,
						.next = limits,
						.is_listed = true,
						.nb_tokens = AT_ONCE_MAX,
						.filled_s = now.tv_sec};
		limits = limit;
	}
	passed_s = now.tv_sec - limit->filled_s;
	limit->filled_s = now.tv_sec;
	if (passed_s >= AT_ONCE_MAX / PER_SECOND)
		limit->nb_tokens = AT_ONCE_MAX;
	else
		limit->nb_tokens += (unsigned int)passed_s * PER_SECOND;
	if (limit->nb_tokens > AT_ONCE_MAX)
		limit->nb_tokens = AT_ONCE_MAX;
}

bool
ctl_log_may(struct ctl_log_limit *limit)
{
	refill(limit);
	if (limit->nb_tokens == 0) {
		limit->nb_left_out++;
		return false;
	}
	limit->nb_tokens--;
	return true;
}

void
ctl_log_tell_left_out(void)
{
	for (struct ctl_log_limit *limit = limits; limit != NULL; limit = limit->next) {
		if (limit->nb_left_out == 0)
			continue;
		ctl_log_line("%u lines about %s are left out", limit->nb_left_out, limit->about);
		limit->nb_left_out = 0;
	}
}
