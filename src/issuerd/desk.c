/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Login, refresh and logout.  A turn looks first, decides, signs, and takes the
 * turn in the database last: so a refusal changes nothing, and what is answered
 * is on the disk.
 */
#include <stdio.h>
#include <syslog.h>

#include "issuerd/desk_turn.h"
#include "issuerd/fleet.h"
#include "issuerd/grants.h"

/*
 * How often a refresh looks again, because another process was first.  The
 * second look gives the same answer again, or ends the family.
 */
#define LOOKS_MAX 8

/* ---- the turn ----------------------------------------------------------- */

/* Forget what was found and made; but the text of the answer stays. */
static void
forget(struct desk_turn *turn)
{
	size_t i;

	for (i = 0; i < turn->count; i++)
		secret_clear(&turn->item[i].text);
	turn->count = 0;
	turn->person = NULL;
	family_turn_clear(&turn->family);
	person_account_clear(&turn->account);
}

/* False, with an answer, without memory.  The caller must end() it anyway. */
static bool
start(struct desk_turn *turn, struct desk *desk,
    const struct desk_caller *caller, const char *what,
    struct desk_answer *answer)
{
	*answer = (struct desk_answer){ .error = NULL };
	*turn = (struct desk_turn){
		.desk = desk, .caller = caller, .what = what,
		.answer = answer
	};
	turn->item = arena_alloc(&turn->arena,
	    SERVE_AUDIENCES_MAX * sizeof(*turn->item));
	if (turn->item == NULL)
		(void)desk_fail(turn, "memory ran out");
	return turn->item != NULL;
}

static void
end(struct desk_turn *turn)
{
	forget(turn);
	arena_clear(&turn->arena);
}

/* Add an audience that the client has named. */
static enum desk_result
add_audience(struct desk_turn *turn, struct bytes audience)
{
	const char *copy;

	if (!grants_audience_is_valid(audience))
		return desk_refuse(turn, DESK_INVALID_TARGET,
		    "that is not an audience", NULL);
	copy = arena_copy(&turn->arena, audience);
	if (copy == NULL)
		return desk_fail(turn, "memory ran out");
	turn->item[turn->count++] = (struct desk_token){ .audience = copy };
	return DESK_OK;
}

/* The login is over.  Its access tokens end at once, or within access_ttl. */
static bool
tell_fleet(const struct desk_turn *turn)
{
	const struct issuer_conf *conf = turn->desk->conf;
	char fault[STATE_FAULT_MAX], message[STATE_FAULT_MAX + 128];

	switch (fleet_revoke(conf, turn->family.family.sid, turn->desk->now,
	    fault)) {
	case FLEET_OK:
		desk_tell(turn, LOG_INFO, "revoked its access tokens", NULL);
		return true;
	case FLEET_NONE:
		snprintf(message, sizeof(message), "no redis is configured, "
		    "so its access tokens end within %u seconds",
		    conf->access_ttl_sec);
		desk_tell(turn, LOG_INFO, message, NULL);
		return true;
	case FLEET_FAILED:
		break;
	}
	snprintf(message, sizeof(message), "its access tokens end within %u "
	    "seconds, and not now: %s", conf->access_ttl_sec, fault);
	desk_tell(turn, LOG_ERR, message, NULL);
	return false;
}

static enum family_result
take(struct desk_turn *turn)
{
	enum family_result taken = family_take(turn->desk->db, &turn->family);
	size_t i;

	if (taken != FAMILY_OK && taken != FAMILY_REPEAT)
		return taken;
	for (i = 0; i < turn->count; i++)
		desk_tell_token(turn, &turn->item[i]);
	return FAMILY_OK;
}

/* The logins that had to make room for a new one. */
static void
tell_displaced(const struct desk_turn *turn)
{
	const struct words *sids = &turn->family.displaced;
	struct desk_turn old = *turn;	/* a view, with their sid */
	bool told = true;
	size_t i;

	for (i = 0; i < sids->count; i++) {
		snprintf(old.family.family.sid, sizeof(old.family.family.sid),
		    "%s", sids->item[i]);
		desk_tell(&old, LOG_NOTICE, "ended an older login, because "
		    "there are more than families_max", NULL);
		/* Nobody waits for a Redis that does not answer again. */
		if (told)
			told = tell_fleet(&old);
	}
}

/* ---- login -------------------------------------------------------------- */

static enum desk_result
choose_audiences(struct desk_turn *turn, const struct serve_words *words)
{
	enum desk_result result = DESK_OK;
	size_t i;

	if (words->audience_count == 0)
		return desk_add_literal(turn);
	for (i = 0; i < words->audience_count && result == DESK_OK; i++)
		result = add_audience(turn, words->audience[i]);
	return result;
}

