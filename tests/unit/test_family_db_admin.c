/* SPDX-License-Identifier: BSD-2-Clause */
/* How many families a person may have, and what an administrator ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>

#include <cmocka.h>

#include "families.h"

/* ---- families_max ------------------------------------------------------- */

/* Log in as alice; what it displaced must be that token's family, or none. */
static void
log_in(struct families *f, int64_t now, const char *displaced,
    char token[FAMILY_TOKEN_LEN + 1])
{
	struct family_login login = families_login_of("alice");
	struct family_turn turn, old;

	assert_int_equal(family_start(&f->db, &login, now, &turn), FAMILY_OK);
	assert_int_equal(family_take(&f->db, &turn), FAMILY_OK);
	assert_int_equal(turn.displaced.count, displaced == NULL ? 0 : 1);
	if (displaced != NULL) {
		assert_int_equal(family_look(&f->db, bytes_str(displaced), now,
		    &old), FAMILY_OVER);
		assert_string_equal(turn.displaced.item[0], old.family.sid);
		assert_int_equal(old.family.end, FAMILY_END_TOO_MANY);
		family_turn_clear(&old);
	}
	memcpy(token, turn.token, FAMILY_TOKEN_LEN + 1);
	family_turn_clear(&turn);
}

/* The one that was not used for the longest time goes; others' do not count. */
static void
test_too_many(void **state)
{
	struct families *f = *state;
	char token[5][FAMILY_TOKEN_LEN + 1], bob[FAMILY_TOKEN_LEN + 1];
	int i;

	families_login(f, "bob", LOGIN - 1, bob);
	for (i = 0; i < 3; i++)
		log_in(f, LOGIN + i, NULL, token[i]);
	assert_int_equal(families_refresh(f, token[0], LOGIN + 10), FAMILY_OK);
	log_in(f, LOGIN + 11, token[1], token[3]);
	log_in(f, LOGIN + 12, token[2], token[4]);
	assert_int_equal(families_look(f, token[0], LOGIN + 12), FAMILY_OK);
	assert_int_equal(families_look(f, token[3], LOGIN + 12), FAMILY_OK);
	assert_int_equal(families_look(f, bob, LOGIN + 12), FAMILY_OK);
}

/* Families that have ended, or whose time is over, take nobody's place. */
static void
test_too_many_ended(void **state)
{
	struct families *f = *state;
	char token[4][FAMILY_TOKEN_LEN + 1];
	struct family_turn turn;
	int i;

	for (i = 0; i < 3; i++)
		log_in(f, LOGIN + i * 500, NULL, token[i]);
	/* The first is over now, because it was idle for 1000 s. */
	log_in(f, LOGIN + 1001, NULL, token[0]);
	assert_int_equal(families_number(f, "SELECT count(*) FROM family "
	    "WHERE why=5"), 1);
	assert_int_equal(family_logout(&f->db, bytes_str(token[0]),
	    LOGIN + 1001, &turn), FAMILY_OK);
	family_turn_clear(&turn);
	log_in(f, LOGIN + 1002, NULL, token[3]);
	assert_int_equal(families_look(f, token[2], LOGIN + 1002), FAMILY_OK);
}

/* After families_max was made smaller the next login ends all that are over. */
static void
test_too_many_lowered(void **state)
{
	struct families *f = *state;
	struct family_login login = families_login_of("alice");
	struct family_turn turn;
	char token[3][FAMILY_TOKEN_LEN + 1];
	int i;

	for (i = 0; i < 3; i++)
		log_in(f, LOGIN + i, NULL, token[i]);
	f->conf.families_max = 1;
	assert_int_equal(family_start(&f->db, &login, LOGIN + 5, &turn),
	    FAMILY_OK);
	assert_int_equal(family_take(&f->db, &turn), FAMILY_OK);
	assert_int_equal(turn.displaced.count, 3);
	assert_int_equal(families_look(f, turn.token, LOGIN + 5), FAMILY_OK);
	assert_int_equal(families_look(f, token[2], LOGIN + 5), FAMILY_OVER);
	family_turn_clear(&turn);
}

/* Make so many ended families of a person, one a second from that one on. */
static void
add_ended(struct families *f, const char *person, int count, int64_t ended)
{
	char sql[512];

	snprintf(sql, sizeof(sql), "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL "
	    "SELECT i+1 FROM n WHERE i+1<%d) INSERT INTO family SELECT "
	    "randomblob(16),'%s','','','',0,1,%lld,1,0,x'',x'',%lld+i,1,x'' "
	    "FROM n", count, person, (long long)LOGIN * 2, (long long)ended);
	families_sql(f, sql);
}

