/* SPDX-License-Identifier: BSD-3-Clause */
/* Any text as a line typed into the command line program; the text behind the line is the answer of
 * the controller.  The line is also completed, at its end. */

#include "../../apps/spp/command.h"
#include "../../apps/spp/complete.h"
#include "fuzz.h"
#include "fuzz_spp.h"

static void
check_candidates(struct cli *cli, const char *line)
{
	size_t printed = strlen(fuzz_spp_output()), typed, common;
	struct candidates found;
	const char *prefix;

	complete_line(cli, line, &found, &typed);
	FUZZ_ASSERT(typed <= strlen(line));
	prefix = line + strlen(line) - typed;
	common = candidates_common(&found);
	FUZZ_ASSERT(found.nb == 0 || common >= typed);
	for (unsigned int i = 0; i < found.nb; i++) {
		FUZZ_ASSERT(strncmp(found.word[i], prefix, typed) == 0);
		FUZZ_ASSERT(strncmp(found.word[i], found.word[0], common) == 0);
		FUZZ_ASSERT(i == 0 || strcmp(found.word[i - 1], found.word[i]) < 0);
	}
	candidates_free(&found);
	FUZZ_ASSERT(strlen(fuzz_spp_output()) == printed);
}

/* `playback` reads any file of the machine. */
static bool
is_harmless(const char *line)
{
	return strstr(line, "playback") == NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	char *line = text, *reply = text + strcspn(text, "\n");
	struct cli *cli;

	if (*reply != '\0')
		*reply++ = '\0';
	cli = fuzz_spp_begin(reply);
	/* A line that fails prints a sentence. */
	if (is_harmless(line) && command_typed(cli, line) < 0)
		FUZZ_ASSERT(*fuzz_spp_output() != '\0');
	check_candidates(cli, line);
	fuzz_spp_end();
	free(text);
	return 0;
}
