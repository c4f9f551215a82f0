/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table as the commands that rebuild it. */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <spp/plugin.h>

#include "instance.h"
#include "table_config.h"
#include "table_status.h"

/* Where lines of the configuration go. */
struct sink {
	spp_config_emit emit;
	void *arg;
};

/* A port in one word: `phy:0 nq 1` is written `phy:0nq1` in commands. */
static void
format_word(const char *port, char *out)
{
	for (; *port != '\0'; port++)
		if (*port != ' ')
			*out++ = *port;
	*out = '\0';
}

/* `101/52:54:00:12:34:56` as two words. */
static int
write_line(void *arg, const struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	const char *port = c->port[value - 1];
	const struct sink *sink = arg;
	char text[TABLE_VALUE_SIZE], word[64], line[sizeof(text) + sizeof(word) + 32];
	char *slash = strchr(table_format_value(vc, key, text), '/');

	if (strlen(port) >= sizeof(word))
		return spp_host->fail(spp_host, -E2BIG, "port %.64s... is no word", port);
	format_word(port, word);
	if (slash != NULL)
		*slash = ' ';
	snprintf(line, sizeof(line), "classifier_table add %s %s %s",
		 vc == UNTAGGED ? "mac" : "vlan", text, word);
	return sink->emit(sink->arg, line);
}

int
table_config_write(void *state, spp_config_emit emit, void *arg)
{
	struct sink sink = {emit, arg};

	return table_visit(state, write_line, &sink);
}
