/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules: the grammar with its errors and their columns, the three values of
 * every test on every type, and, or, not exhaustively, and accounts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/glob.h"
#include "world.h"

/* Claims that the rules are tried on. */
static const char claims_text[] =
    "{\"s\":\"x\",\"n\":42,\"big\":9007199254740993,\"t\":true,\"f\":false,"
    "\"z\":null,\"arr\":[\"a\",\"b\"],\"mixed\":[\"a\",1],\"empty\":[],"
    "\"obj\":{\"admin\":{\"k\":\"v\"},\"roles\":[\"r1\",\"r2\"],"
    "\"r\":\"r1\",\"scope\":\"read write\"},"
    "\"scope\":\"read write\",\"repo\":\"repo:org/app:ref:main\","
    "\"https://x/y\":\"u\",\"a/b\":\"slash\",\"m~n\":\"tilde\","
    "\"fresh\":1699999990,\"old\":1699990000,\"future\":1700000100,"
    "\"soon\":1700000060,\"sooner\":1700000061,\"costarring\":\"x\","
    "\"ten\":[0,1,2,3,4,5,6,7,8,9,10],\"none\":[],"
    "\"group\":\"Not Admins\",\"scp\":\"mail files\",\"s2\":\"x\","
    "\"upper\":\"X\",\"n2\":42.0,\"scopes\":\"read write\","
    "\"word\":\"claim\",\"keyword\":\"keyword\",\"and\":\"keyword\","
    "\"quo\\\"te\\\\\":\"a\\\"b\\\\\"}";

/* The parser gets the bytes alone, so that a sanitizer sees one too many. */
static enum jwt_reason
parse_bytes(struct bytes text, bool permit, struct arena *arena,
    struct diag *diag, struct rule *rule)
{
	struct diag_place place = { .file = "f", .line = 7, .column = 1 };
	uint8_t *copy = malloc(text.len + (text.len == 0));
	enum jwt_reason reason;

	assert_non_null(copy);
	memcpy(copy, text.ptr, text.len);
	reason = rule_parse(bytes_of(copy, text.len), place, permit, arena,
	    diag, rule);
	free(copy);
	return reason;
}

static enum jwt_reason
parse(const char *text, struct arena *arena, struct diag *diag,
    struct rule *rule)
{
	return parse_bytes(bytes_str(text), true, arena, diag, rule);
}

static enum tri
evaluate(const char *condition, const char *user, const char *rhost)
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct json_doc doc;
	struct rule rule;
	char *claims = world_text("%s", claims_text);
	char *text = world_text("as alice if %s", condition);
	struct rule_facts facts = {
		.user = user, .rhost = rhost, .now = WORLD_NOW,
		.leeway_sec = 60
	};
	enum tri value;

	assert_int_equal(json_parse((uint8_t *)claims, strlen(claims),
	    &json_token_limits, &doc), JWT_OK);
	if (parse(text, &arena, &diag, &rule) != JWT_OK)
		fail_msg("%s: %s", text, diag_first_error(&diag)->text);
	facts.claims = json_root(&doc);
	value = rule_evaluate(&rule, &facts, NULL);
	json_clear(&doc);
	free(claims);
	free(text);
	arena_clear(&arena);
	diag_clear(&diag);
	return value;
}

#define T TRI_TRUE
#define F TRI_FALSE
#define U TRI_UNKNOWN

