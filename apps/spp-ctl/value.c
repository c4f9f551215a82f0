/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys and values of request bodies. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "mac.h"
#include "value.h"

/* Port types that requests may name; the process decides which of them it has. */
static const char *const port_types[] = {"phy",     "vhost", "ring",  "pcap",
					 "nullpmd", "tap",   "memif", "pipe"};

bool
value_have_keys(const json_t *body, const char *const *keys, struct response *response)
{
	for (; *keys != NULL; keys++) {
		if (json_object_get(body, *keys) == NULL) {
			response_error(response, 400, "key(%s) required.", *keys);
			return false;
		}
	}
	return true;
}

bool
value_invalid_text(struct response *response, const char *key, const char *value)
{
	response_error(response, 400, "invalid key(%s): %.200s.", key, value);
	return false;
}

bool
value_invalid(struct response *response, const char *key, const json_t *value)
{
	char *text;

	if (json_is_string(value))
		return value_invalid_text(response, key, json_string_value(value));
	text = value == NULL ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	value_invalid_text(response, key, text == NULL ? "null" : text);
	free(text);
	return false;
}

const char *
value_choice(const json_t *body, const char *key, const char *const *choices,
	     struct response *response)
{
	const json_t *value = json_object_get(body, key);
	const char *text = json_string_value(value);

	for (; text != NULL && *choices != NULL; choices++)
		if (strcmp(text, *choices) == 0)
			return *choices;
	value_invalid(response, key, value);
	return NULL;
}

bool
value_is_name(const char *text)
{
	size_t len = strlen(text);

	if (len < 1 || len > 31)
		return false;
	for (; *text != '\0'; text++)
		if (!isalnum((unsigned char)*text) && strchr("_.-", *text) == NULL)
			return false;
	return true;
}

bool
value_is_line(const char *text, bool blanks)
{
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++)
		if (!ascii_is_printable(*text) || (*text == ' ' && !blanks))
			return false;
	return true;
}

static bool
text_to_int(const char *text, json_int_t *value)
{
	char *end;

	if (!isdigit((unsigned char)*text) || strlen(text) > 18)
		return false;
	*value = strtoll(text, &end, 10);
	return *end == '\0';
}

bool
value_int(const json_t *body, const char *key, bool text_too, json_int_t min, json_int_t max,
	  json_int_t *value, struct response *response)
{
	const json_t *member = json_object_get(body, key);

	if (text_too && json_is_string(member)) {
		if (!text_to_int(json_string_value(member), value))
			return value_invalid(response, key, member);
	} else if (json_is_integer(member)) {
		*value = json_integer_value(member);
	} else {
		return value_invalid(response, key, member);
	}
	if (*value < min || *value > max)
		return value_invalid(response, key, member);
	return true;
}

static bool
port_is_valid(const struct res_uid *port)
{
	if (port->queue >= 0 && strcmp(port->type, "phy") != 0)
		return false;
	for (size_t i = 0; i < sizeof(port_types) / sizeof(port_types[0]); i++)
		if (strcmp(port->type, port_types[i]) == 0)
			return true;
	return false;
}

bool
value_port(const json_t *body, const char *key, struct res_uid *port, struct response *response)
{
	const json_t *member = json_object_get(body, key);
	const char *text = json_string_value(member);

	if (text == NULL || res_uid_parse(text, port) != 0 || !port_is_valid(port))
		return value_invalid(response, key, member);
	return true;
}

/* Twelve hex digits, or six pairs between colons or dashes. */
static bool
mac_normalize(const char *text, char out[VALUE_WORD_SIZE])
{
	size_t len = strlen(text), step = len == 12 ? 2 : 3;
	char *to = out;
	uint8_t mac[6];

	if (len != 12 && len != 17)
		return false;
	for (size_t i = 0; i < 6; i++) {
		const char *from = text + i * step;

		if (i > 0 && step == 3 && (from[-1] != text[2] || strchr(":-", from[-1]) == NULL))
			return false;
		to += sprintf(to, "%s%c%c", i > 0 ? ":" : "", tolower((unsigned char)from[0]),
			      tolower((unsigned char)from[1]));
	}
	return mac_parse(out, mac) == 0;
}

bool
value_mac(const json_t *body, const char *key, char out[VALUE_WORD_SIZE], struct response *response)
{
	const json_t *member = json_object_get(body, key);
	const char *text = json_string_value(member);

	if (text != NULL && strcmp(text, "default") == 0)
		strcpy(out, text);
	else if (text == NULL || !mac_normalize(text, out))
		return value_invalid(response, key, member);
	return true;
}
