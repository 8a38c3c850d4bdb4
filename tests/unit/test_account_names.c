/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of accounts that directories make: which ones a literal, a map and
 * "as claim C exactly" may give, and that no other form gives them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "world.h"

#define JOERG "j\xc3\xb6rg+x@example.com"

/* The names themselves: each border from both sides. */
static void
test_forms(void **state)
{
	static const struct {
		const char *name;
		bool is_exact;
		bool is_bare;
		bool is_valid;	/* of a claim */
	} rows[] = {
		{ "alice", true, true, true }, { "a.b-c_d9", true, true, true },
		{ "_a", true, true, true }, { "Alice", true, true, false },
		{ "1a", true, true, false }, { "a.", true, true, false },
		{ "web$", true, true, false }, { "a$b", true, false, false },
		{ "alice@example.com", true, false, false },
		{ "DOM\\alice", true, false, false },
		{ JOERG, true, false, false }, { "a~", true, false, false },
		{ "a!", true, false, false }, { "a#b", true, false, false },
		{ "*", true, false, false }, { "%wheel", true, false, false },
		{ "@admins", true, false, false },
		{ "", false, false, false }, { "-a", false, false, false },
		{ ".a", false, false, false }, { "..", false, false, false },
		{ "a b", false, false, false }, { " a", false, false, false },
		{ "a ", false, false, false }, { "a:b", false, false, false },
		{ "a/b", false, false, false }, { "a,b", false, false, false },
		{ "a\"b", false, false, false }, { "a\tb", false, false, false },
		{ "a\n", false, false, false }, { "a\x1f", false, false, false },
		{ "a\x7f", false, false, false },
		{ "\x7f", false, false, false },
		{ "\xc3\xb6\x7f", false, false, false },
		{ "a\xc2\x80", false, false, false },	/* the first of C1 */
		{ "a\xc2\x9f", false, false, false },
		{ "a\xc2\xa0", true, false, false },
		{ "a\xc2\xa1", true, false, false },
		{ "a\xc3\x80", true, false, false },
		{ "a\xc3", false, false, false },	/* cut */
		{ "a\xe4", false, false, false },	/* Latin-1 */
		{ "a\xc0\xaf", false, false, false },	/* an overlong / */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes name = bytes_str(rows[i].name);

		if (account_name_is_exact(name) != rows[i].is_exact ||
		    account_name_is_bare(name) != rows[i].is_bare ||
		    account_name_is_valid(name) != rows[i].is_valid)
			fail_msg("%s", rows[i].name);
	}
	assert_false(account_name_is_exact(bytes_of("a\0b", 3)));
}

static void
test_lengths(void **state)
{
	char *name = world_text("a%0256d", 0);	/* 257 bytes */
	struct bytes longest = bytes_of(name, ACCOUNT_NAME_MAX);
	struct bytes of_claim = bytes_of(name, ACCOUNT_CLAIM_MAX);

	(void)state;
	assert_true(account_name_is_exact(longest));
	assert_true(account_name_is_bare(longest));
	assert_false(account_name_is_exact(bytes_str(name)));
	assert_false(account_name_is_bare(bytes_str(name)));
	assert_true(account_name_is_valid(of_claim));
	of_claim.len++;
	assert_false(account_name_is_valid(of_claim));
	free(name);
}

static enum jwt_reason
parse(const char *text, struct arena *arena, struct rule *rule)
{
	struct diag diag = { 0 };
	struct diag_place place = {
		.file = "f", .line = 7, .column = 1, .source = text
	};
	enum jwt_reason reason = rule_parse(bytes_str(text), place, true,
	    arena, &diag, rule);

	diag_clear(&diag);
	return reason;
}

