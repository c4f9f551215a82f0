/* SPDX-License-Identifier: BSD-3-Clause */
/* Any text as a resource UID and as a MAC address: what is accepted survives the way back. */

#include "fuzz.h"
#include "mac.h"
#include "res_uid.h"

static void
assert_same(const struct res_uid *res_uid, const char *text)
{
	struct res_uid again;

	FUZZ_ASSERT(strlen(text) < RES_UID_SIZE);
	FUZZ_ASSERT(res_uid_parse(text, &again) == 0);
	FUZZ_ASSERT(strcmp(again.type, res_uid->type) == 0);
	FUZZ_ASSERT(again.id == res_uid->id && again.queue == res_uid->queue);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	char out[RES_UID_SIZE];
	struct res_uid res_uid;
	uint8_t mac[6], again[6];

	if (res_uid_parse(text, &res_uid) == 0) {
		FUZZ_ASSERT(res_uid.id <= 99999 && res_uid.queue >= -1 && res_uid.queue <= 9999);
		assert_same(&res_uid, res_uid_format(&res_uid, out));
		assert_same(&res_uid, res_uid_format_word(&res_uid, out));
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
