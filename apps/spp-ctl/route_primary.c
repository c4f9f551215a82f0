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
value_ring(const json_t *body, const char *key, char out[RES_UID_SIZE], struct response *r)
{
	if (!value_port(body, key, out, r))
		return false;
	return strncmp(out, "ring:", 5) == 0 || value_invalid(r, key, json_object_get(body, key));
}

/* A pipe is made of two rings, named when it is added. */
static char *
pipe_add(const json_t *body, const char *pipe, struct response *r)
{
	static const char *const keys[] = {"rx", "tx", NULL};
	char rx[RES_UID_SIZE], tx[RES_UID_SIZE];

	if (!value_have_keys(body, keys, r) || !value_ring(body, "rx", rx, r) ||
	    !value_ring(body, "tx", tx, r))
		return NULL;
	return route_command(r, "add %s %s %s", pipe, rx, tx);
}

char *
primary_ports(const struct route_args *args, const json_t *body, struct response *r)
{
	static const char *const keys[] = {"action", "port", NULL};
	static const char *const actions[] = {"add", "del", NULL};
	char port[RES_UID_SIZE];
	const char *action;

	(void)args;
	if (!value_have_keys(body, keys, r))
		return NULL;
	action = value_choice(body, "action", actions, r);
	if (action == NULL || !value_port(body, "port", port, r))
		return NULL;
	if (strcmp(action, "add") == 0 && strncmp(port, "pipe:", 5) == 0)
		return pipe_add(body, port, r);
	return route_command(r, "%s %s", action, port);
}
