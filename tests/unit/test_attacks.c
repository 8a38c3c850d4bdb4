/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The attack checklist: tokens that must be refused, each under the name of
 * its row (H header, T text, J JSON, C claims) with the reason that it must
 * give; and their neighbours that must be accepted.  All but those about the
 * signature itself are signed with a good key, so that nothing else refuses
 * them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/b64url.h"
#include "world.h"

#define HEADER "{\"alg\":\"ES256\",\"kid\":\"ES256\"}"

static struct world world;
static unsigned cases, accepted_wrongly;

static int
set_up(void **state)
{
	(void)state;
	return world_load(&world, "", "permit = as claim sub",
	    world_set(world_jwk(ALG_ES256), world_jwk(ALG_RS256),
	    world_jwk(ALG_ED25519), NULL)) == JWT_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	world_clear(&world);
	return 0;
}

/* One token of a row against the reason that it must give; frees it. */
static void
expect(const char *row, char *token, enum jwt_reason wanted)
{
	enum jwt_reason reason = world_verdict(&world, token);

	cases++;
	accepted_wrongly += reason == JWT_OK && wanted != JWT_OK;
	if (reason != wanted)
		fail_msg("%s: %s instead of %s: %s", row, reason_name(reason),
		    reason_name(wanted), token);
	free(token);
}

struct row {
	const char *row;
	const char *text;
	enum jwt_reason reason;
};

