/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Key sets with an entry that is odd: which keys of the set are used, and
 * that the others' tokens still log in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "world.h"

#define KID(kid) ",\"kid\":\"" kid "\""
#define KID_ALG(kid, alg) ",\"kid\":\"" kid "\",\"alg\":\"" alg "\""

/* Load keys, which are freed; how many are used. */
static size_t
load(struct world *world, const char *issuer, char *keys)
{
	assert_int_equal(world_load(world, issuer, "", keys), JWT_OK);
	return world->policy.issuers[0].set.count;
}

static void
refuse(const char *issuer, char *keys, enum jwt_reason wanted)
{
	struct world world;

	assert_int_equal(world_load(&world, issuer, "", keys), wanted);
	world_clear(&world);
}

/* The verdict on a token of alg that names a kid; NULL: that names none. */
static enum jwt_reason
verdict(const struct world *world, enum alg_id alg, const char *name,
    const char *kid)
{
	char *header = kid == NULL ? world_text("{\"alg\":\"%s\"}", name) :
	    world_text("{\"alg\":\"%s\",\"kid\":\"%s\"}", name, kid);
	char *token = world_sign(alg, header, "{" WORLD_CLAIMS "}");
	enum jwt_reason reason = world_verdict(world, token);

	free(header);
	free(token);
	return reason;
}

static bool
noted(const struct world *world, const char *text)
{
	size_t i;

	for (i = 0; i < world->diag.count; i++) {
		if (strstr(world->diag.entries[i].text, text) != NULL)
			return true;
	}
	return false;
}

/* A key that stands twice is used once, in one file and in two. */
static void
test_repeated(void **state)
{
	struct world world;

	(void)state;
	assert_int_equal(load(&world, "", world_set(
	    world_jwk_with(ALG_ES256, KID("a")),
	    world_jwk_with(ALG_ES256, KID("a")),
	    world_jwk_with(ALG_ES256, KID_ALG("a", "ES256")),
	    world_jwk_with(ALG_ES256, KID("b")), NULL)), 2);
	assert_true(noted(&world, "stands twice"));
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "b"), JWT_OK);
	assert_int_equal(world_add_keys(&world, 0, world_set(
	    world_jwk_with(ALG_ES256, KID("a")),
	    world_jwk_with(ALG_ED25519, KID("c")), NULL)), JWT_OK);
	assert_int_equal(world.policy.issuers[0].set.count, 3);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"), JWT_OK);
	world_clear(&world);
	/* Without a name, too, so that a token does not try it twice. */
	assert_int_equal(load(&world, "", world_set(
	    world_jwk_with(ALG_ES256, ""), world_jwk_with(ALG_ES256, ""),
	    world_jwk_fresh(ALG_ES256, ""), NULL)), 2);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", NULL), JWT_OK);
	world_clear(&world);
	/* A kid of no bytes is a name. */
	assert_int_equal(load(&world, "", world_set(
	    world_jwk_with(ALG_ES256, ""), world_jwk_with(ALG_ES256, KID("")),
	    NULL)), 2);
	world_clear(&world);
	assert_int_equal(load(&world, "algorithms = HS256", world_set(
	    world_jwk_with(ALG_HS256, KID("a")),
	    world_jwk_with(ALG_HS256, KID("a")), NULL)), 1);
	world_clear(&world);
}

