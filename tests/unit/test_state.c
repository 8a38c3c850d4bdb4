/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state: what is asked about a token, what an answer means, and the
 * directory of links that gives it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/clock.h"
#include "test_state.h"

/* ---- a store that says what the test wants ---- */

struct answers {
	const char *found;	/* letters of the kinds that are found */
	int64_t cutoff, made_at, purged;
	bool is_volatile;
	enum jwt_reason reason;
	char asked[16];		/* letters, in order; upper case: consume */
	struct state_question question;
};

static enum jwt_reason
ask(void *ctx, const struct state_question *question,
    struct state_answer *answer)
{
	struct answers *answers = ctx;
	size_t i;

	memset(answers->asked, 0, sizeof(answers->asked));
	for (i = 0; i < question->count; i++) {
		const struct state_ask *one = &question->ask[i];
		char letter = (char)one->id.kind;

		answers->asked[i] = one->consume ? (char)(letter - 'a' + 'A') :
		    letter;
		answer->fact[i].found = strchr(answers->found, letter) != NULL;
		answer->fact[i].cutoff = answers->cutoff;
	}
	answer->made_at = answers->made_at;
	answer->is_volatile = answers->is_volatile;
	answer->purged = answers->purged;
	answers->question = *question;
	return answers->reason;
}

static enum jwt_reason
check(struct answers *answers, const struct state_token *token,
    enum state_use use)
{
	const struct state_store store = { .ask = ask, .ctx = answers };

	return state_check(&store, token, use, NOW, NULL);
}

static struct state_token
token(void)
{
	static const uint8_t digest[HASH_LEN] = { 1 };

	return (struct state_token){
		.iss = bytes_str("https://i"), .sub = bytes_str("alice"),
		.jti = bytes_str("j"), .sid = bytes_str("s"),
		.digest = bytes_of(digest, HASH_LEN),
		.account = bytes_str("alice"), .iat = NOW - 10, .exp = EXP
	};
}

/* The name of a token is the one that the first question asks for. */
static void
check_token_id(const struct answers *answers, const struct state_token *of)
{
	const struct state_id *asked = &answers->question.ask[0].id;
	struct state_id got;

	assert_int_equal(state_token_id(of, &got), JWT_OK);
	assert_int_equal(got.kind, asked->kind);
	assert_memory_equal(got.hash, asked->hash, HASH_LEN);
}

static void
test_questions(void **state)
{
	struct answers answers = { .found = "" };
	struct state_token t = token();

	(void)state;
	assert_int_equal(check(&answers, &t, STATE_USE_ANY), JWT_OK);
	assert_string_equal(answers.asked, "tssaci");
	assert_int_equal(check(&answers, &t, STATE_USE_LOOK), JWT_OK);
	assert_string_equal(answers.asked, "tssaciu");
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME), JWT_OK);
	assert_string_equal(answers.asked, "tssaciU");
	assert_int_equal(answers.question.until, EXP + 601);
	assert_int_equal(state_keep_until(STATE_FOREVER - 602),
	    STATE_FOREVER - 1);
	assert_int_equal(state_keep_until(STATE_FOREVER - 1), STATE_FOREVER);
	assert_int_equal(state_keep_until(STATE_FOREVER), STATE_FOREVER);
	assert_int_equal(answers.question.now, NOW);
	t.sid.len = 0;
	assert_int_equal(check(&answers, &t, STATE_USE_ANY), JWT_OK);
	assert_string_equal(answers.asked, "taci");
	check_token_id(&answers, &t);
	t.jti.len = 0;
	assert_int_equal(check(&answers, &t, STATE_USE_ANY), JWT_OK);
	assert_string_equal(answers.asked, "daci");
	check_token_id(&answers, &t);
	answers.asked[0] = '\0';
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME),
	    JWT_CLAIM_INVALID);
	assert_string_equal(answers.asked, "");
}

