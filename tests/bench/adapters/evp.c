/* SPDX-License-Identifier: BSD-2-Clause */
/* The floor: the signature alone by OpenSSL, all else prepared before. */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/adapters/plain.h"

struct bare {
	struct plain_key key;
	uint8_t signature[PLAIN_SIGNATURE_MAX];
	size_t signature_len, text_len;
};

static const char *
version(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}

static void *
load(const struct subject *subject)
{
	struct bare *bare = calloc(1, sizeof(*bare));
	const char *dot = strrchr(subject->token, '.');
	uint8_t raw[PLAIN_SIGNATURE_MAX];
	size_t len;

	if (bare == NULL || !plain_load(subject, false, &bare->key))
		return NULL;
	len = plain_b64(dot + 1, strlen(dot + 1), raw);
	bare->signature_len = plain_signature(&bare->key, raw, len,
	    bare->signature);
	bare->text_len = (size_t)(dot - subject->token);
	return bare;
}

static bool
verify(void *key, const struct subject *subject)
{
	const struct bare *bare = key;

	return plain_verify(&bare->key, subject->token, bare->text_len,
	    bare->signature, bare->signature_len);
}

static void
unload(void *key)
{
	struct bare *bare = key;

	plain_unload(&bare->key);
	free(bare);
}

const struct adapter bench_adapter = {
	"bare OpenSSL", version, " ES256 Ed25519 RS256 PS256 HS256 ES384 ",
	load, verify, unload
};
