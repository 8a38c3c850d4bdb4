/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The headers and the outer form of encrypted tokens: what jwe_parse() takes
 * without any key, each rule of the header, and each limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "core/jose/crypt.h"
#include "core/jose/jwe.h"
#include "tests/lib/jwe_make.h"
#include "tests/lib/world.h"

/* The ephemeral key of RFC 8037 appendix A.6. */
#define X25519	"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":" \
	"\"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo\"}"
/* A token inside; whether it is verified plays no part here. */
#define INNER	"eyJhbGciOiJFUzI1NiJ9.e30.AAAA"

static const char *const encs[] = {
	"A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512"
};
#define ENCS (sizeof(encs) / sizeof(encs[0]))

#define EC	"\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\""
#define RSA	"\"alg\":\"RSA-OAEP-256\",\"enc\":\"A128GCM\""
#define A32	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define EPK(members)	"{" EC ",\"epk\":{" members "}}"
#define WITH(members)	"{" EC ",\"epk\":" X25519 "," members "}"

/* Headers in front of ".AAAA.AAAA.AAAA.AAAA", by jwe_parse() alone. */
static const struct {
	const char *header;
	enum jwt_reason reason;
} headers[] = {
	{ "{" EC ",\"epk\":" X25519 "}", JWT_OK },
	{ "{" RSA "}", JWT_OK },
	{ "{" RSA ",\"cty\":\"JWT\",\"typ\":\"JWT\"}", JWT_OK },
	{ "{" RSA ",\"cty\":\"jwt\",\"typ\":\"anything\"}", JWT_OK },
	{ "{" RSA ",\"cty\":\"application/JWT\"}", JWT_OK },
	{ "{" RSA ",\"cty\":\"json\"}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"cty\":\"\"}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"cty\":null}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"cty\":[\"JWT\"]}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"typ\":1}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"kid\":\"k\"}", JWT_OK },
	{ "{" RSA ",\"kid\":1}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"kid\":null}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"iss\":\"x\",\"sub\":\"y\",\"aud\":[\"z\"]}", JWT_OK },
	{ "{" RSA ",\"x5t\":\"x\",\"x5c\":[\"x\"]}", JWT_OK },
	{ "{" RSA ",\"jwk\":{}}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"jku\":\"https://evil\"}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"x5u\":\"https://evil\"}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"crit\":[\"exp\"],\"exp\":1}", JWT_CRIT_UNSUPPORTED },
	{ "{" RSA ",\"crit\":[]}", JWT_CRIT_UNSUPPORTED },
	{ "{" RSA ",\"zip\":\"DEF\"}", JWT_ENCRYPTION_UNSUPPORTED },
	{ "{" RSA ",\"p2c\":1000}", JWT_ENCRYPTION_UNSUPPORTED },
	{ "{" RSA ",\"p2s\":\"AAAAAAAAAAA\"}", JWT_ENCRYPTION_UNSUPPORTED },
	/* alg and enc */
	{ "{\"enc\":\"A128GCM\"}", JWT_HEADER_INVALID },
	{ "{\"alg\":\"RSA-OAEP-256\"}", JWT_TOKEN_FORM },
	{ "{\"alg\":1,\"enc\":\"A128GCM\"}", JWT_HEADER_INVALID },
	{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":null}", JWT_HEADER_INVALID },
	{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A192GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A192CBC-HS384\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"a128gcm\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"RSA-OAEP-384\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"rsa-oaep-256\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"RSA1_5\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"A256GCMKW\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"ECDH-ES+A192KW\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"none\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"ES256\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	/* epk */
	{ "{" EC "}", JWT_HEADER_INVALID },
	{ "{" EC ",\"epk\":null}", JWT_HEADER_INVALID },
	{ "{" EC ",\"epk\":\"" A32 "\"}", JWT_HEADER_INVALID },
	{ EPK(""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" A32 "\""), JWT_OK },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" A32 "A\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA" A32 "\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":[\"" A32 "\"]"),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" A32
	    "\",\"d\":\"" A32 "\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" A32
	    "\",\"d\":null"), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X448\",\"x\":\"" A32 "\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" A32 "\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"X25519\",\"x\":\"" A32 "\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"P-256\",\"x\":\"" A32 "\",\"y\":\""
	    A32 "\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A32 "\",\"y\":\""
	    A32 "\""), JWT_OK },	/* the length is all that counts here */
	{ EPK("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A32 "\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A32 "\",\"y\":\"\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"A" A32 "\",\"y\":\""
	    A32 "\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" A32 "\",\"y\":\""
	    A32 "\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"" A32
	    "\",\"y\":\"" A32 "\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"oct\",\"k\":\"" A32 "\""), JWT_HEADER_INVALID },
	/* apu and apv */
	{ WITH("\"apu\":\"QWxpY2U\",\"apv\":\"Qm9i\""), JWT_OK },
	{ WITH("\"apu\":\"\",\"apv\":\"\""), JWT_OK },
	{ WITH("\"apu\":\"A\""), JWT_HEADER_INVALID },
	{ WITH("\"apv\":\"A\""), JWT_HEADER_INVALID },
	{ WITH("\"apu\":\"QWxpY2V\""), JWT_HEADER_INVALID },
	{ WITH("\"apu\":\"QWxp Y2U\""), JWT_HEADER_INVALID },
	{ WITH("\"apu\":\"QWxpY2U=\""), JWT_HEADER_INVALID },
	{ WITH("\"apu\":1"), JWT_HEADER_INVALID },
	{ WITH("\"apv\":null"), JWT_HEADER_INVALID },
	/* JSON */
	{ "{" RSA ",\"alg\":\"RSA-OAEP\"}", JWT_JSON_DUPLICATE },
	{ "{" RSA ",}", JWT_JSON_INVALID },
};