/* Headers with the standard claims, signed as ES256 whatever they say. */
static void
test_header(void **state)
{
	static const struct row rows[] = {
		{ "H0", HEADER, JWT_OK },
		{ "H1", "{\"alg\":\"none\"}", JWT_ALG_UNSUPPORTED },
		{ "H1", "{\"alg\":\"None\"}", JWT_ALG_UNSUPPORTED },
		{ "H1", "{\"alg\":\"NONE\"}", JWT_ALG_UNSUPPORTED },
		{ "H1", "{\"alg\":\"nOnE\"}", JWT_ALG_UNSUPPORTED },
		{ "H1", "{\"alg\":\"\"}", JWT_ALG_UNSUPPORTED },
		{ "H1", "{\"alg\":null}", JWT_HEADER_INVALID },
		{ "H1", "{\"alg\":1}", JWT_HEADER_INVALID },
		{ "H1", "{\"alg\":[\"ES256\"]}", JWT_HEADER_INVALID },
		{ "H1", "{}", JWT_HEADER_INVALID },
		{ "H2", "{\"alg\":\"HS256\",\"kid\":\"RS256\"}",
		    JWT_ALG_NOT_ALLOWED },
		{ "H4", "{\"alg\":\"RS512\",\"kid\":\"RS256\"}",
		    JWT_ALG_NOT_ALLOWED },
		{ "H4", "{\"alg\":\"RS256\",\"kid\":\"ES256\"}",
		    JWT_ALG_KEY_MISMATCH },
		{ "H4", "{\"alg\":\"Ed25519\",\"kid\":\"ES256\"}",
		    JWT_ALG_KEY_MISMATCH },
		{ "H5", "{\"alg\":\"ES256\",\"kid\":\"../../etc/passwd\"}",
		    JWT_KEY_UNKNOWN },
		{ "H5", "{\"alg\":\"ES256\",\"kid\":\"' OR 1=1 --\"}",
		    JWT_KEY_UNKNOWN },
		{ "H5", "{\"alg\":\"ES256\",\"kid\":\"ES256\\u0000x\"}",
		    JWT_KEY_UNKNOWN },
		{ "H5", "{\"alg\":\"ES256\",\"kid\":\"ES256\\n\"}",
		    JWT_KEY_UNKNOWN },
		{ "H5", "{\"alg\":\"ES256\",\"kid\":1}", JWT_HEADER_INVALID },
		{ "H5", "{\"alg\":\"ES256\",\"kid\":null}",
		    JWT_HEADER_INVALID },
		{ "H6", "{\"alg\":\"ES256\"}", JWT_OK },
		{ "H7", "{\"alg\":\"ES256\",\"kid\":\"ES256\",\"jwk\":{}}",
		    JWT_HEADER_INVALID },
		{ "H7", "{\"alg\":\"ES256\",\"jku\":\"https://evil\"}",
		    JWT_HEADER_INVALID },
		{ "H7", "{\"alg\":\"ES256\",\"x5u\":\"https://evil\"}",
		    JWT_HEADER_INVALID },
		{ "H7", "{\"alg\":\"ES256\",\"kid\":\"ES256\",\"x5t\":\"x\","
		    "\"x5c\":[\"x\"]}", JWT_OK },
		{ "H8", "{\"alg\":\"ES256\",\"crit\":[\"b64\"]}",
		    JWT_CRIT_UNSUPPORTED },
		{ "H8", "{\"alg\":\"ES256\",\"crit\":[]}",
		    JWT_CRIT_UNSUPPORTED },
		{ "H8", "{\"alg\":\"ES256\",\"crit\":null}",
		    JWT_CRIT_UNSUPPORTED },
		{ "H8", "{\"alg\":\"ES256\",\"crit\":[\"exp\"],\"exp\":1}",
		    JWT_CRIT_UNSUPPORTED },
		{ "H8", "{\"alg\":\"ES256\",\"crit\":\"exp\"}",
		    JWT_CRIT_UNSUPPORTED },
		{ "H9", "{\"alg\":\"ES256\",\"b64\":false}",
		    JWT_HEADER_INVALID },
		{ "H10", "{\"alg\":\"ES256\",\"typ\":\"JWT\"}", JWT_OK },
		{ "H10", "{\"alg\":\"ES256\",\"typ\":\"jwt\"}", JWT_OK },
		{ "H10", "{\"alg\":\"ES256\",\"typ\":\"application/AT+jwt\"}",
		    JWT_OK },
		{ "H10", "{\"alg\":\"ES256\",\"typ\":\"none\"}",
		    JWT_TYPE_NOT_ACCEPTED },
		{ "H10", "{\"alg\":\"ES256\",\"typ\":\"JOSE\"}",
		    JWT_TYPE_NOT_ACCEPTED },
		{ "H10", "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\"}",
		    JWT_TYPE_NOT_ACCEPTED },
		{ "H10", "{\"alg\":\"ES256\",\"typ\":\"logout+jwt\"}",
		    JWT_TYPE_NOT_ACCEPTED },
		{ "H10", "{\"alg\":\"ES256\",\"typ\":7}", JWT_HEADER_INVALID },
		{ "H11", "{\"alg\":\"ES256\",\"cty\":\"JWT\"}",
		    JWT_HEADER_INVALID },
		{ "H11", "{\"alg\":\"ES256\",\"zip\":\"DEF\"}",
		    JWT_HEADER_INVALID },
		{ "H12", "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
		    JWT_ALG_UNSUPPORTED },
		{ "H15", "{\"alg\":\"es256\"}", JWT_ALG_UNSUPPORTED },
		{ "H15", "{\"alg\":\"ES256 \"}", JWT_ALG_UNSUPPORTED },
		{ "H15", "{\"alg\":\"ES256\\u0000\"}", JWT_ALG_UNSUPPORTED },
		{ "H15", "{\"alg\":\"ES256K\"}", JWT_ALG_UNSUPPORTED },
		{ "J1", "{\"alg\":\"ES256\",\"alg\":\"none\"}",
		    JWT_JSON_DUPLICATE },
		{ "J12", "[\"ES256\"]", JWT_JSON_INVALID },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i].row, world_sign(ALG_ES256, rows[i].text,
		    "{" WORLD_CLAIMS "}"), rows[i].reason);
	expect("H14", world_sign(ALG_ED25519, "{\"alg\":\"EdDSA\",\"kid\":"
	    "\"Ed25519\"}", "{" WORLD_CLAIMS "}"), JWT_OK);
	expect("H14", world_sign(ALG_ED25519, "{\"alg\":\"Ed448\",\"kid\":"
	    "\"Ed25519\"}", "{" WORLD_CLAIMS "}"), JWT_ALG_NOT_ALLOWED);
}