static void
test_tests(void **state)
{
	static const struct {
		const char *condition;
		enum tri value;
	} rows[] = {
		{ "s = x", T }, { "s = \"x\"", T }, { "s = y", F },
		{ "s = X", F }, { "s != y", T }, { "s != x", F },
		{ "s = 42", U }, { "s = true", U }, { "absent = x", U },
		{ "absent != x", U }, { "z = x", U }, { "arr = a", U },
		{ "n = 42", T }, { "n = 42.0", T }, { "n = 4.2e1", T },
		{ "n = 43", F }, { "n = \"42\"", U }, { "n != 43", T },
		{ "big = 9007199254740992", F },
		{ "big = 9007199254740993", T },
		{ "t = true", T }, { "t = false", F }, { "f = false", T },
		{ "t = \"true\"", U }, { "t != false", T },
		{ "arr has a", T }, { "arr has c", F }, { "arr has A", F },
		{ "empty has a", F }, { "mixed has a", U }, { "n has a", U },
		{ "obj has admin", T }, { "obj has other", F },
		{ "scope has read", T }, { "scope has rea", F },
		{ "scope has \"read write\"", F }, { "absent has a", U },
		/* Of a string the whole: the name of a group holds spaces. */
		{ "group has \"Not Admins\"", T }, { "group has Admins", F },
		{ "group has Not", F }, { "group has \"\"", F },
		{ "s has x", T }, { "scp has mail", T }, { "scp has ma", F },
		{ "scp has \"mail files\"", F }, { "\"scope\" has read", T },
		{ "/scope has read", T }, { "/obj/scope has read", F },
		{ "/obj/scope has \"read write\"", T },
		{ "scopes has read", F }, { "scopes has \"read write\"", T },
		/* A claim and another: of one type, both there. */
		{ "s = claim s", T }, { "s = claim s2", T },
		{ "s = claim repo", F }, { "s != claim repo", T },
		{ "s != claim s2", F }, { "s = claim upper", F },
		{ "s = claim n", U }, { "s != claim n", U },
		{ "n = claim s", U }, { "n = claim n2", T },
		{ "n = claim big", F }, { "n != claim big", T },
		{ "t = claim t", T }, { "t = claim f", F },
		{ "t != claim f", T }, { "t = claim s", U },
		{ "s = claim t", U }, { "s = claim absent", U },
		{ "s != claim absent", U }, { "absent = claim s", U },
		{ "absent = claim absent", U }, { "z = claim z", U },
		{ "s = claim z", U }, { "arr = claim arr", U },
		{ "s = claim arr", U }, { "obj = claim obj", U },
		{ "t = claim arr", U }, { "t != claim arr", U },
		{ "t = claim obj", U },
		{ "/obj/roles/0 = claim /obj/r", T },
		{ "s = claim \"s2\"", T }, { "keyword = claim \"and\"", T },
		{ "word = \"claim\"", T }, { "not s = claim repo", T },
		{ "s = claim s2 and n = claim n2", T },
		{ "s in { w, x }", T }, { "s in { w }", F },
		{ "n in { 41, 42 }", T }, { "s in { 1, 2 }", U },
		{ "s in { 1, x }", T }, { "absent in { x }", U },
		{ "repo matches \"repo:org/app:**\"", T },
		{ "repo matches repo:org/*:ref:main", T },
		{ "repo matches repo:*", F }, { "repo matches repo:**", T },
		{ "repo matches repo:org/app", F }, { "n matches *", U },
		{ "s exists", T }, { "absent exists", F }, { "z exists", U },
		{ "n < 43", T }, { "n < 42", F }, { "n <= 42", T },
		{ "n <= 41", F }, { "n >= 43", F }, { "n >= 41", T },
		{ "n > 41", T }, { "n > 42", F }, { "n >= 42", T },
		{ "s < 1", U }, { "absent > 1", U },
		{ "fresh within 10s", T }, { "fresh within 9s", F },
		{ "old within 1h", F }, { "old older 1h", T },
		{ "fresh older 10s", F }, { "fresh older 9s", T },
		{ "future within 1h", U }, { "future older 1s", U },
		{ "absent within 1h", U }, { "s within 1h", U },
		/* At the leeway it is now, beyond it still to come. */
		{ "soon within 1s", T }, { "sooner within 1s", U },
		/* A name of the same hash is another name. */
		{ "costarring = x", T }, { "liquid = x", U },
		{ "liquid exists", F },
		/* RFC 6901: an index is digits, without a zero in front. */
		{ "/ten/0 = 0", T }, { "/ten/9 = 9", T }, { "/ten/10 = 10", T },
		{ "/ten/11 = 11", U }, { "/ten/00 = 0", U },
		{ "/ten/1x = 1", U }, { "/ten/x1 = 1", U }, { "/ten/- = 10", U },
		{ "/ten/ = 0", U }, { "/ten/: = 0", U }, { "/none/0 = 0", U },
		{ "/ten/99999 = 0", U }, { "/ten/100000 = 0", U },
		{ "/ten/10/0 = 0", U },
		{ "/obj/roles has r1", T }, { "/obj/roles/1 = r2", T },
		{ "/obj/roles/2 = r2", U }, { "/obj/roles/01 = r2", U },
		{ "/obj/admin/k = v", T }, { "/a~1b = slash", T },
		{ "/m~0n = tilde", T }, { "\"a/b\" = slash", T },
		{ "https://x/y = u", T }, { "\"and\" = keyword", T },
		{ "obj.admin exists", F },
		{ "rhost in 10.0.0.0/8", T }, { "rhost in 10.1.2.3", T },
		{ "rhost not in 10.0.0.0/8", F },
		{ "rhost in 192.168.0.0/16, 10.1.0.0/16", T },
		{ "rhost in 2001:db8::/32", F },
		{ "rhost in ::ffff:10.0.0.0/104", T },
		{ "rhost in ::ffff:0:0/96", T }, { "rhost in ::/0", F },
		{ "rhost in ::/64", F }, { "rhost in 0.0.0.0/0", T },
		{ "user = alice", T }, { "user = bob", F },
		{ "user in { bob, alice }", T },
		{ "\"user\" = alice", U },
		/* Of three the middle one counts, too. */
		{ "s = x and n = 1 and t = true", F },
		{ "s = x and n = 42 and t = true", T },
		{ "s = y or n = 42 or t = false", T },
		{ "s = y or n = 1 or t = false", F },
		/* Quotes and backslashes between quotes. */
		{ "\"quo\\\"te\\\\\" = \"a\\\"b\\\\\"", T },
		{ "\"quo\\\"te\\\\\" = \"a\\\"b\"", F },
		{ "s in { \"\\\\\", \"x\" }", T },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (evaluate(rows[i].condition, "alice", "10.1.2.3") !=
		    rows[i].value)
			fail_msg("%s", rows[i].condition);
	}
	/* What the program does not give is unknown. */
	assert_int_equal(evaluate("rhost in 10.0.0.0/8", "a", NULL), U);
	assert_int_equal(evaluate("rhost not in 10.0.0.0/8", "a", ""), U);
	assert_int_equal(evaluate("rhost in 10.0.0.0/8", "a", "host"), U);
	assert_int_equal(evaluate("rhost in 10.0.0.0/8", "a",
	    "::ffff:10.9.9.9"), T);
	assert_int_equal(evaluate("rhost in fe80::/10", "a", "fe80::1%eth0"),
	    T);
	assert_int_equal(evaluate("user = alice", NULL, NULL), U);
}

/* The value of a condition that no parser has read. */
static enum tri
value_of(struct rule_cond *cond, const struct json_node *claims)
{
	const struct rule rule = { .cond = cond };
	const struct rule_facts facts = {
		.claims = claims, .user = "x", .key_type = "x", .key_ca = ""
	};

	return rule_evaluate(&rule, &facts, NULL);
}

/* A value that stands after the last one of a test does not count. */
static void
test_value_count(void **state)
{
	static const enum rule_subject subjects[] = {
		RULE_CLAIM, RULE_USER, RULE_SSHKEY
	};
	struct bytes step = bytes_str("s");
	struct rule_value values[] = {
		{ .type = JSON_STRING, .text = bytes_str("w") },
		{ .type = JSON_STRING, .text = bytes_str("x") },
	};
	struct rule_cond cond = {
		.kind = RULE_TEST, .test = {
			.op = RULE_IN, .values = values,
			.path = { .steps = &step, .count = 1 }
		}
	};
	char *claims = world_text("%s", claims_text);
	struct json_doc doc;
	size_t i;

	(void)state;
	assert_int_equal(json_parse((uint8_t *)claims, strlen(claims),
	    &json_token_limits, &doc), JWT_OK);
	for (i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		cond.test.subject = subjects[i];
		cond.test.value_count = 1;
		assert_int_equal(value_of(&cond, json_root(&doc)), F);
		cond.test.value_count = 2;
		assert_int_equal(value_of(&cond, json_root(&doc)), T);
	}
	/* What the parser never makes says nothing. */
	cond.kind = RULE_TEST + 1;
	assert_int_equal(value_of(&cond, json_root(&doc)), U);
	json_clear(&doc);
	free(claims);
}

/* A pattern is tried on texts of up to 256 bytes; a longer one is unknown. */
static void
test_long_claims(void **state)
{
	int len;

	(void)state;
	for (len = GLOB_TEXT_MAX; len <= GLOB_TEXT_MAX + 1; len++) {
		char *claims = world_text("{\"c\":\"%0*d\"}", len, 0);
		struct rule_facts facts = { .now = WORLD_NOW };
		struct arena arena = { 0 };
		struct diag diag = { 0 };
		struct json_doc doc;
		struct rule rule;

		assert_int_equal(json_parse((uint8_t *)claims, strlen(claims),
		    &json_token_limits, &doc), JWT_OK);
		assert_int_equal(parse("as a if c matches \"0*\"", &arena,
		    &diag, &rule), JWT_OK);
		facts.claims = json_root(&doc);
		assert_int_equal(rule_evaluate(&rule, &facts, NULL),
		    len == GLOB_TEXT_MAX ? T : U);
		json_clear(&doc);
		arena_clear(&arena);
		diag_clear(&diag);
		free(claims);
	}
}

/* The steps of a pointer, into a path that held something else; -1: refused. */
static int
count_steps(const char *pointer)
{
	struct claim_path path = { .count = 7 };
	struct arena arena = { 0 };
	const char *fault = "";
	enum jwt_reason reason = claim_path_of_pointer(bytes_str(pointer),
	    &arena, &path, &fault);

	assert_true((reason == JWT_OK) == (fault == NULL));
	arena_clear(&arena);
	return reason == JWT_OK ? (int)path.count : -1;
}

