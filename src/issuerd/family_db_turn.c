/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The turns of a family: a login, a refresh, a logout.  What a token gets is
 * decided in family.c; here it is read and made durable.
 */
#include <stdio.h>
#include <sys/random.h>

#include "issuerd/family_db_row.h"

#define DROPS_OF_LOGIN	4	/* rows: a login adds one, so the file stays small */
#define ENDED_KEPT	1000	/* of one person: half a megabyte */

static struct bytes
secret_of(const struct family_db *db)
{
	return bytes_of(db->secret, FAMILY_SECRET_LEN);
}

static struct family_rules
rules_of(const struct family_db *db)
{
	return (struct family_rules){ .ttl_sec = db->conf->refresh_ttl_sec,
		.idle_sec = db->conf->refresh_idle_sec,
		.grace_sec = db->conf->grace_sec };
}

static enum family_result
no_memory(struct family_db *db)
{
	family_db_fail(db, "memory ran out");
	return FAMILY_TROUBLE;
}

/* Write the refresh token of the answer, and its hash. */
static bool
put_token(const struct family_db *db, const struct family_token *token,
    struct family_turn *turn)
{
	turn->generation = token->generation;
	return family_token_write(secret_of(db), token, turn->token) ==
	    JWT_OK && family_token_hash(secret_of(db), token, turn->hash) ==
	    JWT_OK;
}

/* ---- the first token ---------------------------------------------------- */

static bool
copy_words(struct arena *arena, const struct words *from, struct words *out)
{
	const char **item = arena_alloc(arena, from->count * sizeof(*item));
	size_t i;

	if (item == NULL)
		return false;
	for (i = 0; i < from->count; i++) {
		item[i] = arena_copy(arena, bytes_str(from->item[i]));
		if (item[i] == NULL)
			return false;
	}
	*out = (struct words){ .item = item, .count = from->count };
	return true;
}

static bool
copy_login(const struct family_login *login, struct family *out)
{
	struct arena *arena = &out->arena;

	out->person = arena_copy(arena, bytes_str(login->person));
	out->fingerprint = arena_copy(arena, bytes_str(login->fingerprint));
	out->jkt = arena_copy(arena, bytes_str(login->jkt));
	out->is_hardware = login->is_hardware;
	out->is_bearer = login->is_bearer;
	out->is_compact = login->is_compact;
	return out->person != NULL && out->fingerprint != NULL &&
	    out->jkt != NULL &&
	    copy_words(arena, &login->audience, &out->audience);
}

/* A sid is a word on command lines, so it must not start with a minus. */
static bool
draw(struct family_token *token)
{
	uint8_t random[FAMILY_ID_LEN + FAMILY_VALUE_LEN];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return false;
	memcpy(token->id, random, FAMILY_ID_LEN);
	token->id[0] &= 0x7f;
	memcpy(token->value, random + FAMILY_ID_LEN, FAMILY_VALUE_LEN);
	token->generation = 0;
	explicit_bzero(random, sizeof(random));
	return true;
}

enum family_result
family_start(struct family_db *db, const struct family_login *login,
    int64_t now, struct family_turn *turn)
{
	struct family *family = &turn->family;
	struct family_token token;
	bool is_put;

	*turn = (struct family_turn){ .is_new = true, .iat = now };
	family_db_begin_call(db);
	if (login->audience.count == 0 ||
	    login->audience.count > FAMILY_AUDIENCES_MAX) {
		family_db_fail(db, "a login needs 1 to %d audiences",
		    FAMILY_AUDIENCES_MAX);
		return FAMILY_TROUBLE;
	}
	if (!copy_login(login, family))
		return no_memory(db);
	if (!draw(&token)) {
		family_db_fail(db, "the kernel has no random bytes");
		return FAMILY_TROUBLE;
	}
	is_put = put_token(db, &token, turn);
	memcpy(family->id, token.id, FAMILY_ID_LEN);
	explicit_bzero(&token, sizeof(token));
	if (!is_put)
		return no_memory(db);
	family_sid_write(family->id, family->sid);
	memcpy(family->current, turn->hash, HASH_LEN);
	family->auth_time = now;
	family->last_iat = now;
	family->ends = now + db->conf->refresh_ttl_sec;
	return FAMILY_OK;
}

/* ---- what a token gets -------------------------------------------------- */

/* Make the next token; for a repeat that is the current one of the family. */
static enum family_result
prepare(struct family_db *db, const struct family_token *token,
    enum family_result result, int64_t now, struct family_turn *turn)
{
	struct family_token next;
	enum jwt_reason reason = family_token_next(secret_of(db), token, &next);
	bool is_put;

	if (reason == JWT_INTERNAL)
		return FAMILY_OVER;
	is_put = reason == JWT_OK && put_token(db, &next, turn);
	explicit_bzero(&next, sizeof(next));
	if (!is_put)
		return no_memory(db);
	turn->iat = now;
	if (result == FAMILY_OK)
		return FAMILY_OK;
	turn->iat = turn->family.last_iat;
	return FAMILY_REPEAT;
}