/* NULL: the text is an error. */
static void
test_literals(void **state)
{
	static const struct {
		const char *text;
		const char *name;
	} rows[] = {
		{ "as \"alice@example.com\"", "alice@example.com" },
		{ "as \"DOM\\\\alice\" if s = x", "DOM\\alice" },
		{ "as \"" JOERG "\"", JOERG }, { "as \"Alice\"", "Alice" },
		{ "as \"exactly\"", "exactly" }, { "as \"map\"", "map" },
		{ "as alice@example.com", NULL }, { "as DOM\\alice", NULL },
		{ "as \"DOM\\alice\"", NULL }, { "as *", NULL },
		{ "as %wheel", NULL }, { "as \"a b\"", NULL },
		{ "as \"a:b\"", NULL }, { "as \"\"", NULL },
		{ "as \"-a\"", NULL }, { "as exactly", NULL },
		{ "as \"alice@example.com\" exactly", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct rule rule;
		enum jwt_reason reason = parse(rows[i].text, &arena, &rule);

		if ((reason == JWT_OK) != (rows[i].name != NULL) ||
		    (reason == JWT_OK &&
		    !bytes_eq_str(rule.name, rows[i].name)))
			fail_msg("%s", rows[i].text);
		arena_clear(&arena);
	}
}

static void
test_exactly(void **state)
{
	static const struct {
		const char *text;
		bool is_rule;
		bool exactly;
	} rows[] = {
		{ "as claim upn", true, false },
		{ "as claim upn exactly", true, true },
		{ "as claim upn exactly if s = x", true, true },
		{ "as claim upn without \"@x\" exactly", true, true },
		{ "as claim \"exactly\"", true, false },
		{ "as claim \"exactly\" exactly", true, true },
		{ "as claim exactly", false, false },
		{ "as claim upn exactly exactly", false, false },
		{ "as claim upn exactly without \"@x\"", false, false },
		{ "as claim upn \"exactly\"", false, false },
		{ "as claim upn if exactly = x", false, false },
		{ "as map /m exactly", false, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct rule rule;
		bool is_rule = parse(rows[i].text, &arena, &rule) == JWT_OK;

		if (is_rule != rows[i].is_rule ||
		    (is_rule && rule.exactly != rows[i].exactly))
			fail_msg("%s", rows[i].text);
		arena_clear(&arena);
	}
}

static enum jwt_reason
decide(const char *service, const char *name, const char *user)
{
	struct world world;
	char *payload = world_text("{\"iss\":\"" WORLD_ISS "\",\"aud\":"
	    "\"urn:h\",\"exp\":1700000600,\"sub\":\"1\",\"upn\":\"%s\"}", name);
	enum jwt_reason reason = world_load(&world, "", service,
	    world_jwk(ALG_ED25519));
	char *token;

	if (reason == JWT_OK) {
		token = world_sign(ALG_ED25519, "{\"alg\":\"Ed25519\"}",
		    payload);
		reason = world_verdict_bytes(&world, bytes_str(token), user,
		    WORLD_NOW);
		free(token);
	}
	free(payload);
	world_clear(&world);
	return reason;
}

/* Byte for byte the account's name, or nothing; nowhere a system account. */
static void
test_decisions(void **state)
{
	static const char exactly[] = "permit = as claim upn exactly";
	static const char plainly[] = "permit = as claim upn";
	static const struct {
		const char *service;
		const char *claim;	/* as in JSON */
		const char *user;
		enum jwt_reason reason;
	} rows[] = {
		{ exactly, "alice@example.com", "alice@example.com", JWT_OK },
		{ exactly, "alice@example.com", NULL, JWT_OK },
		{ exactly, "DOM\\\\alice", "DOM\\alice", JWT_OK },
		{ exactly, JOERG, JOERG, JWT_OK },
		{ exactly, "Alice", "Alice", JWT_OK },
		{ exactly, "alice", "alice", JWT_OK },
		{ exactly, "alice@example.com", "alice", JWT_ACCOUNT_MISMATCH },
		{ exactly, "alice@example.com", "Alice@example.com",
		    JWT_ACCOUNT_MISMATCH },
		{ exactly, "Alice@example.com", NULL, JWT_ACCOUNT_UNKNOWN },
		{ exactly, "dom\\\\alice", NULL, JWT_ACCOUNT_UNKNOWN },
		{ exactly, "root", "root", JWT_ACCOUNT_PROTECTED },
		{ exactly, "DOM\\\\svc", "DOM\\svc", JWT_ACCOUNT_PROTECTED },
		{ exactly, "alice ", NULL, JWT_ACCOUNT_INVALID },
		{ exactly, "alice\\u0000", NULL, JWT_ACCOUNT_INVALID },
		{ exactly, "alice:x", NULL, JWT_ACCOUNT_INVALID },
		{ exactly, "", NULL, JWT_ACCOUNT_INVALID },
		{ plainly, "alice@example.com", "alice@example.com",
		    JWT_ACCOUNT_INVALID },
		{ plainly, "Alice", "Alice", JWT_ACCOUNT_INVALID },
		{ plainly, "alice", "alice", JWT_OK },
		{ "permit = as claim upn without \"@example.com\" exactly",
		    "Alice@example.com", "Alice", JWT_OK },
		{ "permit = as claim upn without \"@example.com\"",
		    "Alice@example.com", "Alice", JWT_ACCOUNT_INVALID },
		{ "permit = as claim upn without \"@example.net\" exactly",
		    "alice@example.com", NULL, JWT_ACCOUNT_INVALID },
		{ "permit = as \"DOM\\\\svc\"", "x", "DOM\\svc", JWT_OK },
		{ "permit = as \"DOM\\\\alice\"", "x", "DOM\\alice", JWT_OK },
		{ "permit = as \"DOM\\\\alice\"", "x", "alice",
		    JWT_ACCOUNT_MISMATCH },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum jwt_reason reason = decide(rows[i].service, rows[i].claim,
		    rows[i].user);

		if (reason != rows[i].reason)
			fail_msg("%s of %s: %s", rows[i].service,
			    rows[i].claim, reason_name(reason));
	}
}

static enum jwt_reason
map(const char *text, const char *user, char out[ACCOUNT_NAME_MAX + 1])
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule rule = { .permit = true, .account = RULE_AS_MAP };
	struct account_query query = {
		.issuer = "corp", .sub = bytes_str("u1"), .user = user
	};
	enum jwt_reason reason;

	reason = account_map_parse(bytes_str(text), "m", &arena, &diag,
	    &rule.map);
	if (reason == JWT_OK)
		reason = account_of_rule(&rule, &query, out);
	arena_clear(&arena);
	diag_clear(&diag);
	return reason;
}

static void
test_maps(void **state)
{
	static const char line[] =
	    "corp u1 alice@example.com,DOM\\alice,Alice," JOERG;
	static const char *const good[] = {
		"alice@example.com", "DOM\\alice", "Alice", JOERG
	};
	static const char *const bad[] = {
		"corp u1 a:b", "corp u1 a/b", "corp u1 \"alice\"",
		"corp u1 \"a,b\"", "corp u1 -a", "corp u1 .a", "corp u1 a\xe4",
		"corp u1 alice@example.com,", "corp u1 DOM\\alice bob"
	};
	char *longest = world_text("corp u1 a%0255d", 0);
	char *longer = world_text("corp u1 a%0256d", 0);
	char out[ACCOUNT_NAME_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(map(line, good[i], out), JWT_OK);
	assert_int_equal(map(line, "alice", out), JWT_ACCOUNT_MISMATCH);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (map(bad[i], NULL, out) != JWT_CONFIG_INVALID)
			fail_msg("%s", bad[i]);
	}
	assert_int_equal(map(longest, NULL, out), JWT_OK);
	assert_int_equal(strlen(out), ACCOUNT_NAME_MAX);
	assert_int_equal(map(longer, NULL, out), JWT_CONFIG_INVALID);
	free(longest);
	free(longer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_literals),
		cmocka_unit_test(test_exactly),
		cmocka_unit_test(test_decisions),
		cmocka_unit_test(test_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