/* One kid for two algorithms: each has its key (RFC 7517 section 4.5). */
static void
test_one_kid(void **state)
{
	struct world world;

	(void)state;
	assert_int_equal(load(&world, "", world_set(
	    world_jwk_with(ALG_RS256, KID_ALG("a", "RS256")),
	    world_jwk_with(ALG_RS256, KID_ALG("a", "PS256")),
	    world_jwk_with(ALG_ES256, KID("a")),
	    world_jwk_with(ALG_ED448, KID("a")),
	    world_jwk_with(ALG_ED25519, KID("a")), NULL)), 5);
	assert_int_equal(world.diag.count, 0);
	assert_int_equal(verdict(&world, ALG_RS256, "RS256", "a"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ED25519, "EdDSA", "a"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ED448, "EdDSA", "a"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ES384, "ES384", "a"),
	    JWT_ALG_NOT_ALLOWED);
	world_clear(&world);
	/* A token that names a key is not tried with the unnamed ones. */
	assert_int_equal(load(&world, "", world_set(
	    world_jwk_with(ALG_ES256, ""),
	    world_jwk_with(ALG_ED25519, KID("a")), NULL)), 2);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"),
	    JWT_ALG_KEY_MISMATCH);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "b"), JWT_OK);
	world_clear(&world);
}

/* Different keys of one kid and one algorithm: none of them is used. */
static void
test_conflict(void **state)
{
	struct world world;

	(void)state;
	assert_int_equal(load(&world, "", world_set(
	    world_jwk_with(ALG_ES256, KID("a")),
	    world_jwk_with(ALG_ES256, KID("a")),
	    world_jwk_fresh(ALG_ES256, KID("a")),
	    world_jwk_fresh(ALG_ES256, KID("a")),
	    world_jwk_with(ALG_ES256, KID("b")),
	    world_jwk_with(ALG_ED25519, KID("c")), NULL)), 2);
	assert_true(noted(&world, "3 different keys have the kid \"a\" and "
	    "the algorithm ES256"));
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"),
	    JWT_KEY_UNKNOWN);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "b"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ED25519, "Ed25519", "c"), JWT_OK);
	world_clear(&world);
	/* A key that is not sound is another one all the same. */
	assert_int_equal(load(&world, "", world_set(
	    world_jwk_with(ALG_ES256, KID("a")),
	    world_text("{\"kty\":\"EC\",\"crv\":\"P-256\"" KID("a")
	    ",\"x\":\"AAAA\",\"y\":\"AAAA\"}"),
	    world_jwk_with(ALG_ED25519, KID("a")), NULL)), 1);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"),
	    JWT_ALG_KEY_MISMATCH);
	assert_int_equal(verdict(&world, ALG_ED25519, "Ed25519", "a"), JWT_OK);
	world_clear(&world);
	/* What the issuer's algorithms rule out does not conflict. */
	assert_int_equal(load(&world, "algorithms = RS256", world_set(
	    world_jwk_with(ALG_RS256, KID("a")),
	    world_jwk_fresh(ALG_RS256, KID_ALG("a", "PS256")), NULL)), 2);
	assert_int_equal(verdict(&world, ALG_RS256, "RS256", "a"), JWT_OK);
	world_clear(&world);
	refuse("", world_set(world_jwk_with(ALG_ES256, KID("a")),
	    world_jwk_fresh(ALG_ES256, KID("a")), NULL), JWT_KEY_FILE_INVALID);
	/* What is left must be of use. */
	refuse("algorithms = ES256", world_set(
	    world_jwk_with(ALG_ES256, KID("a")),
	    world_jwk_fresh(ALG_ES256, KID("a")),
	    world_jwk_with(ALG_ED25519, KID("b")), NULL),
	    JWT_KEY_FILE_INVALID);
	refuse("algorithms = ES256", world_jwk_with(ALG_ED25519, KID("b")),
	    JWT_CONFIG_INVALID);
	refuse("algorithms = HS256", world_set(
	    world_jwk_with(ALG_HS256, KID("a")),
	    world_jwk_fresh(ALG_HS256, KID("a")), NULL), JWT_KEY_FILE_INVALID);
}

