/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Public keys in PEM.  What we take OpenSSL takes too, and writes back in
 * the same bytes: there is one spelling of a key.
 */
#include <openssl/x509.h>

#include "core/base/b64url.h"
#include "core/jose/sig.h"
#include "core/jose/spki.h"
#include "tests/fuzz/fuzz.h"

#define BEGIN "-----BEGIN PUBLIC KEY-----\n"
#define END "\n-----END PUBLIC KEY-----\n"

static void
check_der(struct bytes der)
{
	const uint8_t *pos = der.ptr;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &pos, (long)der.len);
	uint8_t *again = NULL;
	int len;

	FUZZ_CHECK(pkey != NULL && pos == der.ptr + der.len);
	len = i2d_PUBKEY(pkey, &again);
	FUZZ_CHECK(len > 0 && bytes_eq(bytes_of(again, (size_t)len), der));
	OPENSSL_free(again);
	EVP_PKEY_free(pkey);
}

static void
check_key(const struct keymat *mat, struct bytes der)
{
	struct sig_key *key;
	uint8_t zeros[RSA_BITS_MAX / 8] = { 0 };
	enum jwt_reason reason = sig_key_new(mat, &key);
	alg_set algs = alg_by_kind(mat->kind);
	size_t len;

	if (reason == JWT_OK)
		reason = sig_key_build(key);
	if (reason == JWT_OK) {
		check_der(der);
		/* A key that verifies nothing at all is of no use either. */
		for (len = 0; len <= sizeof(zeros); len += 32)
			FUZZ_CHECK(sig_verify(key, (enum alg_id)
			    __builtin_ctz(algs), der, bytes_of(zeros, len)) !=
			    JWT_OK);
	} else {
		FUZZ_CHECK(reason == JWT_KEY_FILE_INVALID ||
		    reason == JWT_ALG_UNSUPPORTED);
	}
	sig_key_free(key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret der;
	struct keymat mat, again;
	const char *fault = NULL;
	enum jwt_reason reason;

	reason = spki_parse_pem(bytes_of(data, size), &der, &mat, &fault);
	FUZZ_CHECK((reason == JWT_OK) == (fault == NULL));
	if (reason == JWT_OK) {
		FUZZ_CHECK(spki_parse_der(secret_bytes(&der), &again) == NULL);
		FUZZ_CHECK(mat.kind == again.kind);
		FUZZ_CHECK(bytes_eq(mat.x, again.x) &&
		    bytes_eq(mat.y, again.y));
		if (keymat_fault(&mat) == NULL)
			check_key(&mat, secret_bytes(&der));
	}
	secret_clear(&der);
	return 0;
}

/* The other way: base64 of changed DER, in one long line; 0: no room. */
static size_t
write_pem(struct bytes der, uint8_t *out, size_t max_size)
{
	size_t body = (der.len + 2) / 3 * 4;
	size_t size = strlen(BEGIN) + body + strlen(END);

	if (size + 1 > max_size)
		return 0;
	memcpy(out, BEGIN, strlen(BEGIN));
	EVP_EncodeBlock(out + strlen(BEGIN), der.ptr, (int)der.len);
	memcpy(out + strlen(BEGIN) + body, END, strlen(END));
	return size;
}

static size_t
mutate_der(struct bytes pem, uint8_t *out, size_t max_size)
{
	static uint8_t der[3072];
	struct secret text;
	struct keymat mat;
	const char *fault;
	size_t size = 0, len;

	(void)!spki_parse_pem(pem, &text, &mat, &fault);
	if (text.len > 0 && text.len < sizeof(der)) {
		memcpy(der, text.ptr, text.len);
		len = LLVMFuzzerMutate(der, text.len, sizeof(der));
		size = write_pem(bytes_of(der, len), out, max_size);
	}
	secret_clear(&text);
	return size;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
    unsigned seed)
{
	size_t out = 0;

	if (LLVMFuzzerMutate == NULL)
		return size;
	if (seed % 4 != 0)
		out = mutate_der(bytes_of(data, size), data, max_size);
	return out != 0 ? out : LLVMFuzzerMutate(data, size, max_size);
}
