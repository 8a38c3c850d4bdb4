/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * E: tokens that are encrypted in ways that no honest sender would; F: what
 * OpenSSL alone would have taken (shared/reference/probe.md F).
 */
#include <stdlib.h>

#include <openssl/evp.h>

#include "attack.h"
#include "tests/lib/jwe_make.h"

#define GOOD	"{" WORLD_CLAIMS "}"

/* The keys of the world, each for one alg; the kid names both. */
static const struct {
	const char *alg;
	enum jwe_kind kind;
} keys[] = {
	{ "ECDH-ES", JWE_P256 }, { "ECDH-ES", JWE_P384 },
	{ "ECDH-ES", JWE_P521 }, { "ECDH-ES", JWE_X25519 },
	{ "ECDH-ES+A128KW", JWE_P256 }, { "ECDH-ES+A256KW", JWE_P256 },
	{ "ECDH-ES+A256KW", JWE_X25519 }, { "RSA-OAEP-256", JWE_RSA },
	{ "RSA-OAEP", JWE_RSA },
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

static const char *const encs[] = {
	"A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512"
};
#define ENCS (sizeof(encs) / sizeof(encs[0]))

static struct world world;
static char *inner;		/* a good token, to be encrypted */

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static const char *
curve_of(enum jwe_kind kind)
{
	return kind == JWE_RSA ? "RSA" : jwe_kind_row(kind)->crv;
}

static void
load_world(void)
{
	size_t i;

	must(world_load(&world, "decryption_keys = /d\n", "", world_jwk(
	    ALG_ES256)) == JWT_OK);
	for (i = 0; i < KEYS; i++) {
		char *more = world_text(",\"alg\":\"%s\",\"kid\":\"%s %s\"",
		    keys[i].alg, keys[i].alg, curve_of(keys[i].kind));

		must(world_add_decryption(&world, 0, jwe_make_jwk(jwe_make_key(
		    keys[i].kind), keys[i].kind, more)) == JWT_OK);
		free(more);
	}
	inner = world_sign(ALG_ES256, HEADER, GOOD);
}

/* Encrypt the good token for the key of that alg and kind. */
static void
seal_parts(const struct jwe_recipe *recipe, enum jwe_kind kind,
    struct jwe_parts *out)
{
	struct jwe_recipe with = *recipe;
	char *members = world_text(",\"kid\":\"%s %s\"%s", recipe->alg,
	    curve_of(kind), recipe->members != NULL ? recipe->members : "");

	with.members = members;
	jwe_make_parts(&with, jwe_make_key(kind), kind, bytes_str(inner), out);
	free(members);
}

static void
seal(const char *row, const struct jwe_recipe *recipe, enum jwe_kind kind,
    enum jwt_reason wanted)
{
	struct jwe_parts parts;

	seal_parts(recipe, kind, &parts);
	attack_token(row, &world, jwe_parts_join(&parts), wanted);
	jwe_parts_clear(&parts);
}

/* One part cut, or made longer by zeros, to that length. */
static void
resize(struct secret *part, size_t len)
{
	struct secret other;

	must(secret_alloc(len, &other) == JWT_OK);
	if (part->len > 0)
		memcpy(other.ptr, part->ptr,
		    len < part->len ? len : part->len);
	secret_clear(part);
	*part = other;
}

enum part { PART_KEY, PART_IV, PART_TEXT, PART_TAG };

static void
seal_resized(const char *row, const struct jwe_recipe *recipe,
    enum jwe_kind kind, enum part which, size_t len)
{
	struct jwe_parts parts;
	struct secret *all[] = {
		&parts.key, &parts.iv, &parts.text, &parts.tag
	};
	enum jwt_reason wanted = JWT_DECRYPT_FAILED;

	seal_parts(recipe, kind, &parts);
	if (all[which]->len == len)
		wanted = JWT_OK;
	resize(all[which], len);
	attack_token(row, &world, jwe_parts_join(&parts), wanted);
	jwe_parts_clear(&parts);
}

/* E1, F1, F2: OpenSSL takes tags of 1 to 16 bytes, and nonces of 1 to 128. */
static void
gcm_lengths(void)
{
	struct jwe_recipe recipe = { .alg = "ECDH-ES" };
	size_t enc, len;

	for (enc = 0; enc < 2; enc++) {
		recipe.enc = encs[enc];
		for (len = 0; len <= 17; len++) {
			seal_resized("E1", &recipe, JWE_P256, PART_TAG, len);
			seal_resized("F1", &recipe, JWE_X25519, PART_TAG, len);
		}
		/* Encrypted with a nonce of that length, so it would open. */
		for (len = 1; len <= 32; len++) {
			recipe.iv_len = len;
			seal("F2", &recipe, JWE_P256, len == 12 ? JWT_OK :
			    JWT_DECRYPT_FAILED);
		}
		recipe.iv_len = 0;
		seal_resized("E1", &recipe, JWE_P256, PART_IV, 0);
		seal_resized("E1", &recipe, JWE_P256, PART_IV, 11);
		seal_resized("E1", &recipe, JWE_P256, PART_IV, 12);
		seal_resized("E1", &recipe, JWE_P256, PART_IV, 13);
	}
}

/* E2: the parts of AES-CBC with HMAC put together in another way. */
static void
cbc(void)
{
	size_t enc, len;

	for (enc = 2; enc < ENCS; enc++) {
		struct jwe_recipe recipe = {
			.alg = "ECDH-ES+A256KW", .enc = encs[enc]
		};
		struct jwe_recipe swapped = recipe, in_bytes = recipe;
		struct jwe_recipe padding = recipe;

		swapped.swap_halves = true;
		in_bytes.length_in_bytes = true;
		padding.bad_padding = true;
		seal("E2", &recipe, JWE_P256, JWT_OK);
		seal("E2", &swapped, JWE_P256, JWT_DECRYPT_FAILED);
		seal("E2", &in_bytes, JWE_P256, JWT_DECRYPT_FAILED);
		seal("E2", &padding, JWE_P256, JWT_DECRYPT_FAILED);
		for (len = 0; len <= 65; len++)
			seal_resized("E2", &recipe, JWE_P256, PART_TAG, len);
		for (len = 15; len <= 17; len++)
			seal_resized("E2", &recipe, JWE_P256, PART_IV, len);
	}
}

/* E3, F3: wrapped keys, and what is inside them, of every length. */
static void
key_lengths(void)
{
	static uint8_t cek[80];
	size_t len;

	for (len = 0; len <= 48; len++) {
		struct jwe_recipe recipe = {
			.alg = "ECDH-ES+A128KW", .enc = "A128GCM"
		};

		seal_resized("E3", &recipe, JWE_P256, PART_KEY, len);
	}
	/* A CEK of another length, wrapped as it must be. */
	for (len = 16; len <= 72; len += 8) {
		struct jwe_recipe recipe = {
			.alg = "ECDH-ES+A256KW", .enc = "A256GCM",
			.cek = bytes_of(cek, len)
		};

		seal("E3", &recipe, JWE_X25519, JWT_DECRYPT_FAILED);
	}
	for (len = 1; len <= 80; len++) {
		/* The content is encrypted with what a careless reader takes. */
		struct jwe_recipe recipe = {
			.alg = "RSA-OAEP-256", .enc = "A256CBC-HS512",
			.cek = bytes_of(cek, len),
			.content_key = bytes_of(cek, 64)
		};

		seal("E3", &recipe, JWE_RSA, len == 64 ? JWT_OK :
		    JWT_DECRYPT_FAILED);
	}
	for (len = 0; len <= 24; len += 8) {
		struct jwe_recipe recipe = {
			.alg = "ECDH-ES+A256KW", .enc = "A128CBC-HS256"
		};

		seal_resized("F3", &recipe, JWE_P256, PART_KEY, len);
	}
}

/* F8, E5, F10: all that is wrong with an RSA key part has one reason. */
static void
oaep(void)
{
	static const size_t lens[] = { 0, 1, 128, 255, 256, 257, 512 };
	struct jwe_recipe recipe = { .alg = "RSA-OAEP-256", .enc = "A128GCM" };
	struct jwe_recipe mixed = recipe, other = recipe;
	struct jwe_parts parts;
	size_t i;

	mixed.mgf = "SHA1";
	seal("F8", &mixed, JWE_RSA, JWT_DECRYPT_FAILED);
	other.digest = "SHA1";
	seal("F8", &other, JWE_RSA, JWT_DECRYPT_FAILED);
	other.digest = "SHA512";
	seal("F8", &other, JWE_RSA, JWT_DECRYPT_FAILED);
	other = (struct jwe_recipe){
		.alg = "RSA-OAEP", .enc = "A128GCM", .mgf = "SHA256"
	};
	seal("F8", &other, JWE_RSA, JWT_DECRYPT_FAILED);
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		seal_resized("F8", &recipe, JWE_RSA, PART_KEY, lens[i]);
	/* A bad padding, a number beyond the modulus, a bad tag. */
	seal_parts(&recipe, JWE_RSA, &parts);
	parts.key.ptr[100] ^= 1;
	attack_token("E5", &world, jwe_parts_join(&parts), JWT_DECRYPT_FAILED);
	attack_token("F10", &world, jwe_parts_join(&parts),
	    JWT_DECRYPT_FAILED);
	memset(parts.key.ptr, 0xff, parts.key.len);
	attack_token("F10", &world, jwe_parts_join(&parts),
	    JWT_DECRYPT_FAILED);
	memset(parts.key.ptr, 0, parts.key.len);
	attack_token("F10", &world, jwe_parts_join(&parts),
	    JWT_DECRYPT_FAILED);
	jwe_parts_clear(&parts);
	seal_parts(&recipe, JWE_RSA, &parts);
	parts.tag.ptr[0] ^= 1;
	attack_token("E5", &world, jwe_parts_join(&parts), JWT_DECRYPT_FAILED);
	jwe_parts_clear(&parts);
}

/*
 * E5: content that is encrypted with zeros, under a key part that cannot be
 * opened.  What a buffer holds after a failure must never be the CEK.
 */
static void
zero_keys(void)
{
	static const struct {
		const char *alg;
		enum jwe_kind kind;
	} rows[] = {
		{ "ECDH-ES+A128KW", JWE_P256 }, { "ECDH-ES+A256KW", JWE_P256 },
		{ "ECDH-ES+A256KW", JWE_X25519 }, { "RSA-OAEP-256", JWE_RSA },
		{ "RSA-OAEP", JWE_RSA },
	};
	static const uint8_t zeros[64];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]) * ENCS; i++) {
		const char *enc = encs[i % ENCS];
		struct jwe_recipe recipe = {
			.alg = rows[i / ENCS].alg, .enc = enc,
			.content_key = bytes_of(zeros, jwe_enc_by_name(
			    bytes_str(enc))->cek_len)
		};
		struct jwe_parts parts;

		/* The part is sound and holds another key; then it is not. */
		seal_parts(&recipe, rows[i / ENCS].kind, &parts);
		attack_token("E5", &world, jwe_parts_join(&parts),
		    JWT_DECRYPT_FAILED);
		parts.key.ptr[9] ^= 1;
		attack_token("E5", &world, jwe_parts_join(&parts),
		    JWT_DECRYPT_FAILED);
		jwe_parts_clear(&parts);
	}
}