/* How many steps a pointer has: an empty one counts, and 16 are the most. */
static void
test_claim_paths(void **state)
{
	struct claim_path path = { .count = 7 };
	struct arena arena = { 0 };

	(void)state;
	assert_int_equal(count_steps(""), 0);
	assert_int_equal(count_steps("/"), 1);
	assert_int_equal(count_steps("//"), 2);
	assert_int_equal(count_steps("/a/"), 2);
	assert_int_equal(count_steps("/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p"),
	    CLAIM_PATH_STEPS_MAX);
	assert_int_equal(count_steps("/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q"),
	    -1);
	assert_int_equal(count_steps("/a~"), -1);
	assert_true(claim_path_of_name(bytes_str("/a"), &arena, &path));
	assert_int_equal(path.count, 1);
	assert_true(bytes_eq_str(path.steps[0], "/a"));
	arena_clear(&arena);
}

/* An index that no array has leads to nothing, not to another value. */
static void
test_no_element(void **state)
{
	static const char *const steps[] = { "00", "2", "-", "x", "" };
	char text[] = "[1,2]";
	struct json_doc doc;
	size_t i;

	(void)state;
	assert_int_equal(json_parse_value((uint8_t *)text, strlen(text),
	    &json_token_limits, &doc), JWT_OK);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct bytes step = bytes_str(steps[i]);
		struct claim_path path = { .steps = &step, .count = 1 };

		assert_null(claim_path_get(&path, json_root(&doc)));
	}
	json_clear(&doc);
}

/* The form of the account, and what belongs to it. */
static void
test_account_forms(void **state)
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule rule;

	(void)state;
	assert_int_equal(parse("as map /etc/m", &arena, &diag, &rule), JWT_OK);
	assert_int_equal(rule.account, RULE_AS_MAP);
	assert_string_equal(rule.map_path, "/etc/m");
	assert_int_equal(parse("as claim c", &arena, &diag, &rule), JWT_OK);
	assert_int_equal(rule.account, RULE_AS_CLAIM);
	assert_int_equal(parse("as alice", &arena, &diag, &rule), JWT_OK);
	assert_int_equal(rule.account, RULE_AS_NAME);
	assert_true(bytes_eq_str(rule.name, "alice"));
	arena_clear(&arena);
	diag_clear(&diag);
}

/* A rule about the ssh key, whose type and CA are given; NULL is unknown. */
static enum tri
evaluate_key(const char *condition, const char *type, const char *ca)
{
	struct rule_facts facts = { .key_type = type, .key_ca = ca };
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule rule;
	char text[256];
	enum tri value;

	snprintf(text, sizeof(text), "as a if %s", condition);
	assert_int_equal(parse(text, &arena, &diag, &rule), JWT_OK);
	assert_true(rule.names_key);
	value = rule_evaluate(&rule, &facts, NULL);
	arena_clear(&arena);
	diag_clear(&diag);
	return value;
}

#define CA	"SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
#define OTHER_CA "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFQ"

static void
test_keys(void **state)
{
	static const char ed[] = "ssh-ed25519", ca[] = CA;
	static const char sk[] = "sk-ssh-ed25519@openssh.com";
	static const struct {
		const char *condition, *type, *ca;
		enum tri value;
	} rows[] = {
		{ "sshkey = \"ssh-ed25519\"", ed, "", T },
		{ "sshkey = ssh-ed25519", ed, "", T },
		{ "sshkey = ssh-rsa", ed, "", F },
		{ "sshkey != ssh-rsa", ed, "", T },
		{ "sshkey != ssh-ed25519", ed, "", F },
		{ "sshkey in { ssh-rsa, ssh-ed25519 }", ed, "", T },
		{ "sshkey in { ssh-rsa }", ed, "", F },
		{ "sshkey matches \"sk-*\"", sk, "", T },
		{ "sshkey matches \"sk-*\"", ed, "", F },
		{ "sshkey exists", ed, "", T },
		{ "sshkey exists", NULL, NULL, U },
		{ "sshkey = ssh-ed25519", NULL, NULL, U },
		{ "sshkey != ssh-ed25519", NULL, NULL, U },
		{ "not sshkey = ssh-ed25519", NULL, NULL, U },
		{ "sshca = \"" CA "\"", ed, ca, T },
		{ "sshca = \"" OTHER_CA "\"", ed, ca, F },
		{ "sshca != \"" CA "\"", ed, ca, F },
		{ "sshca in { \"" CA "\" }", ed, ca, T },
		{ "sshca exists", ed, ca, T }, { "sshca exists", ed, "", F },
		{ "sshca exists", ed, NULL, U },
		{ "sshca = \"" CA "\"", ed, "", U },
		{ "sshca != \"" CA "\"", ed, "", U },
		{ "sshca != \"" CA "\"", ed, NULL, U },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (evaluate_key(rows[i].condition, rows[i].type,
		    rows[i].ca) != rows[i].value)
			fail_msg("%s", rows[i].condition);
	}
}

/* Kleene's tables, every cell. */
static void
test_truth_tables(void **state)
{
	static const char *const atoms[] = {
		[T] = "s = x", [F] = "s = y", [U] = "absent = x"
	};
	static const enum tri and_table[3][3] = {
		[F] = { [F] = F, [T] = F, [U] = F },
		[T] = { [F] = F, [T] = T, [U] = U },
		[U] = { [F] = F, [T] = U, [U] = U },
	};
	static const enum tri or_table[3][3] = {
		[F] = { [F] = F, [T] = T, [U] = U },
		[T] = { [F] = T, [T] = T, [U] = T },
		[U] = { [F] = U, [T] = T, [U] = U },
	};
	static const enum tri not_table[3] = { [F] = T, [T] = F, [U] = U };
	int a, b, c;

	(void)state;
	for (a = 0; a < 3; a++) {
		char *text = world_text("not %s", atoms[a]);

		assert_int_equal(evaluate(text, "a", NULL), not_table[a]);
		free(text);
		for (b = 0; b < 3; b++) {
			text = world_text("%s and %s", atoms[a], atoms[b]);
			assert_int_equal(evaluate(text, "a", NULL),
			    and_table[a][b]);
			free(text);
			text = world_text("%s or %s", atoms[a], atoms[b]);
			assert_int_equal(evaluate(text, "a", NULL),
			    or_table[a][b]);
			free(text);
			for (c = 0; c < 3; c++) {
				text = world_text("%s or %s and %s", atoms[a],
				    atoms[b], atoms[c]);
				assert_int_equal(evaluate(text, "a", NULL),
				    or_table[a][and_table[b][c]]);
				free(text);
				text = world_text("not (%s or %s) and %s",
				    atoms[a], atoms[b], atoms[c]);
				assert_int_equal(evaluate(text, "a", NULL),
				    and_table[not_table[or_table[a][b]]][c]);
				free(text);
			}
		}
	}
}

