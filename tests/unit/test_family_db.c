/* SPDX-License-Identifier: BSD-2-Clause */
/* Turns of refresh token families in the database, and what ends them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "families.h"

static void
test_login(void **state)
{
	struct families *f = *state;
	struct family_login login = families_login_of("alice");
	struct family_turn turn, later;

	assert_int_equal(family_start(&f->db, &login, LOGIN, &turn), FAMILY_OK);
	/* Nothing is there before it is taken. */
	assert_int_equal(families_look(f, turn.token, LOGIN), FAMILY_UNKNOWN);
	assert_int_equal(family_take(&f->db, &turn), FAMILY_OK);
	assert_int_equal(turn.iat, LOGIN);
	assert_int_equal(turn.generation, 0);
	assert_int_equal(turn.displaced.count, 0);
	assert_int_equal(strlen(turn.family.sid), FAMILY_SID_LEN);

	families_reopen(f);
	assert_int_equal(family_look(&f->db, bytes_str(turn.token), LOGIN + 1,
	    &later), FAMILY_OK);
	assert_string_equal(later.family.sid, turn.family.sid);
	assert_string_equal(later.family.person, "alice");
	assert_string_equal(later.family.fingerprint, "SHA256:abc");
	assert_string_equal(later.family.jkt, "thumb");
	assert_int_equal(later.family.audience.count, 2);
	assert_string_equal(later.family.audience.item[0], "ssh://a");
	assert_string_equal(later.family.audience.item[1], "urn:b");
	assert_true(later.family.is_hardware);
	assert_false(later.family.is_bearer);
	assert_false(later.family.is_compact);
	assert_int_equal(later.family.auth_time, LOGIN);
	assert_int_equal(later.family.ends, LOGIN + 10000);
	assert_int_equal(later.family.last_iat, LOGIN);
	assert_int_equal(later.iat, LOGIN + 1);
	assert_int_equal(later.generation, 1);
	family_turn_clear(&turn);
	family_turn_clear(&later);
}

/* A sid is a word on command lines. */
static void
test_sid(void **state)
{
	struct families *f = *state;
	struct family_login login = families_login_of("alice");
	struct family_turn turn;
	int i;

	for (i = 0; i < 1000; i++) {
		assert_int_equal(family_start(&f->db, &login, LOGIN, &turn),
		    FAMILY_OK);
		assert_int_not_equal(turn.family.sid[0], '-');
		family_turn_clear(&turn);
	}
}

/* Every flag is a bit of its own; the longest login that serve takes fits. */
static void
test_login_flags(void **state)
{
	struct families *f = *state;
	char text[257];
	const char *audience[FAMILY_AUDIENCES_MAX + 1];
	struct family_login login = families_login_of("alice");
	struct family_turn turn, later;
	int i;

	memset(text, 'a', 256);
	text[256] = '\0';
	for (i = 0; i <= FAMILY_AUDIENCES_MAX; i++)
		audience[i] = text;
	login.audience = (struct words){ audience, FAMILY_AUDIENCES_MAX };
	for (i = 0; i < 8; i++) {
		login.is_hardware = (i & 1) != 0;
		login.is_bearer = (i & 2) != 0;
		login.is_compact = (i & 4) != 0;
		assert_int_equal(family_start(&f->db, &login, LOGIN, &turn),
		    FAMILY_OK);
		assert_int_equal(family_take(&f->db, &turn), FAMILY_OK);
		assert_int_equal(family_look(&f->db, bytes_str(turn.token),
		    LOGIN, &later), FAMILY_OK);
		assert_int_equal(later.family.is_hardware, login.is_hardware);
		assert_int_equal(later.family.is_bearer, login.is_bearer);
		assert_int_equal(later.family.is_compact, login.is_compact);
		assert_int_equal(later.family.audience.count,
		    FAMILY_AUDIENCES_MAX);
		assert_string_equal(later.family.audience.item[49], text);
		family_turn_clear(&turn);
		family_turn_clear(&later);
	}
	login.audience.count++;
	assert_int_equal(family_start(&f->db, &login, LOGIN, &turn),
	    FAMILY_TROUBLE);
	login.audience.count = 0;
	assert_int_equal(family_start(&f->db, &login, LOGIN, &turn),
	    FAMILY_TROUBLE);
}

