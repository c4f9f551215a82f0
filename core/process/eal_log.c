/* SPDX-License-Identifier: BSD-3-Clause */
/* What DPDK prints while it starts. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_log.h>

#include "eal_log.h"

#define CAUSE_SIZE 256

/* Lines of the TAP driver on a kernel without the multiq qdisc: the driver only loses rte_flow,
 * which no plugin uses on TAP. */
static const char *const harmless[] = {"qdisc", "Disabling rte flow support"};

static struct {
	FILE *err, *out; /* the real stderr and stdout; NULL: nothing is held */
	FILE *log;       /* where DPDK's log writes: decides which message is held */
	FILE *held;      /* writes to text */
	char *text;
	size_t size;
	char cause[CAUSE_SIZE];
} eal_log;

/* Called by DPDK's log with whole messages, because it flushes after each. */
static ssize_t
write_log(void *cookie, const char *bytes, size_t nb)
{
	bool is_critical = rte_log_cur_msg_loglevel() <= (int)RTE_LOG_CRIT;

	(void)cookie;
	fwrite(bytes, 1, nb, is_critical ? eal_log.err : eal_log.held);
	return (ssize_t)nb;
}

void
eal_log_hold(void)
{
	const cookie_io_functions_t functions = {.write = write_log};

	eal_log.held = open_memstream(&eal_log.text, &eal_log.size);
	eal_log.log = fopencookie(NULL, "w", functions);
	if (eal_log.held == NULL || eal_log.log == NULL || rte_openlog_stream(eal_log.log) != 0) {
		eal_log_release(false);
		return;
	}
	/* DPDK prints usage texts, for example, directly to stderr or stdout, which glibc lets a
	 * program replace. */
	eal_log.err = stderr;
	eal_log.out = stdout;
	stderr = stdout = eal_log.held;
}

static bool
is_harmless(const char *line, size_t len)
{
	for (unsigned int i = 0; i < RTE_DIM(harmless); i++)
		if (memmem(line, len, harmless[i], strlen(harmless[i])) != NULL)
			return true;
	return false;
}

const char *
eal_log_cause(void)
{
	const char *line = eal_log.text, *end;

	eal_log.cause[0] = '\0';
	if (eal_log.err == NULL)
		return eal_log.cause;
	fflush(eal_log.held);
	line = eal_log.text;
	for (; line != NULL && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		if (strncmp(line, "EAL: ", 5) != 0 || is_harmless(line, end - line))
			continue;
		line += strncmp(line + 5, "FATAL: ", 7) == 0 ? 12 : 5;
		snprintf(eal_log.cause, sizeof(eal_log.cause), "%.*s", (int)(end - line), line);
		break;
	}
	return eal_log.cause;
}

static void
say_held(void)
{
	const char *line = eal_log.text;

	while (*line != '\0') {
		size_t len = strcspn(line, "\n") + 1;

		if (!is_harmless(line, len))
			fprintf(stderr, "%.*s\n", (int)len - 1, line);
		line += len;
	}
}

void
eal_log_release(bool say)
{
	if (eal_log.err != NULL) {
		stderr = eal_log.err;
		stdout = eal_log.out;
		rte_openlog_stream(NULL);
	}
	if (eal_log.log != NULL)
		fclose(eal_log.log);
	if (eal_log.held != NULL)
		fclose(eal_log.held);
	if (say && eal_log.err != NULL)
		say_held();
	free(eal_log.text);
	memset(&eal_log, 0, sizeof(eal_log));
}
