/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys and values of request bodies: what is there, what is valid, and the 400 if not.  Pure. */
#ifndef VALUE_H
#define VALUE_H

#include <stdbool.h>
#include <jansson.h>

#include "res_uid.h"
#include "response.h"

#define VALUE_WORD_SIZE 32

/* True if all keys (a NULL-terminated list) are in body; otherwise the answer names the first one
 * that is not: `key(<key>) required.` */
bool value_have_keys(const json_t *body, const char *const *keys, struct response *response);

/* Answer `invalid key(<key>): <value>.`; value NULL counts as null.  Returns false. */
bool value_invalid(struct response *response, const char *key, const json_t *value);
/* The same for a value that is a text, as in a path. */
bool value_invalid_text(struct response *response, const char *key, const char *value);

/* The value of key as one of choices (NULL-terminated); NULL after an answer. */
const char *value_choice(const json_t *body, const char *key, const char *const *choices,
			 struct response *response);

/* A component name, in `name` of the body or elsewhere. */
bool value_is_name(const char *text);

/* A client id, an lcore or the like, within min..max.  With text_too, decimal text is taken as well
 * as a number. */
bool value_int(const json_t *body, const char *key, bool text_too, json_int_t min, json_int_t max,
	       json_int_t *value, struct response *response);

/* A port of a type that requests may name. */
bool value_port(const json_t *body, const char *key, struct res_uid *port,
		struct response *response);

/* A MAC address in any usual spelling, or `default`; out gets lower case with colons. */
bool value_mac(const json_t *body, const char *key, char out[VALUE_WORD_SIZE],
	       struct response *response);

/* True if text is one line of printable ASCII (blanks only where allowed), and not empty. */
bool value_is_line(const char *text, bool blanks);

#endif
