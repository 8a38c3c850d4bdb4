/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the files of TLS: the authorities that we trust, and our certificate
 * with its key.
 */
#include <openssl/err.h>
#include <openssl/pem.h>

#include "host/file.h"
#include "host/state/tls_lib.h"

/*
 * Read a PEM file, as safely as a key file; name is the setting that names it.
 * The caller frees *out and clears *file whatever the result.
 */
static enum jwt_reason
read_pem(struct tls *tls, const char *name, const char *path,
    struct file *file, BIO **out)
{
	*out = NULL;
	if (file_read(path, file) != FILE_OK)
		return wire_fail(tls->wire, "%s: %.90s", name, file->fault);
	*out = BIO_new_mem_buf(file->text.ptr, (int)file->text.len);
	if (*out == NULL)
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

/* Without this, OpenSSL would ask for a passphrase at the user's terminal. */
static int
no_passphrase(char *out, int size, int writes, void *ctx)
{
	(void)out;
	(void)size;
	(void)writes;
	(void)ctx;
	return -1;
}

/* Count the BEGIN and END lines of certificates: two for each of them. */
static unsigned
count_marks(struct bytes text)
{
	static const char mark[] = "CERTIFICATE-----";
	const uint8_t *end = text.ptr + text.len, *at = text.ptr;
	unsigned count = 0;

	while ((at = memmem(at, (size_t)(end - at), mark, strlen(mark))) !=
	    NULL) {
		at += strlen(mark);
		count++;
	}
	return count;
}

/* Use one certificate of a file; number counts from 0.  False on an error. */
typedef bool take_certificate(struct tls *tls, X509 *one, unsigned number);

/* Take the certificates of a text up to the first bad one; returns how many. */
static unsigned
take_all(struct tls *tls, BIO *text, take_certificate *take)
{
	unsigned count = 0;
	bool ok = true;
	X509 *one;

	while (ok &&
	    (one = PEM_read_bio_X509(text, NULL, no_passphrase, NULL)) !=
		NULL) {
		ok = take(tls, one, count);
		if (ok)
			count++;
		X509_free(one);
	}
	return count;
}

/*
 * Take every certificate of a file.  OpenSSL stops at a broken certificate as
 * it does at the end of the file.  Without the count, those after it would be
 * ignored in silence.
 */
static enum jwt_reason
read_certificates(struct tls *tls, const char *name, const char *path,
    take_certificate *take)
{
	unsigned count, marks;
	struct file file;
	BIO *text;
	enum jwt_reason reason = read_pem(tls, name, path, &file, &text);

	if (reason != JWT_OK)
		goto out;
	marks = count_marks(secret_bytes(&file.text));
	count = take_all(tls, text, take);
	if (marks == 0)
		reason = wire_fail(tls->wire, "%s has no certificate (PEM)",
		    name);
	else if (marks != 2 * count)
		reason = wire_fail(tls->wire,
		    "%s: only %u of %u certificates can be read", name, count,
		    (marks + 1) / 2);
out:
	BIO_free(text);
	file_clear(&file);
	return reason;
}

/* Trust a certificate of redis_ca_file as an authority. */
static bool
take_authority(struct tls *tls, X509 *one, unsigned number)
{
	(void)number;
	return X509_STORE_add_cert(tls->lib.ctx_get_cert_store(tls->ctx),
	    one) == 1;
}

/* The first certificate is ours; the others are those of its authorities. */
static bool
take_own(struct tls *tls, X509 *one, unsigned number)
{
	if (number == 0)
		return tls->lib.ctx_use_certificate(tls->ctx, one) == 1;
	return tls->lib.ctx_ctrl(tls->ctx, SSL_CTRL_CHAIN_CERT, 1, one) == 1;
}

static enum jwt_reason
take_key(struct tls *tls, const char *name, BIO *text)
{
	EVP_PKEY *key = PEM_read_bio_PrivateKey(text, NULL, no_passphrase,
	    NULL);
	int taken;

	if (key == NULL)
		return wire_fail(tls->wire,
		    "%s has no private key (PEM, "
		    "without a passphrase)",
		    name);
	taken = tls->lib.ctx_use_key(tls->ctx, key);
	EVP_PKEY_free(key);
	if (taken != 1)
		return wire_fail(tls->wire,
		    "%s is not the key of "
		    "redis_cert_file",
		    name);
	return JWT_OK;
}

static enum jwt_reason
use_key(struct tls *tls, const char *path)
{
	static const char name[] = "redis_key_file";
	struct file file;
	BIO *text;
	enum jwt_reason reason = read_pem(tls, name, path, &file, &text);

	if (reason != JWT_OK)
		goto out;
	if (file.readable) {
		reason = wire_fail(tls->wire, "%s: others may read it: "
		    "chmod 600", name);
		goto out;
	}
	reason = take_key(tls, name, text);
out:
	BIO_free(text);
	file_clear(&file);
	return reason;
}

enum jwt_reason
tls_identify(struct tls *tls, const struct state_settings *settings)
{
	enum jwt_reason reason;

	if (settings->redis_cert_file == NULL)
		return JWT_OK;
	reason = read_certificates(tls, "redis_cert_file",
	    settings->redis_cert_file, take_own);
	if (reason != JWT_OK)
		return reason;
	return use_key(tls, settings->redis_key_file);
}

enum jwt_reason
tls_trust(struct tls *tls, const struct state_settings *settings)
{
	if (settings->redis_ca_file != NULL)
		return read_certificates(tls, "redis_ca_file",
		    settings->redis_ca_file, take_authority);
	if (tls->lib.ctx_set_default_verify_paths(tls->ctx) != 1)
		return wire_fail(tls->wire, "the system has no authorities");
	return JWT_OK;
}
