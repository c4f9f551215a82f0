/* SPDX-License-Identifier: BSD-3-Clause */
/* Resource UIDs: `TYPE:ID`, with a queue `TYPE:IDnqQUEUE`; the name of a port everywhere. */
#ifndef RES_UID_H
#define RES_UID_H

#include <stdbool.h>
#include <stdint.h>

#define RES_UID_TYPE_SIZE 32
#define RES_UID_SIZE 64

struct res_uid {
	char type[RES_UID_TYPE_SIZE]; /* [a-z][a-z0-9_-]* */
	uint32_t id;                  /* 0..99999 */
	int32_t queue;                /* 0..9999, -1 when the text has no queue */
};

/* Read `ring:3`, `phy:0nq1` or `phy:0 nq 1` (decimal only, nothing before or after).
 * 0 or -EINVAL; *res_uid is unchanged on error. */
int res_uid_parse(const char *text, struct res_uid *res_uid);

/* Write the form that people read, `phy:0 nq 1`; out holds RES_UID_SIZE bytes.  Returns out. */
char *res_uid_format(const struct res_uid *res_uid, char *out);

/* Write the form without blanks that commands carry, `phy:0nq1`.  Returns out. */
char *res_uid_format_word(const struct res_uid *res_uid, char *out);

/* True if both name the same port and queue. */
bool res_uid_is_same(const struct res_uid *a, const struct res_uid *b);

#endif
