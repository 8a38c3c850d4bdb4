/* SPDX-License-Identifier: BSD-2-Clause */
/* C: claims that are missing, of the wrong type, or not for us. */
#include <stdlib.h>

#include "attack.h"
#include "core/logline.h"

#define WITH(members) "{" WORLD_CLAIMS members "}"
#define BUT(claims, members) "{" claims members "}"

static const struct attack payloads[] = {
	{ "C1", BUT(NO_EXP, ""), JWT_EXPIRY_MISSING },
	{ "C2", BUT(NO_EXP, ",\"exp\":\"1700000600\""), JWT_CLAIM_INVALID },
	{ "C2", BUT(NO_EXP, ",\"exp\":\"9999999999abc\""), JWT_CLAIM_INVALID },
	{ "C2", BUT(NO_EXP, ",\"exp\":true"), JWT_CLAIM_INVALID },
	{ "C2", BUT(NO_EXP, ",\"exp\":null"), JWT_CLAIM_INVALID },
	{ "C2", BUT(NO_EXP, ",\"exp\":[1700000600]"), JWT_CLAIM_INVALID },
	{ "C2", BUT(NO_EXP, ",\"exp\":{\"exp\":1700000600}"),
	    JWT_CLAIM_INVALID },
	{ "C3", BUT(NO_EXP, ",\"exp\":1e400"), JWT_CLAIM_INVALID },
	{ "C3", BUT(NO_EXP, ",\"exp\":1e19"), JWT_CLAIM_INVALID },
	{ "C3", BUT(NO_EXP, ",\"exp\":100000000000000000000"),
	    JWT_CLAIM_INVALID },
	{ "C3", BUT(NO_EXP, ",\"exp\":9223372036854775807"),
	    JWT_CLAIM_INVALID },
	{ "C3", BUT(NO_EXP, ",\"exp\":9223372036854775808"),
	    JWT_CLAIM_INVALID },
	{ "C3", BUT(NO_EXP, ",\"exp\":18446744073709551616"),
	    JWT_CLAIM_INVALID },
	{ "C3", BUT(NO_EXP, ",\"exp\":18446744073709551617"),
	    JWT_CLAIM_INVALID },
	{ "C3", BUT(NO_EXP, ",\"exp\":9007199254740992"), JWT_CLAIM_INVALID },
	{ "C3", BUT(NO_EXP, ",\"exp\":9007199254740991"),
	    JWT_LIFETIME_TOO_LONG },
	{ "C4", BUT(NO_EXP, ",\"exp\":1700000600.5"), JWT_OK },
	{ "C4", BUT(NO_EXP, ",\"exp\":1.7000006e9"), JWT_OK },
	{ "C4", BUT(NO_EXP, ",\"exp\":17000006000e-1"), JWT_OK },
	{ "C5", BUT(NO_EXP, ",\"exp\":-1"), JWT_CLAIM_INVALID },
	{ "C5", BUT(NO_EXP, ",\"exp\":-100000000000000000000"),
	    JWT_CLAIM_INVALID },
	{ "C5", BUT(NO_EXP, ",\"exp\":-0"), JWT_EXPIRED },
	{ "C5", BUT(NO_EXP, ",\"exp\":0"), JWT_EXPIRED },
	{ "C5", BUT(NO_EXP, ",\"exp\":1699999940"), JWT_EXPIRED },
	{ "C5", BUT(NO_EXP, ",\"exp\":1699999941"), JWT_OK },
	{ "C5", BUT(NO_EXP, ",\"exp\":1699999940.5"), JWT_EXPIRED },
	{ "C6", WITH(",\"nbf\":1700000061"), JWT_NOT_YET_VALID },
	{ "C6", WITH(",\"nbf\":1700000060"), JWT_OK },
	{ "C6", WITH(",\"nbf\":1700000060.1"), JWT_NOT_YET_VALID },
	{ "C6", WITH(",\"nbf\":null"), JWT_CLAIM_INVALID },
	{ "C6", WITH(",\"nbf\":true"), JWT_CLAIM_INVALID },
	{ "C6", WITH(",\"nbf\":\"1700000000\""), JWT_CLAIM_INVALID },
	{ "C6", WITH(",\"nbf\":1e400"), JWT_CLAIM_INVALID },
	{ "C6", BUT(NO_EXP, ",\"exp\":1700000600,\"iat\":1700000061"),
	    JWT_ISSUED_IN_FUTURE },
	{ "C6", BUT(NO_EXP, ",\"exp\":1700000600,\"iat\":1700000060"), JWT_OK },
	{ "C6", BUT(NO_EXP, ",\"exp\":1700000600,\"iat\":\"1\""),
	    JWT_CLAIM_INVALID },
	{ "C6", BUT(NO_EXP, ",\"exp\":1700000600,\"iat\":null"),
	    JWT_CLAIM_INVALID },
	{ "C8", BUT(NO_EXP, ",\"exp\":1700086401"), JWT_LIFETIME_TOO_LONG },
	{ "C8", BUT(NO_EXP, ",\"exp\":1700086400"), JWT_OK },
	{ "C8", BUT(NO_EXP, ",\"iat\":1384640000,\"exp\":1700000600"),
	    JWT_LIFETIME_TOO_LONG },
	{ "C8", BUT(NO_EXP, ",\"iat\":1700000000,\"exp\":2015360000"),
	    JWT_LIFETIME_TOO_LONG },
	{ "C9", BUT(NO_AUD, ""), JWT_AUDIENCE_MISMATCH },
	{ "C9", BUT(NO_AUD, ",\"aud\":[\"x\",\"urn:h\"]"), JWT_OK },
	{ "C9", BUT(NO_AUD, ",\"aud\":[\"x\"]"), JWT_AUDIENCE_MISMATCH },
	{ "C9", BUT(NO_AUD, ",\"aud\":[]"), JWT_CLAIM_INVALID },
	{ "C9", BUT(NO_AUD, ",\"aud\":\"\""), JWT_AUDIENCE_MISMATCH },
	{ "C9", BUT(NO_AUD, ",\"aud\":[[\"urn:h\"]]"), JWT_CLAIM_INVALID },
	{ "C9", BUT(NO_AUD, ",\"aud\":[\"urn:h\",1]"), JWT_CLAIM_INVALID },
	{ "C9", BUT(NO_AUD, ",\"aud\":{\"urn:h\":1}"), JWT_CLAIM_INVALID },
	{ "C9", BUT(NO_AUD, ",\"aud\":null"), JWT_CLAIM_INVALID },
	{ "C9", BUT(NO_AUD, ",\"aud\":\"urn:\""), JWT_AUDIENCE_MISMATCH },
	{ "C9", BUT(NO_AUD, ",\"aud\":\"urn:h2\""), JWT_AUDIENCE_MISMATCH },
	{ "C9", BUT(NO_AUD, ",\"aud\":\"URN:H\""), JWT_AUDIENCE_MISMATCH },
	{ "C9", BUT(NO_AUD, ",\"aud\":\"urn:h \""), JWT_AUDIENCE_MISMATCH },
	{ "C9", BUT(NO_AUD, ",\"aud\":\"x urn:h\""), JWT_AUDIENCE_MISMATCH },
	{ "C10", BUT(NO_ISS, ""), JWT_ISSUER_UNKNOWN },
	{ "C10", BUT(NO_ISS, ",\"iss\":\"" WORLD_ISS "/\""),
	    JWT_ISSUER_UNKNOWN },
	{ "C10", BUT(NO_ISS, ",\"iss\":\"https://id.tes\""),
	    JWT_ISSUER_UNKNOWN },
	{ "C10", BUT(NO_ISS, ",\"iss\":\"HTTPS://id.test\""),
	    JWT_ISSUER_UNKNOWN },
	{ "C10", BUT(NO_ISS, ",\"iss\":\"" WORLD_ISS "\\u0000\""),
	    JWT_ISSUER_UNKNOWN },
	{ "C10", BUT(NO_ISS, ",\"iss\":[\"" WORLD_ISS "\"]"),
	    JWT_ISSUER_UNKNOWN },
	{ "C10", BUT(NO_ISS, ",\"iss\":null"), JWT_ISSUER_UNKNOWN },
	{ "C10", BUT(NO_ISS, ",\"iss\":\"\""), JWT_ISSUER_UNKNOWN },
	{ "C11", BUT(NO_SUB, ""), JWT_SUBJECT_MISSING },
	{ "C11", BUT(NO_SUB, ",\"sub\":\"\""), JWT_SUBJECT_MISSING },
	{ "C11", BUT(NO_SUB, ",\"sub\":1"), JWT_CLAIM_INVALID },
	{ "C11", BUT(NO_SUB, ",\"sub\":0"), JWT_CLAIM_INVALID },
	{ "C11", BUT(NO_SUB, ",\"sub\":null"), JWT_CLAIM_INVALID },
	{ "C11", BUT(NO_SUB, ",\"sub\":true"), JWT_CLAIM_INVALID },
	{ "C11", BUT(NO_SUB, ",\"sub\":[\"alice\"]"), JWT_CLAIM_INVALID },
	{ "C11", BUT(NO_SUB, ",\"sub\":{\"alice\":1}"), JWT_CLAIM_INVALID },
	{ "C12", BUT(NO_SUB, ",\"sub\":\"al\\nice\""), JWT_CLAIM_INVALID },
	{ "C12", BUT(NO_SUB, ",\"sub\":\"alice\\u0007\""), JWT_CLAIM_INVALID },
	{ "C12", BUT(NO_SUB, ",\"sub\":\"../alice\""), JWT_ACCOUNT_INVALID },
	{ "C12", BUT(NO_SUB, ",\"sub\":\"..\""), JWT_ACCOUNT_INVALID },
	{ "C12", BUT(NO_SUB, ",\"sub\":\"-alice\""), JWT_ACCOUNT_INVALID },
	{ "C12", BUT(NO_SUB, ",\"sub\":\"alice:\""), JWT_ACCOUNT_INVALID },
	{ "C12", BUT(NO_SUB, ",\"sub\":\"alice \""), JWT_ACCOUNT_INVALID },
	{ "C12", BUT(NO_SUB, ",\"sub\":\"alice/bob\""), JWT_ACCOUNT_INVALID },
	{ "C13", BUT(NO_SUB, ",\"sub\":\"Alice\""), JWT_ACCOUNT_INVALID },
	{ "C13", BUT(NO_SUB, ",\"sub\":\"\xd0\xb0lice\""),
	    JWT_ACCOUNT_INVALID },
	{ "C13", BUT(NO_SUB, ",\"sub\":\"\xef\xbd\x81lice\""),
	    JWT_ACCOUNT_INVALID },
	{ "C13", BUT(NO_SUB, ",\"sub\":\"alice\xe2\x80\x8f\""),
	    JWT_ACCOUNT_INVALID },
	{ "C13", BUT(NO_SUB, ",\"sub\":\"al\xc2\xadice\""),
	    JWT_ACCOUNT_INVALID },
	{ "C13", BUT(NO_SUB, ",\"sub\":\"\xe2\x84\xaa\""),
	    JWT_ACCOUNT_INVALID },
	{ "C13", BUT(NO_SUB, ",\"sub\":\"alic\\u0065\""), JWT_OK },
	{ "C14", BUT(NO_SUB, ",\"sub\":\"0\""), JWT_ACCOUNT_INVALID },
	{ "C14", BUT(NO_SUB, ",\"sub\":\"1000\""), JWT_ACCOUNT_INVALID },
	{ "C14", BUT(NO_SUB, ",\"sub\":\"root\""), JWT_ACCOUNT_MISMATCH },
	{ "C16", WITH(",\"events\":{}"), JWT_TYPE_NOT_ACCEPTED },
	{ "C16", WITH(",\"htm\":\"GET\",\"htu\":\"x\""),
	    JWT_TYPE_NOT_ACCEPTED },
	{ "C16", WITH(",\"status_list\":{}"), JWT_TYPE_NOT_ACCEPTED },
	{ "C16", WITH(",\"typ\":\"Refresh\""), JWT_TYPE_NOT_ACCEPTED },
	{ "C16", WITH(",\"typ\":\"Bearer\""), JWT_OK },
	{ "C17", WITH(",\"jti\":7"), JWT_CLAIM_INVALID },
	{ "C17", WITH(",\"jti\":null"), JWT_CLAIM_INVALID },
	{ "C17", WITH(",\"jti\":\"a\""), JWT_OK },
	{ "C17", WITH(",\"sid\":7"), JWT_CLAIM_INVALID },
	{ "C17", WITH(",\"sid\":\"\""), JWT_CLAIM_INVALID },
	{ "C17", WITH(",\"sid\":[\"a\"]"), JWT_CLAIM_INVALID },
	{ "C17", WITH(",\"sid\":\"a\""), JWT_OK },
	{ "cnf", WITH(",\"cnf\":{\"jkt\":\"x\"}"), JWT_PROOF_MISSING },
	{ "cnf", WITH(",\"cnf\":null"), JWT_PROOF_MISSING },
	{ "act", WITH(",\"act\":{\"sub\":\"x\"}"), JWT_NOT_PERMITTED },
	{ "status", WITH(",\"status\":{}"), JWT_STATUS_STALE },
};

