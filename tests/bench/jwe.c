/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What it costs to open an encrypted token, and what the time of a failure
 * tells.
 *
 *	jwe [ROUNDS]
 *
 * Cost: jwe_parse() and jwe_decrypt() beside the same work by OpenSSL alone,
 * turn by turn in one run, the least of each.  Time: tokens that fail at
 * different steps after the header, turn by turn; their lower quartiles, which
 * a busy machine moves least, must not differ.  What differs is measured again,
 * as only what is real differs twice.  The control, which is refused before any
 * cryptography, must differ.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rsa.h>

#include "core/base/b64url.h"
#include "core/jose/jwe.h"
#include "tests/lib/jwe_make.h"
#include "tests/lib/world.h"

#define ECDH_LIMIT	1.15	/* times OpenSSL alone */
#define RSA_LIMIT	1.10
#define SAME_LIMIT	0.03	/* of a bad tag; noise is below 0.01 */
#define TRIES		4
#define CONTROL_LIMIT	0.30
#define ROUNDS_DEFAULT	600
#define CLASSES_MAX	8

#define INNER	"eyJhbGciOiJFUzI1NiIsImtpZCI6IkVTMjU2In0.eyJpc3MiOiJodHRwczov" \
	"L2lkLnRlc3QiLCJzdWIiOiJhbGljZSIsImF1ZCI6InVybjpoIiwiZXhwIjoxNzAwMDAw" \
	"NjAwfQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAA"

#define MUST(condition) ((condition) ? (void)0 : abort())

static unsigned failed;

static void
report(bool ok, const char *what)
{
	printf("%s - bench: %s\n", ok ? "ok" : "not ok", what);
	failed += !ok;
}

static double
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* A token, the key that opens it, and its pieces for OpenSSL. */
struct subject {
	const char *alg;
	enum jwe_kind kind;
	struct jwe_key_set set;
	struct jwe_parts parts;
	char *token, *aad;
	uint8_t point[65];
};

static void
load(struct subject *of)
{
	char *more = world_text(",\"alg\":\"%s\"", of->alg);
	char *jwk = jwe_make_jwk(jwe_make_key(of->kind), of->kind, more);
	struct jwe_key_file file = { .name = "k" };
	struct diag diag = { 0 };
	struct secret text;

	MUST(secret_copy(bytes_str(jwk), &text) == JWT_OK);
	MUST(jwe_key_set_add(&of->set, &file, &text, &diag) == JWT_OK);
	secret_clear(&text);
	free(jwk);
	free(more);
}

static enum jwt_reason
open_ours(const struct subject *of, const char *token)
{
	struct jwe *jwe;
	struct jws *jws = NULL;
	enum jwt_reason reason = jwe_parse(bytes_str(token), &jwe);

	if (reason == JWT_OK)
		reason = jwe_decrypt(jwe, &of->set.keys[0], &jws);
	jws_free(jws);
	jwe_free(jwe);
	return reason;
}

/* ---- the same by OpenSSL ---- */

static void
bare_kdf(const uint8_t *z, size_t len, uint8_t *out)
{
	uint8_t info[23] = { 0, 0, 0, 7, 'A', '1', '2', '8', 'G', 'C', 'M' };
	char digest[] = "SHA256";
	uint8_t copy[32];
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SSKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	OSSL_PARAM params[4];

	memcpy(copy, z, 32);
	info[22] = 128;
	params[0] = OSSL_PARAM_construct_utf8_string("digest", digest, 0);
	params[1] = OSSL_PARAM_construct_octet_string("key", copy, 32);
	params[2] = OSSL_PARAM_construct_octet_string("info", info, 23);
	params[3] = OSSL_PARAM_construct_end();
	MUST(EVP_KDF_derive(ctx, out, len, params) == 1);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

static EVP_PKEY *
bare_point(uint8_t *point)
{
	char group[] = "P-256";
	OSSL_PARAM params[3];
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *pkey = NULL;

	params[0] = OSSL_PARAM_construct_utf8_string("group", group, 0);
	params[1] = OSSL_PARAM_construct_octet_string("pub", point, 65);
	params[2] = OSSL_PARAM_construct_end();
	MUST(EVP_PKEY_fromdata_init(ctx) == 1);
	MUST(EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) == 1);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static void
bare_agree(struct subject *of, uint8_t *cek)
{
	EVP_PKEY *peer = bare_point(of->point);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL,
	    jwe_make_key(of->kind), NULL);
	uint8_t z[32];
	size_t len = sizeof(z);

	MUST(EVP_PKEY_derive_init(ctx) == 1);
	MUST(EVP_PKEY_derive_set_peer(ctx, peer) == 1);
	MUST(EVP_PKEY_derive(ctx, z, &len) == 1);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	bare_kdf(z, 16, cek);
}

static void
bare_rsa(struct subject *of, uint8_t *cek)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL,
	    jwe_make_key(of->kind), NULL);
	uint8_t out[512];
	size_t len = sizeof(out);

	MUST(EVP_PKEY_decrypt_init(ctx) == 1);
	MUST(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1);
	MUST(EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, "SHA256", NULL) == 1);
	MUST(EVP_PKEY_decrypt(ctx, out, &len, of->parts.key.ptr,
	    of->parts.key.len) == 1);
	EVP_PKEY_CTX_free(ctx);
	memcpy(cek, out, 16);
}