static enum jwt_reason
parse(char *token)
{
	struct jwe *jwe;
	enum jwt_reason reason = jwe_parse(bytes_str(token), &jwe);

	assert_non_null(jwe);
	assert_int_equal(jwe_parsed(jwe), reason);
	assert_int_equal(jwe_len(jwe), strlen(token));
	jwe_free(jwe);
	free(token);
	return reason;
}

static void
test_headers(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		char *header = jwe_make_b64(bytes_str(headers[i].header));
		enum jwt_reason reason = parse(world_text(
		    "%s.AAAA.AAAA.AAAA.AAAA", header));

		if (reason != headers[i].reason)
			print_error("%s: %s\n", headers[i].header,
			    reason_name(reason));
		assert_int_equal(reason, headers[i].reason);
		free(header);
	}
}

/* The kid of a header whose other members are right. */
static void
expect_kid(const char *member, bool has_kid, const char *kid)
{
	char *json = world_text("{" RSA "%s}", member);
	char *header = jwe_make_b64(bytes_str(json));
	char *token = world_text("%s.A.A.A.A", header);
	struct jwe *jwe;

	(void)!jwe_parse(bytes_str(token), &jwe);
	assert_int_equal(jwe_has_kid(jwe), has_kid);
	assert_true(bytes_eq_str(jwe_unverified_kid(jwe), kid));
	jwe_free(jwe);
	free(token);
	free(header);
	free(json);
}

static void
test_kid(void **state)
{
	(void)state;
	expect_kid("", false, "");
	expect_kid(",\"kid\":\"\"", true, "");
	expect_kid(",\"kid\":\"k\"", true, "k");
	expect_kid(",\"kid\":1", true, "");	/* the header is refused */
}

/* A header whose apu has len bytes. */
static enum jwt_reason
parse_party(const char *name, size_t len)
{
	uint8_t *party = calloc(1, len);
	char *text = jwe_make_b64(bytes_of(party, len));
	char *json = world_text(WITH("\"%s\":\"%s\""), name, text);
	char *header = jwe_make_b64(bytes_str(json));
	enum jwt_reason reason = parse(world_text("%s.A.A.A.A", header));

	free(party);
	free(text);
	free(json);
	free(header);
	return reason;
}

