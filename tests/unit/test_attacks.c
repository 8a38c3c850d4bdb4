/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The attack checklist (shared/reference/jose.md 3), a test for each
 * of its rows.  The cases are in tests/attacks, made with fresh keys; all are
 * played first, and each row's test tells of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/attacks/attack.h"

struct row {
	const char *name;	/* "H1 ..."; up to the blank as cases give it */
	unsigned cases;
	unsigned wrong;
	char *first;		/* what was wrong first */
};

static struct row rows[] = {
	{ .name = "H1 alg none in every spelling, or no string" },
	{ .name = "H2 a public key as the secret of HS256" },
	{ .name = "H3 HS256 with an empty key" },
	{ .name = "H4 another algorithm of the family" },
	{ .name = "H5 kid as path, SQL, shell, number, cut by NUL" },
	{ .name = "H6 one kid for two keys, no kid" },
	{ .name = "H7 keys in the header" },
	{ .name = "H8 crit" },
	{ .name = "H9 b64" },
	{ .name = "H10 typ" },
	{ .name = "H11 cty, enc, zip in a JWS" },
	{ .name = "H12 a JWE for a JWS" },
	{ .name = "H13 tokens in tokens" },
	{ .name = "H14 EdDSA, Ed25519, Ed448" },
	{ .name = "H15 alg in lower case, with a blank or NUL" },
	{ .name = "S1 ECDSA of 0, 1, n - 1, n, n + 1" },
	{ .name = "S2 ECDSA in DER and of every length" },
	{ .name = "S3 (r, n - s) is as good as (r, s)" },
	{ .name = "S4 r + n, s + n" },
	{ .name = "S5 a point off the curve, coordinates of any length" },
	{ .name = "S6 the point at infinity" },
	{ .name = "S7 compressed and hybrid points" },
	{ .name = "S8 a curve of one's own" },
	{ .name = "S9 RSA with e = 1" },
	{ .name = "S10 RSA with other e, with even n" },
	{ .name = "S11 small RSA" },
	{ .name = "S12 huge RSA" },
	{ .name = "S13 RSA signatures beyond the modulus" },
	{ .name = "S14 paddings of PKCS#1 v1.5" },
	{ .name = "S15 salts of PSS" },
	{ .name = "S16 Ed25519 with S + L" },
	{ .name = "S17 keys of small order" },
	{ .name = "S18 a key of another kind, a private key" },
	{ .name = "S19 parts of an HMAC tag" },
	{ .name = "S20 weak secrets" },
	{ .name = "S21 a tag wrong in one byte" },
	{ .name = "S22 what a key is for, junk around it" },
	{ .name = "S23 ROCA" },
	{ .name = "T1 other than three parts" },
	{ .name = "T2 characters beyond the alphabet" },
	{ .name = "T3 another spelling of the same bytes" },
	{ .name = "T4 a character behind the token" },
	{ .name = "T5 the limits of length" },
	{ .name = "T6 JSON serializations" },
	{ .name = "T7 a Bearer prefix" },
	{ .name = "J1 duplicate members" },
	{ .name = "J2 NUL in a name" },
	{ .name = "J3 lone surrogates in names" },
	{ .name = "J4 NUL in a value" },
	{ .name = "J5 NUL behind the object" },
	{ .name = "J6 text behind the object" },
	{ .name = "J7 invalid UTF-8" },
	{ .name = "J8 lone surrogates" },
	{ .name = "J9 a byte order mark" },
	{ .name = "J10 quotes, control characters, NaN, numbers" },
	{ .name = "J11 comments, commas, TRUE, 01" },
	{ .name = "J12 no object" },
	{ .name = "J13 depth" },
	{ .name = "J14 a truncated object" },
	{ .name = "J15 many members" },
	{ .name = "C1 no exp" },
	{ .name = "C2 exp of another type" },
	{ .name = "C3 exp beyond all numbers" },
	{ .name = "C4 exp with a fraction" },
	{ .name = "C5 exp in the past, negative, now" },
	{ .name = "C6 nbf and iat" },
	{ .name = "C7 clocks and leeway" },
	{ .name = "C8 lifetime" },
	{ .name = "C9 aud" },
	{ .name = "C10 iss, and keys of another issuer" },
	{ .name = "C11 sub of another type" },
	{ .name = "C12 sub that is no account name" },
	{ .name = "C13 sub that looks like another" },
	{ .name = "C14 sub root, or a uid" },
	{ .name = "C15 claims in the header" },
	{ .name = "C16 tokens of another kind" },
	{ .name = "C17 jti, sid" },
	{ .name = "C18 claims before the signature" },
	{ .name = "C19 nothing of a token in the log" },
	{ .name = "E1 GCM tags and nonces of other lengths" },
	{ .name = "E2 AES-CBC with HMAC put together wrongly" },
	{ .name = "E3 encrypted keys and CEKs of other lengths" },
	{ .name = "E4 RSA1_5" },
	{ .name = "E5 a bad padding of OAEP told from a bad tag" },
	{ .name = "E6 points off the curve, huge apu and apv" },
	{ .name = "E7 PBES2" },
	{ .name = "E8 zip" },
	{ .name = "E9 a key for another alg" },
	{ .name = "E10 an encrypted key where there is none" },
	{ .name = "E11 claims in the header of a JWE" },
	{ .name = "F1 a GCM tag of any length" },
	{ .name = "F2 a GCM nonce of any length" },
	{ .name = "F3 an empty wrapped key" },
	{ .name = "F4 compressed and hybrid points, infinity" },
	{ .name = "F5 an EC private key without its point" },
	{ .name = "F6 X25519 points of small order" },
	{ .name = "F7 another KDF" },
	{ .name = "F8 OAEP with two hashes" },
	{ .name = "F9 RSA1_5 with the key of OAEP" },
	{ .name = "F10 an oracle of OAEP" },
	{ .name = "F11 an RSA private key that is not whole" },
	{ .name = "F12 a token that is compressed" },
	{ .name = "F13 a work factor" },
	{ .name = "cnf without a proof" },
	{ .name = "act is another's token" },
	{ .name = "status without a list" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))