static void
open_bare(struct subject *of)
{
	uint8_t cek[16], plain[1024];
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len, rest;

	if (of->kind == JWE_RSA)
		bare_rsa(of, cek);
	else
		bare_agree(of, cek);
	MUST(EVP_DecryptInit_ex2(ctx, cipher, cek, of->parts.iv.ptr, NULL));
	MUST(EVP_DecryptUpdate(ctx, NULL, &len, (const uint8_t *)of->aad,
	    (int)strlen(of->aad)));
	MUST(EVP_DecryptUpdate(ctx, plain, &len, of->parts.text.ptr,
	    (int)of->parts.text.len));
	MUST(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, 16,
	    of->parts.tag.ptr));
	MUST(EVP_DecryptFinal_ex(ctx, plain + len, &rest) == 1);
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
}

/* ---- cost ---- */

static void
keep_least(double *least, double value)
{
	if (*least == 0 || value < *least)
		*least = value;
}

static void
compare_cost(struct subject *of, unsigned rounds, double limit)
{
	double ours = 0, theirs = 0, start;
	char text[160];
	unsigned i;

	for (i = 0; i < rounds; i++) {
		start = now_ns();
		MUST(open_ours(of, of->token) == JWT_OK);
		keep_least(&ours, now_ns() - start);
		start = now_ns();
		open_bare(of);
		keep_least(&theirs, now_ns() - start);
	}
	snprintf(text, sizeof(text), "%s and A128GCM: %.1f us, OpenSSL alone "
	    "%.1f us, %.3f times; at most %.2f", of->alg, ours / 1e3,
	    theirs / 1e3, ours / theirs, limit);
	report(ours <= limit * theirs, text);
}

static void
make(struct subject *of)
{
	struct jwe_recipe recipe = { .alg = of->alg, .enc = "A128GCM" };
	const char *x, *y;

	load(of);
	jwe_make_parts(&recipe, jwe_make_key(of->kind), of->kind,
	    bytes_str(INNER), &of->parts);
	of->token = jwe_parts_join(&of->parts);
	of->aad = jwe_make_b64(bytes_str(of->parts.header));
	if (of->kind != JWE_P256)
		return;
	x = strstr(of->parts.header, "\"x\":\"") + 5;
	y = strstr(of->parts.header, "\"y\":\"") + 5;
	of->point[0] = 4;
	MUST(b64url_decode(bytes_of(x, 43), of->point + 1) == JWT_OK);
	MUST(b64url_decode(bytes_of(y, 43), of->point + 33) == JWT_OK);
}

static void
clear(struct subject *of)
{
	jwe_key_set_clear(&of->set);
	jwe_parts_clear(&of->parts);
	free(of->token);
	free(of->aad);
}

/* ---- time ---- */

/* Tokens that fail at one step. */
struct class {
	const char *name;
	char *token;
	double *ns;
	double quartile;
};

