/* SPDX-License-Identifier: BSD-2-Clause */
/* Access tokens of the issuer: their claims, and whether a host takes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "issuerd/access.h"
#include "world.h"

#define AUD "urn:h"
#define JKT "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
#define OTHER_JKT "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
#define SID "AAAAAAAAAAAAAAAAAAAAAA"
#define JTI "BBBBBBBBBBBBBBBBBBBBBB"
#define HEADER "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"ES256\"}"
#define COMPACT_HEADER "{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}"
#define FIRST "{\"iss\":\"" WORLD_ISS "\",\"sub\":\"alice\",\"aud\":\"" AUD \
	"\",\"iat\":1700000000,\"exp\":1700000600,\"jti\":\"" JTI "\"," \
	"\"sid\":\"" SID "\""
#define SINCE ",\"auth_time\":1699990000"
#define LOGIN SINCE ",\"client_id\":\"pam-jwt\",\"amr\":"
#define CNF ",\"cnf\":{\"jkt\":\"" JKT "\"}"

static const struct sshkey plain_key = { .type = "ssh-ed25519", .jkt = JKT };
static const struct sshkey hardware_key = {
	.type = "sk-ssh-ed25519@openssh.com", .jkt = JKT
};
static const struct issuer_grant plain_grant = { .name = "g" };

static struct access
make_access(void)
{
	return (struct access){
		.iss = WORLD_ISS, .grant = &plain_grant, .sub = "alice",
		.key = &plain_key, .aud = AUD, .jti = JTI, .sid = SID,
		.auth_time = 1699990000, .iat = WORLD_NOW,
		.exp = WORLD_NOW + 600
	};
}

static enum jwt_reason
make(const struct access *access, enum alg_id alg, struct secret *out)
{
	struct mint_signer signer = keypair_signer(world_key(alg));

	signer.kid = signer.alg_name;
	return access_make(access, &signer, out);
}

/* A part of a token, decoded and terminated; the caller frees it. */
static char *
decode(struct bytes part)
{
	char *text = calloc(1, part.len + 1);

	assert_non_null(text);
	assert_int_equal(b64url_decode(part, (uint8_t *)text), JWT_OK);
	return text;
}

/* The token has exactly these claims, in this order. */
static void
has(const struct access *access, const char *claims)
{
	struct secret token;
	struct bytes rest;
	char *header, *payload;

	assert_int_equal(make(access, ALG_ES256, &token), JWT_OK);
	rest = secret_bytes(&token);
	header = decode(bytes_cut(&rest, '.'));
	payload = decode(bytes_cut(&rest, '.'));
	assert_string_equal(header, access->compact ? COMPACT_HEADER : HEADER);
	assert_string_equal(payload, claims);
	free(header);
	free(payload);
	secret_clear(&token);
}

static void
test_claims(void **state)
{
	struct access access = make_access();
	struct issuer_fixed fixed[] = {
		{ "department", "ops" }, { "site", "\"a\"" }
	};
	const char *names[] = { "alice", "wheel" };
	struct words groups = { .item = names, .count = 2 };
	struct issuer_grant grant = plain_grant;

	(void)state;
	has(&access, FIRST LOGIN "[\"pop\"]" CNF "}");
	access.key = &hardware_key;
	has(&access, FIRST LOGIN "[\"pop\",\"hwk\"]" CNF "}");
	access.key = &plain_key;
	access.compact = true;
	has(&access, FIRST SINCE CNF "}");
	access.compact = false;

	access.grant = &grant;
	grant.fixed = fixed;
	grant.fixed_count = 2;
	has(&access, FIRST LOGIN "[\"pop\"]" CNF
	    ",\"department\":\"ops\",\"site\":\"\\\"a\\\"\"}");
	access.groups = &groups;
	has(&access, FIRST LOGIN "[\"pop\"]" CNF
	    ",\"department\":\"ops\",\"site\":\"\\\"a\\\"\"}");
	grant.fixed_count = 0;
	grant.has_groups = true;
	has(&access, FIRST LOGIN "[\"pop\"]" CNF
	    ",\"groups\":[\"alice\",\"wheel\"]}");
	access.groups = NULL;
	has(&access, FIRST LOGIN "[\"pop\"]" CNF "}");
}

static void
refuses(const struct access *access, enum alg_id alg, enum jwt_reason wanted)
{
	struct secret token;

	assert_int_equal(make(access, alg, &token), wanted);
	assert_null(token.ptr);
	assert_int_equal(token.len, 0);
}

/* Both the grant and the login must say that a token is not bound. */
static void
test_bearer(void **state)
{
	struct issuer_grant grant = plain_grant;
	struct access access = make_access();

	(void)state;
	access.bearer = true;
	refuses(&access, ALG_ES256, JWT_CLAIM_INVALID);
	grant.bearer = true;
	access.grant = &grant;
	has(&access, FIRST LOGIN "[\"pop\"]}");
	access.bearer = false;
	has(&access, FIRST LOGIN "[\"pop\"]" CNF "}");
}