#define BEYOND 16	/* rows that the checklist does not have */

struct world attack_world;
static unsigned accepted_wrongly;

static struct row *
row_of(const char *id)
{
	size_t len = strlen(id), i;

	for (i = 0; i < ROWS; i++) {
		if (strncmp(rows[i].name, id, len) == 0 &&
		    rows[i].name[len] == ' ')
			return &rows[i];
	}
	abort();
}

void
attack_case(const char *row, const char *what, enum jwt_reason found,
    enum jwt_reason wanted)
{
	struct row *of = row_of(row);

	of->cases++;
	accepted_wrongly += found == JWT_OK && wanted != JWT_OK;
	if (found == wanted)
		return;
	if (of->wrong++ == 0)
		of->first = world_text("%s instead of %s: %s",
		    reason_name(found), reason_name(wanted), what);
}

void
attack_bytes(const char *row, const struct world *world, struct bytes token,
    int64_t now, enum jwt_reason wanted)
{
	attack_case(row, (const char *)token.ptr, world_verdict_bytes(world,
	    token, "alice", now), wanted);
}

void
attack_token(const char *row, const struct world *world, char *token,
    enum jwt_reason wanted)
{
	attack_bytes(row, world, bytes_str(token), WORLD_NOW, wanted);
	free(token);
}

void
attack_keys(const char *row, const char *issuer, char *keys,
    enum jwt_reason wanted)
{
	char *copy = world_text("%s", keys);
	struct world world;
	enum jwt_reason reason = world_load(&world, issuer, "", keys);

	attack_case(row, copy, reason, wanted);
	world_clear(&world);
	free(copy);
}

static int
play(void **state)
{
	(void)state;
	if (world_load(&attack_world, "", "permit = as claim sub",
	    world_set(world_jwk(ALG_ES256), world_jwk(ALG_RS256),
	    world_jwk(ALG_ED25519), NULL)) != JWT_OK)
		return -1;
	attack_headers();
	attack_signatures();
	attack_key_files();
	attack_texts();
	attack_json();
	attack_claims();
	attack_encryption();
	return 0;
}

static int
clean_up(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ROWS; i++)
		free(rows[i].first);
	world_clear(&attack_world);
	return 0;
}

static void
test_row(void **state)
{
	const struct row *row = *state;

	if (row->wrong != 0)
		fail_msg("%u of %u: %s", row->wrong, row->cases, row->first);
	if (row->cases == 0)
		fail_msg("no case of this row");
}

static void
test_summary(void **state)
{
	unsigned cases = 0;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS; i++)
		cases += rows[i].cases;
	printf("attacks: %zu rows of the checklist and %d more, %u cases, "
	    "%u wrongly accepted\n", ROWS - BEYOND, BEYOND, cases,
	    accepted_wrongly);
	assert_int_equal(accepted_wrongly, 0);
	assert_true(cases > 3600);
}

int
main(void)
{
	static struct CMUnitTest tests[ROWS + 1];
	size_t i;

	for (i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = test_row, .initial_state = &rows[i] };
	tests[ROWS] = (struct CMUnitTest){ .name = "summary",
	    .test_func = test_summary };
	return cmocka_run_group_tests(tests, play, clean_up);
}
