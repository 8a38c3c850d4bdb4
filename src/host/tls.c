/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libssl between two memory buffers; our own send() and recv() stand behind
 * them, so that there is one deadline and no SIGPIPE.
 *
 * libssl is not linked: sshd, sudo and su would all load it for the few sites
 * that have a Redis with TLS.  Once loaded it stays (RTLD_NODELETE): it has
 * registered its clean-up with libcrypto, for the end of the process.
 *
 * A handshake empties the thread's error queue, in libssl itself; nothing of
 * ours is left in it.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "host/file.h"
#include "host/tls.h"

#define LIBSSL	"libssl.so.3"
#define CHUNK	2048	/* bytes between the socket and libssl */

/* What is used of libssl; the names are its own without "SSL_". */
struct libssl {
	const SSL_METHOD *(*client_method)(void);
	SSL_CTX *(*ctx_new)(const SSL_METHOD *);
	void (*ctx_free)(SSL_CTX *);
	long (*ctx_ctrl)(SSL_CTX *, int, long, void *);
	void (*ctx_set_verify)(SSL_CTX *, int, SSL_verify_cb);
	int (*ctx_set_default_verify_paths)(SSL_CTX *);
	X509_STORE *(*ctx_get_cert_store)(const SSL_CTX *);
	SSL *(*new)(SSL_CTX *);
	void (*free)(SSL *);
	long (*ctrl)(SSL *, int, long, void *);
	X509_VERIFY_PARAM *(*get0_param)(SSL *);
	void (*set_bio)(SSL *, BIO *, BIO *);
	void (*set_connect_state)(SSL *);
	int (*do_handshake)(SSL *);
	int (*get_error)(const SSL *, int);
	int (*read)(SSL *, void *, int);
	int (*write)(SSL *, const void *, int);
	long (*get_verify_result)(const SSL *);
};

struct tls {
	struct libssl lib;
	struct wire *wire;	/* borrowed */
	SSL_CTX *ctx;
	SSL *ssl;
	BIO *in;		/* of ssl: what came from the socket */
	BIO *out;		/* of ssl: what is to be sent */
};

/* POSIX lets a pointer to a function come out of dlsym() in this way. */
static bool
find(void *library, const char *name, void *function)
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
	    find(library, "TLS_client_method", &lib->client_method) &&
	    find(library, "SSL_CTX_new", &lib->ctx_new) &&
	    find(library, "SSL_CTX_free", &lib->ctx_free) &&
	    find(library, "SSL_CTX_ctrl", &lib->ctx_ctrl) &&
	    find(library, "SSL_CTX_set_verify", &lib->ctx_set_verify) &&
	    find(library, "SSL_CTX_set_default_verify_paths",
	    &lib->ctx_set_default_verify_paths) &&
	    find(library, "SSL_CTX_get_cert_store", &lib->ctx_get_cert_store) &&
	    find(library, "SSL_new", &lib->new) &&
	    find(library, "SSL_free", &lib->free) &&
	    find(library, "SSL_ctrl", &lib->ctrl) &&
	    find(library, "SSL_get0_param", &lib->get0_param) &&
	    find(library, "SSL_set_bio", &lib->set_bio) &&
	    find(library, "SSL_set_connect_state", &lib->set_connect_state) &&
	    find(library, "SSL_do_handshake", &lib->do_handshake) &&
	    find(library, "SSL_get_error", &lib->get_error) &&
	    find(library, "SSL_read", &lib->read) &&
	    find(library, "SSL_write", &lib->write) &&
	    find(library, "SSL_get_verify_result", &lib->get_verify_result);

	if (library != NULL)
		dlclose(library);
	return ok;
}

/* Every certificate of the file is an authority; it is read as a key file. */
static enum jwt_reason
trust_file(struct tls *tls, const char *path)
{
	X509_STORE *store = tls->lib.ctx_get_cert_store(tls->ctx);
	unsigned count = 0;
	struct file file;
	X509 *one;
	BIO *text;

	if (file_read(path, &file) != FILE_OK) {
		wire_fail(tls->wire, "redis_ca_file: %s", file.fault);
		file_clear(&file);
		return JWT_STATE_UNAVAILABLE;
	}
	text = BIO_new_mem_buf(file.text.ptr, (int)file.text.len);
	while (text != NULL &&
	    (one = PEM_read_bio_X509(text, NULL, NULL, NULL)) != NULL) {
		count += X509_STORE_add_cert(store, one) == 1;
		X509_free(one);
	}
	BIO_free(text);
	file_clear(&file);
	return count > 0 ? JWT_OK :
	    wire_fail(tls->wire, "redis_ca_file has no certificate (PEM)");
}

