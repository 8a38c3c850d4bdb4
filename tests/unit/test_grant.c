/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A grant: all that it copies from a verdict, what its session owes to the
 * token, and what is left where memory runs out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/grant.h"
#include "nomemory.h"

/* The memory that a verdict borrows. */
struct source {
	char iss[16], sub[16], jti[16], sid[16];
	struct service service;
	struct issuer issuer;
	struct proof proof;
};

static struct bytes
view(const char *text)
{
	if (text[0] == '\0')
		return bytes_of(NULL, 0);
	return bytes_str(text);
}

static struct verdict
verdict_of(struct source *from)
{
	*from = (struct source){
		.iss = "https://i", .sub = "s", .jti = "jt", .sid = "sid",
		.issuer = { .leeway_sec = 17, .revocation_required = true },
		.proof = { .count = 1 }
	};
	return (struct verdict){
		.service = &from->service, .issuer = &from->issuer,
		.proof = &from->proof, .account = "alice",
		.id = { .iss = view(from->iss), .sub = view(from->sub),
		    .jti = view(from->jti), .sid = view(from->sid),
		    .exp = 1700000600, .iat = 1700000000,
		    .session_expiry = -1 },
		.digest = { 1, 2, 3 }, .has_digest = true
	};
}

/* Nothing is borrowed from the verdict, which is cleared before the grant. */
static void
test_new(void **state)
{
	struct source from;
	struct verdict verdict = verdict_of(&from);
	struct grant *grant = grant_new(&verdict);

	(void)state;
	assert_non_null(grant);
	memset(&from, 'x', sizeof(from));
	memset(&verdict, 'x', sizeof(verdict));
	assert_string_equal(grant->account, "alice");
	assert_string_equal(grant->iss, "https://i");
	assert_string_equal(grant->sub, "s");
	assert_string_equal(grant->jti, "jt");
	assert_string_equal(grant->sid, "sid");
	assert_int_equal(grant->digest[2], 3);
	assert_true(grant->has_digest);
	assert_int_equal(grant->iat, 1700000000);
	assert_int_equal(grant->exp, 1700000600);
	assert_int_equal(grant->session_expiry, -1);
	assert_int_equal(grant->leeway_sec, 17);
	assert_true(grant->state_required);
	assert_int_equal(grant->proof.count, 1);
	assert_true(grant->is_free);
	grant_free(grant);
	grant_free(NULL);
}

/* The other values of the same. */
static void
test_new_empty(void **state)
{
	struct source from;
	struct verdict verdict = verdict_of(&from);
	struct grant *grant;

	(void)state;
	from.issuer.revocation_required = false;
	from.service.revoke_on_logout = true;
	verdict.has_digest = false;
	verdict.id.jti = verdict.id.sid = bytes_of(NULL, 0);
	verdict.id.session_expiry = 0;
	grant = grant_new(&verdict);
	assert_non_null(grant);
	assert_string_equal(grant->jti, "");
	assert_string_equal(grant->sid, "");
	assert_false(grant->has_digest);
	assert_false(grant->state_required);
	assert_int_equal(grant->session_expiry, 0);
	assert_false(grant->is_free);
	grant_free(grant);
}

/*
 * Whichever allocation fails, there is no grant, and nothing stays behind.
 * valgrind and sanitizers bring their own malloc(), which never fails.
 */
static void
test_no_memory(void **state)
{
	struct source from;
	struct verdict verdict = verdict_of(&from);
	unsigned long at, count;

	(void)state;
	nomemory_arm(NOMEMORY_OURS, 0, false);
	grant_free(grant_new(&verdict));
	count = nomemory_disarm();
	for (at = 1; at <= count; at++) {
		long live = nomemory.live;
		struct grant *grant;

		nomemory_arm(NOMEMORY_OURS, at, false);
		grant = grant_new(&verdict);
		nomemory_disarm();
		assert_null(grant);
		assert_int_equal(nomemory.live, live);
	}
}

/* Each setting by which a session is bound to its token, alone. */
static void
test_binds(void **state)
{
	struct grant grant = { .session_expiry = -1 };
	struct service none = { .session_limit_sec = 0 };
	struct service limit = { .session_limit_sec = 1 };
	struct service until = { .session_until_exp = true };
	struct service revokes = { .revoke_on_logout = true };

	(void)state;
	assert_false(grant_binds(&grant, &none));
	assert_true(grant_binds(&grant, &limit));
	assert_true(grant_binds(&grant, &until));
	assert_true(grant_binds(&grant, &revokes));
	grant.session_expiry = 0;
	assert_true(grant_binds(&grant, &none));
}

/* The shortest limit, and a session that would be over already. */
static void
test_seconds(void **state)
{
	struct grant grant = { .session_expiry = -1, .exp = 1000 };
	struct service limit = { .session_limit_sec = 1 };
	struct service until = { .session_until_exp = true };

	(void)state;
	assert_int_equal(grant_seconds(&grant, &limit, 1000), 1);
	assert_int_equal(grant_seconds(&grant, &until, 999), 1);
	assert_int_equal(grant_seconds(&grant, &until, 1000), 0);
	assert_int_equal(grant_seconds(&grant, &until, 1001), 0);
	/* A grant that has ended stays ended, even if its session may last. */
	grant.session_expiry = 1100;
	assert_int_equal(grant_seconds(&grant, &until, 1000), 0);
	grant.session_expiry = 0;
	limit.session_limit_sec = 0;
	assert_int_equal(grant_seconds(&grant, &limit, 1000), 0);
}

/* The names by which the state knows the token; without a digest it has none. */
static void
test_state_token(void **state)
{
	struct grant grant = {
		.iss = (char[]){ "i" }, .sub = (char[]){ "su" },
		.jti = (char[]){ "jti" }, .sid = (char[]){ "sid4" },
		.account = (char[]){ "alice" }, .iat = 5, .exp = 6,
		.has_digest = true
	};
	struct state_token token = grant_state_token(&grant);

	(void)state;
	assert_true(bytes_eq_str(token.iss, "i"));
	assert_true(bytes_eq_str(token.sub, "su"));
	assert_true(bytes_eq_str(token.jti, "jti"));
	assert_true(bytes_eq_str(token.sid, "sid4"));
	assert_true(bytes_eq_str(token.account, "alice"));
	assert_int_equal(token.iat, 5);
	assert_int_equal(token.exp, 6);
	assert_ptr_equal(token.digest.ptr, grant.digest);
	assert_int_equal(token.digest.len, HASH_LEN);
	grant.has_digest = false;
	assert_int_equal(grant_state_token(&grant).digest.len, 0);
}

/* After the last name there is neither a name nor a value. */
static void
test_names(void **state)
{
	const struct grant grant = { .exp = -5 };
	char number[GRANT_NUMBER_SIZE];

	(void)state;
	assert_string_equal(grant_name(3), "JWT_EXP");
	assert_string_equal(grant_value(&grant, 3, number), "-5");
	assert_null(grant_name(4));
	assert_null(grant_value(&grant, 4, number));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_new_empty),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_binds),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_state_token),
		cmocka_unit_test(test_names),
	};

	nomemory_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