static void
test_errors(void **state)
{
	static const struct {
		const char *text;
		unsigned column;	/* 0: accepted */
	} rows[] = {
		{ "as alice", 0 }, { "as claim sub", 0 },
		{ "as claim email without \"@x\"", 0 },
		{ "as claim /a/b", 0 }, { "as map /etc/m", 0 },
		{ "as map \"/etc/m\"", 0 }, { "as map /", 0 },
		{ "as map", 7 }, { "as map \"\"", 8 }, { "as map (", 8 },
		{ "as map \"/m", 8 },
		{ "as \"claim\" if s = x", 0 }, { "as Alice", 0 },
		{ "as Zoe$", 0 }, { "as $", 0 }, { "as a$b", 4 },
		{ "as .a", 4 }, { "as a[", 4 }, { "as a@", 4 },
		{ "alice", 1 }, { "", 1 }, { "as", 3 }, { "as -x", 4 },
		{ "as al/ice", 4 }, { "as claim", 9 }, { "as map rel", 8 },
		{ "as claim sub without x", 22 },
		{ "as claim sub without \"\"", 22 },
		{ "as alice when x", 10 }, { "as alice if", 12 },
		{ "as alice if s", 14 }, { "as alice if s ~ x", 15 },
		{ "as alice if s =", 16 }, { "as alice if s = x y", 19 },
		{ "as alice if (s = x", 19 }, { "as alice if s = x)", 18 },
		{ "as alice if s in x", 18 }, { "as alice if s in { x", 21 },
		{ "as alice if s in { }", 20 }, { "as alice if not not s = x", 17 },
		{ "as alice if s = x and", 22 }, { "as alice if and = x", 13 },
		{ "as alice if n < x", 17 }, { "as alice if t within 5", 22 },
		{ "as alice if t within 5m", 0 },
		{ "as alice if rhost 10.0.0.0/8", 19 },
		{ "as alice if rhost in host", 22 },
		{ "as alice if rhost in 10.0.0.0/33", 22 },
		{ "as alice if rhost in 10.0.0.0/08", 22 },
		{ "as alice if rhost in 10.0.0.0/8,", 33 },
		{ "as alice if user has x", 18 },
		{ "as alice if sshkey has x", 24 },
		{ "as alice if sshkey < 3", 22 },
		{ "as alice if sshca within 3m", 26 },
		{ "as alice if sshkey", 19 },
		{ "as alice if sshkey = claim x", 22 },
		{ "as alice if sshkey = 5", 22 },
		{ "as alice if sshkey = ssh-ed2559", 22 },
		{ "as alice if sshkey != ssh-dss", 23 },
		{ "as alice if sshkey = ssh-ed25519-cert-v01@openssh.com", 22 },
		{ "as alice if sshkey in { ssh-rsa, rsa }", 34 },
		{ "as alice if sshca = \"SHA256:x\"", 21 },
		{ "as alice if sshca = " CA, 0 },
		{ "as alice if sshca = \"" CA "=\"", 21 },
		{ "as alice if sshca in { " CA ", ssh-rsa }", 76 },
		{ "as alice if s = claim sshkey", 23 },
		{ "as claim sshca", 10 },
		{ "as alice if s = \"x", 17 },
		{ "as alice if s = \"\\n\"", 17 }, { "as alice if s = \"\\", 17 },
		{ "as alice \"", 10 }, { "as alice if s = x \"y", 19 },
		{ "as alice if s = \"x\" \"y\\\"", 21 },
		{ "as alice if s exists and n = 1 \"", 32 },
		{ "as alice if (s = x \"", 20 }, { "as alice if (", 14 },
		{ "as alice if n <=", 17 }, { "as alice if n !=", 17 },
		{ "as alice if n !", 15 }, { "as alice if n = =", 17 },
		{ "as alice if n =< 5", 16 },
		{ "as alice if s = claim", 22 },
		{ "as alice if s = claim and s = x", 23 },
		{ "as alice if s != claim (", 24 },
		{ "as alice if s = claim /a~2", 23 },
		{ "as alice if s < claim n", 17 },
		{ "as alice if s in { claim n }", 26 },
		{ "as alice if s has claim n", 25 },
		{ "as alice if user = claim s", 20 },
		{ "as alice if s = claim n x", 25 },
		{ "as alice if s = \"claim\"", 0 },
		{ "as alice if /a~2 = x", 13 },
		{ "as alice if \"\" = x", 13 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct diag diag = { 0 };
		struct rule rule;
		enum jwt_reason reason = parse(rows[i].text, &arena, &diag,
		    &rule);

		if (rows[i].column == 0) {
			assert_int_equal(reason, JWT_OK);
		} else if (reason != JWT_CONFIG_INVALID ||
		    diag_first_error(&diag)->column != rows[i].column ||
		    diag_first_error(&diag)->line != 7) {
			fail_msg("%s: column %u", rows[i].text,
			    reason == JWT_OK ? 0 :
			    diag_first_error(&diag)->column);
		}
		arena_clear(&arena);
		diag_clear(&diag);
	}
}

/* A byte that no word has is refused, wherever it stands. */
static void
test_control_bytes(void **state)
{
	static const char rule[] = "as alice if s = x";
	uint8_t text[sizeof(rule)];
	unsigned byte;
	size_t at;

	(void)state;
	for (byte = 0; byte < ' '; byte++) {
		if (byte != 0 && strchr("\t\r\n", (int)byte) != NULL)
			continue;
		for (at = 0; at < sizeof(rule); at++) {
			struct arena arena = { 0 };
			struct diag diag = { 0 };
			struct rule out;

			memcpy(text, rule, at);
			text[at] = (uint8_t)byte;
			memcpy(text + at + 1, rule + at, sizeof(rule) - 1 - at);
			assert_int_equal(parse_bytes(bytes_of(text,
			    sizeof(text)), true, &arena, &diag, &out),
			    JWT_CONFIG_INVALID);
			arena_clear(&arena);
			diag_clear(&diag);
		}
	}
}

/* A rule that ends where if must stand: the message says what is wrong. */
static void
test_without_if(void **state)
{
	static const struct {
		bool permit;
		const char *text, *message;
	} rows[] = {
		{ true, "as alice when", "if is expected here: the word after "
		    "as is the name of an account" },
		{ true, "as claim sub when", "if is expected here" },
		{ true, "as map /m when", "if is expected here" },
		{ false, "", "if is expected here: deny = if CONDITION" },
		{ false, "as", "if is expected here: deny = if CONDITION" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct diag diag = { 0 };
		struct rule rule;

		assert_int_equal(parse_bytes(bytes_str(rows[i].text),
		    rows[i].permit, &arena, &diag, &rule), JWT_CONFIG_INVALID);
		assert_string_equal(diag_first_error(&diag)->text,
		    rows[i].message);
		arena_clear(&arena);
		diag_clear(&diag);
	}
}

/* The subject and the operator of each test, which the reports use. */
static void
test_parsed(void **state)
{
	static const struct {
		const char *text;
		enum rule_subject subject;
		enum rule_op op;
	} rows[] = {
		{ "as a if s = x", RULE_CLAIM, RULE_EQ },
		{ "as a if s in { x }", RULE_CLAIM, RULE_IN },
		{ "as a if s has matching x", RULE_CLAIM, RULE_HAS_MATCHING },
		{ "as a if user = x", RULE_USER, RULE_EQ },
		{ "as a if user in { x }", RULE_USER, RULE_IN },
		{ "as a if user in claim x", RULE_USER, RULE_IN_CLAIM },
		{ "as a if rhost in ::1", RULE_RHOST, RULE_IN },
		{ "as a if rhost not in ::1", RULE_RHOST, RULE_NE },
		{ "as a if sshkey exists", RULE_SSHKEY, RULE_EXISTS },
		{ "as a if sshca exists", RULE_SSHCA, RULE_EXISTS },
		{ "as a if time 08:00-18:00", RULE_TIME, RULE_BETWEEN },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct diag diag = { 0 };
		struct rule rule;

		assert_int_equal(parse(rows[i].text, &arena, &diag, &rule),
		    JWT_OK);
		assert_int_equal(rule.cond->test.subject, rows[i].subject);
		assert_int_equal(rule.cond->test.op, rows[i].op);
		arena_clear(&arena);
		diag_clear(&diag);
	}
}

/* A rule notes what it looks at, and whether "and" alone joins its tests. */
static void
test_notes(void **state)
{
	static const struct {
		const char *text;
		bool act, key, time, conjunction;
	} rows[] = {
		{ "as a", false, false, false, false },
		{ "as claim act", false, false, false, false },
		{ "as claim act if s = x", false, false, false, true },
		{ "as a if act exists", true, false, false, true },
		{ "as a if /act/sub = x", true, false, false, true },
		{ "as a if /s/act = x", false, false, false, true },
		{ "as a if s = claim act", true, false, false, true },
		{ "as a if sshkey exists", false, true, false, true },
		{ "as a if sshca exists", false, true, false, true },
		{ "as a if \"sshca\" exists", false, false, false, true },
		{ "as a if time 08:00-18:00", false, false, true, true },
		{ "as a if s = x and (n = 1 and t = true)", false, false,
		    false, true },
		{ "as a if s = x or n = 1", false, false, false, false },
		{ "as a if s = x and (n = 1 or t = true)", false, false,
		    false, false },
		{ "as a if not s = x", false, false, false, false },
		{ "as a if s = x and not n = 1", false, false, false, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct diag diag = { 0 };
		struct rule rule;

		assert_int_equal(parse(rows[i].text, &arena, &diag, &rule),
		    JWT_OK);
		if (rule.names_act != rows[i].act ||
		    rule.names_key != rows[i].key ||
		    rule.names_time != rows[i].time ||
		    rule.conjunction != rows[i].conjunction)
			fail_msg("%s", rows[i].text);
		arena_clear(&arena);
		diag_clear(&diag);
	}
}

/* Whether a condition with so many parentheses in front is refused. */
static bool
is_refused(unsigned depth, const char *rest)
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule rule;
	char *text = world_text("as alice if %.*s%s", (int)depth,
	    "((((((((((((((((((", rest);
	enum jwt_reason reason = parse(text, &arena, &diag, &rule);

	free(text);
	arena_clear(&arena);
	diag_clear(&diag);
	return reason != JWT_OK;
}

/* Nothing is read after too many; beside each other there may be many. */
static void
test_after_depth(void **state)
{
	(void)state;
	assert_true(is_refused(17, " and s = x"));
	assert_true(is_refused(17, " or s = x"));
	assert_false(is_refused(1, "s = x) and (s = x) and (s = x) and (s = x) "
	    "and (s = x) and (s = x) and (s = x) and (s = x) and (s = x) and "
	    "(s = x) and (s = x) and (s = x) and (s = x) and (s = x) and "
	    "(s = x) and (s = x) and (s = x) and (s = x) and (s = x)"));
}

/* A pattern of 256 bytes is read, and a longer one is not. */
static void
test_long_patterns(void **state)
{
	int len;

	(void)state;
	for (len = GLOB_MAX; len <= GLOB_MAX + 1; len++) {
		char *is = world_text("s matches %0*d", len, 0);
		char *has = world_text("s has matching \"%0*d\"", len, 0);

		assert_int_equal(is_refused(0, is), len > GLOB_MAX);
		assert_int_equal(is_refused(0, has), len > GLOB_MAX);
		free(is);
		free(has);
	}
}

/* 16 parentheses are read, 17 are not. */
static void
test_depth(void **state)
{
	unsigned depth;

	(void)state;
	for (depth = 16; depth <= 17; depth++) {
		struct arena arena = { 0 };
		struct diag diag = { 0 };
		struct rule rule;
		char *text = world_text("as alice if %.*ss = x%.*s",
		    (int)depth, "((((((((((((((((((", (int)depth,
		    "))))))))))))))))))");

		assert_int_equal(parse(text, &arena, &diag, &rule),
		    depth <= RULE_DEPTH_MAX ? JWT_OK : JWT_CONFIG_INVALID);
		free(text);
		arena_clear(&arena);
		diag_clear(&diag);
	}
}

/* The bytes of both alone, so that a sanitizer sees one too many. */
static bool
match_alone(const char *pattern, const char *text)
{
	size_t pattern_len = strlen(pattern), text_len = strlen(text);
	char *one = malloc(pattern_len + (pattern_len == 0));
	char *other = malloc(text_len + (text_len == 0));
	bool matches;

	assert_non_null(one);
	assert_non_null(other);
	memcpy(one, pattern, pattern_len);
	memcpy(other, text, text_len);
	matches = glob_match(bytes_of(one, pattern_len),
	    bytes_of(other, text_len));
	free(one);
	free(other);
	return matches;
}

static void
test_globs(void **state)
{
	static const struct {
		const char *pattern;
		const char *text;
		bool matches;
	} rows[] = {
		{ "", "", true }, { "", "a", false }, { "*", "", true },
		{ "*", "abc", true }, { "*", "a/b", false },
		{ "*", "a:b", false }, { "**", "a/b:c", true },
		{ "a*c", "abbc", true }, { "a*c", "ab", false },
		{ "a**z", "a/b/z", true }, { "*a*a*", "aa", true },
		{ "repo:org/app", "repo:org/app-evil", false },
		{ "repo:org/*", "repo:org/app:x", false },
		{ "***", "x/y", true }, { "a", "b", false },
	};
	char *long_pattern = world_text("%0257d", 0);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (match_alone(rows[i].pattern, rows[i].text) !=
		    rows[i].matches)
			fail_msg("%s on %s", rows[i].pattern, rows[i].text);
	}
	assert_false(glob_match(bytes_str(long_pattern),
	    bytes_str(long_pattern)));
	assert_true(glob_match(bytes_str(long_pattern + 1),
	    bytes_str(long_pattern + 1)));
	/* With a star in front no byte is cut off before. */
	long_pattern[0] = long_pattern[1] = '*';
	assert_false(match_alone(long_pattern, long_pattern + 2));
	assert_true(match_alone(long_pattern + 1, long_pattern + 2));
	assert_false(match_alone(long_pattern + 1, long_pattern + 3));
	free(long_pattern);
}

/* A matcher that tries everything, by the words of the manual. */
static bool
naive_match(const char *pattern, const char *text)
{
	bool crosses = pattern[0] == '*' && pattern[1] == '*';

	if (pattern[0] == '\0')
		return text[0] == '\0';
	if (pattern[0] != '*')
		return pattern[0] == text[0] &&
		    naive_match(pattern + 1, text + 1);
	if (naive_match(pattern + (crosses ? 2 : 1), text))
		return true;
	return text[0] != '\0' && (crosses || text[0] != '/') &&
	    naive_match(pattern, text + 1);
}

/* The text of a number: its digits in base 4 choose of the alphabet. */
static void
spell(unsigned number, const char *alphabet, char out[8])
{
	size_t len = 0;

	for (; number > 0; number /= 4)
		out[len++] = alphabet[number % 4];
	out[len] = '\0';
}

/* Each pattern of up to 5 characters on each text of up to 4. */
static void
test_all_globs(void **state)
{
	char pattern[8], text[8];
	unsigned p, t;

	(void)state;
	for (p = 0; p < 1024; p++) {
		spell(p, "*a/b", pattern);
		for (t = 0; t < 256; t++) {
			spell(t, "ab/a", text);
			if (glob_match(bytes_str(pattern), bytes_str(text)) !=
			    naive_match(pattern, text))
				fail_msg("%s on %s", pattern, text);
		}
	}
}

/* Rules and accounts together: the verdict for alice unless said. */
static enum jwt_reason
decide(const char *service, const char *claims, const char *user)
{
	struct world world;
	enum jwt_reason reason;
	char *payload = world_text("{\"iss\":\"" WORLD_ISS "\",\"aud\":"
	    "\"urn:h\",\"exp\":1700000600%s}", claims);
	char *token;

	reason = world_load(&world, "", service, world_jwk(ALG_ED25519));
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

static void
test_decisions(void **state)
{
	static const struct {
		const char *service;
		const char *claims;
		const char *user;
		enum jwt_reason reason;
	} rows[] = {
		{ "", ",\"sub\":\"alice\"", "alice", JWT_OK },
		{ "", ",\"sub\":\"alice\"", NULL, JWT_OK },
		{ "", ",\"sub\":\"bob\"", "alice", JWT_ACCOUNT_MISMATCH },
		{ "", ",\"sub\":\"carol\"", "carol", JWT_ACCOUNT_UNKNOWN },
		{ "", ",\"sub\":\"root\"", "root", JWT_ACCOUNT_PROTECTED },
		{ "", ",\"sub\":\"daemon\"", NULL, JWT_ACCOUNT_PROTECTED },
		{ "permit = as root", ",\"sub\":\"x\"", "root", JWT_OK },
		{ "permit = as root if groups has \"adm\"", ",\"sub\":\"x\"",
		    "root", JWT_NOT_PERMITTED },
		{ "permit = as claim sub\npermit = as root if t = 1",
		    ",\"sub\":\"root\",\"t\":1", "root", JWT_OK },
		{ "permit = as claim email without \"@x.org\"",
		    ",\"sub\":\"1\",\"email\":\"alice@x.org\"", "alice",
		    JWT_OK },
		{ "permit = as claim email without \"@x.org\"",
		    ",\"sub\":\"1\",\"email\":\"alice@x.org.evil\"", "alice",
		    JWT_ACCOUNT_INVALID },
		{ "permit = as claim email without \"@x.org\"",
		    ",\"sub\":\"1\",\"email\":\"@x.org\"", "alice",
		    JWT_ACCOUNT_INVALID },
		{ "permit = as deploy if sub = \"ci\"\npermit = as alice",
		    ",\"sub\":\"ci\"", "alice", JWT_OK },
		{ "permit = as deploy if sub = \"ci\"\npermit = as alice",
		    ",\"sub\":\"ci\"", NULL, JWT_OK },
		/* A deny fires on unknown too, wherever it stands. */
		{ "permit = as alice\ndeny = if bad = true",
		    ",\"sub\":\"x\"", "alice", JWT_DENIED },
		{ "permit = as alice\ndeny = if bad = true",
		    ",\"sub\":\"x\",\"bad\":true", "alice", JWT_DENIED },
		{ "permit = as alice\ndeny = if bad = true",
		    ",\"sub\":\"x\",\"bad\":false", "alice", JWT_OK },
		{ "deny = if rhost not in 10.0.0.0/8", ",\"sub\":\"alice\"",
		    "alice", JWT_OK },
		{ "deny = if rhost in 10.0.0.0/8", ",\"sub\":\"alice\"",
		    "alice", JWT_DENIED },
		{ "permit = as alice if act exists",
		    ",\"sub\":\"x\",\"act\":{}", "alice", JWT_OK },
		{ "permit = as alice", ",\"sub\":\"x\",\"act\":{}", "alice",
		    JWT_NOT_PERMITTED },
		/* So does one that compares with it. */
		{ "permit = as alice if boss = claim /act/sub",
		    ",\"sub\":\"x\",\"boss\":\"b\",\"act\":{\"sub\":\"b\"}",
		    "alice", JWT_OK },
		{ "permit = as alice if boss = claim sub",
		    ",\"sub\":\"x\",\"boss\":\"x\",\"act\":{\"sub\":\"b\"}",
		    "alice", JWT_NOT_PERMITTED },
		{ "permit = as alice\ndeny = if requester = claim sub",
		    ",\"sub\":\"x\",\"requester\":\"y\"", "alice", JWT_OK },
		{ "permit = as alice\ndeny = if requester = claim sub",
		    ",\"sub\":\"x\",\"requester\":\"x\"", "alice",
		    JWT_DENIED },
		{ "permit = as alice\ndeny = if requester = claim sub",
		    ",\"sub\":\"x\"", "alice", JWT_DENIED },
		{ "permit = as alice\ndeny = if sub = claim requester",
		    ",\"sub\":\"x\"", "alice", JWT_DENIED },
		{ "permit = as alice if /scope/x has read",
		    ",\"sub\":\"x\",\"scope\":{\"x\":\"read write\"}",
		    "alice", JWT_NOT_PERMITTED },
		{ "permit = as alice if groups has Admins",
		    ",\"sub\":\"x\",\"groups\":\"Not Admins\"", "alice",
		    JWT_NOT_PERMITTED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum jwt_reason reason = decide(rows[i].service,
		    rows[i].claims, rows[i].user);

		if (reason != rows[i].reason)
			fail_msg("%s with %s: %s", rows[i].service,
			    rows[i].claims, reason_name(reason));
	}
}

/* A map that is read when the token has come, as in a login. */
struct late_map {
	const char *text;
	struct arena arena;
	struct diag diag;
};

static enum jwt_reason
find_late(void *ctx, const struct rule *rule,
    const struct account_query *query, struct bytes *out)
{
	struct late_map *late = ctx;

	(void)rule;
	return account_map_find(bytes_str(late->text), "m", query,
	    &late->arena, &late->diag, out);
}

/* line: of the fault, or 0. */
static enum jwt_reason
map_late(const char *text, struct account_query query, unsigned *line,
    char out[ACCOUNT_NAME_MAX + 1])
{
	struct late_map late = { .text = text };
	struct policy_source source = { .accounts = find_late, .ctx = &late };
	struct rule rule = { .permit = true, .account = RULE_AS_MAP };
	enum jwt_reason reason;

	query.source = &source;
	reason = account_of_rule(&rule, &query, out);
	*line = late.diag.count == 0 ? 0 : late.diag.entries[0].line;
	assert_int_equal(late.diag.reason, *line == 0 ? JWT_OK : reason);
	arena_clear(&late.arena);
	diag_clear(&late.diag);
	return reason;
}

/* A map without fault gives the same account, whichever way it is read. */
static enum jwt_reason
map(const char *text, const char *sub, const char *user,
    char out[ACCOUNT_NAME_MAX + 1])
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule rule = { .permit = true, .account = RULE_AS_MAP };
	struct account_query query = {
		.issuer = "corp", .sub = bytes_str(sub), .user = user
	};
	char late[ACCOUNT_NAME_MAX + 1];
	enum jwt_reason reason;
	unsigned line;

	reason = account_map_parse(bytes_str(text), "m", &arena, &diag,
	    &rule.map);
	if (reason == JWT_OK) {
		reason = account_of_rule(&rule, &query, out);
		assert_int_equal(map_late(text, query, &line, late), reason);
		assert_string_equal(late, out);
	}
	arena_clear(&arena);
	diag_clear(&diag);
	return reason;
}

/* What the parser never makes gives no account. */
static void
test_no_form(void **state)
{
	struct rule rule = { .permit = true, .account = RULE_AS_MAP };
	struct account_query query = {
		.issuer = "corp", .sub = bytes_str("u1"), .user = "alice"
	};
	char out[ACCOUNT_NAME_MAX + 1];

	(void)state;
	/* A map that is neither read nor can be. */
	assert_int_equal(account_of_rule(&rule, &query, out), JWT_INTERNAL);
	rule.account = RULE_AS_MAP + 1;
	assert_int_equal(account_of_rule(&rule, &query, out), JWT_INTERNAL);
	assert_string_equal(out, "");
}

/*
 * A token of a program logs in by a written name, and not by a claim that
 * whoever names programs at the issuer could choose; both sides of each sign.
 */
static void
test_clients(void **state)
{
	static const struct {
		const char *claims;
		bool is_client;
	} rows[] = {
		{ "", false },
		{ ",\"client_id\":\"alice\"", true },
		{ ",\"client_id\":\"Alice\"", false },
		{ ",\"client_id\":\"alice2\"", false },
		{ ",\"client_id\":[\"alice\"]", false },
		{ ",\"client_id\":null", false },
		{ ",\"cid\":\"alice\"", true }, { ",\"cid\":\"app\"", false },
		{ ",\"azp\":\"alice\"", true }, { ",\"azp\":\"app\"", false },
		{ ",\"azp\":\"app\",\"client_id\":\"alice\"", true },
		{ ",\"gty\":\"client-credentials\"", true },
		{ ",\"gty\":\"client_credentials\"", true },
		{ ",\"gty\":[\"refresh_token\",\"client_credentials\"]", true },
		{ ",\"gty\":\"authorization_code\"", false },
		{ ",\"gty\":[\"authorization_code\",7]", false },
		{ ",\"gty\":[]", false }, { ",\"gty\":{\"a\":1}", false },
		{ ",\"idtyp\":\"app\"", true }, { ",\"idtyp\":\"user\"", false },
		{ ",\"idtyp\":\"application\"", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *claims = world_text(",\"sub\":\"alice\",\"name\":"
		    "\"alice\"%s", rows[i].claims);
		enum jwt_reason wanted = rows[i].is_client ?
		    JWT_CLIENT_NOT_ACCEPTED : JWT_OK;

		if (decide("", claims, "alice") != wanted)
			fail_msg("%s", rows[i].claims);
		assert_int_equal(decide("clients = no", claims, NULL), wanted);
		assert_int_equal(decide("permit = as claim name", claims,
		    "alice"), wanted);
		assert_int_equal(decide("clients = yes", claims, "alice"),
		    JWT_OK);
		assert_int_equal(decide("permit = as alice", claims, "alice"),
		    JWT_OK);
		/* Another rule may still let it in. */
		assert_int_equal(decide("permit = as claim sub\npermit = as "
		    "alice if sub = alice", claims, "alice"), JWT_OK);
		/* A condition that does not hold says no more than before. */
		assert_int_equal(decide("permit = as claim sub if x = 1",
		    claims, "alice"), JWT_NOT_PERMITTED);
		free(claims);
	}
}

static void
test_maps(void **state)
{
	static const char good[] = "# people\ncorp u1 alice\n"
	    "corp \"u 2\" bob,deploy\nother u1 bob\n\ncorp u3 a,b,c";
	static const char *const bad[] = {
		"corp u1", "corp u1 alice extra", "corp u1 alice,",
		"corp u1 ,alice", "corp \"u1 alice",
		"corp u1 alice\ncorp u1 bob", "corp \"\" alice",
		"x", "corp", "corp u1 -", "corp u1 alice,-",
		"corp u1 root/x", "corp \"a\\n\" alice", "corp \"u1", "corp \"", "corp \"u1\\",
		"corp \"u1\\\"", "corp \"u1\"alice", "corp \"u1\" "
	};
	char out[ACCOUNT_NAME_MAX + 1];
	size_t i;

	(void)state;
	assert_int_equal(map(good, "u1", "alice", out), JWT_OK);
	assert_int_equal(map(good, "u1", "bob", out), JWT_ACCOUNT_MISMATCH);
	assert_int_equal(map(good, "u 2", "deploy", out), JWT_OK);
	assert_int_equal(map(good, "u 2", NULL, out), JWT_OK);
	assert_string_equal(out, "bob");
	assert_int_equal(map(good, "u3", "c", out), JWT_OK);
	assert_int_equal(map(good, "u4", NULL, out), JWT_NOT_PERMITTED);
	assert_int_equal(map(good, "u", NULL, out), JWT_NOT_PERMITTED);
	assert_int_equal(map("", "u", NULL, out), JWT_NOT_PERMITTED);
	assert_int_equal(map("corp \"u\\\"1\" alice", "u\"1", "alice", out),
	    JWT_OK);
	assert_int_equal(map("corp \"u\\\\\" alice", "u\\", "alice", out),
	    JWT_OK);
	assert_int_equal(map("corp u\\ alice", "u\\", "alice", out), JWT_OK);
	assert_int_equal(map("corp \"u1\" alice", "u1", "alice", out), JWT_OK);
	assert_int_equal(map("\tcorp \t u1  alice \r\n", "u1", "alice", out),
	    JWT_OK);
	assert_int_equal(map("corp u11 a\ncorp xu1 b\nu1 u1 c\ncorp u1 alice",
	    "u1", "alice", out), JWT_OK);
	assert_int_equal(map("corp u1corp a\n#corp u1 alice", "u1", "alice",
	    out), JWT_NOT_PERMITTED);
	assert_int_equal(map("corp \" \" alice\n \n", " ", "alice", out),
	    JWT_OK);
	assert_int_equal(map("corp b bob\ncorp a alice", "b", "bob", out),
	    JWT_OK);
	assert_int_equal(map("corp u1 alice\n", "u1 alice\n", NULL, out),
	    JWT_NOT_PERMITTED);
	assert_int_equal(map("corp u1 alice", "", NULL, out),
	    JWT_NOT_PERMITTED);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(map(bad[i], "u1", "alice", out),
		    JWT_CONFIG_INVALID);
}

/* The lines that list an account; one after the other, and then no more. */
static void
test_map_lines(void **state)
{
	static const char text[] = "corp u1 a,b\ncorp u2 ab\ncorp u3 c,b\n";
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	const struct account_map *lines;
	struct account_map_line line;
	size_t at = 0;

	(void)state;
	assert_int_equal(account_map_parse(bytes_str(text), "m", &arena, &diag,
	    &lines), JWT_OK);
	assert_true(account_map_next(lines, "b", &at, &line));
	assert_true(bytes_eq_str(line.sub, "u1"));
	assert_int_equal(line.line, 1);
	assert_true(account_map_next(lines, "b", &at, &line));
	assert_true(bytes_eq_str(line.sub, "u3"));
	assert_int_equal(line.line, 3);
	assert_false(account_map_next(lines, "b", &at, &line));
	assert_int_equal(at, 3);
	at = 0;
	assert_false(account_map_next(lines, "c,b", &at, &line));
	arena_clear(&arena);
	diag_clear(&diag);
}

/* A subject without a line has no accounts, whatever out held before. */
static void
test_no_line(void **state)
{
	static const char text[] = "corp u2 u1";
	const struct account_query query = {
		.issuer = "corp", .sub = bytes_str("u1")
	};
	struct bytes out = bytes_str("alice");
	struct arena arena = { 0 };
	struct diag diag = { 0 };

	(void)state;
	assert_int_equal(account_map_find(bytes_str(text), "m", &query, &arena,
	    &diag, &out), JWT_NOT_PERMITTED);
	assert_int_equal(out.len, 0);
	arena_clear(&arena);
	diag_clear(&diag);
}

/* Whether a fault of this line is reported to who reads the whole map. */
static bool
reports_line(const char *text, unsigned line)
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	const struct account_map *whole = (const void *)text;
	bool found = false;
	size_t i;

	if (account_map_parse(bytes_str(text), "m", &arena, &diag, &whole) !=
	    JWT_OK)
		assert_null(whole);
	for (i = 0; i < diag.count; i++)
		found = found || diag.entries[i].line == line;
	arena_clear(&arena);
	diag_clear(&diag);
	return found;
}

/*
 * A fault in a map refuses the subject that it may be about, and no other; the
 * report of faults is account_map_parse()'s.
 */
static void
test_late_faults(void **state)
{
	static const struct {
		const char *text;
		unsigned line;	/* 0: u1 is alice */
	} rows[] = {
		{ "corp u1", 1 }, { "corp u1 alice extra", 1 },
		{ "\n# u1\ncorp u1 alice,", 3 }, { "corp u1 ,alice", 1 },
		{ "corp \"u1 alice", 1 }, { "corp \"a u1", 1 },
		{ "corp u1 alice\n\ncorp u1 bob", 3 },
		{ "corp u1 alice\ncorp \"u1\" alice\ncorp u1 bob", 2 },
		{ "corp u1 a\ncorp u1 alice", 2 },
		{ "corp u1 root/x", 1 }, { "corp \"u1\\", 1 },
		{ "# corp u1\n\n#corp u1 bob\ncorp u1 alice\n#", 0 },
		{ "corp \"u1\"alice", 1 }, { "corp u\"u1 alice", 1 },
		{ "corp u2\ncorp u1 alice\ncorp", 0 },
		{ "corp \"u2\ncorp u1 alice", 0 },
		{ "corp u1 alice\ncorp u2 a\ncorp u2 b", 0 },
		{ "corp u1 alice\nother u1\nu1\nother u1 b\nother \"u1", 0 },
		{ "corp u2 u1:\ncorp u1 alice\ncorp xu1 \"", 0 },
	};
	struct account_query query = {
		.issuer = "corp", .sub = bytes_str("u1"), .user = "alice"
	};
	char out[ACCOUNT_NAME_MAX + 1];
	unsigned line;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum jwt_reason reason = map_late(rows[i].text, query, &line,
		    out);

		if (line != rows[i].line || reason != (line == 0 ? JWT_OK :
		    JWT_CONFIG_INVALID))
			fail_msg("%s: %s at %u", rows[i].text,
			    reason_name(reason), line);
		if (line > 0 && !reports_line(rows[i].text, line))
			fail_msg("%s: no report", rows[i].text);
	}
}

/* Both sides of each border, and the people of SSSD inside of a range. */
static void
test_system_accounts(void **state)
{
	static const struct {
		uint32_t uid;
		const char *name;
		bool is_system;
	} cases[] = {
		{ 0, "root", true }, { 999, "a", true }, { 1000, "a", false },
		{ 60513, "a", false }, { 60514, "a", true },
		{ 60577, "a", true }, { 60578, "a", false },
		{ 61183, "a", false }, { 61184, "a", true },
		{ 65519, "a", true }, { 65520, "a", false },
		{ 65533, "a", false }, { 65534, "nobody", true },
		{ 65535, "a", true }, { 65536, "a", false },
		{ 524287, "vu-web-0", false }, { 524288, "vu-web-0", true },
		{ 1879048191, "ns-web-0", true },
		{ 1879048192, "ns-web-0", false },
		{ 524288, "alice", false }, { 1234001103, "vu", false },
		{ 1234001103, "alice", false },
		{ 2147352575U, "a", false }, { 2147352576U, "a", true },
		{ 2147418111U, "a", true }, { 2147418112U, "a", false },
		{ 4294967293U, "a", false }, { 4294967294U, "a", true },
		{ 4294967295U, "a", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(account_is_system(cases[i].uid, cases[i].name,
		    1000), cases[i].is_system);
	assert_true(account_is_system(1000, "a", 1001));
	assert_true(account_is_system(0, "root", 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tests),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_value_count),
		cmocka_unit_test(test_long_claims),
		cmocka_unit_test(test_claim_paths),
		cmocka_unit_test(test_no_element),
		cmocka_unit_test(test_account_forms),
		cmocka_unit_test(test_truth_tables),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_control_bytes),
		cmocka_unit_test(test_without_if),
		cmocka_unit_test(test_parsed),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_after_depth),
		cmocka_unit_test(test_long_patterns),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_all_globs),
		cmocka_unit_test(test_decisions),
		cmocka_unit_test(test_no_form),
		cmocka_unit_test(test_clients),
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_map_lines),
		cmocka_unit_test(test_no_line),
		cmocka_unit_test(test_late_faults),
		cmocka_unit_test(test_system_accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