/* Payloads, signed with the good key. */
static void
test_json_and_claims(void **state)
{
#define BASE "\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:h\",\"exp\":1700000600"
#define NO_EXP "\"iss\":\"" WORLD_ISS "\",\"sub\":\"alice\",\"aud\":\"urn:h\""
#define NO_AUD "\"iss\":\"" WORLD_ISS "\",\"sub\":\"alice\",\"exp\":1700000600"
#define NO_ISS "\"sub\":\"alice\",\"aud\":\"urn:h\",\"exp\":1700000600"
	static const struct row rows[] = {
		{ "J1", "{" WORLD_CLAIMS ",\"sub\":\"root\"}",
		    JWT_JSON_DUPLICATE },
		{ "J1", "{" WORLD_CLAIMS ",\"\\u0073ub\":\"root\"}",
		    JWT_JSON_DUPLICATE },
		{ "J1", "{" WORLD_CLAIMS ",\"a\":{\"b\":1,\"b\":2}}",
		    JWT_JSON_DUPLICATE },
		{ "J2", "{" WORLD_CLAIMS ",\"sub\\u0000x\":\"root\"}",
		    JWT_JSON_INVALID },
		{ "J3", "{" WORLD_CLAIMS ",\"\\ud800\":1}", JWT_JSON_INVALID },
		{ "J4", "{" BASE ",\"sub\":\"alice\\u0000.evil\"}",
		    JWT_CLAIM_INVALID },
		{ "J4", "{" NO_AUD ",\"aud\":\"urn:h\\u0000x\"}",
		    JWT_AUDIENCE_MISMATCH },
		{ "J6", "{" WORLD_CLAIMS "}x", JWT_JSON_INVALID },
		{ "J6", "{" WORLD_CLAIMS "}{}", JWT_JSON_INVALID },
		{ "J7", "{" WORLD_CLAIMS ",\"x\":\"\xc0\x80\"}",
		    JWT_JSON_INVALID },
		{ "J7", "{" WORLD_CLAIMS ",\"x\":\"\xed\xa0\x80\"}",
		    JWT_JSON_INVALID },
		{ "J7", "{" WORLD_CLAIMS ",\"x\":\"\xf4\x90\x80\x80\"}",
		    JWT_JSON_INVALID },
		{ "J8", "{" WORLD_CLAIMS ",\"x\":\"\\udc00\"}",
		    JWT_JSON_INVALID },
		{ "J9", "\xef\xbb\xbf{" WORLD_CLAIMS "}", JWT_JSON_INVALID },
		{ "J10", "{" WORLD_CLAIMS ",'x':1}", JWT_JSON_INVALID },
		{ "J10", "{" WORLD_CLAIMS ",\"x\":\"a\nb\"}",
		    JWT_JSON_INVALID },
		{ "J10", "{" WORLD_CLAIMS ",\"x\":NaN}", JWT_JSON_INVALID },
		{ "J10", "{" WORLD_CLAIMS ",\"x\":-Infinity}",
		    JWT_JSON_INVALID },
		{ "J10", "{" WORLD_CLAIMS ",\"x\":1.}", JWT_JSON_INVALID },
		{ "J10", "{" WORLD_CLAIMS ",\"x\":-01}", JWT_JSON_INVALID },
		{ "J11", "{" WORLD_CLAIMS ",}", JWT_JSON_INVALID },
		{ "J11", "{" WORLD_CLAIMS "/**/}", JWT_JSON_INVALID },
		{ "J11", "{" WORLD_CLAIMS ",\"x\":TRUE}", JWT_JSON_INVALID },
		{ "J12", "null", JWT_JSON_INVALID },
		{ "J12", "[]", JWT_JSON_INVALID },
		{ "J12", "\"x\"", JWT_JSON_INVALID },
		{ "J13", "{" WORLD_CLAIMS ",\"x\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]"
		    "]]]]]}", JWT_JSON_LIMIT },
		{ "J13", "{" WORLD_CLAIMS ",\"x\":[[[[[[[[[[[[[[[1]]]]]]]]]]]"
		    "]]]]}", JWT_OK },
		{ "J14", "{" WORLD_CLAIMS, JWT_JSON_INVALID },
		{ "C1", "{" NO_EXP "}", JWT_EXPIRY_MISSING },
		{ "C2", "{" NO_EXP ",\"exp\":\"1700000600\"}",
		    JWT_CLAIM_INVALID },
		{ "C2", "{" NO_EXP ",\"exp\":true}", JWT_CLAIM_INVALID },
		{ "C2", "{" NO_EXP ",\"exp\":null}", JWT_CLAIM_INVALID },
		{ "C2", "{" NO_EXP ",\"exp\":[1700000600]}",
		    JWT_CLAIM_INVALID },
		{ "C3", "{" NO_EXP ",\"exp\":1e400}", JWT_CLAIM_INVALID },
		{ "C3", "{" NO_EXP ",\"exp\":1e19}", JWT_CLAIM_INVALID },
		{ "C3", "{" NO_EXP ",\"exp\":18446744073709551617}",
		    JWT_CLAIM_INVALID },
		{ "C3", "{" NO_EXP ",\"exp\":9007199254740992}",
		    JWT_CLAIM_INVALID },
		{ "C4", "{" NO_EXP ",\"exp\":1700000600.5}", JWT_OK },
		{ "C4", "{" NO_EXP ",\"exp\":1.7000006e9}", JWT_OK },
		{ "C5", "{" NO_EXP ",\"exp\":-1}", JWT_CLAIM_INVALID },
		{ "C5", "{" NO_EXP ",\"exp\":0}", JWT_EXPIRED },
		{ "C5", "{" NO_EXP ",\"exp\":1699999940}", JWT_EXPIRED },
		{ "C5", "{" NO_EXP ",\"exp\":1699999941}", JWT_OK },
		{ "C6", "{" WORLD_CLAIMS ",\"nbf\":1700000061}",
		    JWT_NOT_YET_VALID },
		{ "C6", "{" WORLD_CLAIMS ",\"nbf\":1700000060}", JWT_OK },
		{ "C6", "{" WORLD_CLAIMS ",\"nbf\":1700000060.1}",
		    JWT_NOT_YET_VALID },
		{ "C6", "{" WORLD_CLAIMS ",\"nbf\":null}", JWT_CLAIM_INVALID },
		{ "C6", "{" NO_EXP ",\"exp\":1700000600,\"iat\":1700000061}",
		    JWT_ISSUED_IN_FUTURE },
		{ "C6", "{" NO_EXP ",\"exp\":1700000600,\"iat\":1700000060}",
		    JWT_OK },
		{ "C8", "{" NO_EXP ",\"exp\":1700086401}",
		    JWT_LIFETIME_TOO_LONG },
		{ "C8", "{" NO_EXP ",\"exp\":1700086400}", JWT_OK },
		{ "C9", "{" NO_AUD "}", JWT_AUDIENCE_MISMATCH },
		{ "C9", "{" NO_AUD ",\"aud\":[\"x\",\"urn:h\"]}", JWT_OK },
		{ "C9", "{" NO_AUD ",\"aud\":[\"x\"]}", JWT_AUDIENCE_MISMATCH },
		{ "C9", "{" NO_AUD ",\"aud\":[]}", JWT_CLAIM_INVALID },
		{ "C9", "{" NO_AUD ",\"aud\":[[\"urn:h\"]]}",
		    JWT_CLAIM_INVALID },
		{ "C9", "{" NO_AUD ",\"aud\":{\"urn:h\":1}}",
		    JWT_CLAIM_INVALID },
		{ "C9", "{" NO_AUD ",\"aud\":null}", JWT_CLAIM_INVALID },
		{ "C9", "{" NO_AUD ",\"aud\":\"urn:\"}",
		    JWT_AUDIENCE_MISMATCH },
		{ "C9", "{" NO_AUD ",\"aud\":\"urn:h2\"}",
		    JWT_AUDIENCE_MISMATCH },
		{ "C9", "{" NO_AUD ",\"aud\":\"URN:H\"}",
		    JWT_AUDIENCE_MISMATCH },
		{ "C10", "{" NO_ISS "}", JWT_ISSUER_UNKNOWN },
		{ "C10", "{" NO_ISS ",\"iss\":\"" WORLD_ISS "/\"}",
		    JWT_ISSUER_UNKNOWN },
		{ "C10", "{" NO_ISS ",\"iss\":\"https://id.tes\"}",
		    JWT_ISSUER_UNKNOWN },
		{ "C10", "{" NO_ISS ",\"iss\":[\"" WORLD_ISS "\"]}",
		    JWT_ISSUER_UNKNOWN },
		{ "C11", "{" BASE "}", JWT_SUBJECT_MISSING },
		{ "C11", "{" BASE ",\"sub\":\"\"}", JWT_SUBJECT_MISSING },
		{ "C11", "{" BASE ",\"sub\":1}", JWT_CLAIM_INVALID },
		{ "C11", "{" BASE ",\"sub\":[\"alice\"]}", JWT_CLAIM_INVALID },
		{ "C12", "{" BASE ",\"sub\":\"al\\nice\"}", JWT_CLAIM_INVALID },
		{ "C12", "{" BASE ",\"sub\":\"../alice\"}",
		    JWT_ACCOUNT_INVALID },
		{ "C12", "{" BASE ",\"sub\":\"-alice\"}", JWT_ACCOUNT_INVALID },
		{ "C12", "{" BASE ",\"sub\":\"alice:\"}", JWT_ACCOUNT_INVALID },
		{ "C12", "{" BASE ",\"sub\":\"alice \"}", JWT_ACCOUNT_INVALID },
		{ "C13", "{" BASE ",\"sub\":\"Alice\"}", JWT_ACCOUNT_INVALID },
		{ "C13", "{" BASE ",\"sub\":\"\xd0\xb0lice\"}",
		    JWT_ACCOUNT_INVALID },
		{ "C14", "{" BASE ",\"sub\":\"0\"}", JWT_ACCOUNT_INVALID },
		{ "C14", "{" BASE ",\"sub\":\"root\"}", JWT_ACCOUNT_MISMATCH },
		{ "C16", "{" WORLD_CLAIMS ",\"events\":{}}",
		    JWT_TYPE_NOT_ACCEPTED },
		{ "C16", "{" WORLD_CLAIMS ",\"htm\":\"GET\",\"htu\":\"x\"}",
		    JWT_TYPE_NOT_ACCEPTED },
		{ "C16", "{" WORLD_CLAIMS ",\"status_list\":{}}",
		    JWT_TYPE_NOT_ACCEPTED },
		{ "C16", "{" WORLD_CLAIMS ",\"typ\":\"Refresh\"}",
		    JWT_TYPE_NOT_ACCEPTED },
		{ "C16", "{" WORLD_CLAIMS ",\"typ\":\"Bearer\"}", JWT_OK },
		{ "C17", "{" WORLD_CLAIMS ",\"jti\":7}", JWT_CLAIM_INVALID },
		{ "cnf", "{" WORLD_CLAIMS ",\"cnf\":{\"jkt\":\"x\"}}",
		    JWT_PROOF_MISSING },
		{ "cnf", "{" WORLD_CLAIMS ",\"cnf\":null}",
		    JWT_PROOF_MISSING },
		{ "act", "{" WORLD_CLAIMS ",\"act\":{\"sub\":\"x\"}}",
		    JWT_NOT_PERMITTED },
		{ "status", "{" WORLD_CLAIMS ",\"status\":{}}",
		    JWT_STATUS_STALE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i].row, world_sign(ALG_ES256, HEADER,
		    rows[i].text), rows[i].reason);
	/* C15: claims in the header are not claims. */
	expect("C15", world_sign(ALG_ES256, "{\"alg\":\"ES256\",\"sub\":"
	    "\"alice\",\"exp\":1700000600}", "{" BASE "}"),
	    JWT_SUBJECT_MISSING);
	/* J5: a NUL behind the object, and what follows. */
	{
		char *token = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS
		    "}");

		assert_int_equal(world_verdict_bytes(&world,
		    bytes_of(token, strlen(token) + 1), "alice", WORLD_NOW),
		    JWT_TOKEN_FORM);
		free(token);
	}
}

