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
