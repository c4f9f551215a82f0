/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests to spp_nfv (the primary's forwarder takes the same) and to spp_pcap. */
#include <string.h>

#include "route_nfv.h"
#include "value.h"

/* The action; NULL with the answer filled in. */
static const char *
start_or_stop(const json_t *body, struct response *r)
{
	static const char *const keys[] = {"action", NULL};
	static const char *const actions[] = {"start", "stop", NULL};

	return value_have_keys(body, keys, r) ? value_choice(body, "action", actions, r) : NULL;
}

char *
nfv_forward(const struct route_args *args, const json_t *body, struct response *r)
{
	const char *action = start_or_stop(body, r);

	(void)args;
	if (action == NULL)
		return NULL;
	return route_command(r, "%s", strcmp(action, "start") == 0 ? "forward" : "stop");
}

char *
nfv_ports(const struct route_args *args, const json_t *body, struct response *r)
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
	return route_command(r, "%s %s", action, res_uid_format_word(&port, word));
}

char *
nfv_patches(const struct route_args *args, const json_t *body, struct response *r)
{
	static const char *const keys[] = {"src", "dst", NULL};
	char src_word[RES_UID_SIZE], dst_word[RES_UID_SIZE];
	struct res_uid src, dst;

	(void)args;
	if (!value_have_keys(body, keys, r) || !value_port(body, "src", &src, r) ||
	    !value_port(body, "dst", &dst, r))
		return NULL;
	return route_command(r, "patch %s %s", res_uid_format_word(&src, src_word),
			     res_uid_format_word(&dst, dst_word));
}

char *
nfv_patches_reset(const struct route_args *args, const json_t *body, struct response *r)
{
	(void)args;
	(void)body;
	return route_command(r, "patch reset");
}

char *
pcap_capture(const struct route_args *args, const json_t *body, struct response *r)
{
	const char *action = start_or_stop(body, r);

	(void)args;
	if (action == NULL)
		return NULL;
	return route_command(r, "%s", action);
}

void
pcap_answer_status(const struct outcome *outcome, struct response *r)
{
	json_t *info = json_object_get(outcome->reply, "info");

	if (!json_is_object(info))
		response_error(r, 500,
			       "Internal Server Error: the status of the process lacks "
			       "what it must have");
	else
		response_json(r, json_incref(info));
}