/* J15 and the limits: 256 members are read, 257 are not. */
static void
test_members(void **state)
{
	unsigned members;

	(void)state;
	for (members = 256; members <= 257; members++) {
		char *payload = world_text("{" WORLD_CLAIMS), *more;
		unsigned i;

		for (i = 5; i < members; i++) {
			more = world_text("%s,\"a%u\":1", payload, i);
			free(payload);
			payload = more;
		}
		more = world_text("%s}", payload);
		expect("J15", world_sign(ALG_ES256, HEADER, more),
		    members == 256 ? JWT_OK : JWT_JSON_LIMIT);
		free(payload);
		free(more);
	}
}

/* Text of the token itself. */
static void
test_text(void **state)
{
	static const struct row rows[] = {
		{ "T1", "", JWT_TOKEN_EMPTY },
		{ "T1", ".", JWT_TOKEN_FORM },
		{ "T1", "..", JWT_TOKEN_FORM },
		{ "T1", "a.b", JWT_TOKEN_FORM },
		{ "T1", "a.b.c.d", JWT_TOKEN_FORM },
		{ "T1", "a.b.c.d.e", JWT_TOKEN_FORM },
		{ "T1", ".eyJ9.x", JWT_TOKEN_FORM },
		{ "T3", "a.b.c", JWT_TOKEN_BASE64 },
		{ "T3", "e31.e30.AA", JWT_TOKEN_BASE64 },
		{ "T6", "{\"payload\":\"x\"}", JWT_TOKEN_FORM },
	};
	static const char *const inserts[] = {
		"=", "+", "/", " ", "\n", "\r", "\t", "\x80", "."
	};
	char *good = world_sign(ALG_ES256, HEADER, "{" WORLD_CLAIMS "}");
	size_t i, k, len = strlen(good);

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i].row, world_text("%s", rows[i].text),
		    rows[i].reason);
	for (i = 0; i <= len; i++) {
		for (k = 0; k < sizeof(inserts) / sizeof(inserts[0]); k++)
			expect("T2", world_text("%.*s%s%s", (int)i, good,
			    inserts[k], good + i), JWT_TOKEN_FORM);
	}
	expect("T7", world_text("Bearer %s", good), JWT_TOKEN_FORM);
	expect("S19", world_text("%.*s", (int)(strrchr(good, '.') - good + 1),
	    good), JWT_TOKEN_FORM);
	free(good);
}

