/* SPDX-License-Identifier: BSD-3-Clause */
/* MAC addresses as text. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mac.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
mac_parse(const char *text, uint8_t mac[6])
{
	uint8_t octets[6];

	for (unsigned int i = 0; i < 6; i++) {
		int high = hex_digit(text[0]);
		int low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0 || text[2] != (i < 5 ? ':' : '\0'))
			return -EINVAL;
		octets[i] = high << 4 | low;
		text += 3;
	}
	memcpy(mac, octets, sizeof(octets));
	return 0;
}

char *
mac_format(const uint8_t mac[6], char *out)
{
	snprintf(out, MAC_SIZE, "%02X:%02X:%02X:%02X:%02X:%02X", mac[0], mac[1], mac[2], mac[3],
		 mac[4], mac[5]);
	return out;
}