static void
test_answers(void **state)
{
	static const struct {
		const char *found;
		int64_t cutoff;
		enum jwt_reason reason;
	} rows[] = {
		{ "t", 0, JWT_REVOKED }, { "s", 0, JWT_REVOKED },
		{ "a", 0, JWT_REVOKED }, { "u", 0, JWT_REPLAYED },
		{ "c", NOW - 11, JWT_OK }, { "c", NOW - 10, JWT_SUPERSEDED },
		{ "c", NOW - 9, JWT_SUPERSEDED }, { "i", NOW - 11, JWT_OK },
		{ "i", NOW - 10, JWT_SUPERSEDED }, { "", 0, JWT_OK },
		{ "ut", 0, JWT_REVOKED },
	};
	struct state_token t = token();
	struct answers answers;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		answers = (struct answers){
			.found = rows[i].found, .cutoff = rows[i].cutoff
		};
		if (check(&answers, &t, STATE_USE_CONSUME) != rows[i].reason)
			fail_msg("row %zu", i);
	}
	/* Without iat nobody knows. */
	t.iat = -1;
	answers = (struct answers){ .found = "c", .cutoff = 1 };
	assert_int_equal(check(&answers, &t, STATE_USE_ANY), JWT_SUPERSEDED);
	answers = (struct answers){ .found = "", .reason =
	    JWT_STATE_UNAVAILABLE };
	assert_int_equal(check(&answers, &t, STATE_USE_ANY),
	    JWT_STATE_UNAVAILABLE);
	/* A revocation that was found counts, though the rest failed. */
	answers.found = "t";
	assert_int_equal(check(&answers, &t, STATE_USE_ANY), JWT_REVOKED);
}

/* What a store may have forgotten, and when it began to remember. */
static void
test_memory(void **state)
{
	struct state_token t = token();
	struct answers answers = { .found = "", .purged = EXP + 300 };

	(void)state;
	assert_int_equal(check(&answers, &t, STATE_USE_ANY), JWT_OK);
	answers.purged = EXP + 601;
	assert_int_equal(check(&answers, &t, STATE_USE_ANY), JWT_EXPIRED);
	answers.purged = 0;
	answers.made_at = NOW - 10;
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME), JWT_OK);
	answers.made_at = NOW - 9;
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME), JWT_REPLAYED);
	assert_int_equal(check(&answers, &t, STATE_USE_LOOK), JWT_REPLAYED);
	assert_int_equal(check(&answers, &t, STATE_USE_ANY), JWT_OK);
	t.iat = NOW + 1;
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME), JWT_OK);
	t.iat = -1;
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME), JWT_REPLAYED);
	answers.made_at = 0;
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME), JWT_OK);
}

/* The same for one that is made anew at each boot. */
static void
test_volatile_memory(void **state)
{
	struct state_token t = token();
	struct answers answers = { .found = "",
		.made_at = NOW - 9,
		.is_volatile = true };

	(void)state;
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME), JWT_REPLAYED);
	assert_int_equal(check(&answers, &t, STATE_USE_ANY), JWT_OK);
	t.iat = NOW;
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME), JWT_OK);
	t.iat = NOW + 1;
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME),
	    JWT_ISSUED_IN_FUTURE);
	t.iat = -1;
	assert_int_equal(check(&answers, &t, STATE_USE_CONSUME), JWT_REPLAYED);
}

static void
test_account(void **state)
{
	struct answers answers = { .found = "a" };
	const struct state_store store = { .ask = ask, .ctx = &answers };

	(void)state;
	assert_int_equal(state_check_account(&store, "alice", NOW),
	    JWT_REVOKED);
	assert_string_equal(answers.asked, "a");
	answers.found = "";
	assert_int_equal(state_check_account(&store, "alice", NOW), JWT_OK);
	answers.reason = JWT_STATE_UNAVAILABLE;
	assert_int_equal(state_check_account(&store, "alice", NOW),
	    JWT_STATE_UNAVAILABLE);
}