/* T5: 16384 characters are read, 16385 are not; the header's 4096 bytes. */
static void
test_sizes(void **state)
{
	char *payload, *token;
	size_t len;

	(void)state;
	for (len = 11900; ; len++) {
		payload = world_text("{" WORLD_CLAIMS ",\"x\":\"%0*d\"}",
		    (int)len, 0);
		token = world_sign(ALG_ES256, HEADER, payload);
		free(payload);
		if (strlen(token) >= TOKEN_MAX)
			break;
		free(token);
	}
	/* Lengths that base64url cannot have are passed over. */
	expect("T5", token, strlen(token) == TOKEN_MAX ? JWT_OK :
	    JWT_TOKEN_TOO_LONG);
	for (len = 4060; len < 4110; len++) {
		char *header = world_text("{\"alg\":\"ES256\",\"x\":\"%0*d\"}",
		    (int)len, 0);

		expect("T5", world_sign(ALG_ES256, header, "{" WORLD_CLAIMS
		    "}"), strlen(header) <= HEADER_MAX ? JWT_OK :
		    JWT_TOKEN_TOO_LONG);
		free(header);
	}
}

static void
test_summary(void **state)
{
	(void)state;
	printf("attacks: %u cases, %u wrongly accepted\n", cases,
	    accepted_wrongly);
	assert_int_equal(accepted_wrongly, 0);
	assert_true(cases > 2000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_json_and_claims),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_summary),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