/*
 * F10: a number beyond the modulus, whose smaller one would open.  Its first
 * byte is zero once in 256 times.
 */
static void
beyond_modulus(void)
{
	struct jwe_recipe recipe = { .alg = "RSA-OAEP-256", .enc = "A128GCM" };
	struct jwe_parts parts;

	seal_parts(&recipe, JWE_RSA, &parts);
	while (parts.key.ptr[0] != 0) {
		jwe_parts_clear(&parts);
		seal_parts(&recipe, JWE_RSA, &parts);
	}
	attack_token("F10", &world, jwe_parts_join(&parts), JWT_OK);
	parts.key.ptr[0] = 0xff;
	attack_token("F10", &world, jwe_parts_join(&parts),
	    JWT_DECRYPT_FAILED);
	jwe_parts_clear(&parts);
}

/* E4, E7, E8, E10, F9, F12, F13: what is not offered at all. */
static void
not_offered(void)
{
	static const struct attack headers[] = {
		{ "E4", "{\"alg\":\"RSA1_5\",\"enc\":\"A128GCM\"}",
		    JWT_ENCRYPTION_UNSUPPORTED },
		{ "F9", "{\"alg\":\"RSA1_5\",\"enc\":\"A128GCM\","
		    "\"kid\":\"RSA-OAEP RSA\"}", JWT_ENCRYPTION_UNSUPPORTED },
		{ "E7", "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\","
		    "\"p2c\":2147483647,\"p2s\":\"AAAAAAAAAAA\"}",
		    JWT_ENCRYPTION_UNSUPPORTED },
		{ "E7", "{\"alg\":\"PBES2-HS512+A256KW\",\"enc\":\"A128GCM\","
		    "\"p2c\":0,\"p2s\":\"\"}", JWT_ENCRYPTION_UNSUPPORTED },
		{ "E7", "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\","
		    "\"p2c\":999}", JWT_ENCRYPTION_UNSUPPORTED },
		{ "F13", "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\","
		    "\"p2c\":1000}", JWT_ENCRYPTION_UNSUPPORTED },
		{ "E8", "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\","
		    "\"zip\":\"DEF\"}", JWT_ENCRYPTION_UNSUPPORTED },
		{ "E8", "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\","
		    "\"zip\":null}", JWT_ENCRYPTION_UNSUPPORTED },
		{ "E10", "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
		    JWT_ENCRYPTION_UNSUPPORTED },
	};
	struct jwe_recipe recipe = { .alg = "ECDH-ES", .enc = "A128GCM" };
	struct jwe_recipe zip = {
		.alg = "RSA-OAEP-256", .enc = "A256GCM",
		.members = ",\"zip\":\"DEF\""
	};
	size_t i;

	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		char *header = jwe_make_b64(bytes_str(headers[i].text));

		attack_token(headers[i].row, &world, world_text("%s.AAAA."
		    "AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA", header),
		    headers[i].reason);
		free(header);
	}
	seal("F12", &zip, JWE_RSA, JWT_ENCRYPTION_UNSUPPORTED);
	/* ECDH-ES has no encrypted key. */
	for (i = 0; i <= 40; i += 8)
		seal_resized("E10", &recipe, JWE_P256, PART_KEY, i);
}