/* Entries that are passed over, and the good one beside each of them. */
static void
test_odd_entries(void **state)
{
	static const struct {
		const char *entry;
		const char *why;
	} rows[] = {
		{ "7", "not a JSON object" },
		{ "{\"kty\":\"oct\",\"kid\":\"x\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA"
		  "AAAAAAAAAAAAAAAAAAAAA\"}", "a symmetric key, but" },
		{ "{\"kty\":\"oct\",\"use\":\"enc\",\"k\":\"AAAA\"}",
		  "a symmetric key, but" },
		{ "{\"kty\":\"XYZ\",\"kid\":\"x\"}", "kty or crv" },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"enc\",\"kid\":\"a"
		  "\"}", "use is not sig" },
		{ "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AAAA\",\"kid\":\"a\"}",
		  "leading zero" },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\",\"x\":\"TO1z1BM"
		  "ZTeS0BVS8LIXdC3iqSw5RT8JdPC_L-5f-cL4\",\"y\":\"tIhYA4RxxQB"
		  "6vixwMGNn7ZNHp-0UmKdsv-X9P2XmtQ\"}", "y has 31 of 32 bytes: "
		  "the provider drops leading zeros" },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"y\":\"TO1z1BM"
		  "ZTeS0BVS8LIXdC3iqSw5RT8JdPC_L-5f-cL4\",\"x\":\"tIhYA4RxxQB"
		  "6vixwMGNn7ZNHp-0UmKdsv-X9P2XmtQ\"}", "x has 31 of 32" },
		{ "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"TO1z1BM"
		  "ZTeS0BVS8LIXdC3iqSw5RT8JdPC_L-5f-cL4\",\"y\":\"AAAA\"}",
		  "x has 32 of 48 bytes" },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAA=\",\"y\":\"AAAA\""
		  "}", "missing or not base64url" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world world;

		assert_int_equal(load(&world, "", world_set(
		    world_text("%s", rows[i].entry),
		    world_jwk_with(ALG_ED25519, KID("a")), NULL)), 1);
		assert_true(noted(&world, rows[i].why));
		assert_int_equal(verdict(&world, ALG_ED25519, "Ed25519", "a"),
		    JWT_OK);
		world_clear(&world);
		/* Alone it leaves no key, and the error says why. */
		assert_int_equal(world_load(&world, "", "", world_set(
		    world_text("%s", rows[i].entry), NULL)),
		    JWT_KEY_FILE_INVALID);
		assert_non_null(strstr(diag_first_error(&world.diag)->text,
		    rows[i].why));
		world_clear(&world);
	}
	refuse("", world_set(world_text("{\"kty\":\"XYZ\",\"d\":\"AAAA\"}"),
	    world_jwk_with(ALG_ED25519, KID("a")), NULL),
	    JWT_KEY_FILE_INVALID);
}

/* The whole error of a key file; and a warning before it, or NULL. */
static void
expect_both(char *keys, const char *text, const char *warning)
{
	struct world world;

	assert_int_equal(world_load(&world, "", "", keys),
	    JWT_KEY_FILE_INVALID);
	assert_string_equal(diag_first_error(&world.diag)->text, text);
	if (warning == NULL)
		assert_int_equal(world.diag.count, 1);
	else
		assert_string_equal(world.diag.entries[0].text, warning);
	world_clear(&world);
}

static void
expect_error(char *keys, const char *text)
{
	expect_both(keys, text, NULL);
}

/* An EC key with an x and a y of so many zeros, alone and in a set. */
static void
expect_coordinate(size_t x, size_t y, const char *fault)
{
	char *zeros = world_text("%0200u", 0);
	char *jwk, *text, *one, *first;
	char *p;

	for (p = zeros; *p != '\0'; p++)
		*p = 'A';
	jwk = world_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%.*s\","
	    "\"y\":\"%.*s\"}", (int)((x * 4 + 2) / 3), zeros,
	    (int)((y * 4 + 2) / 3), zeros);
	text = world_text("no key in it can be used: %s", fault);
	one = world_text("the key is not used: %s", fault);
	first = world_text("key 1 of the set is not used: %s", fault);
	expect_both(world_text("%s", jwk), text, one);
	expect_both(world_set(jwk, NULL), text, first);
	free(one);
	free(first);
	free(text);
	free(zeros);
}

