/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line program without terminal, network, and commands that touch files. */

#include <ctype.h>
#include <stdio.h>

#include "../../apps/spp/cmd_files.h"
#include "../../apps/spp/cmd_record.h"
#include "../../apps/spp/cmd_server.h"
#include "../../apps/spp/command_table.h"
#include "../../apps/spp/http_client.h"
#include "fuzz.h"
#include "fuzz_spp.h"

static struct {
	struct cli cli;
	const char *reply;
	char *output;
	size_t size;
	volatile sig_atomic_t interrupted;
} spp;

struct cli *
fuzz_spp_begin(const char *reply)
{
	struct server server = {.host = "127.0.0.1", .port = 7777};

	FUZZ_ASSERT(cli_init(&spp.cli, command_table, NULL, &spp.interrupted) == 0);
	FUZZ_ASSERT(servers_add(&spp.cli.servers, &server) == 0);
	spp.cli.out = open_memstream(&spp.output, &spp.size);
	FUZZ_ASSERT(spp.cli.out != NULL);
	spp.cli.err = spp.cli.out;
	spp.reply = reply;
	return &spp.cli;
}

const char *
fuzz_spp_output(void)
{
	fflush(spp.cli.out);
	return spp.output;
}

void
fuzz_spp_end(void)
{
	const char *output = fuzz_spp_output();

	/* No byte that a peer sent moves the cursor of the terminal. */
	for (const char *c = output; *c != '\0'; c++)
		FUZZ_ASSERT(!iscntrl((unsigned char)*c) || *c == '\n' || *c == '\t');
	FUZZ_ASSERT(spp.size == 0 || output[spp.size - 1] == '\n');
	cli_fini(&spp.cli);
	fclose(spp.cli.out);
	free(spp.output);
	spp.output = NULL;
}

int
http_client_request(struct http_client *http, const char *method, const char *socket_path,
		    const char *url, const char *body, unsigned int limit_ms,
		    struct http_reply *reply)
{
	static const char processes[] = "[{\"type\":\"vf\",\"client-id\":1},"
					"{\"type\":\"nfv\",\"client-id\":2},"
					"{\"type\":\"mirror\",\"client-id\":3},"
					"{\"type\":\"pcap\",\"client-id\":4}]";
	bool get = strcmp(method, "GET") == 0;

	(void)http;
	(void)socket_path;
	(void)body;
	FUZZ_ASSERT(limit_ms > 0 && strncmp(url, "http://127.0.0.1:7777/v1/", 25) == 0);
	FUZZ_ASSERT(strpbrk(url, " \t\r\n") == NULL);
	*reply = (struct http_reply){.status = get ? 200 : 204};
	if (strcmp(url, "http://127.0.0.1:7777/v1/processes") == 0)
		reply->body = strdup(processes);
	else
		reply->body = strdup(get ? spp.reply : "");
	FUZZ_ASSERT(reply->body != NULL);
	reply->len = strlen(reply->body);
	return 0;
}

int
http_client_copy(struct http_client *http, const char *socket_path, const char *url,
		 unsigned int silence_ms, FILE *out, struct http_reply *reply)
{
	int err = http_client_request(http, "GET", socket_path, url, NULL, silence_ms, reply);

	if (err == 0)
		fputs(reply->body, out);
	return err;
}

void
http_reply_free(struct http_reply *reply)
{
	free(reply->body);
}

/* Commands that would touch the machine. */

#define NO_COMMAND(name)                                                                           \
	int cmd_##name##_run(struct cli *cli, const char *args)                                    \
	{                                                                                          \
		(void)cli;                                                                         \
		(void)args;                                                                        \
		return 0;                                                                          \
	}
#define NO_CANDIDATES(name)                                                                        \
	void name(struct cli *cli, const struct cursor *at, struct candidates *found)              \
	{                                                                                          \
		(void)cli;                                                                         \
		(void)at;                                                                          \
		(void)found;                                                                       \
	}

NO_COMMAND(cat)
NO_COMMAND(cd)
NO_COMMAND(env)
NO_COMMAND(less)
NO_COMMAND(ls)
NO_COMMAND(mkdir)
NO_COMMAND(pwd)
NO_COMMAND(record)
NO_COMMAND(server)
NO_CANDIDATES(cmd_env_complete)
NO_CANDIDATES(cmd_files_complete)
NO_CANDIDATES(cmd_files_complete_directories)
NO_CANDIDATES(cmd_server_complete)