/* C7: leeway has a cap, and no clock makes a sum run over. */
static void
clocks(void)
{
	static const struct {
		int64_t now;
		enum jwt_reason reason;
	} rows[] = {
		{ WORLD_NOW, JWT_OK },
		{ 0, JWT_LIFETIME_TOO_LONG },
		{ -1, JWT_INTERNAL },
		{ INT64_MIN, JWT_INTERNAL },
		{ INT64_MAX, JWT_INTERNAL },
		{ (INT64_C(1) << 53) - 1, JWT_EXPIRED },
		{ INT64_C(1) << 53, JWT_INTERNAL },
	};
	char *token = world_sign(ALG_ES256, HEADER, "{" NO_EXP
	    ",\"exp\":1700000600}");
	struct world world;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		attack_bytes("C7", &attack_world, bytes_str(token),
		    rows[i].now, rows[i].reason);
	attack_keys("C7", "leeway = 301s", world_jwk(ALG_ES256),
	    JWT_CONFIG_INVALID);
	attack_keys("C7", "leeway = 300s", world_jwk(ALG_ES256), JWT_OK);
	if (world_load(&world, "leeway = 300s", "",
	    world_jwk(ALG_ES256)) != JWT_OK)
		abort();
	attack_bytes("C7", &world, bytes_str(token), INT64_MAX, JWT_INTERNAL);
	attack_bytes("C7", &world, bytes_str(token), 1700000899, JWT_OK);
	attack_bytes("C7", &world, bytes_str(token), 1700000900, JWT_EXPIRED);
	world_clear(&world);
	free(token);
}

