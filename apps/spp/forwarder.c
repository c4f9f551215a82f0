/* SPDX-License-Identifier: BSD-3-Clause */
/* The forwarder of spp_nfv and of spp_primary: ports, patches, start and stop. */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "candidates.h"
#include "cli.h"
#include "forwarder.h"
#include "words.h"

static bool
has_port(const struct forwarder *forwarder, const char *res_uid)
{
	const json_t *port;
	size_t i;

	json_array_foreach (json_object_get(forwarder->state, "ports"), i, port) {
		if (json_is_string(port) && strcmp(json_string_value(port), res_uid) == 0)
			return true;
	}
	return false;
}

static bool
is_patched(const struct forwarder *forwarder, const char *res_uid)
{
	const json_t *patch;
	size_t i;

	json_array_foreach (json_object_get(forwarder->state, "patches"), i, patch) {
		if (strcmp(api_text(patch, "src"), res_uid) == 0 ||
		    strcmp(api_text(patch, "dst"), res_uid) == 0)
			return true;
	}
	return false;
}

static enum api_result
put(struct cli *cli, const struct forwarder *forwarder, const char *what, json_t *body)
{
	char path[API_PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", forwarder->path, what);
	return api_send(cli, body == NULL ? "DELETE" : "PUT", path, body);
}

static json_t *
add_body(const struct words *words)
{
	if (words->nb == 4)
		return json_pack("{s:s, s:s, s:s, s:s}", "action", "add", "port", words->word[1],
				 "rx", words->word[2], "tx", words->word[3]);
	return json_pack("{s:s, s:s}", "action", "add", "port", words->word[1]);
}

/* `add UID`, or `add pipe:N ring:A ring:B`. */
int
forwarder_add(struct cli *cli, const struct forwarder *forwarder, const struct words *words)
{
	const char *res_uid = words_at(words, 1);
	enum api_result result;

	if (res_uid == NULL)
		return cli_error(cli, "Port is required!");
	if (strncmp(res_uid, "pipe:", 5) == 0 && words->nb < 4)
		return cli_error(cli, "Error: Not enough parameters.");
	if (words->nb > 2 && (strncmp(res_uid, "pipe:", 5) != 0 || words->nb > 4))
		return cli_error(cli, "Error: Too many parameters.");
	if (has_port(forwarder, res_uid))
		return cli_error(cli, "'%s' is already added.", res_uid);
	result = put(cli, forwarder, "ports", add_body(words));
	if (result == API_DONE)
		cli_say(cli, "Add %s.", res_uid);
	return result == API_FAILED ? -1 : 0;
}

int
forwarder_del(struct cli *cli, const struct forwarder *forwarder, const struct words *words)
{
	const char *res_uid = words_at(words, 1);
	enum api_result result;

	if (res_uid == NULL)
		return cli_error(cli, "Port is required!");
	if (words->nb > 2)
		return cli_error(cli, "Error: Too many parameters.");
	if (strncmp(res_uid, "phy:", 4) == 0)
		return cli_error(cli, "Cannot delete phy port '%s'.", res_uid);
	if (is_patched(forwarder, res_uid))
		return cli_error(cli, "Cannot delete patched port '%s'.", res_uid);
	result = put(cli, forwarder, "ports",
		     json_pack("{s:s, s:s}", "action", "del", "port", res_uid));
	if (result == API_DONE)
		cli_say(cli, "Delete %s.", res_uid);
	return result == API_FAILED ? -1 : 0;
}

static int
patch_reset(struct cli *cli, const struct forwarder *forwarder)
{
	enum api_result result = put(cli, forwarder, "patches", NULL);

	if (result == API_DONE)
		cli_say(cli, "Clear all of patches.");
	return result == API_FAILED ? -1 : 0;
}

/* Write `phy:0nq1` as people read it, `phy:0 nq 1`. */
static void
show_port(const char *res_uid, char *out, size_t size)
{
	const char *queue = strstr(res_uid, "nq");

	if (queue == NULL)
		snprintf(out, size, "%s", res_uid);
	else
		snprintf(out, size, "%.*s nq %s", (int)(queue - res_uid), res_uid, queue + 2);
}

static int
patch(struct cli *cli, const struct forwarder *forwarder, const char *src, const char *dst)
{
	char from[CLI_LINE_MAX], to[CLI_LINE_MAX];
	enum api_result result =
		put(cli, forwarder, "patches", json_pack("{s:s, s:s}", "src", src, "dst", dst));

	show_port(src, from, sizeof(from));
	show_port(dst, to, sizeof(to));
	if (result == API_DONE)
		cli_say(cli, "Patch ports (%s -> %s).", from, to);
	return result == API_FAILED ? -1 : 0;
}

/* `patch SRC [nq Q] DST [nq Q]`, or `patch reset`. */
int
forwarder_patch(struct cli *cli, const struct forwarder *forwarder, struct words *words)
{
	if (words->nb < 2)
		return cli_error(cli, "%sParams are required!", forwarder->missing);
	if (strcmp(words->word[1], "reset") == 0 && words->nb == 2)
		return patch_reset(cli, forwarder);
	if (strcmp(words->word[1], "nq") == 0)
		return cli_error(cli, "%sSrc port is required!", forwarder->missing);
	if (words_join_queue(words, 1) < 0 || words_join_queue(words, 2) < 0)
		return cli_error(cli, "Error: nq is not a number.");
	if (words->nb < 3)
		return cli_error(cli, "%sDst port is required!", forwarder->missing);
	if (words->nb > 3)
		return cli_error(cli, "Error: Too many parameters.");
	return patch(cli, forwarder, words->word[1], words->word[2]);
}

/* `forward` or `stop`. */
int
forwarder_switch(struct cli *cli, const struct forwarder *forwarder, const struct words *words)
{
	bool on = strcmp(words->word[0], "forward") == 0;
	enum api_result result;

	if (words->nb > 1)
		return cli_error(cli, "Error: Too many parameters.");
	result =
		put(cli, forwarder, "forward", json_pack("{s:s}", "action", on ? "start" : "stop"));
	if (result == API_DONE)
		cli_say(cli, on ? "Start forwarding." : "Stop forwarding.");
	return result == API_FAILED ? -1 : 0;
}

static void
add_ports(const json_t *state, bool physical, struct candidates *found)
{
	const json_t *port;
	size_t i;

	json_array_foreach (json_object_get(state, "ports"), i, port) {
		const char *res_uid = json_string_value(port);

		if (res_uid != NULL && (physical || strncmp(res_uid, "phy:", 4) != 0))
			candidates_add(found, res_uid);
	}
}

void
forwarder_complete(const json_t *state, const struct cursor *at, struct candidates *found)
{
	const char *verb = words_at(&at->words, 0);
	unsigned int nb = at->words.nb;

	if (strcmp(verb, "add") == 0 && nb == 1)
		candidates_add_all(found, "memif: nullpmd: pcap: ring: vhost:");
	else if (strcmp(verb, "del") == 0 && nb == 1)
		add_ports(state, false, found);
	else if (strcmp(verb, "patch") == 0 && (nb == 1 || nb == 2))
		add_ports(state, true, found);
	if (strcmp(verb, "patch") == 0 && nb == 1 &&
	    json_array_size(json_object_get(state, "patches")) > 0)
		candidates_add(found, "reset");
}