static enum desk_result
begin_family(struct desk_turn *turn)
{
	const struct sshkey *key = &turn->person->key;
	struct family_login login = {
		.person = turn->person->name, .fingerprint = key->fingerprint,
		.jkt = key->jkt, .is_hardware = turn->person->is_hardware,
		.is_bearer = turn->bearer, .is_compact = turn->compact
	};
	size_t i;

	if (turn->bearer)
		login.jkt = "";
	login.audience.item = arena_alloc(&turn->arena,
	    turn->count * sizeof(*login.audience.item));
	if (login.audience.item == NULL)
		return desk_fail(turn, "memory ran out");
	for (i = 0; i < turn->count; i++)
		login.audience.item[login.audience.count++] =
		    turn->item[i].audience;
	if (family_start(turn->desk->db, &login, turn->desk->now,
	    &turn->family) != FAMILY_OK)
		return desk_fail(turn, turn->desk->db->fault);
	return DESK_OK;
}

static enum desk_result
log_in(struct desk_turn *turn, const struct serve_words *words)
{
	enum desk_result result = desk_look_up(turn);

	if (result == DESK_OK)
		result = choose_audiences(turn, words);
	if (result == DESK_OK)
		result = desk_grant(turn);
	if (result == DESK_OK)
		result = begin_family(turn);
	if (result == DESK_OK)
		result = desk_issue(turn);
	if (result != DESK_OK)
		return result;
	if (take(turn) != FAMILY_OK)
		return desk_fail(turn, turn->desk->db->fault);
	tell_displaced(turn);
	return DESK_OK;
}

enum desk_result
desk_login(struct desk *desk, const struct desk_caller *caller,
    const struct serve_words *words, struct desk_answer *answer)
{
	enum desk_result result = DESK_TROUBLE;
	struct desk_turn turn;

	if (start(&turn, desk, caller, "login", answer)) {
		turn.person = caller->person;
		turn.bearer = words->bearer;
		turn.compact = words->compact;
		if (turn.person == NULL)
			result = desk_refuse(&turn, DESK_INVALID_REQUEST,
			    "nobody has proved a key", NULL);
		else
			result = log_in(&turn, words);
	}
	end(&turn);
	return result;
}

/* ---- refresh ------------------------------------------------------------ */

/* Whether the family is the caller's, who is known over ssh alone. */
static bool
is_callers(const struct desk_turn *turn)
{
	const struct person *caller = turn->caller->person;

	return caller == NULL ||
	    strcmp(caller->name, turn->family.family.person) == 0;
}

/* After a reuse, whoever it was: the log and the hosts learn it. */
static void
tell_reuse(const struct desk_turn *turn, enum family_result look)
{
	if (look != FAMILY_REUSED && look != FAMILY_AHEAD)
		return;
	desk_tell(turn, LOG_WARNING, "ended the login: it may be stolen", NULL);
	(void)tell_fleet(turn);
}

/* Why the database gives no turn, and what is done about it. */
static enum desk_result
refuse_look(struct desk_turn *turn, enum family_result look)
{
	const char *why = family_result_text(look);

	if (look == FAMILY_TROUBLE)
		return desk_fail(turn, turn->desk->db->fault);
	if (look == FAMILY_CLOCK || look == FAMILY_AGAIN)
		return desk_fail(turn, why);
	tell_reuse(turn, look);
	return desk_refuse(turn, DESK_INVALID_GRANT, why, NULL);
}

/* The person and the key of the login must still be listed. */
static enum desk_result
find_person(struct desk_turn *turn)
{
	const struct family *family = &turn->family.family;
	struct sshkey key = { .ca = "" };

	if (!is_callers(turn))
		return desk_refuse(turn, DESK_INVALID_GRANT,
		    "the refresh token is another person's", NULL);
	snprintf(key.fingerprint, sizeof(key.fingerprint), "%s",
	    family->fingerprint);
	turn->person = people_find(turn->desk->people, &key);
	if (turn->person == NULL ||
	    strcmp(turn->person->name, family->person) != 0)
		return desk_refuse(turn, DESK_INVALID_GRANT,
		    "the key of the login is no longer listed", NULL);
	turn->bearer = family->is_bearer;
	turn->compact = family->is_compact;
	return DESK_OK;
}

/*
 * The audiences of the login, or the one that is asked for.  Whoever has the
 * refresh token of a bearer login needs no key, so it gets nothing beyond what
 * the login asked for.
 */
static enum desk_result
choose_again(struct desk_turn *turn, struct bytes audience)
{
	const struct words *asked = &turn->family.family.audience;
	enum desk_result result = DESK_OK;
	size_t i;

	if (audience.len > 0) {
		if (turn->bearer && !policy_words_have(asked, audience))
			return desk_refuse(turn, DESK_INVALID_TARGET,
			    "the bearer login did not ask for this "
			    "audience", NULL);
		return add_audience(turn, audience);
	}
	if (asked->count > SERVE_AUDIENCES_MAX)
		return desk_fail(turn, "the login has too many audiences");
	for (i = 0; i < asked->count && result == DESK_OK; i++)
		result = add_audience(turn, bytes_str(asked->item[i]));
	return result;
}

