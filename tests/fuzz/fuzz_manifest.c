/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as a plugin file.  The image is read-only and ends at a page that nobody may touch,
 * so that a step beyond it is seen in libelf, too, which is not instrumented.
 */

#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "fuzz.h"
#include "manifest_file.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t len = (size + page - 1) / page * page;
	struct manifest_info info;
	uint8_t *map =
		mmap(NULL, len + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *image = map + len - size;

	FUZZ_ASSERT(map != MAP_FAILED);
	if (size > 0)
		memcpy(image, data, size);
	if (len > 0)
		FUZZ_ASSERT(mprotect(map, len, PROT_READ) == 0);
	FUZZ_ASSERT(mprotect(map + len, page, PROT_NONE) == 0);

	error_clear();
	if (manifest_parse(image, size, "input", &info) == 0) {
		/* An accepted manifest is fit for all its users. */
		FUZZ_ASSERT(manifest_name_is_valid(info.manifest.name));
		FUZZ_ASSERT(info.nb_needed <= MANIFEST_NEEDED_MAX);
		manifest_check(&info.manifest, "input");
	} else {
		FUZZ_ASSERT(strstr(error_sentence(-1), "plugin input: ") != NULL);
	}
	munmap(map, len + page);
	return 0;
}
