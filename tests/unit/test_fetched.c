/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets that sync fetched: which of them count, whose keys go before whose, and
 * which tokens are refused because a set does not count.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/url.h"
#include "core/policy/fetched.h"
#include "world.h"

#define DAY 86400
#define SYNCED(when) ",\"synced\":" when
#define OF(iss) ",\"iss\":" iss
#define NOW_TEXT "1700000000"

/* A JWK Set with more members at its top; frees the set. */
static char *
topped(char *set, const char *more)
{
	char *text;

	set[strlen(set) - 1] = '\0';
	text = world_text("%s%s}", set, more);
	free(set);
	return text;
}

static char *
one_key(enum alg_id alg, const char *members, const char *more)
{
	return topped(world_set(world_jwk_with(alg, members), NULL), more);
}

/* The issuer with settings, without keys of its own. */
static void
open_world(struct world *world, const char *settings)
{
	char *text = world_text("[issuer t]\niss = " WORLD_ISS "\n"
	    "audience = urn:h\nkeys = sync\n%s\n[service s]\n"
	    "permit = as claim sub\n", settings);
	struct policy_host host = { 0 };

	*world = (struct world){ 0 };
	assert_int_equal(policy_parse(bytes_str(text), "c", &host,
	    &world->diag, &world->policy), JWT_OK);
	free(text);
}

/* Add a set; frees it.  What the issuer has of it. */
static enum jwt_reason
add(struct world *world, char *set, int64_t now)
{
	struct secret text;

	assert_int_equal(secret_copy(bytes_str(set), &text), JWT_OK);
	free(set);
	assert_int_equal(fetched_add(&world->policy, &world->policy.issuers[0],
	    "/k/t.jwks", &text, now, &world->diag), JWT_OK);
	/* Whatever a set is, it is no error of the configuration. */
	assert_int_equal(world->diag.reason, JWT_OK);
	secret_clear(&text);
	return world->policy.issuers[0].fetched;
}

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

/* One set, at one time; the issuer has the settings. */
static enum jwt_reason
judge(const char *settings, char *set, int64_t now)
{
	struct world world;
	enum jwt_reason reason, token;

	open_world(&world, settings);
	reason = add(&world, set, now);
	token = verdict(&world, ALG_ES256, "ES256", "a");
	assert_int_equal(token, reason);
	assert_int_equal(world.policy.issuers[0].set.count, reason == JWT_OK);
	world_clear(&world);
	return reason;
}

