/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Without memory a rule, a claim, a map, a key and a store are refused with that
 * reason, whichever allocation is the first that fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/jose/keymat.h"
#include "core/policy/account.h"
#include "core/policy/rule.h"
#include "host/state/state.h"
#include "nomemory.h"

#define BLOCK	4096	/* bytes that an arena gets at once */
#define STEP	16	/* bytes; no allocation of an arena is smaller */

/* False below valgrind and sanitizers, which bring their own malloc(). */
static bool
memory_runs_out(void)
{
	struct arena arena = { 0 };
	bool is_out;

	nomemory_arm(NOMEMORY_OURS, 1, true);
	is_out = arena_alloc(&arena, 1) == NULL;
	nomemory_disarm();
	arena_clear(&arena);
	return is_out;
}

typedef enum jwt_reason call(const char *text, struct arena *arena,
    struct diag *diag);

/* Call with an arena that has this room, and no more. */
static enum jwt_reason
call_with(size_t room, call *function, const char *text)
{
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	enum jwt_reason reason;

	assert_non_null(arena_alloc(&arena, BLOCK - room));
	nomemory_arm(NOMEMORY_OURS, 1, true);
	reason = function(text, &arena, &diag);
	nomemory_disarm();
	arena_clear(&arena);
	diag_clear(&diag);
	return reason;
}

/* The result with too little memory says that, and with enough is wanted. */
static void
run_out(call *function, const char *text, enum jwt_reason wanted)
{
	size_t room = 0;
	enum jwt_reason reason;

	assert_int_equal(call_with(room, function, text), JWT_OUT_OF_MEMORY);
	do {
		room += STEP;
		assert_true(room < BLOCK);
		reason = call_with(room, function, text);
		if (reason != JWT_OUT_OF_MEMORY && reason != wanted)
			fail_msg("%s: %s", text, reason_name(reason));
	} while (reason != wanted);
}

static enum jwt_reason
parse_rule(const char *text, struct arena *arena, struct diag *diag)
{
	struct diag_place place = { .file = "f", .line = 1, .column = 1 };
	struct rule rule;
	enum jwt_reason reason = rule_parse(bytes_str(text), place, true,
	    arena, diag, &rule);

	/* It is noted, even if its text is lost. */
	assert_int_equal(diag->reason, reason);
	assert_true(reason != JWT_OK || rule.text != NULL);
	return reason;
}

/* Each part of the grammar that keeps something. */
static void
test_rules(void **state)
{
	static const char *const rules[] = {
		"as alice", "as \"alice\"", "as claim sub", "as map /etc/m",
		"as claim \"sub\" without \"x\" without prefix \"y\"",
		"as claim /a/b", "as a if s = x", "as a if \"s\" = \"x\"",
		"as a if not s exists", "as a if (s exists)",
		"as a if s = x and n < 5", "as a if s = x or s = y or s = z",
		"as a if s in { a, b, c, d, e }", "as a if s has all { a, b }",
		"as a if s has matching a*", "as a if t within 5m",
		"as a if s = claim /c/d", "as a if user in claim c",
		"as a if user = bob", "as a if rhost in 10.0.0.0/8, ::1, ::2",
		"as a if sshkey = ssh-rsa", "as a if time 08:00-18:00",
	};
	size_t i;

	(void)state;
	if (!memory_runs_out())
		skip();
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		run_out(parse_rule, rules[i], JWT_OK);
	run_out(parse_rule, "as a if s = x or", JWT_CONFIG_INVALID);
	run_out(parse_rule, "as a if /a~2 = x", JWT_CONFIG_INVALID);
}

static enum jwt_reason
parse_pointer(const char *text, struct arena *arena, struct diag *diag)
{
	struct claim_path path;
	const char *fault;

	(void)diag;
	return claim_path_of_pointer(bytes_str(text), arena, &path, &fault);
}

static enum jwt_reason
parse_name(const char *text, struct arena *arena, struct diag *diag)
{
	struct claim_path path;

	(void)diag;
	if (!claim_path_of_name(bytes_str(text), arena, &path))
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

static void
test_claim_paths(void **state)
{
	(void)state;
	if (!memory_runs_out())
		skip();
	run_out(parse_pointer, "/a/b/c", JWT_OK);
	run_out(parse_pointer, "/a/b/~2", JWT_CONFIG_INVALID);
	run_out(parse_name, "sub", JWT_OK);
}

static const char map_text[] =
    "corp u2 a\ncorp u3 b\ncorp u4 c\ncorp \"u1\" d,e\n";
static const struct account_query first_user = {
	.issuer = "corp", .sub = { .ptr = (const uint8_t *)"u1", .len = 2 }
};

/* A map that is read has its last line. */
static enum jwt_reason
parse_map(const char *text, struct arena *arena, struct diag *diag)
{
	const struct account_map *map;
	struct bytes out;
	enum jwt_reason reason = account_map_parse(bytes_str(text), "m", arena,
	    diag, &map);

	if (reason != JWT_OK) {
		assert_null(map);
		return reason;
	}
	assert_int_equal(account_map_look_up(map, &first_user, &out), JWT_OK);
	assert_true(bytes_eq_str(out, "d,e"));
	return JWT_OK;
}

static enum jwt_reason
find_in_map(const char *text, struct arena *arena, struct diag *diag)
{
	struct bytes out;
	enum jwt_reason reason = account_map_find(bytes_str(text), "m",
	    &first_user, arena, diag, &out);

	if (reason == JWT_OK)
		assert_non_null(out.ptr);
	assert_true(bytes_eq_str(out, reason == JWT_OK ? "d,e" : ""));
	return reason;
}

static void
test_maps(void **state)
{
	(void)state;
	if (!memory_runs_out())
		skip();
	run_out(parse_map, map_text, JWT_OK);
	run_out(find_in_map, map_text, JWT_OK);
}

/* Both coordinates of a point are too short, and get zeros. */
static enum jwt_reason
pad_point(const char *text, struct arena *arena, struct diag *diag)
{
	struct keymat mat = {
		.kind = KEY_P256, .x = bytes_str(text), .y = bytes_str(text)
	};
	bool padded = false;

	(void)diag;
	return keymat_pad(arena, &mat, &padded);
}

static void
test_keys(void **state)
{
	(void)state;
	if (!memory_runs_out())
		skip();
	run_out(pad_point, "short", JWT_OK);
}

/* A store that gave no answer, where there is no memory, did not fail itself. */
static void
test_store(void **state)
{
	const struct state_settings settings = {
		.wanted = true, .directory = "/nowhere/state"
	};
	struct state_question question = { .count = 0 };
	struct state_answer answer = { .made_at = 0 };
	struct state opened;

	(void)state;
	if (!memory_runs_out())
		skip();
	state_open(&settings, &opened);
	nomemory_arm(NOMEMORY_OURS, 1, true);
	assert_int_equal(opened.store.ask(&opened, &question, &answer),
	    JWT_OUT_OF_MEMORY);
	nomemory_disarm();
	assert_int_equal(opened.store.ask(&opened, &question, &answer),
	    JWT_STATE_UNAVAILABLE);
	state_close(&opened);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_claim_paths),
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_store),
	};

	nomemory_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
