/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of the algorithms of a JWE. */
#include "core/jose/jwe_alg.h"

static const struct jwe_alg algs[] = {
	{ "ECDH-ES", false, 0, NULL },
	{ "ECDH-ES+A128KW", false, 16, NULL },
	{ "ECDH-ES+A256KW", false, 32, NULL },
	{ .name = "RSA-OAEP-256", .is_rsa = true, .digest = "SHA256" },
	/* For providers without RSA-OAEP-256. */
	{ .name = "RSA-OAEP", .is_rsa = true, .digest = "SHA1" },
};

static const struct jwe_enc encs[] = {
	{ "A128GCM", "AES-128-GCM", NULL, 16, 12, 16 },
	{ "A256GCM", "AES-256-GCM", NULL, 32, 12, 16 },
	{ "A128CBC-HS256", "AES-128-CBC", "SHA256", 32, 16, 16 },
	{ "A256CBC-HS512", "AES-256-CBC", "SHA512", 64, 16, 32 },
};

static const struct jwe_kind_row kinds[JWE_KINDS] = {
	[JWE_P256] = { "EC", "P-256", 32, true },
	[JWE_P384] = { "EC", "P-384", 48, true },
	[JWE_P521] = { "EC", "P-521", 66, true },
	[JWE_X25519] = { "OKP", "X25519", 32, false },
	[JWE_RSA] = { .kty = "RSA" },
};

const struct jwe_alg *
jwe_alg_by_name(struct bytes name)
{
	size_t i;

	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		if (bytes_eq_str(name, algs[i].name))
			return &algs[i];
	}
	return NULL;
}

const struct jwe_alg *
jwe_alg_at(size_t index)
{
	if (index >= sizeof(algs) / sizeof(algs[0]))
		return NULL;
	return &algs[index];
}

const struct jwe_enc *
jwe_enc_by_name(struct bytes name)
{
	size_t i;

	for (i = 0; i < sizeof(encs) / sizeof(encs[0]); i++) {
		if (bytes_eq_str(name, encs[i].name))
			return &encs[i];
	}
	return NULL;
}

const struct jwe_kind_row *
jwe_kind_row(enum jwe_kind kind)
{
	return &kinds[kind];
}

bool
jwe_kind_by_names(struct bytes kty, struct bytes crv, enum jwe_kind *out)
{
	unsigned i;

	for (i = 0; i < JWE_KINDS; i++) {
		if (!bytes_eq_str(kty, kinds[i].kty))
			continue;
		*out = (enum jwe_kind)i;
		if (kinds[i].crv == NULL || bytes_eq_str(crv, kinds[i].crv))
			return true;
	}
	return false;
}

bool
jwe_kind_fits(enum jwe_kind kind, const struct jwe_alg *alg)
{
	return (kind == JWE_RSA) == alg->is_rsa;
}