static void
test_age(void **state)
{
	static const struct {
		const char *settings, *top;
		int64_t now;
		enum jwt_reason reason;
	} rows[] = {
		{ "", SYNCED(NOW_TEXT), WORLD_NOW, JWT_OK },
		{ "", SYNCED(NOW_TEXT), WORLD_NOW + 7 * DAY, JWT_OK },
		{ "", SYNCED(NOW_TEXT), WORLD_NOW + 7 * DAY + 1,
		    JWT_KEYS_STALE },
		{ "keys_max_age = 1h", SYNCED(NOW_TEXT), WORLD_NOW + 3600,
		    JWT_OK },
		{ "keys_max_age = 1h", SYNCED(NOW_TEXT), WORLD_NOW + 3601,
		    JWT_KEYS_STALE },
		{ "", SYNCED(NOW_TEXT), WORLD_NOW - 60, JWT_OK },
		{ "", SYNCED(NOW_TEXT), WORLD_NOW - 61, JWT_KEYS_STALE },
		{ "leeway = 0s", SYNCED(NOW_TEXT), WORLD_NOW - 1,
		    JWT_KEYS_STALE },
		{ "", "", WORLD_NOW, JWT_KEYS_STALE },
		/* A host whose clock has no battery: no time is not 0. */
		{ "", "", 100, JWT_KEYS_STALE },
		{ "", SYNCED("\"1700000000\""), WORLD_NOW, JWT_KEYS_STALE },
		{ "", SYNCED("1700000000.0"), WORLD_NOW, JWT_KEYS_STALE },
		{ "", SYNCED("17e8"), WORLD_NOW, JWT_KEYS_STALE },
		{ "", SYNCED("-1"), WORLD_NOW, JWT_KEYS_STALE },
		{ "", SYNCED("null"), WORLD_NOW, JWT_KEYS_STALE },
		{ "", SYNCED("99999999999999999999"), WORLD_NOW,
		    JWT_KEYS_STALE },
		{ "", SYNCED("[1700000000]"), WORLD_NOW, JWT_KEYS_STALE },
		/* The section had another provider when it was fetched. */
		{ "", SYNCED(NOW_TEXT) OF("\"" WORLD_ISS "\""), WORLD_NOW,
		    JWT_OK },
		{ "", SYNCED(NOW_TEXT) OF("\"https://other.test\""),
		    WORLD_NOW, JWT_KEYS_STALE },
		{ "", SYNCED(NOW_TEXT) OF("\"" WORLD_ISS "/\""), WORLD_NOW,
		    JWT_KEYS_STALE },
		{ "", SYNCED(NOW_TEXT) OF("\"" WORLD_ISS "\\u0000\""),
		    WORLD_NOW, JWT_KEYS_STALE },
		{ "", SYNCED(NOW_TEXT) OF("null"), WORLD_NOW, JWT_KEYS_STALE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(judge(rows[i].settings, one_key(ALG_ES256,
		    ",\"kid\":\"a\"", rows[i].top), rows[i].now),
		    rows[i].reason);
}

static void
test_dropped(void **state)
{
	static const struct {
		const char *keep, *dropped;
		enum jwt_reason token;
	} rows[] = {
		{ "keep_old = 10m", "1699999401", JWT_OK },
		{ "keep_old = 10m", "1699999400", JWT_KEY_UNKNOWN },
		{ "keep_old = 0s", NOW_TEXT, JWT_KEY_UNKNOWN },
		{ "", NOW_TEXT, JWT_KEY_UNKNOWN },
		{ "keep_old = 1s", NOW_TEXT, JWT_OK },
		{ "keep_old = 10m", "1700000060", JWT_OK },
		{ "keep_old = 10m", "1700000061", JWT_KEY_UNKNOWN },
		{ "keep_old = 10m", "null", JWT_KEY_UNKNOWN },
		{ "keep_old = 10m", "\"1699999999\"", JWT_KEY_UNKNOWN },
		{ "keep_old = 10m", "1699999999.5", JWT_KEY_UNKNOWN },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *members = world_text(",\"kid\":\"a\",\"dropped\":%s",
		    rows[i].dropped);
		struct world world;

		open_world(&world, rows[i].keep);
		assert_int_equal(add(&world, topped(world_set(
		    world_jwk_with(ALG_ES256, members),
		    world_jwk_fresh(ALG_ES256, ",\"kid\":\"b\""), NULL),
		    SYNCED(NOW_TEXT)), WORLD_NOW), JWT_OK);
		assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"),
		    rows[i].token);
		free(members);
		world_clear(&world);
	}
}

/* Of a set that is not whole no key is used. */
static void
test_malformed(void **state)
{
	(void)state;
	assert_int_equal(judge("", world_text("%s", ""), WORLD_NOW),
	    JWT_KEYS_STALE);
	assert_int_equal(judge("", world_text("<html>"), WORLD_NOW),
	    JWT_KEYS_STALE);
	assert_int_equal(judge("", world_text("{\"keys\":[],\"synced\":"
	    NOW_TEXT "}"), WORLD_NOW), JWT_KEYS_STALE);
	/* A private key after a good one. */
	assert_int_equal(judge("", topped(world_set(
	    world_jwk_with(ALG_ES256, ",\"kid\":\"a\""),
	    world_jwk_with(ALG_ED25519, ",\"kid\":\"b\",\"d\":\"AA\""), NULL),
	    SYNCED(NOW_TEXT)), WORLD_NOW), JWT_KEYS_STALE);
	/* An RSA key that fits several algorithms, as algorithms was removed. */
	assert_int_equal(judge("", topped(world_set(
	    world_jwk_with(ALG_RS256, ",\"kid\":\"r\""),
	    world_jwk_with(ALG_ES256, ",\"kid\":\"a\""), NULL),
	    SYNCED(NOW_TEXT)), WORLD_NOW), JWT_KEYS_STALE);
}

/* Settings that were changed after the set was made for others. */
static void
test_changed_algorithms(void **state)
{
	struct world world;

	(void)state;
	open_world(&world, "algorithms = RS256");
	assert_int_equal(add(&world, one_key(ALG_ES256, ",\"kid\":\"a\"",
	    SYNCED(NOW_TEXT)), WORLD_NOW), JWT_KEYS_STALE);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"),
	    JWT_ALG_NOT_ALLOWED);
	assert_int_equal(verdict(&world, ALG_RS256, "RS256", "r"),
	    JWT_KEYS_STALE);
	world_clear(&world);
}