#define ADVICE	": the provider drops leading zeros (RFC 7518 section " \
	"6.2.1.2); make another key there"

/* How much of a coordinate is there; up to three zeros may be dropped. */
static void
test_coordinates(void **state)
{
	(void)state;
	expect_coordinate(31, 32, "x has 31 of 32 bytes" ADVICE);
	expect_coordinate(29, 32, "x has 29 of 32 bytes" ADVICE);
	expect_coordinate(28, 32, "x has 28 of 32 bytes");
	expect_coordinate(1, 32, "x has 1 of 32 bytes");
	expect_coordinate(33, 32, "x has 33 of 32 bytes");
	expect_coordinate(32, 29, "y has 29 of 32 bytes" ADVICE);
	expect_coordinate(32, 28, "y has 28 of 32 bytes");
	expect_coordinate(32, 33, "y has 33 of 32 bytes");
	expect_coordinate(0, 32, "a number of the key is missing or not "
	    "base64url");
	expect_coordinate(32, 0, "a coordinate of the wrong length");
	expect_coordinate(32, 32, "the point is not on the curve, or OpenSSL "
	    "refuses the key");
}

/* A file that is no key says what it is, or what is wrong with it. */
static void
test_file_faults(void **state)
{
	(void)state;
	expect_error(world_text("hello"),
	    "neither a JWK, a JWK Set nor a PEM public key");
	expect_error(world_text("<html>"), "a page of HTML, or XML");
	expect_error(world_text("{\"jwks_uri\":1}"),
	    "a discovery document: the keys are at its jwks_uri");
	expect_error(world_text("{\"keys\":{}}"), "keys is not an array");
	expect_error(world_text("{\"keys\":[]}"), "no key in it can be used");
	expect_error(world_set(world_jwk_with(ALG_ES256, KID("a")),
	    world_text("{\"kty\":\"EC\",\"d\":1}"), NULL),
	    "key 2 of the set: a private key: a host needs the public key "
	    "only (pam-jwt key public)");
	expect_error(world_text("{\"kty\":\"EC\",\"d\":1}"),
	    "a private key: a host needs the public key only "
	    "(pam-jwt key public)");
	expect_error(world_text("-----BEGIN PUBLIC KEY-----\nAA==\n"
	    "-----END PUBLIC KEY-----\n"),
	    "not a SubjectPublicKeyInfo in DER");
	expect_error(world_text("-----BEGIN PUBLIC KEY-----\n"
	    "MCowBQYDK2VwAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
	    "-----END PUBLIC KEY-----\n"),
	    "an Ed25519 key of small order, which signs anything");
}

/* Add a file with notes: its iss, or NULL, and its synced, or -1. */
static void
expect_notes(struct jwk_set *set, const char *notes, const char *iss,
    int64_t synced)
{
	char *jwk = world_jwk_with(ALG_ES256, KID("a"));
	char *keys = world_text("{%s\"keys\":[%s]}", notes, jwk);
	struct jwk_file file = { .name = "k" };
	struct diag diag = { 0 };
	struct secret text;

	assert_int_equal(secret_copy(bytes_str(keys), &text), JWT_OK);
	assert_int_equal(jwk_set_add(set, &file, &text, &diag), JWT_OK);
	assert_int_equal(set->iss == NULL, iss == NULL);
	if (iss != NULL)
		assert_string_equal(set->iss, iss);
	assert_int_equal(set->has_synced, synced >= 0);
	if (synced >= 0)
		assert_int_equal(set->synced, synced);
	secret_clear(&text);
	diag_clear(&diag);
	free(keys);
	free(jwk);
}

