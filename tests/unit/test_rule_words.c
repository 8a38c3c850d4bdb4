/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words that look into a claim, or compare two: has any, has all, has
 * matching, = claim, != claim, user in claim.  Each test meets each shape that
 * a claim can have.  Then the forms of "as claim".
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

static enum jwt_reason
parse(const char *text, struct arena *arena, struct diag *diag,
    struct rule *rule)
{
	struct diag_place place = {
		.file = "f", .line = 1, .column = 1, .source = text
	};

	return rule_parse(bytes_str(text), place, true, arena, diag, rule);
}

/* The value of a condition, as '0', '1' or '?'. */
static char
evaluate(const char *condition, const char *claims, const char *user)
{
	static const char names[] = {
		[TRI_FALSE] = '0', [TRI_TRUE] = '1', [TRI_UNKNOWN] = '?'
	};
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule rule;
	struct json_doc doc;
	char *json = world_text("%s", claims);
	char *text = world_text("as alice if %s", condition);
	struct rule_facts facts = { .user = user, .now = WORLD_NOW };
	enum tri value;

	if (json_parse((uint8_t *)json, strlen(json), &json_token_limits,
	    &doc) != JWT_OK)
		fail_msg("%s", claims);
	if (parse(text, &arena, &diag, &rule) != JWT_OK)
		fail_msg("%s: %s", text, diag_first_error(&diag)->text);
	facts.claims = json_root(&doc);
	value = rule_evaluate(&rule, &facts, NULL);
	json_clear(&doc);
	free(json);
	free(text);
	arena_clear(&arena);
	diag_clear(&diag);
	return names[value];
}

/* ---- has ---------------------------------------------------------------- */

/* The columns of the table below, on the claim c. */
static const char *const has_tests[] = {
	"c has a",
	"c has any { a }",
	"c has any { x, a }",
	"c has any { x, y }",
	"c has all { a }",
	"c has all { b, a }",
	"c has all { a, a }",
	"c has all { a, x }",
	"c has matching a",
	"c has matching \"a*\"",
	"c has matching \"**\"",
};

