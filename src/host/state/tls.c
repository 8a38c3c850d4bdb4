/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLS by libssl, which reads from one memory buffer and writes into another.
 * wire.c moves the bytes between these and the socket, so that its deadline
 * holds and no SIGPIPE is raised.
 *
 * The module is not linked with libssl: sshd, sudo and su would all load it for
 * the few sites that have a Redis with TLS.  Once it is loaded it stays
 * (RTLD_NODELETE), because it has registered a clean-up with libcrypto that
 * runs when the process ends.
 *
 * libssl empties the thread's error queue in a handshake.  We leave no error of
 * ours in it.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "host/state/tls_lib.h"

#define LIBSSL	"libssl.so.3"
#define CHUNK	2048	/* bytes between the socket and libssl */

/* POSIX allows to copy the result of dlsym() into a pointer to a function. */
static bool
find_symbol(void *library, const char *name, void *function)
{
	void *symbol = dlsym(library, name);

	memcpy(function, &symbol, sizeof(symbol));
	return symbol != NULL;
}

static bool
load(struct libssl *lib)
{
	void *library = dlopen(LIBSSL, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	bool ok = library != NULL &&
	    find_symbol(library, "TLS_client_method", &lib->client_method) &&
	    find_symbol(library, "SSL_CTX_new", &lib->ctx_new) &&
	    find_symbol(library, "SSL_CTX_free", &lib->ctx_free) &&
	    find_symbol(library, "SSL_CTX_ctrl", &lib->ctx_ctrl) &&
	    find_symbol(library, "SSL_CTX_set_verify", &lib->ctx_set_verify) &&
	    find_symbol(library, "SSL_CTX_set_default_verify_paths",
		&lib->ctx_set_default_verify_paths) &&
	    find_symbol(library, "SSL_CTX_get_cert_store",
		&lib->ctx_get_cert_store) &&
	    find_symbol(library, "SSL_CTX_use_certificate",
		&lib->ctx_use_certificate) &&
	    find_symbol(library, "SSL_CTX_use_PrivateKey", &lib->ctx_use_key) &&
	    find_symbol(library, "SSL_new", &lib->new) &&
	    find_symbol(library, "SSL_free", &lib->free) &&
	    find_symbol(library, "SSL_ctrl", &lib->ctrl) &&
	    find_symbol(library, "SSL_get0_param", &lib->get0_param) &&
	    find_symbol(library, "SSL_set_bio", &lib->set_bio) &&
	    find_symbol(library, "SSL_set_connect_state",
		&lib->set_connect_state) &&
	    find_symbol(library, "SSL_do_handshake", &lib->do_handshake) &&
	    find_symbol(library, "SSL_get_error", &lib->get_error) &&
	    find_symbol(library, "SSL_read", &lib->read) &&
	    find_symbol(library, "SSL_write", &lib->write) &&
	    find_symbol(library, "SSL_get_verify_result",
		&lib->get_verify_result);

	if (library != NULL)
		dlclose(library);
	return ok;
}

static bool
is_address(const char *host)
{
	struct in6_addr address;

	return inet_pton(AF_INET, host, &address) == 1 ||
	    inet_pton(AF_INET6, host, &address) == 1;
}

/*
 * Set the host that the certificate must name.  A certificate of any other host
 * is refused, even if a trusted authority signed it.  A host name, but not an
 * address, is also sent to the server (RFC 6066 section 3).
 */
static bool
expect(struct tls *tls, const char *host)
{
	X509_VERIFY_PARAM *param = tls->lib.get0_param(tls->ssl);
	char name[256];

	if (is_address(host))
		return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1;
	if (snprintf(name, sizeof(name), "%s", host) >= (int)sizeof(name))
		return false;
	X509_VERIFY_PARAM_set_hostflags(param,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(param, host, 0) == 1 &&
	    tls->lib.ctrl(tls->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
	    TLSEXT_NAMETYPE_host_name, name) == 1;
}

/* Give the connection its two buffers, which it owns from then on. */
static bool
attach(struct tls *tls)
{
	tls->in = BIO_new(BIO_s_mem());
	tls->out = BIO_new(BIO_s_mem());
	if (tls->in == NULL || tls->out == NULL) {
		BIO_free(tls->in);
		BIO_free(tls->out);
		return false;
	}
	tls->lib.set_bio(tls->ssl, tls->in, tls->out);
	tls->lib.set_connect_state(tls->ssl);
	return true;
}

static enum jwt_reason
set_up(struct tls *tls, const struct state_settings *settings)
{
	enum jwt_reason reason;

	if (!load(&tls->lib))
		return wire_fail(tls->wire, "%s cannot be loaded: install "
		    "libssl3", LIBSSL);
	tls->ctx = tls->lib.ctx_new(tls->lib.client_method());
	if (tls->ctx == NULL)
		return JWT_OUT_OF_MEMORY;
	if (tls->lib.ctx_ctrl(tls->ctx, SSL_CTRL_SET_MIN_PROTO_VERSION,
	    TLS1_2_VERSION, NULL) != 1)
		return wire_fail(tls->wire, "libssl refuses TLS 1.2");
	tls->lib.ctx_set_verify(tls->ctx, SSL_VERIFY_PEER, NULL);
	reason = tls_trust(tls, settings);
	if (reason != JWT_OK)
		return reason;
	reason = tls_identify(tls, settings);
	if (reason != JWT_OK)
		return reason;
	tls->ssl = tls->lib.new(tls->ctx);
	if (tls->ssl == NULL || !attach(tls))
		return JWT_OUT_OF_MEMORY;
	if (!expect(tls, settings->redis_host))
		return wire_fail(tls->wire,
		    "no certificate can be for this host name");
	return JWT_OK;
}

/* Send to the server what libssl has written. */
static enum jwt_reason
flush(struct tls *tls)
{
	uint8_t chunk[CHUNK];
	int len;

	while ((len = BIO_read(tls->out, chunk, sizeof(chunk))) > 0) {
		enum jwt_reason reason = wire_send(tls->wire,
		    bytes_of(chunk, (size_t)len));

		if (reason != JWT_OK)
			return reason;
	}
	return JWT_OK;
}

/* Give libssl what the server sent; *got is 0 at the end of the stream. */
static enum jwt_reason
fill(struct tls *tls, size_t *got)
{
	uint8_t chunk[CHUNK];
	enum jwt_reason reason = wire_receive(tls->wire, chunk,
	    sizeof(chunk), got);

	if (reason != JWT_OK)
		return reason;
	if (*got > 0 && BIO_write(tls->in, chunk, (int)*got) != (int)*got)
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

/* Write why the handshake failed. */
static enum jwt_reason
fail_handshake(struct tls *tls)
{
	long result = tls->lib.get_verify_result(tls->ssl);

	if (result != X509_V_OK)
		return wire_fail(tls->wire, "the server's certificate: %s",
		    X509_verify_cert_error_string(result));
	return wire_fail(tls->wire, "no TLS with this server");
}

static enum jwt_reason
shake_hands(struct tls *tls)
{
	/* load() has set both, but gcc -fanalyzer cannot see that. */
	if (tls->lib.do_handshake == NULL || tls->lib.get_error == NULL)
		return JWT_INTERNAL;
	for (;;) {
		int code = tls->lib.do_handshake(tls->ssl);
		int error = tls->lib.get_error(tls->ssl, code);
		enum jwt_reason reason = flush(tls);
		size_t got = 0;

		if (reason != JWT_OK)
			return reason;
		if (code == 1)
			break;
		if (error != SSL_ERROR_WANT_READ)
			return fail_handshake(tls);
		reason = fill(tls, &got);
		if (reason != JWT_OK)
			return reason;
		if (got == 0)
			return fail_handshake(tls);
	}
	/*
	 * SSL_VERIFY_PEER has already ended the handshake of a bad certificate.
	 * This checks it again on purpose.
	 */
	if (tls->lib.get_verify_result(tls->ssl) != X509_V_OK)
		return fail_handshake(tls);
	return JWT_OK;
}

enum jwt_reason
tls_open(const struct state_settings *settings, struct wire *wire,
    struct tls **out)
{
	struct tls *tls = calloc(1, sizeof(*tls));
	enum jwt_reason reason;

	*out = tls;
	if (tls == NULL)
		return JWT_OUT_OF_MEMORY;
	tls->wire = wire;
	ERR_set_mark();
	reason = set_up(tls, settings);
	if (reason != JWT_OK)
		goto out;
	reason = shake_hands(tls);
out:
	ERR_pop_to_mark();
	return reason;
}

void
tls_close(struct tls *tls)
{
	if (tls == NULL)
		return;
	ERR_set_mark();
	if (tls->ssl != NULL)
		tls->lib.free(tls->ssl);
	if (tls->ctx != NULL)
		tls->lib.ctx_free(tls->ctx);
	ERR_pop_to_mark();
	free(tls);
}

/*
 * In TLS 1.3 a server says only after our side of the handshake that it misses
 * our certificate.
 */
static enum jwt_reason
fail_receive(struct tls *tls)
{
	tls->wants_certificate = ERR_GET_REASON(ERR_peek_last_error()) ==
	    SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED;
	if (tls->wants_certificate)
		return wire_fail(tls->wire, "the server asks for a "
		    "certificate: redis_cert_file and redis_key_file");
	return wire_fail(tls->wire, "TLS ended");
}

/* Call SSL_read(); *error is the result of SSL_get_error(). */
static enum jwt_reason
read_some(struct tls *tls, uint8_t *out, size_t size, size_t *got, int *error)
{
	enum jwt_reason reason = JWT_OK;
	int code;

	ERR_set_mark();
	code = tls->lib.read(tls->ssl, out, (int)size);
	*error = tls->lib.get_error(tls->ssl, code);
	if (*error == SSL_ERROR_SSL)
		reason = fail_receive(tls);
	ERR_pop_to_mark();
	if (code > 0)
		*got = (size_t)code;
	return reason;
}

enum jwt_reason
tls_receive(struct tls *tls, uint8_t *out, size_t size, size_t *got)
{
	*got = 0;
	for (;;) {
		size_t came;
		int error;
		enum jwt_reason reason = read_some(tls, out, size, got, &error);

		if (reason != JWT_OK)
			return reason;
		if (*got > 0)
			return flush(tls);
		if (error == SSL_ERROR_ZERO_RETURN)
			return JWT_OK;
		if (error != SSL_ERROR_WANT_READ)
			return wire_fail(tls->wire, "TLS ended");
		reason = fill(tls, &came);
		if (reason != JWT_OK || came == 0)
			return reason;
	}
}

/*
 * Sending failed because the server has closed.  It may have said why before
 * that, so read once more; if it did not, the first fault stays.
 */
static enum jwt_reason
hear_why(struct tls *tls)
{
	char fault[WIRE_FAULT_SIZE];
	uint8_t byte;
	size_t got;

	memcpy(fault, tls->wire->fault, sizeof(fault));
	(void)!tls_receive(tls, &byte, 1, &got);
	if (!tls->wants_certificate)
		memcpy(tls->wire->fault, fault, sizeof(fault));
	return JWT_STATE_UNAVAILABLE;
}

enum jwt_reason
tls_send(struct tls *tls, struct bytes text)
{
	enum jwt_reason reason;
	int code;

	/* This writes into memory, so all of it is written, or nothing. */
	ERR_set_mark();
	code = tls->lib.write(tls->ssl, text.ptr, (int)text.len);
	ERR_pop_to_mark();
	if (code != (int)text.len)
		return wire_fail(tls->wire, "TLS cannot send");
	reason = flush(tls);
	if (reason == JWT_STATE_UNAVAILABLE)
		return hear_why(tls);
	return reason;
}