static void
test_limits(void **state)
{
	char *kid = world_text("%0*d", JWK_KID_MAX + 1, 0);
	char *json = world_text("{" RSA ",\"kid\":\"%s\"}", kid);
	char *header = jwe_make_b64(bytes_str(json)), *long_text;

	(void)state;
	assert_int_equal(parse_party("apu", CRYPT_PARTY_MAX), JWT_OK);
	assert_int_equal(parse_party("apv", CRYPT_PARTY_MAX), JWT_OK);
	assert_int_equal(parse_party("apu", CRYPT_PARTY_MAX + 1),
	    JWT_HEADER_INVALID);
	assert_int_equal(parse_party("apv", CRYPT_PARTY_MAX + 1),
	    JWT_HEADER_INVALID);
	assert_int_equal(parse(world_text("%s.A.A.A.A", header)),
	    JWT_HEADER_INVALID);
	free(header);
	free(json);
	kid[JWK_KID_MAX] = '\0';
	json = world_text("{" RSA ",\"kid\":\"%s\"}", kid);
	header = jwe_make_b64(bytes_str(json));
	assert_int_equal(parse(world_text("%s.A.A.A.A", header)), JWT_OK);
	free(header);
	free(json);
	free(kid);
	/* The token, and its header. */
	header = jwe_make_b64(bytes_str("{" RSA "}"));
	long_text = world_text("%0*d", TOKEN_MAX - (int)strlen(header) - 7, 0);
	assert_int_equal(parse(world_text("%s.A.A.%s.A", header, long_text)),
	    JWT_OK);
	assert_int_equal(parse(world_text("%s.AA.A.%s.A", header, long_text)),
	    JWT_TOKEN_TOO_LONG);
	free(header);
	json = world_text("{" RSA ",\"a\":\"%0*d\"}", HEADER_MAX -
	    (int)strlen("{" RSA ",\"a\":\"\"}"), 0);
	header = jwe_make_b64(bytes_str(json));
	assert_int_equal(strlen(json), HEADER_MAX);
	assert_int_equal(parse(world_text("%s.A.A.A.A", header)), JWT_OK);
	assert_int_equal(parse(world_text("%sAAAA.A.A.A.A", header)),
	    JWT_TOKEN_TOO_LONG);
	free(long_text);
	free(header);
	free(json);
}