static struct state_id
user_session(const char *iss, const char *sub, const char *sid)
{
	struct state_id out;

	assert_int_equal(state_user_session_id(bytes_str(iss), bytes_str(sub),
	    bytes_str(sid), &out), JWT_OK);
	return out;
}

/* A session of one user: another user's, issuer's or sid is another fact. */
static void
test_user_sessions(void **state)
{
	const struct state_id ids[] = {
		user_session("https://i", "alice", "s"),
		user_session("https://i", "bob", "s"),
		user_session("https://i", "alice", "t"),
		user_session("https://j", "alice", "s"),
		user_session("https://i", "s", "alice"),
		user_session("https://i", "alices", ""),
		id(STATE_SESSION, "https://i", "s"),
		id(STATE_SESSION, "https://i", "alice"),
	};
	struct answers answers = { .found = "" };
	struct state_token t = token();
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		assert_int_equal(ids[i].kind, STATE_SESSION);
		for (k = 0; k < i; k++)
			assert_memory_not_equal(ids[i].hash, ids[k].hash,
			    HASH_LEN);
	}
	assert_int_equal(check(&answers, &t, STATE_USE_ANY), JWT_OK);
	assert_memory_equal(answers.question.ask[1].id.hash, ids[6].hash,
	    HASH_LEN);
	assert_memory_equal(answers.question.ask[2].id.hash, ids[0].hash,
	    HASH_LEN);
}

/* Other kinds, issuers and values, and the same letters cut elsewhere. */
static void
test_ids(void **state)
{
	const struct state_id ids[] = {
		id(STATE_TOKEN, "ab", "c"), id(STATE_TOKEN, "a", "bc"),
		id(STATE_TOKEN, "", "abc"), id(STATE_TOKEN, "abc", ""),
		id(STATE_DIGEST, "ab", "c"), id(STATE_SESSION, "ab", "c"),
		id(STATE_ACCOUNT, "ab", "c"), id(STATE_SUBJECT, "ab", "c"),
		id(STATE_ISSUER, "ab", "c"), id(STATE_USED, "ab", "c"),
		id(STATE_TOKEN, "ac", "c"), id(STATE_TOKEN, "ab", "d"),
	};
	const size_t count = sizeof(ids) / sizeof(ids[0]);
	struct state_id again = id(STATE_TOKEN, "ab", "c");
	size_t i, k;

	(void)state;
	assert_memory_equal(again.hash, ids[0].hash, HASH_LEN);
	for (i = 0; i < count; i++) {
		for (k = 0; k < i; k++)
			assert_memory_not_equal(ids[i].hash, ids[k].hash,
			    HASH_LEN);
	}
}

/* ---- the directory ---- */

static void
test_facts(void **state)
{
	static const char kinds[] = STATE_KINDS;
	struct state_dir dir = open_store();
	size_t i;

	(void)state;
	for (i = 0; kinds[i] != '\0'; i++) {
		enum state_kind kind = (enum state_kind)kinds[i];

		assert_false(look(&dir, kind, "x", NOW, NULL));
		put(&dir, kind, "x", EXP, 5);
		assert_true(look(&dir, kind, "x", NOW, NULL));
		assert_true(look(&dir, kind, "x", EXP - 1, NULL));
		/* Behind its time; but what was used stays used. */
		assert_true(look(&dir, kind, "x", EXP, NULL) ==
		    (kind == STATE_USED));
		assert_false(look(&dir, kind, "y", NOW, NULL));
		put(&dir, kind, "x", 0, 0);
		assert_false(look(&dir, kind, "x", NOW, NULL));
		put(&dir, kind, "x", 0, 0);
	}
	state_dir_close(&dir);
}

