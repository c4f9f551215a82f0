/* SPDX-License-Identifier: BSD-3-Clause */
/* MAC addresses as text. */
#ifndef MAC_H
#define MAC_H

#include <stdint.h>

#define MAC_SIZE 18

/* Read six octets of exactly two hex digits, separated by `:`, nothing else.
 * 0 or -EINVAL; mac is unchanged on error. */
int mac_parse(const char *text, uint8_t mac[6]);

/* Write `52:54:00:12:34:56`, upper case; out holds MAC_SIZE bytes.  Returns out. */
char *mac_format(const uint8_t mac[6], char *out);

#endif
