/* SPDX-License-Identifier: BSD-3-Clause */
/* The REST interface of the current controller; what fails is told to the user here. */

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "cli.h"
#include "http_client.h"
#include "words.h"

#define ERROR_TEXT_MAX 2000
#define URL_SIZE (SERVER_TEXT_SIZE + API_PATH_SIZE + 16)

/* At a unix socket the host of the URL only fills the header Host. */
static void
url_format(const struct server *server, const char *path, char url[URL_SIZE])
{
	if (server->kind == SERVER_UNIX)
		snprintf(url, URL_SIZE, "http://localhost%s", path);
	else
		snprintf(url, URL_SIZE, "%s://%s:%u%s",
			 server->kind == SERVER_HTTPS ? "https" : "http", server->host,
			 server->port, path);
}

/* The path of the unix socket, or NULL. */
static const char *
server_socket(const struct server *server)
{
	return server->kind == SERVER_UNIX ? server->host : NULL;
}

int
api_request(struct cli *cli, const char *method, const char *path, json_t *body,
	    unsigned int limit_ms, struct http_reply *reply)
{
	const struct server *server = servers_current(&cli->servers);
	char url[URL_SIZE];
	char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
	int err = -ENOMEM;

	url_format(server, path, url);
	if (body == NULL || text != NULL)
		err = http_client_request(cli->http, method, server_socket(server), url, text,
					  limit_ms, reply);
	free(text);
	json_decref(body);
	return err;
}

static int
say_why(struct cli *cli, int err)
{
	switch (err) {
	case -ETIMEDOUT:
		return cli_error(cli, "Error: spp-ctl did not answer within %d seconds.",
				 API_LIMIT_MS / 1000);
	case -EINTR:
		return cli_error(cli, "Error: interrupted.");
	case -ECONNRESET:
		return cli_error(cli, "Error: the answer of spp-ctl breaks off; its log says why.");
	case -EMSGSIZE:
		return cli_error(cli, "Error: the answer of spp-ctl is too large.");
	case -ENOMEM:
		return cli_error(cli, "Error: no memory for the request.");
	case -EACCES:
		return cli_error(cli, "Error: no permission to open %s.",
				 servers_current(&cli->servers)->host);
	case -EKEYREJECTED:
		return cli_error(cli,
				 "Error: the certificate of spp-ctl is not one of %s by a known "
				 "authority; give its authority with --ca.",
				 servers_current(&cli->servers)->host);
	case -EPROTO:
		return cli_error(cli, "Error: no TLS with spp-ctl; check the address, --ca, "
				      "--cert and --key.");
	default:
		return cli_error(cli, "Error: Failed to connect to spp-ctl.");
	}
}

static bool
is_good(const struct http_reply *reply)
{
	return reply->status >= 200 && reply->status < 300;
}

static int
say_refusal(struct cli *cli, const struct http_reply *reply)
{
	const char *text = text_strip(reply->body);

	if (*text == '\0')
		return cli_error(cli, "Error: spp-ctl answered %ld.", reply->status);
	return cli_error(cli, "Error: %.*s", ERROR_TEXT_MAX, text);
}

/* Strings of a reply are printed: no byte of them may move the cursor. */
static void
sanitize(json_t *value)
{
	json_t *member;
	const char *key;
	size_t i;

	if (json_is_string(value)) {
		char *text = strdup(json_string_value(value));

		if (text != NULL) {
			text_sanitize(text);
			json_string_set(value, text);
		}
		free(text);
	}
	json_array_foreach (value, i, member)
		sanitize(member);
	json_object_foreach (value, key, member)
		sanitize(member);
}

static json_t *
parse(const struct http_reply *reply)
{
	json_t *data = json_loadb(reply->body, reply->len, 0, NULL);

	sanitize(data);
	return data;
}

static void
print_raw(struct cli *cli, const struct http_reply *reply)
{
	fprintf(cli->out, "%s\n", text_strip(reply->body));
}

static int
take_data(struct cli *cli, const struct http_reply *http, json_t **reply)
{
	if (http->len == 0)
		return 0;
	if (cli->json) {
		print_raw(cli, http);
		return 0;
	}
	*reply = parse(http);
	return *reply != NULL ? 0 : cli_error(cli, "Error: unknown response.");
}

