/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a recipe that is played back. */

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../apps/spp/command.h"
#include "fuzz.h"
#include "fuzz_spp.h"

/* Recipes that name other files are left out: they may be any of the machine. */
static bool
is_harmless(const uint8_t *data, size_t size)
{
	return memmem(data, size, "playback", 8) == NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("recipe", MFD_CLOEXEC);
	struct cli *cli = fuzz_spp_begin("{\"verbs\":[]}");
	char line[64];

	FUZZ_ASSERT(fd >= 0);
	if (is_harmless(data, size)) {
		FUZZ_ASSERT(write(fd, data, size) == (ssize_t)size);
		snprintf(line, sizeof(line), "playback /proc/self/fd/%d", fd);
		if (command_typed(cli, line) < 0)
			FUZZ_ASSERT(strstr(fuzz_spp_output(), " commands failed\n") != NULL);
		FUZZ_ASSERT(cli->playback == NULL);
	}
	fuzz_spp_end();
	close(fd);
	return 0;
}
