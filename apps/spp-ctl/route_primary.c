/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests to spp_primary that no other process takes. */
#include <string.h>

#include "route_primary.h"
#include "value.h"

char *
primary_clear(const struct route_args *args, const json_t *body, struct response *r)
{
	(void)args;
	(void)body;
	return route_command(r, "clear");
}

static bool
value_ring(const json_t *body, const char *key, struct res_uid *ring, struct response *r)
{
	if (!value_port(body, key, ring, r))
		return false;
	return strcmp(ring->type, "ring") == 0 || value_invalid(r, key, json_object_get(body, key));
}

/* A pipe is made of two rings, which are named when the pipe is added. */
static char *
pipe_add(const json_t *body, const char *pipe, struct response *r)
{
	static const char *const keys[] = {"rx", "tx", NULL};
	char rx_word[RES_UID_SIZE], tx_word[RES_UID_SIZE];
	struct res_uid rx, tx;

	if (!value_have_keys(body, keys, r) || !value_ring(body, "rx", &rx, r) ||
	    !value_ring(body, "tx", &tx, r))
		return NULL;
	return route_command(r, "add %s %s %s", pipe, res_uid_format_word(&rx, rx_word),
			     res_uid_format_word(&tx, tx_word));
}

char *
primary_ports(const struct route_args *args, const json_t *body, struct response *r)
{
	static const char *const keys[] = {"action", "port", NULL};
	static const char *const actions[] = {"add", "del", NULL};
	char word[RES_UID_SIZE];
	struct res_uid port;
	const char *action;

	(void)args;
	if (!value_have_keys(body, keys, r))
		return NULL;
	action = value_choice(body, "action", actions, r);
	if (action == NULL || !value_port(body, "port", &port, r))
		return NULL;
	res_uid_format_word(&port, word);
	if (strcmp(action, "add") == 0 && strcmp(port.type, "pipe") == 0)
		return pipe_add(body, word, r);
	return route_command(r, "%s %s", action, word);
}