/* E6, F4: public keys of the sender. */
static void
points(void)
{
	static const char *const epks[] = {
		/* Off the curve; x beyond p; both zero; of another curve. */
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAAAAE\",\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAE\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"____________________"
		"______________________8\",\"y\":\"____________________________"
		"______________8\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAAAAA\",\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAA\"}",
	};
	static const struct attack others[] = {
		/* Compressed, hybrid, infinity, as OpenSSL would take them. */
		{ "F4", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
		    "\"AmsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKW\"}",
		    JWT_HEADER_INVALID },
		{ "F4", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\","
		    "\"y\":\"\"}", JWT_HEADER_INVALID },
		{ "F4", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\"}",
		    JWT_HEADER_INVALID },
		{ "F4", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"BmsX0fLhLEJH"
		    "-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKW\",\"y\":\"T-NC4v4af5uO5-"
		    "tKfA-eFivOM1drMV7Oy7ZAaDe_UfU\"}", JWT_HEADER_INVALID },
		{ "E6", "{}", JWT_HEADER_INVALID },
		{ "E6", "null", JWT_HEADER_INVALID },
		{ "E6", "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAAAAAAA"
		    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
		    JWT_ALG_KEY_MISMATCH },
		{ "E6", "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AAAAAAAAAAAA"
		    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
		    "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		    "AAAAAAAAAAAAAA\"}", JWT_ALG_KEY_MISMATCH },
	};
	struct jwe_recipe recipe = { .alg = "ECDH-ES", .enc = "A128GCM" };
	static uint8_t zeros[32];
	struct secret self;
	size_t i;

	/* Z is zero, or what comes of the host's own point. */
	jwe_make_self(jwe_make_key(JWE_P256), &self);
	for (i = 0; i < sizeof(epks) / sizeof(epks[0]); i++) {
		recipe.epk = epks[i];
		recipe.z = bytes_of(zeros, sizeof(zeros));
		seal("E6", &recipe, JWE_P256, JWT_DECRYPT_FAILED);
		recipe.z = secret_bytes(&self);
		seal("E6", &recipe, JWE_P256, JWT_DECRYPT_FAILED);
	}
	secret_clear(&self);
	recipe.z = bytes_of(zeros, sizeof(zeros));
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		recipe.epk = others[i].text;
		seal(others[i].row, &recipe, JWE_P256, others[i].reason);
	}
}

