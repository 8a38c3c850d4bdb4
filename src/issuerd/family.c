/* SPDX-License-Identifier: BSD-2-Clause */
/* Decides what a refresh token gets, from its family and the time. */
#include <string.h>

#include "issuerd/family.h"

const char *
family_result_text(enum family_result result)
{
	static const char *const text[] = {
		[FAMILY_TROUBLE] = "the database of logins cannot be used",
		[FAMILY_OK] = "the refresh token is good",
		[FAMILY_REPEAT] = "the refresh token was used a moment ago: it "
		    "gets the same answer",
		[FAMILY_UNKNOWN] = "the refresh token is unknown",
		[FAMILY_OVER] = "the login of the refresh token has ended",
		[FAMILY_REUSED] = "a refresh token was used again: its login "
		    "ends",
		[FAMILY_REUSED_AGAIN] = "a refresh token was used again, of a "
		    "login that has ended",
		[FAMILY_AHEAD] = "the database is older than the refresh "
		    "token, whose login ends: was a backup restored? Run "
		    "pam-jwt issuer restore",
		[FAMILY_CLOCK] = "the clock is before the last token of the "
		    "login",
		[FAMILY_AGAIN] = "the refresh token was used by another "
		    "process at the same time",
	};

	return text[result];
}

const char *
family_end_name(enum family_end end)
{
	static const char *const name[FAMILY_END_COUNT] = {
		[FAMILY_END_NONE] = "",
		[FAMILY_END_LOGOUT] = "logout",
		[FAMILY_END_REUSE] = "reuse",
		[FAMILY_END_REVOKED] = "revoked",
		[FAMILY_END_TOO_MANY] = "too-many",
		[FAMILY_END_TIME] = "time",
		[FAMILY_END_RESTORED] = "restored",
	};

	return name[end];
}

int64_t
family_ends_at_last(const struct family *family, unsigned ttl_sec)
{
	if (family->auth_time + ttl_sec < family->ends)
		return family->auth_time + ttl_sec;
	return family->ends;
}

int64_t
family_ends(const struct family *family, const struct family_rules *rules)
{
	int64_t ends = family_ends_at_last(family, rules->ttl_sec);

	if (family->last_iat + rules->idle_sec < ends)
		ends = family->last_iat + rules->idle_sec;
	return ends;
}

bool
family_is_live(const struct family *family, const struct family_rules *rules,
    int64_t now)
{
	return family->ended == 0 && now < family_ends(family, rules);
}

/*
 * Whether the token is the one before the current one, and its answer may have
 * been lost.  Another process may have read the clock a moment later than this
 * one, so the time may also be as much before the last token as after it.
 */
static bool
is_repeat(const struct family *family, const struct family_rules *rules,
    uint32_t generation, int64_t now)
{
	const int64_t grace = rules->grace_sec;

	return grace > 0 && generation + 1 == family->generation &&
	    now <= family->last_iat + grace && now >= family->last_iat - grace;
}

/* Whether the hash is the one that the family has for that generation. */
static bool
has_hash(const struct family *family, uint32_t generation,
    const uint8_t hash[HASH_LEN])
{
	if (generation == family->generation)
		return hash_is_same(family->current, hash, HASH_LEN);
	return hash_is_same(family->previous, hash, HASH_LEN);
}

static enum family_result
decide_ended(const struct family *family, const struct family_rules *rules,
    uint32_t generation, int64_t now)
{
	if (generation >= family->generation)
		return FAMILY_OVER;
	if (is_repeat(family, rules, generation, now))
		return FAMILY_OVER;
	return FAMILY_REUSED_AGAIN;
}

enum family_result
family_decide(const struct family *family, const struct family_rules *rules,
    uint32_t generation, const uint8_t hash[HASH_LEN], int64_t now)
{
	if (!family_is_live(family, rules, now))
		return decide_ended(family, rules, generation, now);
	if (generation > family->generation)
		return FAMILY_AHEAD;
	if (family->generation - generation > 1)
		return FAMILY_REUSED;
	/* We made this token, so a wrong hash is one that was changed. */
	if (!has_hash(family, generation, hash))
		return FAMILY_TROUBLE;
	if (is_repeat(family, rules, generation, now))
		return FAMILY_REPEAT;
	if (now < family->last_iat)
		return FAMILY_CLOCK;
	if (generation != family->generation)
		return FAMILY_REUSED;
	return FAMILY_OK;
}

void
family_clear(struct family *family)
{
	arena_clear(&family->arena);
	explicit_bzero(family, sizeof(*family));
}
