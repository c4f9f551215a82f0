/* SPDX-License-Identifier: BSD-3-Clause */
/* spp: the command line of the soft patch panel; it talks REST to spp-ctl. */

#include <curl/curl.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api.h"
#include "cli.h"
#include "cli_options.h"
#include "command_table.h"
#include "complete.h"
#include "http_client.h"
#include "script.h"
#include "session.h"
#include "settings_file.h"
#include "token.h"
#include "wait.h"

#define WAIT_MS 500

static int
add_server(struct cli *cli, const char *text)
{
	struct server server;

	switch (server_parse(text, &server)) {
	case SERVER_BAD_ADDRESS:
		return cli_error(cli, "Error: Invalid address \"%s\"", text);
	case SERVER_BAD_PORT:
		return cli_error(cli, "Error: Invalid port in \"%s\"", text);
	default:
		break;
	}
	if (servers_add(&cli->servers, &server) == -ENOSPC)
		return cli_error(cli, "Error: more than %d servers.", SERVERS_MAX);
	return 0;
}

static int
add_servers(struct cli *cli, const struct cli_options *options)
{
	for (unsigned int i = 0; i < options->nb_servers; i++) {
		if (add_server(cli, options->servers[i]) < 0)
			return -1;
	}
	return options->nb_servers > 0 ? 0 : add_server(cli, "127.0.0.1");
}

static int
load_config(struct cli *cli, const char *path)
{
	char error[512];
	int err;

	if (path == NULL)
		return 0;
	err = settings_file_load(&cli->settings, path, error, sizeof(error));
	if (err == 0)
		return 0;
	if (err == -ENOENT)
		cli_error(cli, "Error: No config file found!");
	return cli_error(cli, "%s%s", err == -ENOENT ? "" : "Error: ", error);
}

static int
check_server(struct cli *cli)
{
	switch (api_check(cli)) {
	case API_ANSWERS:
		return 0;
	case API_REFUSES:
		return -1;
	default:
		break;
	}
	return cli_error(cli, "Is not spp-ctl running on %s, nor correct IP address?",
			 servers_current(&cli->servers)->host);
}

static void
open_history(struct cli *cli)
{
	const char *home = getenv("HOME");
	char *path = NULL;

	if (home != NULL && asprintf(&path, "%s/.spp_history", home) < 0)
		path = NULL;
	history_open(&cli->history, path);
	free(path);
}

/* For completion by a shell: candidates for the last word, one on a line. */
static int
print_candidates(struct cli *cli, const char *line)
{
	struct candidates found;
	size_t typed;

	complete_line(cli, line, &found, &typed);
	for (unsigned int i = 0; i < found.nb; i++)
		fprintf(cli->out, "%s\n", found.word[i]);
	candidates_free(&found);
	return 0;
}

static int
run_commands(struct cli *cli, const struct cli_options *options)
{
	int ret = 0;

	for (unsigned int i = 0; i < options->nb_commands && !cli->ended; i++) {
		if (script_run_text(cli, options->commands[i]) < 0)
			ret = -1;
		if (ret < 0 && cli->stop_on_error)
			break;
	}
	return ret;
}

static int
run_file(struct cli *cli, const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	int ret;

	if (file == NULL)
		return cli_error(cli, "Error: cannot read '%s': %s.", path, strerror(errno));
	ret = script_run(cli, file, false);
	if (file != stdin)
		fclose(file);
	return ret;
}

static int
run_input(struct cli *cli, bool quiet)
{
	bool person = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

	if (!quiet)
		script_welcome(cli);
	return person ? session_run(cli) : script_run(cli, stdin, !quiet);
}

static int
run(struct cli *cli, const struct cli_options *options)
{
	if (options->complete != NULL)
		return print_candidates(cli, options->complete);
	if (check_server(cli) < 0)
		return -1;
	if (options->wait_primary)
		wait_primary(cli, WAIT_MS);
	if (options->nb_commands > 0)
		return run_commands(cli, options);
	if (options->file != NULL)
		return run_file(cli, options->file);
	return run_input(cli, options->quiet || options->json);
}

static int
start(struct cli *cli, const struct cli_options *options)
{
	int ret;

	cli->json = options->json;
	cli->stop_on_error = options->stop_on_error;
	if (cli->json)
		cli->err = stderr;
	if (load_config(cli, options->config) < 0 || add_servers(cli, options) < 0)
		return -1;
	open_history(cli);
	ret = run(cli, options);
	/* A script that cannot read all of the output must know it. */
	if (fflush(cli->out) != 0)
		ret = -1;
	return ret;
}

static int
credentials_read(const struct cli_options *options, struct http_credentials *credentials)
{
	static char token[TOKEN_SIZE];
	char error[512];

	*credentials = (struct http_credentials){
		.ca = options->ca, .cert = options->cert, .key = options->key};
	if (options->token_file == NULL)
		return 0;
	credentials->token = token;
	if (token_read(options->token_file, token, error, sizeof(error)) == 0)
		return 0;
	fprintf(stderr, "spp: %s\n", error);
	return -1;
}

static int
with_options(const struct cli_options *options)
{
	struct http_credentials credentials;
	struct http_client *http = NULL;
	struct cli cli;
	int ret = -1;

	if (credentials_read(options, &credentials) < 0)
		return EXIT_FAILURE;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == 0)
		http = http_client_open(session_interrupt(), &credentials);
	if (http == NULL || cli_init(&cli, command_table, http, session_interrupt()) < 0) {
		fprintf(stderr, "spp: no memory to start\n");
	} else {
		ret = start(&cli, options);
		cli_fini(&cli);
	}
	http_client_close(http);
	curl_global_cleanup();
	return ret < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	struct cli_options options;
	char error[256];

	setlocale(LC_CTYPE, "");
	if (cli_options_parse(argc, argv, &options, error, sizeof(error)) < 0) {
		fprintf(stderr, "spp: %s\nTry 'spp --help'.\n", error);
		return 2;
	}
	if (options.help) {
		cli_options_help(stdout);
		return EXIT_SUCCESS;
	}
	if (options.version) {
		printf("spp %s\n", SPP_VERSION);
		return EXIT_SUCCESS;
	}
	return with_options(&options);
}