/* Who logs in and out in a loop must not fill the disk: 1000 ended ones stay. */
static void
test_too_many_rows(void **state)
{
	static const char count[] = "SELECT count(*) FROM family WHERE "
	    "ended<>0 AND person='alice'";
	static const char oldest[] = "SELECT min(ended) FROM family WHERE "
	    "ended<>0 AND person='alice'";
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1];

	add_ended(f, "alice", 1000, LOGIN - 5000);
	add_ended(f, "bob", 1010, LOGIN - 5000);
	log_in(f, LOGIN, NULL, token);
	assert_int_equal(families_number(f, count), 1000);
	/* A login drops some of them, the oldest first. */
	add_ended(f, "alice", 6, LOGIN - 1);
	log_in(f, LOGIN, NULL, token);
	assert_int_equal(families_number(f, count), 1002);
	assert_int_equal(families_number(f, oldest), LOGIN - 4996);
	log_in(f, LOGIN, NULL, token);
	assert_int_equal(families_number(f, count), 1000);
	assert_int_equal(families_number(f, oldest), LOGIN - 4994);
	assert_int_equal(families_number(f, "SELECT count(*) FROM family "
	    "WHERE person='bob'"), 1010);
	/* Access tokens of these may still live, for 600 seconds. */
	families_sql(f, "DELETE FROM family WHERE ended<>0");
	families_sql(f, "DELETE FROM family WHERE ended=0");
	add_ended(f, "alice", 1003, LOGIN - 602);
	log_in(f, LOGIN, NULL, token);
	assert_int_equal(families_number(f, count), 1001);
	log_in(f, LOGIN, NULL, token);
	assert_int_equal(families_number(f, count), 1001);
}

/* ---- purge -------------------------------------------------------------- */

/* What goes are families whose absolute end has passed, ended or not. */
static void
test_purge(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], old[FAMILY_TOKEN_LEN + 1];
	size_t dropped;

	families_login(f, "alice", LOGIN, old);
	memcpy(token, old, sizeof(token));
	assert_int_equal(families_refresh(f, token, LOGIN + 1), FAMILY_OK);
	assert_int_equal(families_look(f, old, LOGIN + 100), FAMILY_REUSED);
	assert_true(family_purge(&f->db, LOGIN + 9999, &dropped));
	assert_int_equal(dropped, 0);
	assert_int_equal(families_look(f, old, LOGIN + 9999),
	    FAMILY_REUSED_AGAIN);
	assert_true(family_purge(&f->db, LOGIN + 10000, &dropped));
	assert_int_equal(dropped, 1);
	assert_int_equal(families_look(f, old, LOGIN + 10000), FAMILY_UNKNOWN);
}

static void
test_purge_many(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], person[16];
	size_t dropped;
	int i;

	f->conf.refresh_ttl_sec = 20000;
	families_login(f, "last", LOGIN, token);
	f->conf.refresh_ttl_sec = 10000;
	for (i = 0; i < 201; i++) {
		snprintf(person, sizeof(person), "p%d", i);
		families_login(f, person, LOGIN + 1, token);
	}
	assert_true(family_purge(&f->db, LOGIN + 10001, &dropped));
	assert_int_equal(dropped, 201);
	assert_int_equal(families_number(f, "SELECT count(*) FROM family"), 1);
}

/* Each login drops four, so that the file stays small without a timer. */
static void
test_login_drops(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1], person[16];
	int i;

	for (i = 0; i < 6; i++) {
		snprintf(person, sizeof(person), "p%d", i);
		families_login(f, person, LOGIN, token);
	}
	families_login(f, "alice", LOGIN + 9999, token);
	assert_int_equal(families_number(f, "SELECT count(*) FROM family"), 7);
	families_login(f, "alice", LOGIN + 10000, token);
	assert_int_equal(families_number(f, "SELECT count(*) FROM family"), 4);
	families_login(f, "alice", LOGIN + 10000, token);
	assert_int_equal(families_number(f, "SELECT count(*) FROM family"), 3);
}

/* ---- list, revoke, restore ---------------------------------------------- */

struct seen {
	size_t count;
	char people[64];	/* first letters, in the order of the calls */
	size_t stop;		/* after so many; 0: never */
};

static bool
see(const struct family *family, void *context)
{
	struct seen *seen = context;

	seen->people[seen->count++] = family->person[0];
	return seen->count != seen->stop;
}