/* Read the family of a token, and decide. */
static enum family_result
decide(struct family_db *db, const struct family_token *token, int64_t now,
    struct family *out)
{
	const struct family_rules rules = rules_of(db);
	uint8_t hash[HASH_LEN];
	enum family_result result;

	switch (family_row_find(db, token->id, out)) {
	case FAMILY_ROW_OK:
		break;
	case FAMILY_ROW_NONE:
		return FAMILY_UNKNOWN;
	case FAMILY_ROW_DAMAGED:
	case FAMILY_ROW_TROUBLE:
		return FAMILY_TROUBLE;
	}
	if (family_token_hash(secret_of(db), token, hash) != JWT_OK)
		return no_memory(db);
	result = family_decide(out, &rules, token->generation, hash, now);
	if (result == FAMILY_TROUBLE)
		family_db_fail(db, "the hash of a token of ours is another one "
		    "in it");
	return result;
}

/* ---- the end of a family ------------------------------------------------ */

static enum family_end
end_of(enum family_result result)
{
	if (result == FAMILY_REUSED)
		return FAMILY_END_REUSE;
	if (result == FAMILY_AHEAD)
		return FAMILY_END_RESTORED;
	return FAMILY_END_LOGOUT;
}

/* Whether the family ends by this: for a logout, a good token ends it, too. */
static bool
is_end(enum family_result result, bool is_logout)
{
	if (result == FAMILY_REUSED || result == FAMILY_AHEAD)
		return true;
	return is_logout && (result == FAMILY_OK || result == FAMILY_REPEAT ||
	    result == FAMILY_CLOCK);
}

/*
 * Decide again where nobody else can write, and end the family if it still must
 * end: of two processes only one is told that it did so.
 */
static enum family_result
end_family(struct family_db *db, const struct family_token *token,
    bool is_logout, int64_t now, struct family_turn *turn)
{
	enum family_result result;

	family_clear(&turn->family);
	if (!family_db_begin(db))
		return FAMILY_TROUBLE;
	result = decide(db, token, now, &turn->family);
	if (!is_end(result, is_logout)) {
		family_db_rollback(db);
		return result;
	}
	turn->family.ended = now;
	turn->family.end = end_of(result);
	if (!family_row_end(db, &turn->family)) {
		family_db_rollback(db);
		return FAMILY_TROUBLE;
	}
	if (!family_db_commit(db))
		return FAMILY_TROUBLE;
	if (end_of(result) == FAMILY_END_LOGOUT)
		return FAMILY_OK;
	return result;
}

/* ---- looking ------------------------------------------------------------ */

static enum family_result
read_token(struct family_db *db, struct bytes text, struct family_token *out)
{
	switch (family_token_read(secret_of(db), text, out)) {
	case JWT_OK:
		return FAMILY_OK;
	case JWT_OUT_OF_MEMORY:
		return no_memory(db);
	default:
		return FAMILY_UNKNOWN;
	}
}

enum family_result
family_look(struct family_db *db, struct bytes text, int64_t now,
    struct family_turn *turn)
{
	struct family_token token;
	enum family_result result;

	*turn = (struct family_turn){ .is_new = false };
	family_db_begin_call(db);
	result = read_token(db, text, &token);
	if (result != FAMILY_OK)
		return result;
	result = FAMILY_TROUBLE;
	if (family_db_is_same(db))
		result = decide(db, &token, now, &turn->family);
	if (is_end(result, false))
		result = end_family(db, &token, false, now, turn);
	if (result == FAMILY_OK || result == FAMILY_REPEAT)
		result = prepare(db, &token, result, now, turn);
	explicit_bzero(&token, sizeof(token));
	return result;
}

enum family_result
family_logout(struct family_db *db, struct bytes text, int64_t now,
    struct family_turn *turn)
{
	struct family_token token;
	enum family_result result;

	*turn = (struct family_turn){ .is_new = false };
	family_db_begin_call(db);
	result = read_token(db, text, &token);
	if (result != FAMILY_OK)
		return result;
	result = end_family(db, &token, true, now, turn);
	explicit_bzero(&token, sizeof(token));
	return result;
}

/* ---- taking ------------------------------------------------------------- */

/* The same answer again changes nothing; but the family must still be so. */
static enum family_result
take_repeat(struct family_db *db, const struct family_turn *turn)
{
	struct family family;
	enum family_row row = family_row_find(db, turn->family.id, &family);
	bool is_same = hash_is_same(family.seal, turn->family.seal, HASH_LEN);

	family_clear(&family);
	if (row == FAMILY_ROW_DAMAGED || row == FAMILY_ROW_TROUBLE ||
	    !family_db_is_same(db))
		return FAMILY_TROUBLE;
	if (row == FAMILY_ROW_NONE || !is_same)
		return FAMILY_AGAIN;
	return FAMILY_OK;
}