/* The later cut-off wins, and the later time. */
static void
test_merge(void **state)
{
	struct state_dir dir = open_store();
	int64_t cutoff;

	(void)state;
	put(&dir, STATE_SUBJECT, "x", EXP, 200);
	put(&dir, STATE_SUBJECT, "x", EXP + 5, 100);
	assert_true(look(&dir, STATE_SUBJECT, "x", EXP + 4, &cutoff));
	assert_int_equal(cutoff, 200);
	put(&dir, STATE_SUBJECT, "x", EXP, 300);
	assert_true(look(&dir, STATE_SUBJECT, "x", EXP + 4, &cutoff));
	assert_int_equal(cutoff, 300);
	put(&dir, STATE_TOKEN, "x", EXP + 5, 0);
	put(&dir, STATE_TOKEN, "x", EXP, 0);
	assert_true(look(&dir, STATE_TOKEN, "x", EXP + 4, NULL));
	state_dir_close(&dir);
}

static bool
use(struct state_dir *dir, const char *value, enum state_kind before)
{
	struct state_question question = {
		.ask = { { .id = id(before, "i", value) },
		    { .id = id(STATE_USED, "i", value), .consume = true } },
		.count = 2, .now = NOW, .until = EXP
	};
	struct state_answer answer = { .made_at = 0 };

	assert_int_equal(state_dir_ask(dir, &question, &answer), JWT_OK);
	return !answer.fact[0].found && !answer.fact[1].found;
}

/* A token that an earlier answer refuses is not used up. */
static void
test_use(void **state)
{
	struct state_dir dir = open_store();

	(void)state;
	put(&dir, STATE_TOKEN, "x", EXP, 0);
	assert_false(use(&dir, "x", STATE_TOKEN));
	assert_false(look(&dir, STATE_USED, "x", NOW, NULL));
	put(&dir, STATE_TOKEN, "x", 0, 0);
	assert_true(use(&dir, "x", STATE_TOKEN));
	assert_false(use(&dir, "x", STATE_TOKEN));
	assert_true(look(&dir, STATE_USED, "x", NOW, NULL));
	state_dir_close(&dir);
}

static bool
count_entry(void *ctx, const struct state_dir_entry *entry)
{
	assert_false(entry->damaged);
	(*(unsigned *)ctx)++;
	return true;
}

/* The mark comes first, and never goes back. */
static void
test_purge(void **state)
{
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = NOW + WEEK };
	struct state_question question = { .count = 0 };
	struct state_answer answer = { .made_at = 0 };
	unsigned left = 0;
	int64_t mark;

	(void)state;
	put_witness(&dir);
	put(&dir, STATE_TOKEN, "over", NOW, 0);
	put(&dir, STATE_USED, "over", NOW - 1, 0);
	put(&dir, STATE_TOKEN, "alive", NOW + 1, 0);
	put(&dir, STATE_SUBJECT, "over", NOW - 5, 7);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 3);
	assert_int_equal(purge.kept, 2);
	assert_int_equal(state_dir_walk(&dir, count_entry, &left), JWT_OK);
	assert_int_equal(left, 2);
	assert_int_equal(state_dir_get_mark(&dir, STATE_PURGED, &mark),
	    JWT_OK);
	assert_int_equal(mark, NOW);
	/* What goes says how far the mark moves, not the clock. */
	purge = (struct state_dir_purge){ .now = NOW + 1000000 };
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 1);
	assert_int_equal(state_dir_get_mark(&dir, STATE_PURGED, &mark),
	    JWT_OK);
	assert_int_equal(mark, NOW + 1);
	purge = (struct state_dir_purge){ .now = NOW - 100 };
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 0);
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_int_equal(answer.purged, NOW + 1);
	state_dir_close(&dir);
}

/*
 * A clock that is far ahead of all facts is not believed: nothing goes that
 * was not over when the newest was noted.
 */