/* E6: information about the parties that is beyond all use. */
static void
parties(void)
{
	struct jwe_recipe recipe = { .alg = "ECDH-ES", .enc = "A128GCM" };
	static uint8_t long_party[600];

	recipe.apu = bytes_str("Alice");
	recipe.apv = bytes_str("Bob");
	seal("E6", &recipe, JWE_P256, JWT_OK);
	recipe.apu = bytes_of(long_party, 512);
	seal("E6", &recipe, JWE_P256, JWT_OK);
	recipe.apu = bytes_of(long_party, 513);
	seal("E6", &recipe, JWE_P256, JWT_HEADER_INVALID);
	recipe.apu = bytes_str("Alice");
	recipe.apv = bytes_of(long_party, 513);
	seal("E6", &recipe, JWE_P256, JWT_HEADER_INVALID);
}

/*
 * F6: the points of small order of X25519.  With each of them Z is zero, so
 * whoever sends one needs no key to encrypt.
 */
static void
small_order(void)
{
	static const char *const points_of_small_order[] = {
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"4Ot6fDtBuK4WVuP68Z_EatoJjeucMrH9hmIFFl9JuAA",
		"X5yVvKNQjCSx0LFVnIPvWwREXMRYHI6G2CJO3dCfEVc",
		"7P_______________________________________38",
		"7f_______________________________________38",
		"7v_______________________________________38",
	};
	struct jwe_recipe recipe = { .alg = "ECDH-ES", .enc = "A128GCM" };
	static uint8_t zeros[32];
	size_t i;

	recipe.z = bytes_of(zeros, sizeof(zeros));
	for (i = 0; i < 7; i++) {
		char *epk = world_text("{\"kty\":\"OKP\",\"crv\":\"X25519\","
		    "\"x\":\"%s\"}", points_of_small_order[i]);

		recipe.epk = epk;
		recipe.alg = "ECDH-ES";
		seal("F6", &recipe, JWE_X25519, JWT_DECRYPT_FAILED);
		recipe.alg = "ECDH-ES+A256KW";
		seal("F6", &recipe, JWE_X25519, JWT_DECRYPT_FAILED);
		free(epk);
	}
}

