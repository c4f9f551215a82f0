/* SPDX-License-Identifier: BSD-3-Clause */
/* Resource UIDs: `TYPE:ID`, with a queue `TYPE:IDnqQUEUE`; the name of a port everywhere. */
#ifndef UID_H
#define UID_H

#include <stdint.h>

#define UID_TYPE_SIZE 32
#define UID_SIZE 64

struct uid {
	char type[UID_TYPE_SIZE]; /* [a-z][a-z0-9_-]* */
	uint32_t id;              /* 0..99999 */
	int32_t queue;            /* 0..9999, -1 when none was given */
};

/* Read `ring:3`, `phy:0nq1` or `phy:0 nq 1` (decimal only, nothing before or after).
 * 0 or -EINVAL; *uid is unchanged on error. */
int uid_parse(const char *text, struct uid *uid);

/* Write the form that people read, `phy:0 nq 1`; out holds UID_SIZE bytes.  Returns out. */
char *uid_format(const struct uid *uid, char *out);

/* Write the form without blanks that commands carry, `phy:0nq1`.  Returns out. */
char *uid_format_word(const struct uid *uid, char *out);

#endif
