/* SPDX-License-Identifier: BSD-3-Clause */
/* `server ...`: which controller is talked to. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "candidates.h"
#include "cli.h"
#include "cmd_server.h"
#include "words.h"

static int
list(struct cli *cli)
{
	const struct servers *servers = &cli->servers;
	char text[SERVER_TEXT_SIZE];

	for (unsigned int i = 0; i < servers->nb; i++)
		fprintf(cli->out, "  %u: %s %s\n", i + 1, server_format(&servers->list[i], text),
			i == servers->current ? "*" : "");
	return 0;
}

static int
parse(struct cli *cli, const char *text, struct server *server)
{
	switch (server_parse(text, server)) {
	case SERVER_BAD_ADDRESS:
		return cli_error(cli, "Error: Invalid address \"%s\".", text);
	case SERVER_BAD_PORT:
		return cli_error(cli, "Error: Invalid port in \"%s\".", server_port_text(text));
	default:
		return 0;
	}
}

/* True if a controller answers at that address.  It is the only known server while it is asked. */
static bool
answers(struct cli *cli, const struct server *server)
{
	struct servers known = cli->servers;
	json_t *processes;
	long status;

	cli->servers = (struct servers){.list = {*server}, .nb = 1};
	processes = api_fetch(cli, "/v1/processes", API_LIMIT_MS, &status);
	cli->servers = known;
	json_decref(processes);
	return processes != NULL;
}

static int
add(struct cli *cli, const char *text)
{
	char name[SERVER_TEXT_SIZE];
	struct server server;

	if (text == NULL)
		return cli_error(cli, "Error: server address is required.");
	if (parse(cli, text, &server) < 0)
		return -1;
	server_format(&server, name);
	if (servers_find(&cli->servers, &server) >= 0)
		return cli_error(cli, "\"%s\" is already registered.", name);
	if (!answers(cli, &server))
		return cli_error(cli, "Is not spp-ctl on \"%s\", nor correct address?", name);
	if (servers_add(&cli->servers, &server) < 0)
		return cli_error(cli, "Error: more than %d servers.", SERVERS_MAX);
	cli_say(cli, "Registered spp-ctl \"%s\".", name);
	return 0;
}

static int
del_at(struct cli *cli, unsigned int i, const char *text)
{
	char name[SERVER_TEXT_SIZE];

	if (i == cli->servers.current)
		return cli_error(cli, "Cannot del server \"%s\" in use!", text);
	server_format(&cli->servers.list[i], name);
	servers_del(&cli->servers, i);
	cli_say(cli, "Unregistered spp-ctl \"%s\".", name);
	return 0;
}

static int
del(struct cli *cli, const char *text)
{
	char name[SERVER_TEXT_SIZE];
	struct server server;
	int64_t number;
	int i;

	if (text == NULL)
		return cli_error(cli, "Error: server address or index is required.");
	if (text_integer(text, &number) == 0) {
		if (number < 1)
			return cli_error(cli, "Cannot del server of invalid ID \"%s\"!", text);
		if (number > cli->servers.nb)
			return cli_error(cli, "Cannot del server \"%s\" not exist!", text);
		return del_at(cli, number - 1, text);
	}
	if (parse(cli, text, &server) < 0)
		return -1;
	i = servers_find(&cli->servers, &server);
	server_format(&server, name);
	if (i < 0)
		return cli_error(cli, "\"%s\" is not registered.", name);
	return del_at(cli, i, name);
}

static int
switch_to(struct cli *cli, unsigned int i)
{
	char name[SERVER_TEXT_SIZE];

	cli->servers.current = i;
	cli_say(cli, "Switch spp-ctl to \"%u: %s\".", i + 1,
		server_format(&cli->servers.list[i], name));
	return 0;
}

static int
choose(struct cli *cli, const char *text)
{
	char name[SERVER_TEXT_SIZE];
	struct server server;
	int64_t number;
	int i;

	if (text_integer(text, &number) == 0) {
		if (number < 1)
			return cli_error(cli, "Server index should be > 0 !");
		if (number > cli->servers.nb)
			return cli_error(cli, "Cannot switch to no existing server \"%s\".", text);
		return switch_to(cli, number - 1);
	}
	if (parse(cli, text, &server) < 0)
		return -1;
	i = servers_find(&cli->servers, &server);
	if (i >= 0)
		return switch_to(cli, i);
	return cli_error(cli, "\"%s\" is not registered.", server_format(&server, name));
}

static int
run_words(struct cli *cli, const struct words *words)
{
	const char *word = words_at(words, 0), *argument = words_at(words, 1);
	bool takes_one;

	if (word == NULL)
		return list(cli);
	takes_one = strcmp(word, "add") == 0 || strcmp(word, "del") == 0;
	if (words->nb > (takes_one ? 2u : 1u))
		return cli_error(cli, "Error: Too many parameters.");
	if (strcmp(word, "list") == 0)
		return list(cli);
	if (strcmp(word, "add") == 0)
		return add(cli, argument);
	if (strcmp(word, "del") == 0)
		return del(cli, argument);
	return choose(cli, word);
}

int
cmd_server_run(struct cli *cli, const char *args)
{
	struct words words;
	int ret;

	if (words_split(&words, args) < 0)
		return cli_error(cli, "Error: more than %d words.", WORDS_MAX);
	ret = run_words(cli, &words);
	words_free(&words);
	return ret;
}

void
cmd_server_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	const char *word = words_at(&at->words, 0);
	bool forget = word != NULL && strcmp(word, "del") == 0;
	char text[SERVER_TEXT_SIZE];

	if (at->words.nb > (forget ? 1u : 0u))
		return;
	for (unsigned int i = 0; i < cli->servers.nb; i++) {
		if (forget && i == cli->servers.current)
			continue;
		if (forget)
			candidates_add(found, server_format(&cli->servers.list[i], text));
		snprintf(text, sizeof(text), "%u", i + 1);
		candidates_add(found, text);
	}
	if (!forget)
		candidates_add_all(found, "add del list");
}
