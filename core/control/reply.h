/* SPDX-License-Identifier: BSD-3-Clause */
/* The reply of a command: jansson inside, writer calls outside (plugins see only those).  [main] */
#ifndef REPLY_H
#define REPLY_H

#include <jansson.h>
#include <stdint.h>

#define REPLY_DEPTH_MAX 16

struct spp_reply {
	json_t *stack[REPLY_DEPTH_MAX]; /* open containers; stack[0] is the top of the reply */
	unsigned int depth;             /* number of open containers */
	unsigned int lost; /* opens beyond the depth or without memory, to be matched */
	char note[512];    /* why nothing was done; "" if something was */
};

/* Begin with an empty object at the top; -ENOMEM. */
int reply_init(struct spp_reply *reply);
void reply_fini(struct spp_reply *reply);

/* As documented for host->reply_*. */
void reply_str(struct spp_reply *reply, const char *name, const char *value);
void reply_u64(struct spp_reply *reply, const char *name, uint64_t value);
void reply_bool(struct spp_reply *reply, const char *name, int value);
void reply_open(struct spp_reply *reply, const char *name, uint32_t container);
void reply_close(struct spp_reply *reply);
void reply_note(struct spp_reply *reply, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The reply as one line of compact JSON that ends with a newline; malloc()ed.  The results member
 * comes first: `{"results":[{"result":"success"}],...}`, with "note" beside "result" if there is
 * one; with error_text, the error form and nothing else.  NULL only without memory. */
char *reply_text(struct spp_reply *reply, const char *error_text);

#endif