static enum jwt_reason
trust(struct tls *tls, const struct state_settings *settings)
{
	if (settings->redis_ca_file != NULL)
		return trust_file(tls, settings->redis_ca_file);
	return tls->lib.ctx_set_default_verify_paths(tls->ctx) == 1 ? JWT_OK :
	    wire_fail(tls->wire, "the system has no authorities");
}

static bool
is_address(const char *host)
{
	struct in6_addr address;

	return inet_pton(AF_INET, host, &address) == 1 ||
	    inet_pton(AF_INET6, host, &address) == 1;
}

/* Whom the certificate must name; a name is also sent (RFC 6066 section 3). */
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

/* The two buffers are the connection's from then on. */
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
	reason = trust(tls, settings);
	if (reason != JWT_OK)
		return reason;
	tls->ssl = tls->lib.new(tls->ctx);
	if (tls->ssl == NULL || !attach(tls))
		return JWT_OUT_OF_MEMORY;
	return expect(tls, settings->redis_host) ? JWT_OK :
	    wire_fail(tls->wire, "no certificate can be for this host name");
}

/* What libssl has to say goes to the server. */
static enum jwt_reason
flush(struct tls *tls)
{
	enum jwt_reason reason = JWT_OK;
	uint8_t chunk[CHUNK];
	int len;

	while (reason == JWT_OK &&
	    (len = BIO_read(tls->out, chunk, sizeof(chunk))) > 0)
		reason = wire_send(tls->wire, bytes_of(chunk,
		    (size_t)len));
	return reason;
}

/* What the server said goes to libssl; *got is 0 at the end. */
static enum jwt_reason
fill(struct tls *tls, size_t *got)
{
	uint8_t chunk[CHUNK];
	enum jwt_reason reason = wire_receive(tls->wire, chunk,
	    sizeof(chunk), got);

	if (reason == JWT_OK && *got > 0 &&
	    BIO_write(tls->in, chunk, (int)*got) != (int)*got)
		return JWT_OUT_OF_MEMORY;
	return reason;
}

/* Why a handshake failed, in a few words. */
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
	/* load() has found both; the analyser cannot see through dlsym(). */
	if (tls->lib.do_handshake == NULL || tls->lib.get_error == NULL)
		return JWT_INTERNAL;
	for (;;) {
		int code = tls->lib.do_handshake(tls->ssl);
		int error = code == 1 ? SSL_ERROR_NONE :
		    tls->lib.get_error(tls->ssl, code);
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
	/* SSL_VERIFY_PEER has ended the handshake already, were it not so. */
	return tls->lib.get_verify_result(tls->ssl) == X509_V_OK ? JWT_OK :
	    fail_handshake(tls);
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
	if (reason == JWT_OK)
		reason = shake_hands(tls);
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

enum jwt_reason
tls_send(struct tls *tls, struct bytes text)
{
	int code;

	/* Into memory: all of it, or nothing. */
	ERR_set_mark();
	code = tls->lib.write(tls->ssl, text.ptr, (int)text.len);
	ERR_pop_to_mark();
	return code == (int)text.len ? flush(tls) :
	    wire_fail(tls->wire, "TLS cannot send");
}

enum jwt_reason
tls_receive(struct tls *tls, uint8_t *out, size_t size, size_t *got)
{
	enum jwt_reason reason = JWT_OK;

	*got = 0;
	while (reason == JWT_OK) {
		size_t came;
		int code, error;

		ERR_set_mark();
		code = tls->lib.read(tls->ssl, out, (int)size);
		error = code > 0 ? SSL_ERROR_NONE :
		    tls->lib.get_error(tls->ssl, code);
		ERR_pop_to_mark();
		if (code > 0) {
			*got = (size_t)code;
			return flush(tls);
		}
		if (error == SSL_ERROR_ZERO_RETURN)
			return JWT_OK;
		if (error != SSL_ERROR_WANT_READ)
			return wire_fail(tls->wire, "TLS ended");
		reason = fill(tls, &came);
		if (reason == JWT_OK && came == 0)
			return JWT_OK;
	}
	return reason;
}
