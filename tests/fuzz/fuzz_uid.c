/* SPDX-License-Identifier: BSD-3-Clause */
/* Any text as a resource UID and as a MAC address: what is accepted survives the way back. */

#include "fuzz.h"
#include "mac.h"
#include "uid.h"

static void
assert_same(const struct uid *uid, const char *text)
{
	struct uid again;

	FUZZ_ASSERT(strlen(text) < UID_SIZE);
	FUZZ_ASSERT(uid_parse(text, &again) == 0);
	FUZZ_ASSERT(strcmp(again.type, uid->type) == 0);
	FUZZ_ASSERT(again.id == uid->id && again.queue == uid->queue);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	char out[UID_SIZE];
	struct uid uid;
	uint8_t mac[6], again[6];

	if (uid_parse(text, &uid) == 0) {
		FUZZ_ASSERT(uid.id <= 99999 && uid.queue >= -1 && uid.queue <= 9999);
		assert_same(&uid, uid_format(&uid, out));
		assert_same(&uid, uid_format_word(&uid, out));
		FUZZ_ASSERT(strchr(out, ' ') == NULL);
	}
	if (mac_parse(text, mac) == 0) {
		FUZZ_ASSERT(mac_parse(mac_format(mac, out), again) == 0);
		FUZZ_ASSERT(memcmp(mac, again, sizeof(mac)) == 0);
		FUZZ_ASSERT(strcasecmp(text, out) == 0);
	}
	free(text);
	return 0;
}