/* All that is noted; how often a text occurs in it. */
static size_t
count_notes(const struct world *world, const char *text)
{
	size_t count = 0, i;

	for (i = 0; i < world->diag.count; i++)
		count += strstr(world->diag.entries[i].text, text) != NULL;
	return count;
}

/* 256 keys in all, those of this host first. */
static void
test_limit(void **state)
{
	char *set = world_text("{\"keys\":["), *more;
	struct world world;
	char *jwk;
	size_t i;

	(void)state;
	for (i = 0; i < JWK_SET_MAX; i++) {
		char *name = world_text(",\"kid\":\"%zu\"", i);

		jwk = world_jwk_with(ALG_ED25519, name);
		more = world_text("%s%s%s", set, i == 0 ? "" : ",", jwk);
		free(name);
		free(jwk);
		free(set);
		set = more;
	}
	more = world_text("%s]}", set);
	free(set);
	open_world(&world, "");
	assert_int_equal(world_add_keys(&world, 0, world_set(world_jwk_with(
	    ALG_ES256, ",\"kid\":\"own\""), NULL)), JWT_OK);
	assert_int_equal(add(&world, topped(more, SYNCED(NOW_TEXT)),
	    WORLD_NOW), JWT_OK);
	assert_int_equal(world.policy.issuers[0].set.count, JWK_SET_MAX);
	assert_int_equal(count_notes(&world, "256 keys already"), 1);
	assert_int_equal(verdict(&world, ALG_ED25519, "Ed25519", "254"),
	    JWT_OK);
	assert_int_equal(verdict(&world, ALG_ED25519, "Ed25519", "255"),
	    JWT_KEY_UNKNOWN);
	world_clear(&world);
}

/* Which tokens a stale set refuses as stale, beside a key of this host. */
static void
test_beside(void **state)
{
	struct world world;
	char *own = world_set(world_jwk_with(ALG_ES256, ",\"kid\":\"own\""),
	    NULL);

	(void)state;
	open_world(&world, "");
	assert_int_equal(world_add_keys(&world, 0, own), JWT_OK);
	assert_int_equal(add(&world, one_key(ALG_ED25519, ",\"kid\":\"ed\"",
	    SYNCED("1")), WORLD_NOW), JWT_KEYS_STALE);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "own"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "x"),
	    JWT_KEYS_STALE);
	assert_int_equal(verdict(&world, ALG_ED25519, "Ed25519", "ed"),
	    JWT_KEYS_STALE);
	/* Signed by somebody else with the kid of a key that is there. */
	assert_int_equal(verdict(&world, ALG_ES384, "ES256", "own"),
	    JWT_SIGNATURE_INVALID);
	world_clear(&world);

	/* Both count: each verifies its tokens. */
	open_world(&world, "");
	own = world_set(world_jwk_with(ALG_ES256, ",\"kid\":\"own\""), NULL);
	assert_int_equal(world_add_keys(&world, 0, own), JWT_OK);
	assert_int_equal(add(&world, one_key(ALG_ED25519, ",\"kid\":\"ed\"",
	    SYNCED(NOW_TEXT)), WORLD_NOW), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "own"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ED25519, "Ed25519", "ed"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ED25519, "Ed25519", "x"),
	    JWT_KEY_UNKNOWN);
	world_clear(&world);
}

/*
 * A key without a kid is tried for any token: that it did not sign one says
 * nothing about the keys that are missing.
 */