/* The notes of sync at the top of a file; those of the last file count. */
static void
test_notes(void **state)
{
	struct jwk_set set = { .count = 0 };

	(void)state;
	expect_notes(&set, "\"iss\":\"i\",\"synced\":7,", "i", 7);
	expect_notes(&set, "", NULL, -1);
	expect_notes(&set, "\"iss\":7,\"synced\":\"7\",", "", -1);
	expect_notes(&set, "\"iss\":\"i\\u0000\",\"synced\":0,", "", 0);
	expect_notes(&set, "\"iss\":\"\",\"synced\":1.5,", "", -1);
	jwk_set_clear(&set);
}

/* A dropped key counts from a little before that time until it is too old. */
static void
test_dropped(void **state)
{
	static const struct {
		bool is_dropped;
		int64_t dropped;
		bool counts;
	} rows[] = {
		{ false, 0, true }, { true, 10000, true },
		{ true, 10060, true }, { true, 10061, false },
		{ true, 9901, true }, { true, 9900, false }, { true, 0, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct jwk key = {
			.is_dropped = rows[i].is_dropped,
			.dropped = rows[i].dropped
		};
		struct jwk keys[] = { key, { .kid = bytes_str("kept") }, key };
		struct jwk_set set = { .keys = keys, .count = 3 };

		assert_int_equal(jwk_counts(&key, 10000, 60, 100),
		    rows[i].counts);
		jwk_set_expire(&set, 10000, 60, 100);
		assert_int_equal(set.count, rows[i].counts ? 3 : 1);
		assert_true(bytes_eq_str(keys[rows[i].counts].kid, "kept"));
	}
}

/* Fetched keys join, unless a key of the host, used or not, has their name. */
static void
test_join(void **state)
{
	struct world own, fetched;
	struct jwk_set *to, *from;

	(void)state;
	assert_int_equal(load(&own, "", world_set(
	    world_jwk_fresh(ALG_ES256, KID("a")),
	    world_jwk_fresh(ALG_ES256, KID("a")),
	    world_jwk_fresh(ALG_ES256, KID("b")),
	    world_jwk_fresh(ALG_ES256, KID("b")),
	    world_jwk_fresh(ALG_ES256, KID("c")), NULL)), 1);
	assert_int_equal(load(&fetched, "", world_set(
	    world_jwk_fresh(ALG_ES256, KID("e")),
	    world_jwk_fresh(ALG_ES256, KID("e")),
	    world_jwk_with(ALG_ES256, ""), world_jwk_with(ALG_ES256, KID("a")),
	    world_jwk_with(ALG_ES256, KID("b")),
	    world_jwk_with(ALG_ES256, KID("c")),
	    world_jwk_with(ALG_ED25519, KID("c")),
	    world_jwk_with(ALG_ES256, KID("d")), NULL)), 6);
	to = &own.policy.issuers[0].set;
	from = &fetched.policy.issuers[0].set;
	assert_int_equal(jwk_set_join(to, from,
	    (struct diag_place){ .file = "k" }, &own.diag), JWT_OK);
	assert_int_equal(to->count, 4);
	assert_false(to->keys[1].has_kid);
	assert_true(bytes_eq_str(to->keys[2].kid, "c"));
	assert_int_equal(to->keys[2].kind, KEY_ED25519);
	assert_true(bytes_eq_str(to->keys[3].kid, "d"));
	assert_int_equal(to->ambiguous_count, 3);
	assert_true(bytes_eq_str(to->ambiguous[2], "e"));
	assert_true(noted(&own, "the fetched key with the kid \"b\" is not "
	    "used: a key of this host has that kid"));
	world_clear(&own);
	world_clear(&fetched);
}

/* Of several secrets one that is too short for algorithms is not used. */
static void
test_short_secret(void **state)
{
	struct world world;

	(void)state;
	assert_int_equal(load(&world, "algorithms = HS512", world_set(
	    world_jwk_with(ALG_HS512, KID("a")),
	    world_jwk_with(ALG_HS256, KID("b")), NULL)), 2);
	assert_true(noted(&world, "is not used: it is too short"));
	assert_int_equal(verdict(&world, ALG_HS512, "HS512", "a"), JWT_OK);
	world_clear(&world);
	refuse("algorithms = HS512", world_jwk_with(ALG_HS256, KID("b")),
	    JWT_KEY_FILE_INVALID);
}

/* A good key with that many members, beside another good key. */
static size_t
used_with_members(unsigned count)
{
	char *text = world_text(KID("a")), *more;
	struct world world;
	size_t used;
	unsigned n;

	for (n = 5; n < count; n++) {
		more = world_text("%s,\"m%u\":1", text, n);
		free(text);
		text = more;
	}
	used = load(&world, "", world_set(world_jwk_with(ALG_ES256, text),
	    world_jwk_with(ALG_ED25519, KID("b")), NULL));
	assert_int_equal(noted(&world, "more than 64 members"), used == 1);
	world_clear(&world);
	free(text);
	return used;
}

static void
test_members(void **state)
{
	(void)state;
	assert_int_equal(used_with_members(64), 2);
	assert_int_equal(used_with_members(65), 1);
}

/* A set of so many keys; "0", "1", ... are their kids. */
static char *
numbered(unsigned count)
{
	char *set = NULL, *kid, *one, *next;
	unsigned i;

	for (i = 0; i < count; i++) {
		kid = world_text(KID("%u"), i);
		one = i == 0 ? world_jwk_with(ALG_ED25519, kid) :
		    world_jwk_fresh(ALG_ED25519, kid);
		next = world_text("%s%s%s", i == 0 ? "" : set,
		    i == 0 ? "" : ",", one);
		free(kid);
		free(one);
		free(set);
		set = next;
	}
	next = world_text("{\"keys\":[%s]}", set);
	free(set);
	return next;
}

/* 256 keys that can be used; one more is not, and the others still are. */
static void
test_many(void **state)
{
	struct world world;

	(void)state;
	assert_int_equal(load(&world, "", numbered(256)), 256);
	assert_int_equal(world.diag.count, 0);
	assert_false(world.policy.issuers[0].set.is_cut);
	world_clear(&world);
	assert_int_equal(load(&world, "", numbered(257)), 256);
	assert_true(noted(&world, "key 257 of the set is not used"));
	assert_true(world.policy.issuers[0].set.is_cut);
	assert_int_equal(verdict(&world, ALG_ED25519, "Ed25519", "0"), JWT_OK);
	world_clear(&world);
}

/* Join a fetched set to own keys; whether there was room for all. */
static bool
has_room(unsigned own_count, unsigned fetched_count)
{
	struct world own = { .diag = { .count = 0 } }, fetched;
	struct jwk_set none = { .count = 0 }, *to = &none;
	bool is_cut;

	if (own_count > 0) {
		(void)load(&own, "", numbered(own_count));
		to = &own.policy.issuers[0].set;
	}
	(void)load(&fetched, "", numbered(fetched_count));
	assert_int_equal(jwk_set_join(to, &fetched.policy.issuers[0].set,
	    (struct diag_place){ .file = "k" }, &own.diag), JWT_OK);
	is_cut = to->is_cut;
	jwk_set_clear(&none);
	world_clear(&own);
	world_clear(&fetched);
	return !is_cut;
}

static void
test_many_join(void **state)
{
	(void)state;
	assert_true(has_room(1, 255));
	assert_false(has_room(1, 256));
	assert_false(has_room(257, 1));
	assert_true(has_room(0, 256));
	assert_false(has_room(0, 257));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_one_kid),
		cmocka_unit_test(test_conflict),
		cmocka_unit_test(test_odd_entries),
		cmocka_unit_test(test_coordinates),
		cmocka_unit_test(test_file_faults),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_short_secret),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_many_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