/*
 * The row is compared by its seal: if anything has changed in it since
 * family_look(), somebody else took the turn, or ended the family.
 */
static enum family_result
rotate(struct family_db *db, const struct family_turn *turn)
{
	struct family family = turn->family;
	bool changed;

	memcpy(family.previous, family.current, HASH_LEN);
	memcpy(family.current, turn->hash, HASH_LEN);
	family.generation = turn->generation;
	family.last_iat = turn->iat;
	if (!family_row_rotate(db, &family, &changed))
		return FAMILY_TROUBLE;
	if (!changed)
		return FAMILY_AGAIN;
	return FAMILY_OK;
}

/* ---- the families of a person ------------------------------------------- */

/* End one of the person's families, and remember its sid. */
static bool
displace(struct family_db *db, struct family *family, enum family_end end,
    struct family_turn *turn)
{
	struct arena *arena = &turn->family.arena;
	struct words *words = &turn->displaced;
	const char **item;

	family->ended = turn->iat;
	family->end = end;
	if (!family_row_end(db, family))
		return false;
	if (end == FAMILY_END_TIME)
		return true;	/* it had ended already: nobody must be told */
	item = arena_grow(arena, words->item, words->count, sizeof(*item));
	if (item == NULL)
		return family_db_fail(db, "memory ran out");
	words->item = item;
	item[words->count] = arena_copy(arena, bytes_str(family->sid));
	if (item[words->count++] == NULL)
		return family_db_fail(db, "memory ran out");
	return true;
}

/*
 * Look at one of the families, the youngest use first.  Those that the person
 * may keep are counted in *live; the others end.
 */
static enum family_row
thin_out_one(struct family_db *db, sqlite3_stmt *select,
    struct family_turn *turn, unsigned *live)
{
	const struct family_rules rules = rules_of(db);
	struct family family;
	enum family_row result = family_row_step(db, select, &family);
	bool is_done = true;

	if (result == FAMILY_ROW_OK) {
		if (!family_is_live(&family, &rules, turn->iat))
			is_done = displace(db, &family, FAMILY_END_TIME, turn);
		else if (*live + 1 >= db->conf->families_max)
			is_done = displace(db, &family, FAMILY_END_TOO_MANY,
			    turn);
		else
			(*live)++;
	}
	family_clear(&family);
	if (!is_done)
		return FAMILY_ROW_TROUBLE;
	return result;
}

/*
 * Make room for one more family of the person.  The one that was not used for
 * the longest time ends: a login that was forgotten must not keep its owner
 * out.  So the rows of a person that live are never more than families_max.
 */
static bool
thin_out(struct family_db *db, struct family_turn *turn)
{
	sqlite3_stmt *select = family_db_prepare(db, "SELECT "
	    FAMILY_ROW_COLUMNS " FROM family WHERE person=?1 AND ended=0 "
	    "ORDER BY last_iat DESC, id");
	enum family_row result = FAMILY_ROW_OK;
	unsigned live = 0;

	if (select == NULL)
		return false;
	sqlite3_bind_text(select, 1, turn->family.person, -1, SQLITE_STATIC);
	while (result == FAMILY_ROW_OK)
		result = thin_out_one(db, select, turn, &live);
	sqlite3_finalize(select);
	return result == FAMILY_ROW_NONE;
}

/*
 * A person who logs in and out in a loop must not fill the disk.  What goes has
 * no access token any more; its refresh tokens are unknown from now on, which
 * is as much in the log as the reuse of one.
 */
static bool
drop_ended(struct family_db *db, const struct family_turn *turn)
{
	return family_row_drop_ended(db, turn->family.person,
	    turn->iat - (int64_t)db->conf->access_ttl_sec, ENDED_KEPT,
	    DROPS_OF_LOGIN);
}

static enum family_result
insert(struct family_db *db, struct family_turn *turn)
{
	int changed;

	if (!family_row_drop(db, turn->iat, DROPS_OF_LOGIN, &changed) ||
	    !drop_ended(db, turn) || !thin_out(db, turn) ||
	    !family_row_insert(db, &turn->family))
		return FAMILY_TROUBLE;
	return FAMILY_OK;
}

enum family_result
family_take(struct family_db *db, struct family_turn *turn)
{
	enum family_result result;

	family_db_begin_call(db);
	if (!turn->is_new && turn->generation == turn->family.generation)
		return take_repeat(db, turn);
	if (!family_db_begin(db))
		return FAMILY_TROUBLE;
	if (turn->is_new)
		result = insert(db, turn);
	else
		result = rotate(db, turn);
	if (result != FAMILY_OK) {
		family_db_rollback(db);
		return result;
	}
	if (!family_db_commit(db))
		return FAMILY_TROUBLE;
	return FAMILY_OK;
}

void
family_turn_clear(struct family_turn *turn)
{
	family_clear(&turn->family);
	explicit_bzero(turn, sizeof(*turn));
}