static void
test_nameless(void **state)
{
	struct world world;

	(void)state;
	open_world(&world, "");
	assert_int_equal(world_add_keys(&world, 0, world_set(
	    world_jwk_fresh(ALG_ES256, ""), NULL)), JWT_OK);
	assert_int_equal(add(&world, world_text("{\"keys\":[]}"), WORLD_NOW),
	    JWT_KEYS_STALE);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"),
	    JWT_KEYS_STALE);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", NULL),
	    JWT_KEYS_STALE);
	world_clear(&world);

	/* Nor does a kid count of which no key is used. */
	open_world(&world, "");
	assert_int_equal(world_add_keys(&world, 0, world_set(
	    world_jwk_fresh(ALG_ES256, ""),
	    world_jwk_fresh(ALG_ES256, ",\"kid\":\"a\""),
	    world_jwk_fresh(ALG_ES256, ",\"kid\":\"a\""), NULL)), JWT_OK);
	assert_int_equal(add(&world, world_text("{\"keys\":[]}"), WORLD_NOW),
	    JWT_KEYS_STALE);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"),
	    JWT_KEYS_STALE);
	world_clear(&world);

	/* With a set that counts it is the signature. */
	open_world(&world, "");
	assert_int_equal(world_add_keys(&world, 0, world_set(
	    world_jwk_fresh(ALG_ES256, ""), NULL)), JWT_OK);
	assert_int_equal(add(&world, one_key(ALG_ED25519, ",\"kid\":\"ed\"",
	    SYNCED(NOW_TEXT)), WORLD_NOW), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"),
	    JWT_SIGNATURE_INVALID);
	world_clear(&world);
}

/* Kids of which no key is used are known after the sets have joined, too. */
static void
test_ambiguous(void **state)
{
	struct world world;

	(void)state;
	open_world(&world, "");
	assert_int_equal(add(&world, topped(world_set(
	    world_jwk_fresh(ALG_ES256, ",\"kid\":\"two\""),
	    world_jwk_fresh(ALG_ES256, ",\"kid\":\"two\""),
	    world_jwk_with(ALG_ES256, ",\"kid\":\"a\""), NULL),
	    SYNCED(NOW_TEXT)), WORLD_NOW), JWT_OK);
	assert_int_equal(world.policy.issuers[0].set.count, 1);
	assert_int_equal(world.policy.issuers[0].set.ambiguous_count, 1);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"), JWT_OK);
	world_clear(&world);
}

/* The key for the day when the provider is down is not the provider's. */
static void
test_precedence(void **state)
{
	struct world world;
	char *own = world_set(world_jwk_with(ALG_ES256, ",\"kid\":\"a\""), NULL);

	(void)state;
	open_world(&world, "");
	assert_int_equal(world_add_keys(&world, 0, own), JWT_OK);
	assert_int_equal(add(&world, topped(world_set(
	    world_jwk_fresh(ALG_ES256, ",\"kid\":\"a\""),
	    world_jwk_with(ALG_ED25519, ",\"kid\":\"ed\""), NULL),
	    SYNCED(NOW_TEXT)), WORLD_NOW), JWT_OK);
	assert_int_equal(world.policy.issuers[0].set.count, 2);
	assert_int_equal(count_notes(&world, "a key of this host has"), 1);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "a"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ED25519, "Ed25519", "ed"), JWT_OK);
	world_clear(&world);
}

/* Nor may it decide between two keys of this host, of which none is used. */
static void
test_precedence_ambiguous(void **state)
{
	struct world world;

	(void)state;
	open_world(&world, "");
	assert_int_equal(world_add_keys(&world, 0, world_set(
	    world_jwk_fresh(ALG_ES256, ",\"kid\":\"a\""),
	    world_jwk_fresh(ALG_ES256, ",\"kid\":\"a\""),
	    world_jwk_with(ALG_ED25519, ",\"kid\":\"ed\""), NULL)), JWT_OK);
	assert_int_equal(add(&world, topped(world_set(
	    world_jwk_with(ALG_ES256, ",\"kid\":\"a\""),
	    world_jwk_with(ALG_ES256, ",\"kid\":\"b\""), NULL),
	    SYNCED(NOW_TEXT)), WORLD_NOW), JWT_OK);
	assert_int_equal(world.policy.issuers[0].set.count, 2);
	assert_int_equal(count_notes(&world, "a key of this host has"), 1);
	assert_int_not_equal(verdict(&world, ALG_ES256, "ES256", "a"), JWT_OK);
	assert_int_equal(verdict(&world, ALG_ES256, "ES256", "b"), JWT_OK);
	world_clear(&world);
}

