/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of algorithms; a name that is not in it verifies nothing. */
#include "core/jose/alg.h"

/*
 * A row for each id in its order, with its newest name; then other names, of
 * which no more is used than the id and the kind.
 */
static const struct alg table[] = {
	{ "ES256", ALG_ES256, KEY_P256, SCHEME_ECDSA, "SHA256", 64, 0 },
	{ "ES384", ALG_ES384, KEY_P384, SCHEME_ECDSA, "SHA384", 96, 0 },
	{ "ES512", ALG_ES512, KEY_P521, SCHEME_ECDSA, "SHA512", 132, 0 },
	{ "Ed25519", ALG_ED25519, KEY_ED25519, SCHEME_EDDSA, NULL, 64, 0 },
	{ "Ed448", ALG_ED448, KEY_ED448, SCHEME_EDDSA, NULL, 114, 0 },
	{ "RS256", ALG_RS256, KEY_RSA, SCHEME_RSA_PKCS1, "SHA256", 0, 0 },
	{ "RS384", ALG_RS384, KEY_RSA, SCHEME_RSA_PKCS1, "SHA384", 0, 0 },
	{ "RS512", ALG_RS512, KEY_RSA, SCHEME_RSA_PKCS1, "SHA512", 0, 0 },
	{ "PS256", ALG_PS256, KEY_RSA, SCHEME_RSA_PSS, "SHA256", 0, 0 },
	{ "PS384", ALG_PS384, KEY_RSA, SCHEME_RSA_PSS, "SHA384", 0, 0 },
	{ "PS512", ALG_PS512, KEY_RSA, SCHEME_RSA_PSS, "SHA512", 0, 0 },
	{ "HS256", ALG_HS256, KEY_OCT, SCHEME_HMAC, "SHA256", 32, 32 },
	{ "HS384", ALG_HS384, KEY_OCT, SCHEME_HMAC, "SHA384", 48, 48 },
	{ "HS512", ALG_HS512, KEY_OCT, SCHEME_HMAC, "SHA512", 64, 64 },
	{ "ML-DSA-44", ALG_ML_DSA_44, KEY_ML_DSA_44, SCHEME_ML_DSA, NULL, 2420, 0 },
	{ "ML-DSA-65", ALG_ML_DSA_65, KEY_ML_DSA_65, SCHEME_ML_DSA, NULL, 3309, 0 },
	{ "ML-DSA-87", ALG_ML_DSA_87, KEY_ML_DSA_87, SCHEME_ML_DSA, NULL, 4627, 0 },
	{ "EdDSA", ALG_ED25519, .kind = KEY_ED25519 },
	{ "EdDSA", ALG_ED448, .kind = KEY_ED448 },
};

#define TABLE_LEN (sizeof(table) / sizeof(table[0]))

alg_set
alg_by_name(struct bytes name)
{
	alg_set set = 0;
	size_t i;

	for (i = 0; i < TABLE_LEN; i++) {
		if (bytes_eq_str(name, table[i].name))
			set |= ALG_BIT(table[i].id);
	}
	return set;
}

struct nearest
alg_nearest(struct bytes name)
{
	struct nearest nearest = nearest_begin(name);
	size_t i;

	for (i = 0; i < TABLE_LEN; i++)
		nearest_try(&nearest, table[i].name);
	return nearest;
}

alg_set
alg_by_kind(enum key_kind kind)
{
	alg_set set = 0;
	size_t i;

	for (i = 0; i < TABLE_LEN; i++) {
		if (table[i].kind == kind)
			set |= ALG_BIT(table[i].id);
	}
	return set;
}

const struct alg *
alg_row(enum alg_id id)
{
	return &table[id];
}

bool
alg_single(alg_set set, enum alg_id *out)
{
	if (set == 0 || (set & (set - 1)) != 0)
		return false;
	*out = (enum alg_id)__builtin_ctz(set);
	return true;
}

const char *
alg_kind_name(enum key_kind kind)
{
	static const char *const names[] = {
		[KEY_P256] = "P-256 key", [KEY_P384] = "P-384 key",
		[KEY_P521] = "P-521 key", [KEY_ED25519] = "Ed25519 key",
		[KEY_ED448] = "Ed448 key", [KEY_RSA] = "RSA key",
		[KEY_OCT] = "symmetric key", [KEY_ML_DSA_44] = "ML-DSA-44 key",
		[KEY_ML_DSA_65] = "ML-DSA-65 key",
		[KEY_ML_DSA_87] = "ML-DSA-87 key",
	};

	return names[kind];
}
