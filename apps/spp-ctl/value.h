/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys and values of request bodies: what is there, what is valid, and the 400 if not.  Pure. */
#ifndef VALUE_H
#define VALUE_H

#include <stdbool.h>
#include <jansson.h>

#include "res_uid.h"
#include "response.h"

#define VALUE_WORD_SIZE 32

/* True if body has all keys (a NULL-terminated list).  Otherwise the answer names the first key
 * that is missing: `key(<key>) required.` */
bool value_have_keys(const json_t *body, const char *const *keys, struct response *response);

/* Answer `invalid key(<key>): <value>.`; value NULL counts as null.  Returns false. */
bool value_invalid(struct response *response, const char *key, const json_t *value);
/* As value_invalid(), for a value that is text, as in a path. */
bool value_invalid_text(struct response *response, const char *key, const char *value);

/* The one of choices (NULL-terminated) that key has; NULL with the answer filled in. */
const char *value_choice(const json_t *body, const char *key, const char *const *choices,
			 struct response *response);

/* True if text may be the name of a component. */
bool value_is_name(const char *text);

/* The number of key, within min..max.  With text_too, decimal text is taken like a number.  False
 * with the answer filled in, as for value_port() and value_mac(). */
bool value_int(const json_t *body, const char *key, bool text_too, json_int_t min, json_int_t max,
	       json_int_t *value, struct response *response);

/* The port of key, of a type that requests may name. */
bool value_port(const json_t *body, const char *key, struct res_uid *port,
		struct response *response);

/* The MAC address of key in any usual spelling, or `default`; out gets lower case with colons. */
bool value_mac(const json_t *body, const char *key, char out[VALUE_WORD_SIZE],
	       struct response *response);

/* True if text is one line of printable ASCII (blanks only where allowed), and not empty. */
bool value_is_line(const char *text, bool blanks);

#endif
