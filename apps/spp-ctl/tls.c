/* SPDX-License-Identifier: BSD-3-Clause */
/* TLS for REST clients: the certificate of this server, and those of clients. */
#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "refuse.h"
#include "tls.h"

static struct {
	SSL_CTX *context; /* NULL: TLS is off */
	bool knows_clients;
} tls;

/* The sentence about the oldest error of OpenSSL; the others are forgotten. */
static int
tls_refuse(char *error, size_t size, const char *option, const char *path)
{
	const char *reason = ERR_reason_error_string(ERR_get_error());

	ERR_clear_error();
	return refuse(error, size, -EINVAL, "%s %s: cannot use the file: %s", option, path,
		      reason == NULL ? "unknown error" : reason);
}

/* A client without a certificate may be admitted by its user or a token: one is asked for, and
 * checked, but not demanded. */
static int
use_authorities(const char *ca, char *error, size_t size)
{
	STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(ca);

	if (names == NULL || SSL_CTX_load_verify_locations(tls.context, ca, NULL) != 1) {
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		return tls_refuse(error, size, "--tls-ca", ca);
	}
	SSL_CTX_set_client_CA_list(tls.context, names);
	SSL_CTX_set_verify(tls.context, SSL_VERIFY_PEER, NULL);
	tls.knows_clients = true;
	return 0;
}

int
tls_init(const char *cert, const char *key, const char *ca, char *error, size_t size)
{
	static const unsigned char name[] = "spp-ctl";

	tls.context = SSL_CTX_new(TLS_server_method());
	if (tls.context == NULL)
		return refuse(error, size, -ENOMEM, "no memory for TLS");
	SSL_CTX_set_min_proto_version(tls.context, TLS1_2_VERSION);
	SSL_CTX_set_options(tls.context, SSL_OP_NO_RENEGOTIATION);
	/* A session says for whom it was made; without the name OpenSSL refuses to resume it. */
	SSL_CTX_set_session_id_context(tls.context, name, sizeof(name) - 1);
	if (SSL_CTX_use_certificate_chain_file(tls.context, cert) != 1)
		return tls_refuse(error, size, "--tls-cert", cert);
	if (SSL_CTX_use_PrivateKey_file(tls.context, key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(tls.context) != 1)
		return tls_refuse(error, size, "--tls-key", key);
	return ca == NULL ? 0 : use_authorities(ca, error, size);
}

void
tls_fini(void)
{
	SSL_CTX_free(tls.context);
	tls.context = NULL;
}

bool
tls_is_on(void)
{
	return tls.context != NULL;
}

bool
tls_knows_clients(void)
{
	return tls.knows_clients;
}

struct bufferevent *
tls_accept(struct event_base *base)
{
	SSL *ssl = SSL_new(tls.context);
	struct bufferevent *bev;

	if (ssl == NULL)
		return NULL;
	bev = bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, 0);
	if (bev == NULL)
		SSL_free(ssl);
	else
		bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
	return bev;
}

bool
tls_is_used(struct bufferevent *bev)
{
	return bufferevent_openssl_get_ssl(bev) != NULL;
}

bool
tls_client_is_known(struct bufferevent *bev)
{
	const SSL *ssl = bufferevent_openssl_get_ssl(bev);

	return ssl != NULL && SSL_get0_peer_certificate(ssl) != NULL &&
	       SSL_get_verify_result(ssl) == X509_V_OK;
}

void
tls_release(struct bufferevent *bev)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);

	bufferevent_decref(bev);
	SSL_free(ssl);
}