/* F7: another KDF, and another use of the key in it. */
static void
derivations(void)
{
	struct jwe_recipe recipe = { .alg = "ECDH-ES", .enc = "A128GCM" };

	recipe.kdf = "X963KDF";
	seal("F7", &recipe, JWE_P256, JWT_DECRYPT_FAILED);
	recipe.kdf = NULL;
	recipe.algorithm_id = "ECDH-ES";
	seal("F7", &recipe, JWE_P256, JWT_DECRYPT_FAILED);
	recipe.algorithm_id = "A256GCM";
	seal("F7", &recipe, JWE_P256, JWT_DECRYPT_FAILED);
	recipe.algorithm_id = NULL;
	seal("F7", &recipe, JWE_P256, JWT_OK);
	recipe.alg = "ECDH-ES+A128KW";
	recipe.algorithm_id = "A128GCM";
	seal("F7", &recipe, JWE_P256, JWT_DECRYPT_FAILED);
	recipe.algorithm_id = "A128KW";
	seal("F7", &recipe, JWE_P256, JWT_DECRYPT_FAILED);
	recipe.algorithm_id = "";
	seal("F7", &recipe, JWE_P256, JWT_DECRYPT_FAILED);
	recipe.algorithm_id = NULL;
	seal("F7", &recipe, JWE_P256, JWT_OK);
}

/* E9: the key of each kid for the alg of each other one. */
static void
other_algorithms(void)
{
	size_t key, sender;

	for (key = 0; key < KEYS; key++) {
		for (sender = 0; sender < KEYS; sender++) {
			char *members = world_text(",\"kid\":\"%s %s\"",
			    keys[key].alg, curve_of(keys[key].kind));
			struct jwe_recipe recipe = {
				.alg = keys[sender].alg, .enc = "A128GCM",
				.members = members
			};

			attack_token("E9", &world, jwe_make(&recipe,
			    jwe_make_key(keys[sender].kind),
			    keys[sender].kind, bytes_str(inner)),
			    key == sender ? JWT_OK : JWT_ALG_KEY_MISMATCH);
			free(members);
		}
	}
}