static void
test_form(void **state)
{
	static const struct {
		const char *text;
		bool is_form;
	} texts[] = {
		{ "", false }, { "....", false }, { "a.b.c.d.e", false },
		{ "eyJhbGciOiJSUzI1NiJ9.a.b", false },
		{ "eyJhbGciOiJSUzI1NiJ9.", false },
		{ "eyJhbGciOiJSUzI1NiJ9..", true },
		{ "eyJhbGciOiJSUzI1NiJ9..b", true },
		{ "eyJhbGciOiJSUzI1NiJ9.a.b.c", true },
		{ "eyJhbGciOiJSUzI1NiJ9.a.b.c.d", true },
		{ "eyJhbGciOiJSUzI1NiJ9....", true },
		{ "eyJhIjox.aaaaaaaaaaaaa.b.c", true },
		{ "eyJhIjox.aaaaaaaaaaaaa.b", false },
		{ "eyJhbGciOiJSUzI1NiJ9.a.b.c.d.e", false },
		{ "eyJhbGciOiJSUzI1NiJ9.a.b.c d.e", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(jwe_has_form(bytes_str(texts[i].text)),
		    texts[i].is_form);
	assert_int_equal(parse(world_text("eyJhbGciOiJSUzI1NiJ9.a.b.c")),
	    JWT_TOKEN_FORM);
	assert_int_equal(parse(world_text("eyJhbGciOiJSUzI1NiJ9.a.b.c.d.e")),
	    JWT_TOKEN_FORM);
	assert_int_equal(parse(world_text("eyJhbGciOiJSUzI1NiJ9..")),
	    JWT_TOKEN_FORM);
	assert_int_equal(parse(world_text(".a.b.c.d")), JWT_TOKEN_FORM);
	assert_int_equal(parse(world_text("eyJh*.a.b.c.d")), JWT_TOKEN_FORM);
	assert_int_equal(parse(world_text("eyJhb.a.b.c.d")), JWT_TOKEN_BASE64);
	/* Without five parts it is no JWE, whatever its header. */
	assert_int_equal(parse(world_text("eyJhb.a.b.c")), JWT_TOKEN_FORM);
}

/* Whether a text of three or four dots is taken for the start of a token. */
static bool
is_begun(const struct jwe_parts *parts, size_t tag_chars, bool has_tag)
{
	char *token = jwe_parts_join(parts);
	char *tag = strrchr(token, '.');
	struct jwe *jwe;
	bool begun;

	tag[has_tag ? 1 + tag_chars : 0] = '\0';
	(void)!jwe_parse(bytes_str(token), &jwe);
	begun = jwe_is_begun(jwe);
	jwe_free(jwe);
	free(token);
	return begun;
}

static void
test_begun(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ENCS; i++) {
		struct jwe_recipe recipe = {
			.alg = "ECDH-ES", .enc = encs[i]
		};
		size_t whole = b64url_encoded_len(jwe_enc_by_name(
		    bytes_str(encs[i]))->tag_len);
		struct jwe_parts parts;

		jwe_make_parts(&recipe, jwe_make_key(JWE_P256), JWE_P256,
		    bytes_str(INNER), &parts);
		assert_true(is_begun(&parts, 0, false));
		assert_true(is_begun(&parts, 0, true));
		assert_true(is_begun(&parts, whole - 1, true));
		assert_false(is_begun(&parts, whole, true));
		/* A header without enc is not that of a JWE. */
		free(parts.header);
		parts.header = world_text("{\"alg\":\"ES256\"}");
		assert_false(is_begun(&parts, 0, false));
		assert_false(is_begun(&parts, 0, true));
		/* An unknown enc may have any tag, but must have one. */
		free(parts.header);
		parts.header = world_text("{\"alg\":\"dir\",\"enc\":\"x\"}");
		assert_true(is_begun(&parts, 0, false));
		assert_true(is_begun(&parts, 0, true));
		assert_false(is_begun(&parts, 1, true));
		jwe_parts_clear(&parts);
	}
}

/* Each algorithm of the table, by its index and by its name. */
static void
test_algorithms(void **state)
{
	static const char *const names[] = {
		"ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW", "RSA-OAEP-256",
		"RSA-OAEP"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct jwe_alg *alg = jwe_alg_at(i);

		assert_non_null(alg);
		assert_string_equal(alg->name, names[i]);
		assert_ptr_equal(jwe_alg_by_name(bytes_str(names[i])), alg);
	}
	assert_null(jwe_alg_at(i));
	/* An enc is no alg, and the other way round. */
	assert_null(jwe_alg_by_name(bytes_str(encs[0])));
	assert_null(jwe_enc_by_name(bytes_str(names[0])));
	assert_null(jwe_enc_by_name(bytes_str("EC")));
}

/* A curve that is not in the table is no other curve of its kty. */
static void
test_kinds(void **state)
{
	static const struct {
		const char *kty, *crv;
		int kind;	/* or -1 */
	} rows[] = {
		{ "EC", "P-256", JWE_P256 }, { "EC", "P-384", JWE_P384 },
		{ "EC", "P-521", JWE_P521 }, { "OKP", "X25519", JWE_X25519 },
		{ "RSA", "", JWE_RSA }, { "RSA", "P-256", JWE_RSA },
		{ "EC", "", -1 }, { "EC", "P-192", -1 }, { "EC", "P-52", -1 },
		{ "EC", "X25519", -1 }, { "EC", "secp256k1", -1 },
		{ "OKP", "", -1 }, { "OKP", "X448", -1 },
		{ "OKP", "P-256", -1 }, { "ec", "P-256", -1 },
		{ "oct", "", -1 }, { "", "P-256", -1 }
	};
	enum jwe_kind kind;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool found = jwe_kind_by_names(bytes_str(rows[i].kty),
		    bytes_str(rows[i].crv), &kind);

		assert_int_equal(found ? (int)kind : -1, rows[i].kind);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_kid),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_begun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