/* A chain of refreshes: each token is used once, and is no token afterwards. */
static void
test_refresh(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], old[4][FAMILY_TOKEN_LEN + 1];
	int i;

	families_login(f, "alice", LOGIN, token);
	for (i = 0; i < 4; i++) {
		memcpy(old[i], token, sizeof(token));
		assert_int_equal(families_refresh(f, token,
		    LOGIN + 100 * (i + 1)), FAMILY_OK);
		assert_string_not_equal(old[i], token);
		families_reopen(f);
	}
	assert_int_equal(families_look(f, old[3], LOGIN + 410),
	    FAMILY_REPEAT);
	assert_int_equal(families_look(f, old[0], LOGIN + 410),
	    FAMILY_REUSED);
	assert_int_equal(families_look(f, old[0], LOGIN + 410),
	    FAMILY_REUSED_AGAIN);
	assert_int_equal(families_look(f, old[1], LOGIN + 410),
	    FAMILY_REUSED_AGAIN);
	assert_int_equal(families_look(f, token, LOGIN + 410), FAMILY_OVER);
	families_reopen(f);
	assert_int_equal(families_look(f, token, LOGIN + 410), FAMILY_OVER);
	assert_int_equal(families_number(f, "SELECT why FROM family"),
	    FAMILY_END_REUSE);
}

/* The answer of a repeat is that of the first use. */
static void
test_repeat(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1];
	struct family_turn first, again;

	families_login(f, "alice", LOGIN, token);
	assert_int_equal(family_look(&f->db, bytes_str(token), LOGIN + 100,
	    &first), FAMILY_OK);
	assert_int_equal(family_take(&f->db, &first), FAMILY_OK);
	families_reopen(f);
	assert_int_equal(family_look(&f->db, bytes_str(token), LOGIN + 109,
	    &again), FAMILY_REPEAT);
	assert_string_equal(again.token, first.token);
	assert_int_equal(again.generation, first.generation);
	assert_int_equal(again.iat, LOGIN + 100);
	assert_int_equal(family_take(&f->db, &again), FAMILY_OK);
	family_turn_clear(&again);
	/* It changed nothing: the grace time is not longer now. */
	assert_int_equal(families_look(f, first.token, LOGIN + 109), FAMILY_OK);
	assert_int_equal(families_look(f, token, LOGIN + 111), FAMILY_REUSED);
	family_turn_clear(&first);
}

/* The successor was used, so the answer was not lost. */
static void
test_repeat_late(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], first[FAMILY_TOKEN_LEN + 1];

	families_login(f, "alice", LOGIN, token);
	memcpy(first, token, sizeof(first));
	assert_int_equal(families_refresh(f, token, LOGIN + 1), FAMILY_OK);
	assert_int_equal(families_refresh(f, token, LOGIN + 2), FAMILY_OK);
	assert_int_equal(families_look(f, first, LOGIN + 2), FAMILY_REUSED);
}

/* Several look before one takes. */
static void
test_race(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1];
	struct family_turn a, b;

	families_login(f, "alice", LOGIN, token);
	assert_int_equal(family_look(&f->db, bytes_str(token), LOGIN + 100,
	    &a), FAMILY_OK);
	assert_int_equal(family_look(&f->db, bytes_str(token), LOGIN + 101,
	    &b), FAMILY_OK);
	assert_int_equal(family_take(&f->db, &b), FAMILY_OK);
	assert_int_equal(family_take(&f->db, &a), FAMILY_AGAIN);
	/* Taking twice is no second rotation. */
	assert_int_equal(family_take(&f->db, &b), FAMILY_AGAIN);
	family_turn_clear(&a);
	assert_int_equal(family_look(&f->db, bytes_str(token), LOGIN + 100,
	    &a), FAMILY_REPEAT);
	assert_string_equal(a.token, b.token);
	assert_int_equal(a.iat, LOGIN + 101);
	/* The successor is used meanwhile: there is no second answer. */
	assert_int_equal(families_refresh(f, b.token, LOGIN + 102), FAMILY_OK);
	assert_int_equal(family_take(&f->db, &a), FAMILY_AGAIN);
	family_turn_clear(&a);
	family_turn_clear(&b);
}

/* It ends between looking and taking. */
static void
test_ended_meanwhile(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], old[FAMILY_TOKEN_LEN + 1];
	const struct family_choice all = { .end = FAMILY_END_REVOKED };
	struct family_turn turn, repeat;
	size_t ended;

	families_login(f, "alice", LOGIN, token);
	memcpy(old, token, sizeof(old));
	assert_int_equal(families_refresh(f, token, LOGIN + 1), FAMILY_OK);
	assert_int_equal(family_look(&f->db, bytes_str(token), LOGIN + 2,
	    &turn), FAMILY_OK);
	assert_int_equal(family_look(&f->db, bytes_str(old), LOGIN + 2,
	    &repeat), FAMILY_REPEAT);
	assert_true(family_revoke(&f->db, &all, LOGIN + 3, NULL, NULL,
	    &ended));
	assert_int_equal(ended, 1);
	assert_int_equal(family_take(&f->db, &turn), FAMILY_AGAIN);
	assert_int_equal(family_take(&f->db, &repeat), FAMILY_AGAIN);
	assert_int_equal(families_look(f, token, LOGIN + 3), FAMILY_OVER);
	assert_int_equal(families_look(f, old, LOGIN + 3), FAMILY_OVER);
	family_turn_clear(&turn);
	family_turn_clear(&repeat);
}

