/* SPDX-License-Identifier: BSD-3-Clause */
/* Idle policies: from text and to text. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idle.h"

#define CAP_US_MAX 1000000

/* `200us`, `200`, `1ms` */
static int
parse_cap(const char *text, uint32_t *cap_us)
{
	char *end;
	unsigned long n;

	if (*text < '0' || *text > '9' || strlen(text) > 9)
		return -EINVAL;
	n = strtoul(text, &end, 10);
	if (strcmp(end, "ms") == 0)
		n *= 1000;
	else if (*end != '\0' && strcmp(end, "us") != 0)
		return -EINVAL;
	if (n < 1 || n > CAP_US_MAX)
		return -EINVAL;
	*cap_us = n;
	return 0;
}

int
idle_parse(const char *text, struct idle_policy *policy)
{
	static const char adaptive[] = "adaptive";
	uint32_t cap_us = IDLE_CAP_US_DEFAULT;

	if (strcmp(text, "busy") == 0) {
		*policy = (struct idle_policy){.kind = IDLE_BUSY};
		return 0;
	}
	if (strcmp(text, "yield") == 0) {
		*policy = (struct idle_policy){.kind = IDLE_YIELD};
		return 0;
	}
	if (strncmp(text, adaptive, strlen(adaptive)) != 0)
		return -EINVAL;
	text += strlen(adaptive);
	if (*text != '\0' && (*text != ':' || parse_cap(text + 1, &cap_us) != 0))
		return -EINVAL;
	*policy = (struct idle_policy){.kind = IDLE_ADAPTIVE, .cap_us = cap_us};
	return 0;
}

char *
idle_format(const struct idle_policy *policy, char *out, size_t size)
{
	if (policy->kind == IDLE_ADAPTIVE)
		snprintf(out, size, "adaptive:%uus", policy->cap_us);
	else
		snprintf(out, size, "%s", policy->kind == IDLE_BUSY ? "busy" : "yield");
	return out;
}