enum api_result
api_finish(struct cli *cli, int err, struct http_reply *http, json_t **reply)
{
	enum api_result result = API_FAILED;

	*reply = NULL;
	if (err != 0)
		return say_why(cli, err);
	if (!is_good(http)) {
		say_refusal(cli, http);
	} else if (take_data(cli, http, reply) == 0) {
		result = http->note[0] == '\0' ? API_DONE : API_NOTED;
		if (result == API_NOTED)
			cli_note(cli, http->note);
	}
	http_reply_free(http);
	return result;
}

enum api_result
api_call(struct cli *cli, const char *method, const char *path, json_t *body, json_t **reply)
{
	struct http_reply http;
	int err = api_request(cli, method, path, body, API_LIMIT_MS, &http);

	return api_finish(cli, err, &http, reply);
}

enum api_result
api_send(struct cli *cli, const char *method, const char *path, json_t *body)
{
	json_t *reply;
	enum api_result result = api_call(cli, method, path, body, &reply);

	json_decref(reply);
	return result;
}

/* GET, and tell the user why it failed.  After 0 the caller frees http. */
static int
get(struct cli *cli, const char *path, struct http_reply *http)
{
	int err = api_request(cli, "GET", path, NULL, API_LIMIT_MS, http);

	if (err != 0)
		return say_why(cli, err);
	if (is_good(http))
		return 0;
	say_refusal(cli, http);
	http_reply_free(http);
	return -1;
}

json_t *
api_get(struct cli *cli, const char *path)
{
	struct http_reply http;
	json_t *data;

	if (get(cli, path, &http) < 0)
		return NULL;
	data = parse(&http);
	http_reply_free(&http);
	if (data == NULL)
		cli_error(cli, "Error: unknown response.");
	return data;
}

json_t *
api_fetch(struct cli *cli, const char *path, unsigned int limit_ms, long *status)
{
	struct http_reply http;
	json_t *data = NULL;

	*status = 0;
	if (api_request(cli, "GET", path, NULL, limit_ms, &http) != 0)
		return NULL;
	*status = http.status;
	if (is_good(&http))
		data = parse(&http);
	http_reply_free(&http);
	return data;
}

enum api_answer
api_check(struct cli *cli)
{
	struct http_reply http;
	int err = api_request(cli, "GET", "/v1/processes", NULL, API_LIMIT_MS, &http);
	json_t *data;

	if (err == -EACCES || err == -EKEYREJECTED || err == -EPROTO) {
		say_why(cli, err);
		return API_REFUSES;
	}
	if (err != 0)
		return API_SILENT;
	if (http.status == 403) {
		say_refusal(cli, &http);
		http_reply_free(&http);
		return API_REFUSES;
	}
	data = is_good(&http) ? parse(&http) : NULL;
	http_reply_free(&http);
	json_decref(data);
	return data == NULL ? API_SILENT : API_ANSWERS;
}

json_t *
api_peek(struct cli *cli, const char *path)
{
	long status;

	return api_fetch(cli, path, API_PEEK_MS, &status);
}

int
api_show(struct cli *cli, const char *path, void (*print)(FILE *out, const json_t *data))
{
	struct http_reply http;
	json_t *data;
	int ret = 0;

	if (get(cli, path, &http) < 0)
		return -1;
	data = parse(&http);
	if (data == NULL)
		ret = cli_error(cli, "Error: unknown response.");
	else if (cli->json)
		print_raw(cli, &http);
	else
		print(cli->out, data);
	json_decref(data);
	http_reply_free(&http);
	return ret;
}

int
api_copy(struct cli *cli, const char *path)
{
	const struct server *server = servers_current(&cli->servers);
	struct http_reply http;
	char url[URL_SIZE];
	int ret = 0, err;

	url_format(server, path, url);
	err = http_client_copy(cli->http, server_socket(server), url, API_LIMIT_MS, cli->out,
			       &http);
	if (err != 0)
		return say_why(cli, err);
	if (is_good(&http))
		fputc('\n', cli->out);
	else
		ret = say_refusal(cli, &http);
	http_reply_free(&http);
	return ret;
}

const char *
api_escape(const char *word, char *out)
{
	size_t len = 0;

	for (; *word != '\0'; word++) {
		if (len + 4 > API_WORD_SIZE)
			return NULL;
		if (isalnum((unsigned char)*word) || strchr("_.-~", *word) != NULL)
			out[len++] = *word;
		else
			len += sprintf(out + len, "%%%02X", (unsigned char)*word);
	}
	out[len] = '\0';
	return out;
}

const char *
api_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

json_int_t
api_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}