static void
test_clock(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1];

	families_login(f, "alice", LOGIN, token);
	assert_int_equal(families_refresh(f, token, LOGIN - 1), FAMILY_CLOCK);
	assert_int_equal(families_refresh(f, token, LOGIN + 100), FAMILY_OK);
	assert_int_equal(families_refresh(f, token, LOGIN + 99), FAMILY_CLOCK);
	assert_int_equal(families_refresh(f, token, LOGIN + 100), FAMILY_OK);
}

/* An old copy of the database: a newer token ends the family, and says so. */
static void
test_old_copy(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], old[FAMILY_TOKEN_LEN + 1];
	char command[256];

	families_login(f, "alice", LOGIN, token);
	snprintf(command, sizeof(command), "cp -p %s %s.old", f->path, f->path);
	assert_int_equal(system(command), 0);
	memcpy(old, token, sizeof(old));
	assert_int_equal(families_refresh(f, token, LOGIN + 1), FAMILY_OK);
	family_db_close(&f->db);
	snprintf(command, sizeof(command), "mv %s.old %s", f->path, f->path);
	assert_int_equal(system(command), 0);
	families_open(f);
	assert_int_equal(families_look(f, token, LOGIN + 20), FAMILY_AHEAD);
	assert_int_equal(families_look(f, token, LOGIN + 20), FAMILY_OVER);
	assert_int_equal(families_look(f, old, LOGIN + 20), FAMILY_OVER);
	assert_int_equal(families_number(f, "SELECT why FROM family"),
	    FAMILY_END_RESTORED);
}

/* ---- logout ------------------------------------------------------------- */

static enum family_result
log_out(struct families *f, const char *token, int64_t now)
{
	struct family_turn turn;
	enum family_result result = family_logout(&f->db, bytes_str(token),
	    now, &turn);

	if (result == FAMILY_OK)
		assert_string_equal(turn.family.person, "alice");
	family_turn_clear(&turn);
	return result;
}

static void
test_logout(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], other[FAMILY_TOKEN_LEN + 1];
	char old[FAMILY_TOKEN_LEN + 1];

	families_login(f, "alice", LOGIN, token);
	families_login(f, "alice", LOGIN, other);
	assert_int_equal(log_out(f, "pjr1_x", LOGIN), FAMILY_UNKNOWN);
	assert_int_equal(log_out(f, token, LOGIN + 1), FAMILY_OK);
	assert_int_equal(log_out(f, token, LOGIN + 1), FAMILY_OVER);
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_OVER);
	assert_int_equal(families_number(f, "SELECT why FROM family WHERE "
	    "ended>0"), FAMILY_END_LOGOUT);
	/* The other login is another family; its answer may be lost. */
	memcpy(old, other, sizeof(old));
	assert_int_equal(families_refresh(f, other, LOGIN + 1), FAMILY_OK);
	assert_int_equal(log_out(f, old, LOGIN + 2), FAMILY_OK);
	assert_int_equal(families_look(f, other, LOGIN + 2), FAMILY_OVER);
}

/* The clock must not keep anybody logged in. An old token is reuse here, too. */
static void
test_logout_odd(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], old[FAMILY_TOKEN_LEN + 1];

	families_login(f, "alice", LOGIN, token);
	assert_int_equal(log_out(f, token, LOGIN - 100), FAMILY_OK);
	assert_int_equal(families_look(f, token, LOGIN + 1), FAMILY_OVER);
	families_login(f, "alice", LOGIN, token);
	memcpy(old, token, sizeof(old));
	assert_int_equal(families_refresh(f, token, LOGIN + 1), FAMILY_OK);
	assert_int_equal(log_out(f, old, LOGIN + 100), FAMILY_REUSED);
	assert_int_equal(log_out(f, old, LOGIN + 100), FAMILY_REUSED_AGAIN);
	assert_int_equal(families_look(f, token, LOGIN + 100), FAMILY_OVER);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, families_setup, \
	families_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_login),
		TEST(test_sid),
		TEST(test_login_flags),
		TEST(test_refresh),
		TEST(test_repeat),
		TEST(test_repeat_late),
		TEST(test_race),
		TEST(test_ended_meanwhile),
		TEST(test_clock),
		TEST(test_old_copy),
		TEST(test_logout),
		TEST(test_logout_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