static const struct {
	const char *claim;	/* the value of c; NULL: there is none */
	const char *values;
} has_rows[] = {
	{ NULL,				"???????????" },
	{ "null",			"???????????" },
	{ "true",			"???????????" },
	{ "false",			"???????????" },
	{ "0",				"???????????" },
	{ "\"\"",			"00000000001" },
	{ "\"a\"",			"11101010111" },
	{ "\"x\"",			"00110000001" },
	{ "\"A\"",			"00000000001" },
	{ "\"a b\"",			"00000000011" },
	{ "\"ab\"",			"00000000011" },
	{ "\"b a\"",			"00000000001" },
	{ "[]",				"00000000000" },
	{ "[\"\"]",			"00000000001" },
	{ "[\"a\"]",			"11101010111" },
	{ "[\"b\",\"a\"]",		"11101110111" },
	{ "[\"a\",\"a\"]",		"11101010111" },
	{ "[\"b\",\"x\",\"a\"]",	"11111111111" },
	{ "[\"x\",\"y\"]",		"00110000001" },
	{ "[\"ab\",\"c\"]",		"00000000011" },
	{ "[\"a/b\"]",			"00000000001" },
	{ "[\"a\",1]",			"???????????" },
	{ "[1,\"a\"]",			"???????????" },
	{ "[null]",			"???????????" },
	{ "[[\"a\"]]",			"???????????" },
	{ "[{\"a\":1}]",		"???????????" },
	{ "[true]",			"???????????" },
	{ "{}",				"00000000000" },
	{ "{\"a\":null}",		"11101010111" },
	{ "{\"b\":{\"a\":1}}",		"00000000001" },
	{ "{\"a\":0,\"b\":[]}",		"11101110111" },
	{ "{\"x\":\"a\"}",		"00110000001" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
check_has(const char *claim, const char *test, char want)
{
	char *claims = claim == NULL ? world_text("{\"d\":\"a\"}") :
	    world_text("{\"c\":%s}", claim);
	char *negated = world_text("not %s", test);
	char opposite = want == '?' ? '?' : want == '1' ? '0' : '1';

	if (evaluate(test, claims, NULL) != want ||
	    evaluate(negated, claims, NULL) != opposite)
		fail_msg("%s on %s", test, claims);
	free(claims);
	free(negated);
}

static void
test_has(void **state)
{
	size_t row, column;

	(void)state;
	for (row = 0; row < COUNT(has_rows); row++) {
		assert_int_equal(strlen(has_rows[row].values),
		    COUNT(has_tests));
		for (column = 0; column < COUNT(has_tests); column++)
			check_has(has_rows[row].claim, has_tests[column],
			    has_rows[row].values[column]);
	}
}

/* The claims that are lists of words, those that only look so, and nesting. */
static void
test_places(void **state)
{
	static const struct {
		const char *claims;
		const char *test;
		char value;
	} rows[] = {
		{ "{\"scope\":\"a b\"}", "scope has any { x, b }", '1' },
		{ "{\"scope\":\"a b\"}", "scope has all { a, b }", '1' },
		{ "{\"scope\":\"a b\"}", "scope has all { a, b, c }", '0' },
		{ "{\"scope\":\"a  b\"}", "scope has any { \"\" }", '0' },
		{ "{\"scope\":\"a b\"}", "scope has any { \"a b\" }", '0' },
		{ "{\"scope\":\"\"}", "scope has matching \"**\"", '0' },
		{ "{\"scp\":\"a.b c\"}", "scp has matching \"a.*\"", '1' },
		{ "{\"scp\":\"a.b c\"}", "scp has matching \"a.*c\"", '0' },
		{ "{\"scp\":[\"a b\"]}", "scp has any { a, b }", '0' },
		{ "{\"groups\":\"a b\"}", "groups has any { a, b }", '0' },
		{ "{\"o\":{\"scope\":\"a b\"}}", "/o/scope has any { a }", '0' },
		{ "{\"o\":{\"r\":[\"a\"]}}", "/o/r has any { a }", '1' },
		{ "{\"o\":{\"r\":[\"a\"]}}", "/o/r/0 has any { a }", '1' },
		{ "{\"o\":{\"r\":[\"a\"]}}", "/o/r/1 has any { a }", '?' },
		{ "{\"c\":[\"any\"]}", "c has \"any\"", '1' },
		{ "{\"c\":[\"all\"]}", "c has \"all\"", '1' },
		{ "{\"c\":[\"matching\"]}", "c has \"matching\"", '1' },
		/* Bare numbers and booleans are strings here. */
		{ "{\"c\":[\"1\",\"true\"]}", "c has all { 1, true }", '1' },
		{ "{\"c\":[1]}", "c has any { 1 }", '?' },
		/* Bytes count, and a NUL is one. */
		{ "{\"c\":[\"a\\u0000\"]}", "c has any { a }", '0' },
		{ "{\"c\":[\"a\\u0000\"]}", "c has matching a", '0' },
		{ "{\"any\":[\"a\"]}", "any has any { a }", '1' },
		{ "{\"c\":\"\"}", "c has any { \"\" }", '1' },
		{ "{\"c\":[\"\"]}", "c has all { \"\", \"\" }", '1' },
		{ "{\"c\":[\"a\"]}", "c has any { \"\" }", '0' },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		if (evaluate(rows[i].test, rows[i].claims, NULL) !=
		    rows[i].value)
			fail_msg("%s on %s", rows[i].test, rows[i].claims);
	}
}

/* A member at the length that patterns read, and one beyond it. */
static void
test_long_members(void **state)
{
	char *fits = world_text("{\"c\":[\"a\",\"%0*d\"]}", GLOB_TEXT_MAX, 0);
	char *beyond = world_text("{\"c\":[\"a\",\"%0*d\"]}",
	    GLOB_TEXT_MAX + 1, 0);

	(void)state;
	assert_int_equal(evaluate("c has matching a", fits, NULL), '1');
	assert_int_equal(evaluate("c has matching \"0**\"", fits, NULL), '1');
	assert_int_equal(evaluate("c has matching a", beyond, NULL), '?');
	assert_int_equal(evaluate("c has any { a }", beyond, NULL), '1');
	free(fits);
	free(beyond);
}

/* v00,v01 and so on, each between quotes or not. */
static char *
many(unsigned count, const char *quote)
{
	char *text = world_text("%s", "");
	unsigned i;

	for (i = 0; i < count; i++) {
		char *one = world_text("%sv%02u%s", quote, i, quote);
		char *more = world_text("%s%s%s", text, i == 0 ? "" : ",", one);

		free(one);
		free(text);
		text = more;
	}
	return text;
}

/* 64 values of "has all" are read, 65 are not; each of the 64 counts. */
static void
test_many_values(void **state)
{
	char *values = many(RULE_ALL_MAX, "");
	char *all = world_text("c has all { %s }", values);
	char *more = world_text("as a if c has all { %s, more }", values);
	char *any = world_text("c has any { %s, more }", values);
	char *members = many(RULE_ALL_MAX, "\"");
	char *claims = world_text("{\"c\":[%s]}", members);
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule rule;
	unsigned i;

	(void)state;
	assert_int_equal(evaluate(all, claims, NULL), '1');
	for (i = 0; i < RULE_ALL_MAX; i++) {
		char *less = world_text("%s", claims);
		char *member;

		member = strstr(less, "v") + i * strlen("\"v00\",");
		member[0] = 'w';
		assert_int_equal(evaluate(all, less, NULL), '0');
		free(less);
	}
	assert_int_equal(parse(more, &arena, &diag, &rule), JWT_CONFIG_INVALID);
	assert_int_equal(evaluate(any, "{\"c\":[\"more\"]}", NULL), '1');
	arena_clear(&arena);
	diag_clear(&diag);
	free(values);
	free(all);
	free(more);
	free(any);
	free(members);
	free(claims);
}

/* ---- claims and the user ------------------------------------------------ */

/* Shapes of a claim, each beside each: the value of "a = claim b". */
static void
test_claim_pairs(void **state)
{
	static const char *const shapes[] = {
		NULL, "null", "true", "false", "0", "1", "\"\"", "\"x\"",
		"\"0\"", "[]", "[\"x\"]", "{}", "{\"x\":1}"
	};
	/* '?' unless both are scalars of one type; then equal or not. */
	static const char types[] = "??bbnnsss????";
	size_t a, b;

	(void)state;
	assert_int_equal(strlen(types), COUNT(shapes));
	for (a = 0; a < COUNT(shapes); a++) {
		for (b = 0; b < COUNT(shapes); b++) {
			char *one = shapes[a] == NULL ? world_text("%s", "") :
			    world_text(",\"a\":%s", shapes[a]);
			char *two = shapes[b] == NULL ? world_text("%s", "") :
			    world_text(",\"b\":%s", shapes[b]);
			char *claims = world_text("{\"n\":0%s%s}", one, two);
			char want = '?';

			if (types[a] == types[b] && types[a] != '?')
				want = a == b ? '1' : '0';
			if (evaluate("a = claim b", claims, NULL) != want)
				fail_msg("= on %s", claims);
			if (want != '?')
				want = want == '1' ? '0' : '1';
			if (evaluate("a != claim b", claims, NULL) != want)
				fail_msg("!= on %s", claims);
			free(one);
			free(two);
			free(claims);
		}
	}
}

static void
test_user_in_claim(void **state)
{
	static const struct {
		const char *claim;	/* NULL: absent */
		char alice;
	} rows[] = {
		{ NULL, '?' }, { "null", '?' }, { "true", '?' },
		{ "false", '?' }, { "1", '?' }, { "{}", '?' },
		{ "{\"alice\":1}", '?' }, { "\"\"", '0' },
		{ "\"alice\"", '1' }, { "\"Alice\"", '0' },
		{ "\"alice bob\"", '0' }, { "\"alicex\"", '0' },
		{ "[]", '0' }, { "[\"alice\"]", '1' },
		{ "[\"bob\",\"alice\"]", '1' }, { "[\"bob\"]", '0' },
		{ "[\"\"]", '0' }, { "[\"alice\",1]", '?' },
		{ "[1,\"alice\"]", '?' }, { "[[\"alice\"]]", '?' },
		{ "[null]", '?' }, { "[{\"alice\":1}]", '?' },
		{ "\"alice\\u0000\"", '0' }, { "[\"alice\\u0000\"]", '0' },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *claims = rows[i].claim == NULL ?
		    world_text("{\"d\":\"alice\"}") :
		    world_text("{\"c\":%s}", rows[i].claim);

		if (evaluate("user in claim c", claims, "alice") !=
		    rows[i].alice)
			fail_msg("%s", claims);
		/* With nobody asked for, nothing is known. */
		assert_int_equal(evaluate("user in claim c", claims, NULL),
		    '?');
		free(claims);
	}
	assert_int_equal(evaluate("user in claim /o/p",
	    "{\"o\":{\"p\":[\"bob\"]}}", "bob"), '1');
	assert_int_equal(evaluate("user in claim \"user\"",
	    "{\"user\":\"bob\"}", "bob"), '1');
	/* An empty name is a name. */
	assert_int_equal(evaluate("user in claim c", "{\"c\":\"\"}", ""), '1');
}

/* ---- the grammar -------------------------------------------------------- */

static void
test_errors(void **state)
{
	static const struct {
		const char *text;
		unsigned column;	/* 0: accepted */
	} rows[] = {
		{ "as a if c has any { x }", 0 },
		{ "as a if c has any { x, \"y z\" }", 0 },
		{ "as a if c has any", 18 }, { "as a if c has all x", 19 },
		{ "as a if c has any { }", 21 },
		{ "as a if c has any { x", 22 },
		{ "as a if c has any { x y }", 23 },
		{ "as a if c has any x, y", 19 },
		{ "as a if c has all { x, }", 24 },
		{ "as a if c has matching", 23 },
		{ "as a if c has matching { x }", 24 },
		{ "as a if c has matching x y", 26 },
		{ "as a if c has not { x }", 19 },
		{ "as a if c has \"any\" { x }", 21 },
		{ "as a if c has { x, y }", 15 },
		{ "as a if c has any { claim x }", 27 },
		{ "as a if user in claim c", 0 },
		{ "as a if user in claim", 22 },
		{ "as a if user in claim and", 23 },
		{ "as a if user in claim { c }", 23 },
		{ "as a if user in claim c, d", 24 },
		{ "as a if user = claim", 16 },
		{ "as a if user = \"claim\"", 0 },
		{ "as a if user has claim c", 14 },
		{ "as a if c = claim user", 19 },
		{ "as a if c != claim rhost", 20 },
		{ "as a if c = claim time", 19 },
		{ "as a if c = claim \"user\" and d != claim \"rhost\"", 0 },
		{ "as a if c = claim user_id", 0 },
		{ "as a if user in claim user", 0 }, { "as claim user", 0 },
		{ "as a if user != claim c", 14 },
		{ "as a if rhost in claim c", 18 },
		{ "as claim c lower", 0 },
		{ "as claim c lower without \"@x\"", 0 },
		{ "as claim c lower without \"@x\" without prefix \"p\" exactly",
		    0 },
		{ "as claim c without prefix \"p\"", 0 },
		{ "as claim c without prefix \"p\" if c = x", 0 },
		{ "as claim \"lower\"", 0 }, { "as claim \"lower\" lower", 0 },
		{ "as claim c without \"prefix\"", 0 },
		{ "as claim lower", 10 }, { "as lower", 4 },
		{ "as claim c lower lower", 18 },
		{ "as claim c without \"@x\" lower", 25 },
		{ "as claim c exactly lower", 20 },
		{ "as claim c exactly without \"x\"", 20 },
		{ "as claim c exactly exactly", 20 },
		{ "as claim c without \"@x\" without \"@y\"", 33 },
		{ "as claim c without prefix \"p\" without \"@x\"", 39 },
		{ "as claim c without prefix \"p\" without prefix \"q\"", 46 },
		{ "as claim c without prefix", 26 },
		{ "as claim c without prefix \"\"", 27 },
		{ "as claim c without prefix p", 27 },
		{ "as claim c lower without \"@X\"", 26 },
		{ "as claim c lower without \"A\"", 26 },
		{ "as claim c lower without \"Z\"", 26 },
		{ "as claim c lower without \"@[`az{\"", 0 },
		{ "as claim c without \"x\" without \"y\"", 32 },
		{ "as claim c lower without \"@x\" without prefix \"P\"", 46 },
		{ "as claim c without \"@X\" without prefix \"P\"", 0 },
		{ "as alice lower", 10 }, { "as map /m lower", 11 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct arena arena = { 0 };
		struct diag diag = { 0 };
		struct rule rule;
		enum jwt_reason reason = parse(rows[i].text, &arena, &diag,
		    &rule);
		unsigned column = 0;

		if (reason == JWT_CONFIG_INVALID)
			column = diag_first_error(&diag)->column;
		if (column != rows[i].column)
			fail_msg("%s: column %u", rows[i].text, column);
		arena_clear(&arena);
		diag_clear(&diag);
	}
}

/* Mistakes that people make are told what was meant. */
static void
test_advice(void **state)
{
	static const struct {
		const char *text;
		const char *advice;
	} rows[] = {
		{ "as a if c has { x, y }", "has any or has all" },
		{ "as a if c has any x", "must be quoted" },
		{ "as a if user = claim c", "user in claim CLAIM" },
		{ "as a if c = claim user", "user in claim CLAIM" },
		{ "as claim c without \"x\" lower", "in this order: lower" },
		{ "as claim c without prefix \"x\" lower", "in this order" },
		{ "as claim c exactly without \"x\"", "in this order" },
		{ "as claim c exactly exactly", "in this order" },
		{ "as claim c without \"x\" without \"y\"", "once" },
		{ "as claim c lower without \"X\"", "in lowercase" },
		{ "as a if time = x", "08:00-18:00" },
		{ "as a if time 08:00-08:00", "00:00-24:00" },
		{ "as a if time 08:00-18:00 weekdays", "mon, wed-fri" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct arena arena = { 0 };
		struct diag diag = { 0 };
		struct rule rule;

		assert_int_equal(parse(rows[i].text, &arena, &diag, &rule),
		    JWT_CONFIG_INVALID);
		if (strstr(diag_first_error(&diag)->text, rows[i].advice) ==
		    NULL)
			fail_msg("%s: %s", rows[i].text,
			    diag_first_error(&diag)->text);
		arena_clear(&arena);
		diag_clear(&diag);
	}
}

static void
keep_why(void *ctx, const struct rule_test *test, enum tri result,
    const char *why)
{
	(void)test;
	(void)result;
	*(const char **)ctx = why;
}

/* Why a test of a string is false: the string looks like a list. */
static void
test_whys(void **state)
{
	static const struct {
		const char *claim;
		bool is_told;
	} rows[] = {
		{ "\"Not Admins\"", true }, { "\"Admins\"", false },
		{ "\"Editors\"", false }, { "[\"Not Admins\"]", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *json = world_text("{\"c\":%s}", rows[i].claim);
		struct arena arena = { 0 };
		struct diag diag = { 0 };
		const char *why = NULL;
		struct rule_observer observer = { .test = keep_why,
		    .ctx = &why };
		struct rule_facts facts = { .user = NULL };
		struct json_doc doc;
		struct rule rule;

		assert_int_equal(json_parse((uint8_t *)json, strlen(json),
		    &json_token_limits, &doc), JWT_OK);
		assert_int_equal(parse("as a if c has any { Admins }", &arena,
		    &diag, &rule), JWT_OK);
		facts.claims = json_root(&doc);
		(void)rule_evaluate(&rule, &facts, &observer);
		if ((why != NULL) != rows[i].is_told)
			fail_msg("%s: %s", rows[i].claim, why);
		json_clear(&doc);
		free(json);
		arena_clear(&arena);
		diag_clear(&diag);
	}
}

/* ---- accounts ----------------------------------------------------------- */

static enum jwt_reason
account(const char *form, const char *claim, const char *user,
    char out[ACCOUNT_NAME_MAX + 1])
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule rule;
	struct json_doc doc;
	struct account_query query = { .issuer = "t", .user = user };
	char *text = world_text("as claim c %s", form);
	char *json = claim == NULL ? world_text("{}") :
	    world_text("{\"c\":%s}", claim);
	enum jwt_reason reason;

	if (parse(text, &arena, &diag, &rule) != JWT_OK ||
	    json_parse((uint8_t *)json, strlen(json), &json_token_limits,
	    &doc) != JWT_OK)
		fail_msg("%s on %s", text, json);
	query.claims = json_root(&doc);
	reason = account_of_rule(&rule, &query, out);
	json_clear(&doc);
	arena_clear(&arena);
	diag_clear(&diag);
	free(text);
	free(json);
	return reason;
}

#define OK JWT_OK
#define INVALID JWT_ACCOUNT_INVALID
#define MISMATCH JWT_ACCOUNT_MISMATCH

/* For the user asked for, or with none: the reason, and the account. */
static void
test_accounts(void **state)
{
	static const char corp[] = "lower without \"@x.org\" "
	    "without prefix \"corp\\\\\"";
	static const struct {
		const char *form;
		const char *claim;	/* as in JSON; NULL: absent */
		const char *user;
		enum jwt_reason reason;
	} rows[] = {
		/* lower: ASCII alone, nothing else changes. */
		{ "lower", "\"Alice\"", "alice", OK },
		{ "lower", "\"ALICE-Z_9\"", "alice-z_9", OK },
		{ "lower", "\"alice\"", "alice", OK },
		{ "lower", "\"Alice\"", "Alice", MISMATCH },
		{ "lower", "\"Alice\"", NULL, OK },
		{ "", "\"Alice\"", "alice", INVALID },
		{ "lower", "\"\\u00c4lice\"", "alice", INVALID },
		{ "lower", "\"al\\u0130ce\"", "alice", INVALID },
		{ "lower", "\"\\u212aate\"", "kate", INVALID },
		{ "lower exactly", "\"j\\u00d6rg\"", NULL, INVALID },
		{ "lower", "\"@LICE\"", NULL, INVALID },
		{ "lower", "\"A[ice\"", NULL, INVALID },
		{ "lower exactly", "\"A[ICE\"", "a[ice", OK },
		{ "lower exactly", "\"Alice@X.org\"", "alice@x.org", OK },
		{ "lower exactly", "\"Alice@X.org\"", "Alice@X.org", MISMATCH },
		{ "lower", "\"\"", NULL, INVALID },
		/* A suffix and a prefix: both are there, or nothing. */
		{ "lower without \"@x.org\"", "\"Alice@X.ORG\"", "alice", OK },
		{ "without \"@x.org\"", "\"alice@X.ORG\"", "alice", INVALID },
		{ "without prefix \"corp-\"", "\"corp-alice\"", "alice", OK },
		{ "without prefix \"corp-\"", "\"alice\"", "alice", INVALID },
		{ "without prefix \"corp-\"", "\"xcorp-alice\"", "alice",
		    INVALID },
		{ "without prefix \"corp-\"", "\"Corp-alice\"", "alice",
		    INVALID },
		{ "without prefix \"corp-\"", "\"corp-\"", NULL, INVALID },
		{ "without prefix \"corp-\"", "\"corp-corp-alice\"",
		    "corp-alice", OK },
		{ "without prefix \"c\"", "\"croot\"", "root", OK },
		{ corp, "\"CORP\\\\Alice@x.org\"", "alice", OK },
		{ corp, "\"CORP\\\\Alice\"", "alice", INVALID },
		{ corp, "\"Alice@x.org\"", "alice", INVALID },
		{ corp, "\"corp\\\\@x.org\"", NULL, INVALID },
		/* They never share bytes. */
		{ "without \"aba\" without prefix \"aba\"", "\"aba\"", NULL,
		    INVALID },
		{ "without \"aba\" without prefix \"aba\"", "\"ababa\"", NULL,
		    INVALID },
		{ "without \"aba\" without prefix \"aba\"", "\"abaxaba\"", "x",
		    OK },
		{ "without prefix \"corp-\" exactly", "\"corp-Al@x\"", "Al@x",
		    OK },
		{ "without prefix \"corp-\" exactly", "\"corp--x\"", NULL,
		    INVALID },
		/* A list: the account that is asked for, or nothing. */
		{ "", "[\"alice\"]", "alice", OK },
		{ "", "[\"bob\",\"alice\"]", "alice", OK },
		{ "", "[\"bob\",\"alice\"]", "bob", OK },
		{ "", "[\"bob\",\"alice\"]", "carol", MISMATCH },
		{ "", "[\"bob\",\"alice\"]", NULL, INVALID },
		{ "", "[\"alice\"]", NULL, INVALID },
		{ "", "[]", "alice", INVALID }, { "", "[]", NULL, INVALID },
		{ "", "[\"alice\",1]", "alice", INVALID },
		{ "", "[1,\"alice\"]", "alice", INVALID },
		{ "", "[[\"alice\"]]", "alice", INVALID },
		{ "", "[null,\"alice\"]", "alice", INVALID },
		{ "", "[\"not a name\",\"alice\"]", "alice", OK },
		{ "", "[\"not a name\"]", "alice", INVALID },
		{ "", "[\"not a name\"]", "not a name", INVALID },
		{ "", "[\"Alice\"]", "Alice", INVALID },
		{ "exactly", "[\"Alice\",\"b@x\"]", "b@x", OK },
		{ "lower", "[\"BOB\",\"Alice\"]", "alice", OK },
		{ "lower", "[\"\\u00c4\",\"Alice\"]", "alice", OK },
		{ "without \"@x\"", "[\"bob@y\",\"alice@x\"]", "alice", OK },
		{ "without \"@x\"", "[\"bob@x\",\"alice@y\"]", "alice",
		    MISMATCH },
		{ "without \"@x\"", "[\"alice@y\"]", "alice", INVALID },
		/* No other shape has a name. */
		{ "", NULL, "alice", INVALID }, { "", "null", NULL, INVALID },
		{ "", "true", NULL, INVALID }, { "", "1", NULL, INVALID },
		{ "", "{\"alice\":1}", "alice", INVALID },
		{ "", "{}", NULL, INVALID },
		{ "exactly", "1", NULL, INVALID },
		{ "exactly", "1", "1", INVALID },
		{ "exactly", NULL, "1", INVALID },
	};
	char out[ACCOUNT_NAME_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		enum jwt_reason reason = account(rows[i].form, rows[i].claim,
		    rows[i].user, out);
		const char *want = reason != OK ? "" : rows[i].user;

		if (reason != rows[i].reason ||
		    (want != NULL && strcmp(out, want) != 0))
			fail_msg("\"%s\" on %s for %s: %s, \"%s\"",
			    rows[i].form, rows[i].claim, rows[i].user,
			    reason_name(reason), out);
	}
	assert_int_equal(account("lower", "\"Alice\"", NULL, out), OK);
	assert_string_equal(out, "alice");
}

/*
 * The longest text that "lower" reads, and one byte more, which is refused also
 * if it is in lowercase.
 */
static void
test_long_texts(void **state)
{
	char out[ACCOUNT_NAME_MAX + 1];
	unsigned len;

	(void)state;
	for (len = 1024; len <= 1025; len++) {
		char *prefix = world_text("%0*d", (int)len - 1, 0);
		char *form = world_text("lower without prefix \"%s\"", prefix);
		char *claim = world_text("\"%sA\"", prefix);
		char *lower = world_text("\"%sa\"", prefix);

		assert_int_equal(account(form, claim, "a", out),
		    len == 1024 ? OK : INVALID);
		assert_int_equal(account(form, lower, "a", out),
		    len == 1024 ? OK : INVALID);
		free(prefix);
		free(form);
		free(claim);
		free(lower);
	}
}

/* The whole verdict: a list leads to no system account, either. */
static enum jwt_reason
decide(const char *service, const char *claims, const char *user)
{
	struct world world;
	char *payload = world_text("{\"iss\":\"" WORLD_ISS "\",\"aud\":"
	    "\"urn:h\",\"exp\":1700000600,\"sub\":\"1\"%s}", claims);
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

static void
test_decisions(void **state)
{
	static const char list[] = ",\"p\":[\"root\",\"alice\",\"carol\"]";
	static const char client[] = ",\"p\":[\"alice\"],\"client_id\":\"1\"";
	static const char actor[] = ",\"p\":[\"alice\"],\"act\":[\"alice\"]";
	static const struct {
		const char *service;
		const char *claims;
		const char *user;
		enum jwt_reason reason;
	} rows[] = {
		{ "permit = as claim p", list, "alice", JWT_OK },
		{ "permit = as claim p", list, "bob", JWT_ACCOUNT_MISMATCH },
		{ "permit = as claim p", list, "root", JWT_ACCOUNT_PROTECTED },
		{ "permit = as claim p", list, "carol", JWT_ACCOUNT_UNKNOWN },
		{ "permit = as claim p", list, NULL, JWT_ACCOUNT_INVALID },
		{ "permit = as claim p lower", ",\"p\":\"ROOT\"", "root",
		    JWT_ACCOUNT_PROTECTED },
		{ "permit = as claim p without prefix \"x\"",
		    ",\"p\":\"xroot\"", "root", JWT_ACCOUNT_PROTECTED },
		/* A program's token gets no account by a list, either. */
		{ "permit = as claim p", client, "alice",
		    JWT_CLIENT_NOT_ACCEPTED },
		{ "clients = yes\npermit = as claim p", client, "alice",
		    JWT_OK },
		/* The second rule may have what the first one has not. */
		{ "permit = as claim p\npermit = as bob if p has any { root }",
		    list, "bob", JWT_OK },
		/* What looks at act takes the token of an actor. */
		{ "permit = as claim p if user in claim act", actor, "alice",
		    JWT_OK },
		{ "permit = as claim p if user in claim p", actor, "alice",
		    JWT_NOT_PERMITTED },
		/* A deny fires on unknown. */
		{ "permit = as alice\ndeny = if g has any { x }", "", "alice",
		    JWT_DENIED },
		{ "permit = as alice\ndeny = if g has all { x, y }",
		    ",\"g\":[\"x\"]", "alice", JWT_OK },
		{ "permit = as alice\ndeny = if g has matching \"x*\"",
		    ",\"g\":[\"x\",7]", "alice", JWT_DENIED },
		{ "permit = as alice\ndeny = if not user in claim p",
		    ",\"p\":[\"bob\"]", "alice", JWT_DENIED },
		{ "permit = as alice\ndeny = if user in claim p",
		    ",\"p\":7", "alice", JWT_DENIED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		enum jwt_reason reason = decide(rows[i].service,
		    rows[i].claims, rows[i].user);

		if (reason != rows[i].reason)
			fail_msg("%s with %s: %s", rows[i].service,
			    rows[i].claims, reason_name(reason));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_long_members),
		cmocka_unit_test(test_many_values),
		cmocka_unit_test(test_claim_pairs),
		cmocka_unit_test(test_user_in_claim),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_advice),
		cmocka_unit_test(test_whys),
		cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_long_texts),
		cmocka_unit_test(test_decisions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
