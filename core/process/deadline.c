/* SPDX-License-Identifier: BSD-3-Clause */
/* A deadline by SIGALRM, which also reaches a thread that spins. */

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deadline.h"

/* What the handler prints: it may not format. */
static char sentence[512];

static void
on_alarm(int number)
{
	ssize_t written;

	(void)number;
	written = write(STDERR_FILENO, sentence, strlen(sentence));
	(void)written;
	_exit(EXIT_FAILURE);
}

void
deadline_begin(unsigned int seconds, const char *fmt, ...)
{
	const struct sigaction action = {.sa_handler = on_alarm};
	size_t len;
	va_list ap;

	deadline_end();
	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence) - 1, fmt, ap);
	va_end(ap);
	len = strlen(sentence);
	memcpy(sentence + len, "\n", 2);
	sigaction(SIGALRM, &action, NULL);
	alarm(seconds);
}

void
deadline_end(void)
{
	alarm(0);
}