static void
test_purge_clock(void **state)
{
	const int64_t now = (int64_t)time(NULL), year = 366 * 86400;
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = now + year };
	int64_t mark;

	(void)state;
	put_witness(&dir);
	put(&dir, STATE_SESSION, "logged out", now + year - 900, 0);
	put(&dir, STATE_TOKEN, "soon", now + 10, 0);
	put(&dir, STATE_TOKEN, "over", now - 1, 0);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_true(purge.ahead_sec >= year - 60 && purge.ahead_sec <= year);
	assert_int_equal(purge.removed, 1);
	assert_int_equal(state_dir_get_mark(&dir, STATE_PURGED, &mark),
	    JWT_OK);
	assert_int_equal(mark, now - 1);
	/* A week ahead at most, and it removes nothing that is not over. */
	purge = (struct state_dir_purge){ .now = now + WEEK };
	put(&dir, STATE_TOKEN, "over", now, 0);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.ahead_sec, 0);
	assert_int_equal(purge.removed, 1);
	purge = (struct state_dir_purge){ .now = now - 1 + WEEK };
	put(&dir, STATE_TOKEN, "over", now, 0);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 0);
	state_dir_close(&dir);
}

/* A session that ended while the clock was ahead is no witness for it. */
static void
test_purge_witness(void **state)
{
	const int64_t now = (int64_t)time(NULL);
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = now };

	(void)state;
	put(&dir, STATE_TOKEN, "noted after its end", now - 100 * WEEK, 0);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 0);
	put_witness(&dir);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 1);
	assert_int_equal(purge.ahead_sec, 0);
	state_dir_close(&dir);
}

/* The way out, where a clock was believed that was ahead. */
static void
test_reset(void **state)
{
	struct state_dir dir = open_store();
	struct state_question question = { .count = 0 };
	struct state_answer answer = { .made_at = 0 };
	int64_t before;

	(void)state;
	assert_int_equal(state_dir_set_mark(&dir, STATE_PURGED, NOW + 1),
	    JWT_OK);
	assert_int_equal(state_dir_reset(&dir, NOW + 1, &before), JWT_OK);
	assert_int_equal(before, NOW + 1);
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_int_equal(answer.purged, NOW + 1);
	assert_int_equal(state_dir_reset(&dir, NOW, &before), JWT_OK);
	assert_int_equal(before, NOW + 1);
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_int_equal(answer.purged, NOW);
	state_dir_close(&dir);
}

/* In memory: made by a clock that was ahead, it can be made now. */
static void
test_made_in_future(void **state)
{
	struct state_dir dir = open_store();
	struct state_question question = {
		.ask = { { .id = id(STATE_TOKEN, "i", "x") },
		    { .id = id(STATE_USED, "i", "x"), .consume = true } },
		.count = 2, .iat = NOW, .now = NOW, .until = EXP
	};
	struct state_answer answer = { .made_at = 0 };
	const int64_t made = NOW + STATE_CLOCK_AHEAD_SEC;
	bool changed;

	(void)state;
	dir.is_volatile = true;
	dir.made_at = made + 1;
	assert_int_equal(state_dir_ask(&dir, &question, &answer),
	    JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(dir.fault, "made in the future"));
	dir.is_volatile = false;
	assert_false(look(&dir, STATE_USED, "x", NOW, NULL));
	dir.is_volatile = true;
	/* What is revoked is, whenever the store was made. */
	put(&dir, STATE_TOKEN, "x", EXP, 0);
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_true(answer.fact[0].found);
	assert_int_equal(state_dir_set_made(&dir, NOW + 1, &changed), JWT_OK);
	assert_false(changed);
	assert_int_equal(state_dir_set_made(&dir, NOW, &changed), JWT_OK);
	assert_true(changed);
	state_dir_close(&dir);
	dir = open_store();
	assert_int_equal(dir.made_at, NOW);
	/* With the same key: what was noted is found again. */
	assert_true(look(&dir, STATE_TOKEN, "x", NOW, NULL));
	state_dir_close(&dir);
}

/* No expiry would tell that a cut-off of an account went too early. */
static void
test_purge_account(void **state)
{
	const int64_t year = 366 * 86400;
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = NOW + year - 1 };

	(void)state;
	put_witness(&dir);
	put(&dir, STATE_ACCOUNT, "x", NOW, 0);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 0);
	assert_true(look(&dir, STATE_ACCOUNT, "x", NOW - 1, NULL));
	assert_false(look(&dir, STATE_ACCOUNT, "x", NOW, NULL));
	purge.now++;
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 1);
	state_dir_close(&dir);
}