/* E11: claims in the header are nobody's. */
static void
claims_in_header(void)
{
	struct jwe_recipe recipe = {
		.alg = "ECDH-ES", .enc = "A128GCM",
		.members = ",\"iss\":\"x\",\"sub\":\"root\",\"aud\":\"y\""
	};
	char *good = inner;

	seal("E11", &recipe, JWE_P256, JWT_OK);
	recipe.members = ",\"iss\":\"" WORLD_ISS "\",\"sub\":\"alice\","
	    "\"aud\":\"urn:h\",\"exp\":1700000600";
	inner = world_sign(ALG_ES256, HEADER, "{" NO_AUD ",\"aud\":\"x\"}");
	seal("E11", &recipe, JWE_P256, JWT_AUDIENCE_MISMATCH);
	free(inner);
	inner = world_sign(ALG_ES256, HEADER, "{" NO_SUB "}");
	seal("E11", &recipe, JWE_P256, JWT_SUBJECT_MISSING);
	free(inner);
	inner = good;
}

/* A file with that key; frees it. */
static void
key_file(const char *row, char *jwk, enum jwt_reason wanted)
{
	struct world other;
	enum jwt_reason found;

	must(world_load(&other, "decryption_keys = /d\n", "", world_jwk(
	    ALG_ES256)) == JWT_OK);
	found = world_add_decryption(&other, 0, jwk);
	attack_case(row, "a key file", found, wanted);
	world_clear(&other);
}

/* A member of a JWK with another name, so that it is missing. */
static char *
without(char *jwk, const char *member)
{
	char *at = strstr(jwk, member);

	must(at != NULL);
	at[1] = '_';
	return jwk;
}

/* F5, F11: private keys that OpenSSL uses although they are not whole. */
static void
private_keys(void)
{
	static const char ec[] = ",\"alg\":\"ECDH-ES\"";
	static const char rsa[] = ",\"alg\":\"RSA-OAEP\"";
	char *jwk = jwe_make_jwk(jwe_make_key(JWE_P256), JWE_P256, ec), *at;

	key_file("F5", without(jwk, "\"x\""), JWT_KEY_FILE_INVALID);
	jwk = jwe_make_jwk(jwe_make_key(JWE_P256), JWE_P256, ec);
	key_file("F5", without(jwk, "\"y\""), JWT_KEY_FILE_INVALID);
	jwk = jwe_make_jwk(jwe_make_key(JWE_P256), JWE_P256, ec);
	key_file("F5", without(without(jwk, "\"x\""), "\"y\""),
	    JWT_KEY_FILE_INVALID);
	jwk = jwe_make_jwk(jwe_make_key(JWE_RSA), JWE_RSA, rsa);
	key_file("F11", without(without(without(without(without(jwk, "\"p\""),
	    "\"q\""), "\"dp\""), "\"dq\""), "\"qi\""), JWT_KEY_FILE_INVALID);
	jwk = jwe_make_jwk(jwe_make_key(JWE_RSA), JWE_RSA, rsa);
	at = strstr(jwk, "\"dp\":\"") + 10;
	*at = *at == 'A' ? 'B' : 'A';
	key_file("F11", jwk, JWT_KEY_FILE_INVALID);
	/* Another e, which d does not undo although dp and dq agree with d. */
	jwk = jwe_make_jwk(jwe_make_key(JWE_RSA), JWE_RSA, rsa);
	at = strstr(jwk, "\"e\":\"AQAB\"");
	must(at != NULL);
	at[8] = 'D';
	key_file("F11", jwk, JWT_KEY_FILE_INVALID);
}

void
attack_encryption(void)
{
	load_world();
	gcm_lengths();
	cbc();
	key_lengths();
	oaep();
	zero_keys();
	beyond_modulus();
	not_offered();
	points();
	parties();
	small_order();
	derivations();
	other_algorithms();
	claims_in_header();
	private_keys();
	free(inner);
	world_clear(&world);
}