static void
test_list(void **state)
{
	struct families *f = *state;
	char token[FAMILY_TOKEN_LEN + 1];
	struct seen seen = { .count = 0 };

	families_login(f, "carol", LOGIN, token);
	families_login(f, "alice", LOGIN, token);
	families_login(f, "bob", LOGIN, token);
	families_login(f, "alice", LOGIN, token);
	assert_true(family_list(&f->db, see, &seen));
	assert_string_equal(seen.people, "aabc");
	seen = (struct seen){ .stop = 2 };
	assert_false(family_list(&f->db, see, &seen));
	assert_int_equal(seen.count, 2);
}

static void
test_revoke(void **state)
{
	struct families *f = *state;
	char alice[FAMILY_TOKEN_LEN + 1], bob[FAMILY_TOKEN_LEN + 1];
	struct family_choice choice = { .person = "alice",
		.end = FAMILY_END_REVOKED };
	struct seen seen = { .count = 0 };
	struct family_turn turn;
	size_t ended;

	families_login(f, "alice", LOGIN, alice);
	families_login(f, "alice", LOGIN, alice);
	families_login(f, "bob", LOGIN, bob);
	assert_true(family_revoke(&f->db, &choice, LOGIN + 1, see, &seen,
	    &ended));
	assert_string_equal(seen.people, "aa");
	assert_int_equal(ended, 2);
	assert_int_equal(families_look(f, alice, LOGIN + 1), FAMILY_OVER);
	assert_int_equal(family_look(&f->db, bytes_str(bob), LOGIN + 1, &turn),
	    FAMILY_OK);

	/* Again: nothing ends, but the hosts can be told. */
	seen = (struct seen){ .count = 0 };
	assert_true(family_revoke(&f->db, &choice, LOGIN + 2, see, &seen,
	    &ended));
	assert_string_equal(seen.people, "aa");
	assert_int_equal(ended, 0);

	choice = (struct family_choice){ .sid = turn.family.sid,
		.end = FAMILY_END_REVOKED };
	seen = (struct seen){ .count = 0 };
	assert_true(family_revoke(&f->db, &choice, LOGIN + 3, see, &seen,
	    &ended));
	assert_string_equal(seen.people, "b");
	assert_int_equal(ended, 1);
	family_turn_clear(&turn);
}

/* One damaged row does not keep the others from being revoked. */
static void
test_revoke_damaged(void **state)
{
	const struct family_choice choice = { .person = "alice",
		.end = FAMILY_END_REVOKED };
	struct families *f = *state;
	char alice[FAMILY_TOKEN_LEN + 1], bob[FAMILY_TOKEN_LEN + 1];
	struct seen seen = { .count = 0 };
	size_t ended;

	families_login(f, "alice", LOGIN, alice);
	families_login(f, "bob", LOGIN, bob);
	families_sql(f, "UPDATE family SET ends=ends+1 WHERE person='bob'");
	assert_false(family_revoke(&f->db, &choice, LOGIN + 1, see, &seen,
	    &ended));
	assert_non_null(strstr(f->db.fault, "1 rows are damaged"));
	assert_int_equal(ended, 1);
	assert_string_equal(seen.people, "a");
	assert_int_equal(families_look(f, alice, LOGIN + 1), FAMILY_OVER);
	assert_int_equal(families_number(f, "SELECT count(*) FROM family"), 2);
}

static void
test_restore(void **state)
{
	struct families *f = *state;
	char alice[FAMILY_TOKEN_LEN + 1], bob[FAMILY_TOKEN_LEN + 1];
	struct seen seen = { .count = 0 };
	size_t ended, dropped;

	families_login(f, "alice", LOGIN, alice);
	families_login(f, "bob", LOGIN, bob);
	families_sql(f, "UPDATE family SET ends=ends+1 WHERE person='bob'");
	assert_true(family_restore(&f->db, LOGIN + 1, see, &seen, &ended,
	    &dropped));
	assert_int_equal(ended, 1);
	assert_int_equal(dropped, 1);
	assert_string_equal(seen.people, "a");
	assert_int_equal(families_look(f, alice, LOGIN + 1), FAMILY_OVER);
	assert_int_equal(families_look(f, bob, LOGIN + 1), FAMILY_UNKNOWN);
	assert_int_equal(families_number(f, "SELECT why FROM family"),
	    FAMILY_END_RESTORED);
	assert_true(family_db_check(&f->db));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, families_setup, \
	families_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_too_many),
		TEST(test_too_many_ended),
		TEST(test_too_many_lowered),
		TEST(test_too_many_rows),
		TEST(test_purge),
		TEST(test_purge_many),
		TEST(test_login_drops),
		TEST(test_list),
		TEST(test_revoke),
		TEST(test_revoke_damaged),
		TEST(test_restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