/* What a fleet has is taken as it is, unless it was written here since. */
static void
test_copy(void **state)
{
	struct state_dir dir = open_store();
	struct state_fact fact = { .until = EXP, .cutoff = 50 };
	int64_t later = (int64_t)time(NULL) + 100, cutoff;
	bool changed;

	(void)state;
	fact.id = id(STATE_SUBJECT, "i", "x");
	assert_int_equal(state_dir_copy(&dir, &fact, 0, &changed), JWT_OK);
	assert_true(changed);
	assert_int_equal(state_dir_copy(&dir, &fact, later, &changed), JWT_OK);
	assert_false(changed);
	fact.cutoff = 40;
	assert_int_equal(state_dir_copy(&dir, &fact, 0, &changed), JWT_OK);
	assert_false(changed);
	assert_int_equal(state_dir_copy(&dir, &fact, later, &changed), JWT_OK);
	assert_true(changed);
	assert_true(look(&dir, STATE_SUBJECT, "x", NOW, &cutoff));
	assert_int_equal(cutoff, 40);
	state_dir_close(&dir);
}

/* What a killed writer left goes when it is old, and harms nobody before. */
static void
test_leftovers(void **state)
{
	struct state_dir dir = open_store();
	struct state_dir_purge purge = { .now = (int64_t)time(NULL) };
	char name[128];

	(void)state;
	snprintf(name, sizeof(name), "%s/00/.new-0123456789abcdef", path);
	assert_int_equal(symlink("1", name), 0);
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 0);
	purge = (struct state_dir_purge){ .now = (int64_t)time(NULL) + 3700 };
	assert_int_equal(state_dir_purge(&dir, &purge), JWT_OK);
	assert_int_equal(purge.removed, 1);
	state_dir_close(&dir);
}

/* In memory: what it cannot judge yet is not used up. */
static void
test_volatile(void **state)
{
	struct state_dir dir = open_store();
	struct state_question question = {
		.ask = { { .id = id(STATE_USED, "i", "x"), .consume = true } },
		.count = 1, .iat = NOW + 1, .now = NOW, .until = EXP
	};
	struct state_answer answer = { .made_at = 0 };

	(void)state;
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_false(answer.is_volatile);
	assert_int_equal(answer.made_at, 0);
	put(&dir, STATE_USED, "x", 0, 0);
	dir.is_volatile = true;
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_true(answer.is_volatile);
	assert_true(answer.made_at >= NOW - 100);
	/* By a clock that was behind then: it is no older than the boot. */
	dir.made_at = 1;
	answer.fact[0].found = false;
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_true(answer.made_at >= NOW - clock_boot_sec() - 1);
	assert_true(answer.made_at > 1);
	assert_false(look(&dir, STATE_USED, "x", NOW, NULL));
	question.now = NOW + 1;
	assert_int_equal(state_dir_ask(&dir, &question, &answer), JWT_OK);
	assert_true(look(&dir, STATE_USED, "x", NOW, NULL));
	state_dir_close(&dir);
}

/* Made once, and the key is its own. */
static void
test_init(void **state)
{
	struct state_dir one = open_store(), two;
	bool made = true;

	(void)state;
	assert_int_equal(state_dir_init(path, NOW, &made, &two), JWT_OK);
	assert_false(made);
	assert_int_equal(two.made_at, NOW - 100);
	assert_memory_equal(one.key, two.key, HASH_LEN);
	state_dir_close(&two);
	remove_store(state);
	assert_int_equal(state_dir_init(path, NOW, &made, &two), JWT_OK);
	assert_true(made);
	assert_memory_not_equal(one.key, two.key, HASH_LEN);
	state_dir_close(&one);
	/* Facts without their key are not hidden behind a new one. */
	put(&two, STATE_TOKEN, "x", EXP, 0);
	assert_int_equal(unlinkat(two.fd, "store", 0), 0);
	state_dir_close(&two);
	assert_int_equal(state_dir_init(path, NOW, &made, &two),
	    JWT_STATE_UNAVAILABLE);
	assert_non_null(strstr(two.fault, "restore it"));
	assert_false(made);
	state_dir_close(&two);
}

