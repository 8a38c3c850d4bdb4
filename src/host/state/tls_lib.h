/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection by libssl, for tls.c and tls_files.c. */
#ifndef JWT_TLS_LIB_H
#define JWT_TLS_LIB_H

#include <openssl/ssl.h>

#include "host/state/tls.h"

/* The functions of libssl that we call, by their names without "SSL_". */
struct libssl {
	const SSL_METHOD *(*client_method)(void);
	SSL_CTX *(*ctx_new)(const SSL_METHOD *);
	void (*ctx_free)(SSL_CTX *);
	long (*ctx_ctrl)(SSL_CTX *, int, long, void *);
	void (*ctx_set_verify)(SSL_CTX *, int, SSL_verify_cb);
	int (*ctx_set_default_verify_paths)(SSL_CTX *);
	X509_STORE *(*ctx_get_cert_store)(const SSL_CTX *);
	int (*ctx_use_certificate)(SSL_CTX *, X509 *);
	int (*ctx_use_key)(SSL_CTX *, EVP_PKEY *);
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
	BIO *in;		/* of ssl: bytes from the socket */
	BIO *out;		/* of ssl: bytes for the socket */
	bool wants_certificate;	/* the server asked for ours, and closed */
};

/*
 * Set our certificate and key, for a server that asks for them; the authorities
 * that we trust.  A fault is noted by wire_fail().
 */
enum jwt_reason tls_identify(struct tls *tls,
    const struct state_settings *settings);
enum jwt_reason tls_trust(struct tls *tls,
    const struct state_settings *settings);

#endif