static void
test_urls(void **state)
{
	static const struct {
		const char *url;
		enum url_kind kind;
	} rows[] = {
		{ "https://id.example", URL_HTTPS },
		{ "https://id.example:8443/a//b?c=d", URL_HTTPS },
		{ "https://[2001:db8::1]:1/", URL_HTTPS },
		{ "https://id_x.example/", URL_HTTPS },
		{ "https://id.example:65535", URL_HTTPS },
		{ "https://id.example:65536", URL_REFUSED },
		{ "https://id.example:0", URL_REFUSED },
		{ "https://id.example:", URL_REFUSED },
		{ "https://id.example:1:2", URL_REFUSED },
		{ "https://", URL_REFUSED }, { "https:///x", URL_REFUSED },
		{ "https://?x", URL_REFUSED }, { "https:/x", URL_REFUSED },
		{ "HTTPS://id.example", URL_REFUSED },
		{ "ftp://id.example", URL_REFUSED },
		{ "file:///etc/passwd", URL_REFUSED },
		{ "id.example", URL_REFUSED }, { "", URL_REFUSED },
		{ "https://u@id.example", URL_REFUSED },
		{ "https://u:p@id.example", URL_REFUSED },
		{ "https://id.example/@", URL_HTTPS },
		{ "https://good?@evil/", URL_HTTPS },
		{ "https://id.example/#x", URL_REFUSED },
		{ "https://id.example#x", URL_REFUSED },
		{ "https://id.example\\@evil/", URL_REFUSED },
		{ "https://id.example/ x", URL_REFUSED },
		{ "https://id.example/\x7f", URL_REFUSED },
		{ "https://id.example/\xc3\xa4", URL_REFUSED },
		{ "https://id%2eexample/", URL_REFUSED },
		{ "https://[::1", URL_REFUSED }, { "https://[]", URL_REFUSED },
		{ "https://[id.example]", URL_REFUSED },
		{ "https://[::1%25lo]/", URL_REFUSED },
		{ "https://[::1]x", URL_REFUSED },
		{ "https://[127.0.0.1]/", URL_REFUSED },
		{ "http://id.example", URL_HTTP },
		{ "http://localhost", URL_HTTP },
		{ "http://127.0.0.1.example/", URL_HTTP },
		{ "http://127.1/", URL_HTTP },
		{ "http://2130706433/", URL_HTTP },
		{ "http://126.0.0.1/", URL_HTTP },
		{ "http://128.0.0.1/", URL_HTTP },
		{ "http://[::2]/", URL_HTTP },
		{ "http://127.0.0.1", URL_HTTP_LOOPBACK },
		{ "http://127.255.0.9:8080/x", URL_HTTP_LOOPBACK },
		{ "http://[::1]:8080/x", URL_HTTP_LOOPBACK },
	};
	char longest[URL_MAX + 2];
	const char *fault;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (url_kind(bytes_str(rows[i].url), &fault) != rows[i].kind)
			fail_msg("%s: %s", rows[i].url, fault);
		assert_true((fault != NULL) == (rows[i].kind == URL_REFUSED));
	}
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "https://a/", 10);
	assert_int_equal(url_kind(bytes_of(longest, URL_MAX), &fault),
	    URL_HTTPS);
	assert_int_equal(url_kind(bytes_of(longest, URL_MAX + 1), &fault),
	    URL_REFUSED);
}

static void
test_paths(void **state)
{
	struct world world;
	char path[64];

	(void)state;
	open_world(&world, "");
	assert_true(fetched_path(&world.policy, &world.policy.issuers[0],
	    FETCHED_SET, path, sizeof(path)));
	assert_string_equal(path, "/var/lib/pam_jwt/keys/t.jwks");
	assert_false(fetched_path(&world.policy, &world.policy.issuers[0],
	    FETCHED_SET, path, strlen(path)));
	world_clear(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_changed_algorithms),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_beside),
		cmocka_unit_test(test_nameless),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_precedence_ambiguous),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