/* A fact keeps its name: what an older version has noted must be found. */
static void
test_names_stay(void **state)
{
	static const char *const values[] = { "alice", "" };
	uint8_t text[1 + 2 * HASH_LEN], want[HASH_LEN];
	struct state_id got;
	size_t i;

	(void)state;
	text[0] = STATE_SUBJECT;
	for (i = 0; i < 2; i++) {
		assert_int_equal(hash_sha256(bytes_str("iss"), text + 1),
		    JWT_OK);
		assert_int_equal(hash_sha256(bytes_str(values[i]),
		    text + 1 + HASH_LEN), JWT_OK);
		assert_int_equal(hash_sha256(bytes_of(text, sizeof(text)),
		    want), JWT_OK);
		assert_int_equal(state_id(STATE_SUBJECT, bytes_str("iss"),
		    bytes_str(values[i]), &got), JWT_OK);
		assert_memory_equal(got.hash, want, HASH_LEN);
	}
}

/* So does a session of one user, whose value is a text of two hashes. */
static void
test_session_names_stay(void **state)
{
	uint8_t value[1 + 2 * HASH_LEN], text[1 + 2 * HASH_LEN];
	uint8_t want[HASH_LEN];
	struct state_id got = user_session("iss", "alice", "s");

	(void)state;
	value[0] = '\n';
	text[0] = STATE_SESSION;
	assert_int_equal(hash_sha256(bytes_str("alice"), value + 1), JWT_OK);
	assert_int_equal(hash_sha256(bytes_str("s"), value + 1 + HASH_LEN),
	    JWT_OK);
	assert_int_equal(hash_sha256(bytes_str("iss"), text + 1), JWT_OK);
	assert_int_equal(hash_sha256(bytes_of(value, sizeof(value)),
	    text + 1 + HASH_LEN), JWT_OK);
	assert_int_equal(hash_sha256(bytes_of(text, sizeof(text)), want),
	    JWT_OK);
	assert_memory_equal(got.hash, want, HASH_LEN);
}

/* A key gives the same for each of several texts. */
static void
test_hash_key(void **state)
{
	static const char *const texts[] = { "one", "", "one" };
	struct bytes key = bytes_str("0123456789abcdef0123456789abcdef");
	struct hash_key *used = hash_key_new(key);
	uint8_t got[HASH_LEN], want[HASH_LEN];
	size_t i;

	(void)state;
	assert_non_null(used);
	for (i = 0; i < 3; i++) {
		assert_int_equal(hash_key_use(used, bytes_str(texts[i]), got),
		    JWT_OK);
		assert_int_equal(hash_keyed(key, bytes_str(texts[i]), want),
		    JWT_OK);
		assert_memory_equal(got, want, HASH_LEN);
	}
	hash_key_free(used);
	hash_key_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_stay),
		cmocka_unit_test(test_session_names_stay),
		cmocka_unit_test(test_hash_key),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_volatile_memory),
		cmocka_unit_test(test_account),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_user_sessions),
		IN_STORE(test_facts),
		IN_STORE(test_merge),
		IN_STORE(test_use),
		IN_STORE(test_purge),
		IN_STORE(test_purge_account),
		IN_STORE(test_purge_clock),
		IN_STORE(test_purge_witness),
		IN_STORE(test_reset),
		IN_STORE(test_made_in_future),
		IN_STORE(test_copy),
		IN_STORE(test_leftovers),
		IN_STORE(test_volatile),
		IN_STORE(test_init),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