static void
test_client(void **state)
{
	struct access access = make_access();

	(void)state;
	access.sub = ACCESS_CLIENT_ID;
	refuses(&access, ALG_ES256, JWT_CLAIM_INVALID);
	access.sub = "pam-jwt-2";
	access.compact = true;
	has(&access, "{\"iss\":\"" WORLD_ISS "\",\"sub\":\"pam-jwt-2\","
	    "\"aud\":\"" AUD "\",\"iat\":1700000000,\"exp\":1700000600,"
	    "\"jti\":\"" JTI "\",\"sid\":\"" SID "\"" SINCE CNF "}");
}

/* Characters of a token of ES256, from the bytes of its two texts. */
static size_t
length_of(size_t header, size_t payload)
{
	return b64url_encoded_len(header) + 1 + b64url_encoded_len(payload) +
	    1 + b64url_encoded_len(64);
}

/* A token fits, or not, by its length alone. */
static void
fits(size_t name_len, unsigned *shorter, unsigned *longer)
{
	const size_t payload = strlen(FIRST SINCE CNF "}") - strlen("alice");
	struct access access = make_access();
	char name[256] = "";
	struct secret token;
	enum jwt_reason reason;
	size_t wanted = length_of(strlen(COMPACT_HEADER), payload + name_len);

	memset(name, 'x', name_len);
	access.compact = true;
	access.sub = name;
	reason = make(&access, ALG_ES256, &token);
	if (wanted <= 511) {
		assert_int_equal(reason, JWT_OK);
		assert_int_equal(token.len, wanted);
	} else {
		assert_int_equal(reason, JWT_TOKEN_TOO_LONG);
		assert_null(token.ptr);
	}
	*shorter += wanted == 511;
	*longer += wanted == 512;
	secret_clear(&token);
}

/* sudo takes 511 characters and not one more. */
static void
test_compact(void **state)
{
	struct access access = make_access();
	unsigned shorter = 0, longer = 0;
	size_t name_len;

	(void)state;
	for (name_len = 1; name_len < 120; name_len++)
		fits(name_len, &shorter, &longer);
	assert_true(shorter > 0 && longer > 0);
	access.compact = true;
	refuses(&access, ALG_RS256, JWT_TOKEN_TOO_LONG);
}

static void
test_long(void **state)
{
	struct issuer_grant grant = plain_grant;
	struct access access = make_access();
	struct words groups = { .count = 2000 };
	size_t i;

	(void)state;
	groups.item = calloc(groups.count, sizeof(*groups.item));
	assert_non_null(groups.item);
	for (i = 0; i < groups.count; i++)
		groups.item[i] = "a-group-of-many";
	grant.has_groups = true;
	access.grant = &grant;
	access.groups = &groups;
	refuses(&access, ALG_ES256, JWT_TOKEN_TOO_LONG);
	groups.count = 1;
	groups.item[0] = "\xff";
	refuses(&access, ALG_ES256, JWT_JSON_INVALID);
	free(groups.item);
}

/* ---- a host --------------------------------------------------------------- */

static enum jwt_reason
look_up(void *ctx, const char *name, struct account_facts *out)
{
	(void)ctx;
	*out = (struct account_facts){ .exists = strcmp(name, "alice") == 0 };
	return JWT_OK;
}

static enum jwt_reason
log_in(const struct access *access, enum alg_id alg, const char *jkt)
{
	static const struct account_host accounts = { .look_up = look_up };
	struct proof proof = {
		.key[0] = { .type = "ssh-ed25519" }, .count = 1
	};
	struct verdict_input in = {
		.user = "alice", .now = WORLD_NOW + 1, .accounts = &accounts,
		.proof = &proof
	};
	enum jwt_reason reason;
	struct secret token;
	struct verdict out;
	struct world of;

	memcpy(proof.key[0].jkt, jkt, sizeof(proof.key[0].jkt));
	assert_int_equal(make(access, alg, &token), JWT_OK);
	assert_int_equal(world_load(&of, "types = at+jwt\n",
	    "proof = session\n", world_set(world_jwk(alg), NULL)), JWT_OK);
	in.policy = &of.policy;
	in.service = policy_service(&of.policy, "s");
	in.jws = world_parse(secret_bytes(&token));
	reason = verdict_reach(&in, &out);
	verdict_clear(&out);
	world_clear(&of);
	secret_clear(&token);
	return reason;
}

static void
test_host(void **state)
{
	static const enum alg_id algs[] = {
		ALG_ES256, ALG_ES384, ALG_ED25519, ALG_RS256, ALG_PS256
	};
	struct access access = make_access();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		assert_int_equal(log_in(&access, algs[i], JKT), JWT_OK);
		assert_int_equal(log_in(&access, algs[i], OTHER_JKT),
		    JWT_PROOF_MISMATCH);
	}
	access.compact = true;
	assert_int_equal(log_in(&access, ALG_ED25519, JKT), JWT_OK);
	assert_int_equal(log_in(&access, ALG_ED25519, OTHER_JKT),
	    JWT_PROOF_MISMATCH);
	access.exp = WORLD_NOW - 100;
	assert_int_equal(log_in(&access, ALG_ES256, JKT), JWT_EXPIRED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_bearer),
		cmocka_unit_test(test_client),
		cmocka_unit_test(test_compact),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