/* C10: a token in the name of one issuer, signed by another's key. */
static void
issuers(void)
{
	static const char other[] =
	    "{\"iss\":\"https://other.test\",\"sub\":\"alice\","
	    "\"aud\":\"urn:h\",\"iat\":1699999990,\"exp\":1700000600}";
	struct world world;

	if (world_load(&world, "[issuer u]\niss = https://other.test\n"
	    "keys = /u\naudience = urn:h", "",
	    world_jwk_with(ALG_ES256, "")) != JWT_OK ||
	    world_add_keys(&world, 1, world_jwk_with(ALG_ED25519, "")) !=
	    JWT_OK)
		abort();
	attack_token("C10", &world, world_sign(ALG_ES256,
	    "{\"alg\":\"ES256\"}", "{" WORLD_CLAIMS "}"), JWT_OK);
	attack_token("C10", &world, world_sign(ALG_ED25519,
	    "{\"alg\":\"Ed25519\"}", other), JWT_OK);
	attack_token("C10", &world, world_sign(ALG_ES256,
	    "{\"alg\":\"ES256\"}", other), JWT_ALG_NOT_ALLOWED);
	attack_token("C10", &world, world_sign(ALG_ED25519,
	    "{\"alg\":\"Ed25519\"}", "{" WORLD_CLAIMS "}"),
	    JWT_ALG_NOT_ALLOWED);
	/* The same algorithm, too. */
	if (world_add_keys(&world, 1, world_text("{\"kty\":\"EC\",\"crv\":"
	    "\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
	    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}")) !=
	    JWT_OK)
		abort();
	attack_token("C10", &world, world_sign(ALG_ES256,
	    "{\"alg\":\"ES256\"}", other), JWT_SIGNATURE_INVALID);
	world_clear(&world);
}

/* C18: whatever is wrong with the claims, the signature comes first. */
static void
signature_first(void)
{
	static const char *const claims[] = {
		BUT(NO_EXP, ",\"exp\":1"), BUT(NO_AUD, ",\"aud\":\"x\""),
		BUT(NO_EXP, ""), BUT(NO_SUB, ""), WITH(",\"jti\":7")
	};
	static const uint8_t sig[64] = { 1 };
	size_t i;

	for (i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
		attack_token("C18", &attack_world, world_join(HEADER,
		    claims[i], bytes_of(sig, sizeof(sig))),
		    JWT_SIGNATURE_INVALID);
	/* C17: so a jti cannot be burnt by a token that is not genuine. */
	attack_token("C17", &attack_world, world_join(HEADER,
	    WITH(",\"jti\":\"a\""), bytes_of(sig, sizeof(sig))),
	    JWT_SIGNATURE_INVALID);
	attack_token("C17", &attack_world, world_sign(ALG_ES256, HEADER,
	    WITH(",\"jti\":\"a\"")), JWT_OK);
}

static enum jwt_reason
nobody(void *ctx, const char *name, struct account_facts *out)
{
	(void)ctx;
	(void)name;
	*out = (struct account_facts){ 0 };
	return JWT_OK;
}

/* C19: no run of 12 characters of the token is in its log line. */
static void
logged(const char *claims, int64_t now)
{
	char *token = world_sign(ALG_ES256, HEADER, claims);
	const struct account_host accounts = { .look_up = nobody };
	struct logline_caller caller = { .user = "alice" };
	struct verdict_input in = {
		.policy = &attack_world.policy,
		.service = policy_service(&attack_world.policy, "s"),
		.user = "alice", .now = now,
		.jws = world_parse(bytes_str(token)), .accounts = &accounts
	};
	struct verdict verdict;
	struct hint_facts facts = {
		.in = &in, .verdict = &verdict, .service = "s"
	};
	char line[LOGLINE_SIZE];
	bool found = false;
	size_t i;

	if (verdict_reach(&in, &verdict) == JWT_OK)
		abort();	/* there is no account */
	logline_format(&caller, &facts, line);
	for (i = 0; i + 12 <= strlen(token); i++)
		found = found || memmem(line, strlen(line), token + i, 12);
	attack_case("C19", line, found ? JWT_INTERNAL : JWT_OK, JWT_OK);
	verdict_clear(&verdict);
	free(token);
}

void
attack_claims(void)
{
	char *longest = world_text("{" NO_SUB ",\"sub\":\"%0300d\"}", 0);
	size_t i;

	for (i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++)
		attack_token(payloads[i].row, &attack_world,
		    world_sign(ALG_ES256, HEADER, payloads[i].text),
		    payloads[i].reason);
	attack_token("C12", &attack_world, world_sign(ALG_ES256, HEADER,
	    longest), JWT_ACCOUNT_INVALID);
	free(longest);
	clocks();
	issuers();
	signature_first();
	/* C15: claims in the header are not claims. */
	attack_token("C15", &attack_world, world_sign(ALG_ES256,
	    "{\"alg\":\"ES256\",\"sub\":\"alice\",\"exp\":1700000600}",
	    "{" NO_SUB "}"), JWT_SUBJECT_MISSING);
	attack_token("C15", &attack_world, world_sign(ALG_ES256,
	    "{\"alg\":\"ES256\",\"sub\":\"root\",\"iss\":\"x\",\"exp\":1}",
	    "{" WORLD_CLAIMS "}"), JWT_OK);
	logged("{" WORLD_CLAIMS "}", INT64_MAX);
	logged("{" WORLD_CLAIMS "}", WORLD_NOW);
	logged("{" NO_ISS "}", WORLD_NOW);
}