static int
compare_ns(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static char *
token_of(const struct subject *of, const char *enc, struct jwe_parts *parts)
{
	struct jwe_recipe recipe = { .alg = of->alg, .enc = enc };

	jwe_make_parts(&recipe, jwe_make_key(of->kind), of->kind,
	    bytes_str(INNER), parts);
	parts->tag.ptr[0] ^= 1;
	return jwe_parts_join(parts);
}

/* A good token but for one byte of one part; 'x' and 'y' are of the epk. */
static char *
changed(const struct subject *of, const char *enc, char which)
{
	struct jwe_parts parts;
	char *token, *at;

	free(token_of(of, enc, &parts));
	parts.tag.ptr[0] ^= 1;
	if (which == 't')
		parts.tag.ptr[3] ^= 1;
	else if (which == 'k')
		parts.key.ptr[parts.key.len - 5] ^= 1;
	else if (which == 'n')
		memset(parts.key.ptr, 0xff, parts.key.len);
	else if (which == 'c')
		parts.text.ptr[9] ^= 1;
	if (which == 'y') {
		at = strstr(parts.header, "\"y\":\"") + 10;
		*at = *at == 'A' ? 'B' : 'A';
	} else if (which == '0') {
		at = strstr(parts.header, "\"x\":\"") + 5;
		memset(at, 'A', 43);
	}
	token = jwe_parts_join(&parts);
	jwe_parts_clear(&parts);
	return token;
}

/* An encrypted key that holds a CEK of another length. */
static char *
other_cek(const struct subject *of, const char *enc)
{
	static const uint8_t cek[24] = { 1 };
	struct jwe_recipe recipe = {
		.alg = of->alg, .enc = enc, .cek = bytes_of(cek, 24)
	};

	return jwe_make(&recipe, jwe_make_key(of->kind), of->kind,
	    bytes_str(INNER));
}

/* No tag at all: refused before any cryptography. */
static char *
control(const struct subject *of)
{
	char *token = world_text("%s", of->token);

	strrchr(token, '.')[1] = '\0';
	return token;
}

/*
 * Measure all, turn by turn, each turn in another order; count is no multiple
 * of 5.
 */
static void
measure(const struct subject *of, struct class *classes, size_t count,
    unsigned rounds)
{
	unsigned i;
	size_t k;

	for (i = 0; i < rounds; i++) {
		for (k = 0; k < count; k++) {
			struct class *one = &classes[(k * 5 + i) % count];
			double start = now_ns();

			MUST(open_ours(of, one->token) == JWT_DECRYPT_FAILED);
			one->ns[i] = now_ns() - start;
		}
	}
	for (k = 0; k < count; k++) {
		qsort(classes[k].ns, rounds, sizeof(double), compare_ns);
		classes[k].quartile = classes[k].ns[rounds / 4];
	}
}

/* How much longer it takes than the first, which is a bad tag. */
static double
excess(const struct class *classes, size_t k)
{
	return classes[k].quartile / classes[0].quartile - 1;
}

/* Whether all but the last, the control, take the time of the first. */
static bool
are_same(const struct class *classes, size_t count)
{
	size_t k;

	for (k = 1; k + 1 < count; k++) {
		if (excess(classes, k) > SAME_LIMIT ||
		    excess(classes, k) < -SAME_LIMIT)
			return false;
	}
	return true;
}

static void
judge(const struct subject *of, const char *enc, struct class *classes,
    size_t count)
{
	char text[160];
	size_t k;

	for (k = 1; k < count; k++) {
		double part = excess(classes, k);
		bool is_control = k == count - 1;

		snprintf(text, sizeof(text), "%s and %s: %s takes %.1f us, a "
		    "bad tag %.1f us: %+.1f %%, must %s %.0f %%", of->alg, enc,
		    classes[k].name, classes[k].quartile / 1e3,
		    classes[0].quartile / 1e3, part * 100, is_control ?
		    "differ by" : "be within", 100 * (is_control ?
		    CONTROL_LIMIT : SAME_LIMIT));
		report(is_control ? part < -CONTROL_LIMIT :
		    part < SAME_LIMIT && part > -SAME_LIMIT, text);
	}
	for (k = 0; k < count; k++) {
		free(classes[k].token);
		free(classes[k].ns);
	}
}

static void
add(struct class *classes, size_t *count, const char *name, char *token)
{
	classes[(*count)++] = (struct class){ .name = name, .token = token };
}

static void
compare_time(const struct subject *of, const char *enc, unsigned rounds)
{
	struct class classes[CLASSES_MAX];
	bool is_rsa = of->kind == JWE_RSA;
	size_t count = 0, k;

	add(classes, &count, "a bad tag", changed(of, enc, 't'));
	add(classes, &count, "a changed text", changed(of, enc, 'c'));
	add(classes, &count, is_rsa ? "a bad padding" : "a bad wrapped key",
	    changed(of, enc, 'k'));
	add(classes, &count, is_rsa ? "a CEK of another length" :
	    "another wrapped key", is_rsa ? other_cek(of, enc) :
	    changed(of, enc, 'k'));
	if (is_rsa)
		add(classes, &count, "a number beyond the modulus",
		    changed(of, enc, 'n'));
	else
		add(classes, &count, of->kind == JWE_X25519 ?
		    "a point of small order" : "a point off the curve",
		    changed(of, enc, of->kind == JWE_X25519 ? '0' : 'y'));
	add(classes, &count, "the control", control(of));
	for (k = 0; k < count; k++) {
		classes[k].ns = calloc(rounds, sizeof(double));
		MUST(classes[k].ns != NULL);
	}
	for (k = 0; k < TRIES && (k == 0 || !are_same(classes, count)); k++)
		measure(of, classes, count, rounds);
	judge(of, enc, classes, count);
}

int
main(int argc, char **argv)
{
	static struct subject ecdh = { .alg = "ECDH-ES", .kind = JWE_P256 };
	static struct subject rsa = { .alg = "RSA-OAEP-256", .kind = JWE_RSA };
	static struct subject wrapped[] = {
		{ .alg = "ECDH-ES+A256KW", .kind = JWE_P256 },
		{ .alg = "ECDH-ES+A256KW", .kind = JWE_X25519 },
	};
	unsigned rounds = ROUNDS_DEFAULT;
	size_t i;

	if (argc > 1)
		rounds = (unsigned)strtoul(argv[1], NULL, 10);
	make(&ecdh);
	make(&rsa);
	compare_cost(&ecdh, rounds, ECDH_LIMIT);
	compare_cost(&rsa, rounds, RSA_LIMIT);
	compare_time(&rsa, "A128GCM", rounds);
	compare_time(&rsa, "A256CBC-HS512", rounds);
	for (i = 0; i < 2; i++) {
		make(&wrapped[i]);
		compare_time(&wrapped[i], "A128GCM", rounds);
		compare_time(&wrapped[i], "A128CBC-HS256", rounds);
		clear(&wrapped[i]);
	}
	clear(&ecdh);
	clear(&rsa);
	return failed > 0;
}