static enum desk_result
decide_again(struct desk_turn *turn, struct bytes audience)
{
	enum desk_result result = find_person(turn);

	if (result == DESK_OK)
		result = desk_look_up(turn);
	if (result == DESK_OK)
		result = choose_again(turn, audience);
	if (result == DESK_OK)
		result = desk_grant(turn);
	return result;
}

/*
 * *taken is FAMILY_AGAIN if another process was first, and then there is no
 * answer yet.
 */
static enum desk_result
refresh_once(struct desk_turn *turn, struct bytes token, struct bytes audience,
    enum family_result *taken)
{
	enum desk_result result;

	*taken = family_look(turn->desk->db, token, turn->desk->now,
	    &turn->family);
	if (*taken != FAMILY_OK && *taken != FAMILY_REPEAT)
		return refuse_look(turn, *taken);
	result = decide_again(turn, audience);
	if (result == DESK_OK)
		result = desk_issue(turn);
	if (result != DESK_OK)
		return result;
	*taken = take(turn);
	if (*taken == FAMILY_OK)
		return DESK_OK;
	if (*taken == FAMILY_AGAIN)
		return DESK_TROUBLE;
	return refuse_look(turn, *taken);
}

static enum desk_result
refresh(struct desk_turn *turn, struct bytes token, struct bytes audience)
{
	enum family_result taken = FAMILY_AGAIN;
	enum desk_result result = DESK_TROUBLE;
	unsigned look;

	for (look = 0; look < LOOKS_MAX && taken == FAMILY_AGAIN; look++) {
		forget(turn);
		secret_clear(&turn->answer->text);
		result = refresh_once(turn, token, audience, &taken);
	}
	if (taken == FAMILY_AGAIN)
		return desk_fail(turn, "other processes changed the login each "
		    "time");
	return result;
}

enum desk_result
desk_refresh(struct desk *desk, const struct desk_caller *caller,
    struct bytes token, struct bytes audience, struct desk_answer *answer)
{
	enum desk_result result = DESK_TROUBLE;
	struct desk_turn turn;

	if (start(&turn, desk, caller, "refresh", answer))
		result = refresh(&turn, token, audience);
	end(&turn);
	return result;
}

/* ---- logout ------------------------------------------------------------- */

/*
 * Over ssh, see first whose token it is: a key of one person must not end the
 * login of another one.  *look is FAMILY_OK if the family is still to be ended.
 */
static enum desk_result
look_first(struct desk_turn *turn, struct bytes token,
    enum family_result *look)
{
	*look = FAMILY_OK;
	if (turn->caller->person == NULL)
		return DESK_OK;
	*look = family_look(turn->desk->db, token, turn->desk->now,
	    &turn->family);
	if (*look == FAMILY_TROUBLE)
		return desk_fail(turn, turn->desk->db->fault);
	if (*look != FAMILY_UNKNOWN && !is_callers(turn)) {
		tell_reuse(turn, *look);
		return desk_refuse(turn, DESK_INVALID_GRANT,
		    "the refresh token is another person's", NULL);
	}
	if (*look != FAMILY_REUSED && *look != FAMILY_AHEAD)
		*look = FAMILY_OK;
	return DESK_OK;
}

/* RFC 7009 section 2.2: a token that is over is no error. */
static enum desk_result
finish_logout(struct desk_turn *turn, enum family_result ended)
{
	bool told = true;

	if (ended == FAMILY_TROUBLE || ended == FAMILY_AGAIN)
		return desk_fail(turn, turn->desk->db->fault);
	if (ended == FAMILY_OK)
		desk_tell(turn, LOG_INFO, "ended the login", NULL);
	else
		desk_tell(turn, LOG_NOTICE, family_result_text(ended), NULL);
	if (ended != FAMILY_UNKNOWN && ended != FAMILY_REUSED_AGAIN)
		told = tell_fleet(turn);
	if (!told)
		return desk_fail(turn, "the hosts were not told: log out again");
	if (secret_copy(bytes_str("{}"), &turn->answer->text) != JWT_OK)
		return desk_fail(turn, "memory ran out");
	return DESK_OK;
}

static enum desk_result
log_out(struct desk_turn *turn, struct bytes token)
{
	enum family_result ended;
	enum desk_result result = look_first(turn, token, &ended);

	if (result != DESK_OK)
		return result;
	if (ended == FAMILY_OK) {
		family_turn_clear(&turn->family);
		ended = family_logout(turn->desk->db, token, turn->desk->now,
		    &turn->family);
	}
	return finish_logout(turn, ended);
}

enum desk_result
desk_logout(struct desk *desk, const struct desk_caller *caller,
    struct bytes token, struct desk_answer *answer)
{
	enum desk_result result = DESK_TROUBLE;
	struct desk_turn turn;

	if (start(&turn, desk, caller, "logout", answer))
		result = log_out(&turn, token);
	end(&turn);
	return result;
}

void
desk_answer_clear(struct desk_answer *answer)
{
	secret_clear(&answer->text);
	*answer = (struct desk_answer){ .error = NULL };
}
