/* SPDX-License-Identifier: BSD-3-Clause */
/* One HTTP request at a time over libcurl's easy interface, with a time limit. */

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_client.h"

#define CONNECT_MS 3000L
#define BODY_MAX (8u << 20)

struct http_client {
	CURL *curl;
	struct curl_slist *headers, *body_headers; /* without a body, with one */
	struct http_credentials credentials;
	const volatile sig_atomic_t *interrupted;
};

static bool
add_header(struct curl_slist **list, const char *header)
{
	struct curl_slist *longer = curl_slist_append(*list, header);

	if (longer != NULL)
		*list = longer;
	return longer != NULL;
}

/* An empty `Expect:` keeps libcurl from waiting for a go-ahead before longer bodies. */
static bool
make_headers(struct http_client *http)
{
	char header[512];

	if (!add_header(&http->body_headers, "Content-Type: application/json") ||
	    !add_header(&http->body_headers, "Expect:"))
		return false;
	if (http->credentials.token == NULL)
		return true;
	snprintf(header, sizeof(header), "Authorization: Bearer %s", http->credentials.token);
	return add_header(&http->body_headers, header) && add_header(&http->headers, header);
}

struct http_client *
http_client_open(const volatile sig_atomic_t *interrupted,
		 const struct http_credentials *credentials)
{
	struct http_client *http = calloc(1, sizeof(*http));

	if (http == NULL)
		return NULL;
	http->interrupted = interrupted;
	http->credentials = *credentials;
	http->curl = curl_easy_init();
	if (make_headers(http) && http->curl != NULL)
		return http;
	http_client_close(http);
	return NULL;
}

void
http_client_close(struct http_client *http)
{
	if (http == NULL)
		return;
	curl_slist_free_all(http->headers);
	curl_slist_free_all(http->body_headers);
	if (http->curl != NULL)
		curl_easy_cleanup(http->curl);
	free(http);
}

void
http_reply_free(struct http_reply *reply)
{
	free(reply->body);
	reply->body = NULL;
}

/* Where a body goes. */
struct transfer {
	CURL *curl;
	struct http_reply *reply;
	FILE *out; /* NULL: into the reply, whatever the status is */
};

static bool
goes_out(const struct transfer *transfer)
{
	long status = 0;

	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	return transfer->out != NULL && status == 200;
}

static size_t
take_body(char *data, size_t size, size_t nb, void *arg)
{
	const struct transfer *transfer = arg;
	struct http_reply *reply = transfer->reply;
	size_t len = size * nb;
	char *body;

	if (goes_out(transfer))
		return fwrite(data, 1, len, transfer->out);
	if (len > BODY_MAX - reply->len)
		return 0;
	body = realloc(reply->body, reply->len + len + 1);
	if (body == NULL)
		return 0;
	memcpy(body + reply->len, data, len);
	reply->body = body;
	reply->len += len;
	reply->body[reply->len] = '\0';
	return len;
}

static size_t
take_header(char *data, size_t size, size_t nb, void *arg)
{
	static const char name[] = "X-SPP-Note:";
	struct http_reply *reply = arg;
	size_t len = size * nb, at = sizeof(name) - 1;

	if (len <= at || strncasecmp(data, name, at) != 0)
		return len;
	while (at < len && data[at] == ' ')
		at++;
	snprintf(reply->note, sizeof(reply->note), "%.*s", (int)(len - at), data + at);
	reply->note[strcspn(reply->note, "\r\n")] = '\0';
	return len;
}

static int
check_interrupt(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	const struct http_client *http = arg;

	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	return http->interrupted != NULL && *http->interrupted != 0;
}

static void
set_tls(CURL *curl, const struct http_credentials *credentials)
{
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (credentials->ca != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, credentials->ca);
	if (credentials->cert != NULL)
		curl_easy_setopt(curl, CURLOPT_SSLCERT, credentials->cert);
	if (credentials->key != NULL)
		curl_easy_setopt(curl, CURLOPT_SSLKEY, credentials->key);
}

static void
set_options(struct http_client *http, const char *method, const char *socket_path, const char *url,
	    struct transfer *transfer)
{
	CURL *curl = http->curl;

	curl_easy_reset(curl);
	set_tls(curl, &http->credentials);
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_path);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, http->headers);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	/* The program speaks to the controller directly, whatever the environment says about
	 * proxies. */
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_interrupt);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, http);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer->reply);
}

static int
error_of(CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return 0;
	case CURLE_OPERATION_TIMEDOUT:
		return -ETIMEDOUT;
	case CURLE_ABORTED_BY_CALLBACK:
		return -EINTR;
	case CURLE_WRITE_ERROR:
		return -EMSGSIZE;
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
		return -ECONNRESET;
	case CURLE_COULDNT_CONNECT:
	case CURLE_COULDNT_RESOLVE_HOST:
		return -ECONNREFUSED;
	case CURLE_PEER_FAILED_VERIFICATION:
		return -EKEYREJECTED;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
		return -EPROTO;
	default:
		return -EIO;
	}
}

/* A time limit that ends before there is a connection means that nobody listens. */
static int
perform(CURL *curl)
{
	CURLcode code = curl_easy_perform(curl);
	curl_off_t connected_us = 0;
	long os_error = 0;

	curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &os_error);
	if (code == CURLE_COULDNT_CONNECT && os_error == EACCES)
		return -EACCES;

	if (code == CURLE_OPERATION_TIMEDOUT) {
		curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
		if (connected_us == 0)
			return -ECONNREFUSED;
	}
	return error_of(code);
}

static int
finish(CURL *curl, struct http_reply *reply)
{
	int err = perform(curl);

	if (err == 0)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
	else
		http_reply_free(reply);
	return err;
}

int
http_client_request(struct http_client *http, const char *method, const char *socket_path,
		    const char *url, const char *body, unsigned int limit_ms,
		    struct http_reply *reply)
{
	struct transfer transfer = {http->curl, reply, NULL};

	*reply = (struct http_reply){.body = calloc(1, 1)};
	if (reply->body == NULL)
		return -EIO;
	set_options(http, method, socket_path, url, &transfer);
	curl_easy_setopt(http->curl, CURLOPT_TIMEOUT_MS, (long)limit_ms);
	if (body != NULL) {
		curl_easy_setopt(http->curl, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
		curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, body);
		curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, http->body_headers);
	}
	return finish(http->curl, reply);
}

int
http_client_copy(struct http_client *http, const char *socket_path, const char *url,
		 unsigned int silence_ms, FILE *out, struct http_reply *reply)
{
	struct transfer transfer = {http->curl, reply, out};

	*reply = (struct http_reply){.body = calloc(1, 1)};
	if (reply->body == NULL)
		return -EIO;
	set_options(http, "GET", socket_path, url, &transfer);
	curl_easy_setopt(http->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(http->curl, CURLOPT_LOW_SPEED_TIME, (long)(silence_ms / 1000));
	return finish(http->curl, reply);
}
