/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes a grant from a verdict, and says what a session owes to it: how long
 * the session may last, and which token its end revokes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/grant.h"

enum { VALUE_ISS, VALUE_SUB, VALUE_JTI, VALUE_EXP };

static char *
copy_bytes(struct bytes text)
{
	char *copy = malloc(text.len + 1);

	if (copy != NULL) {
		if (text.len > 0)
			memcpy(copy, text.ptr, text.len);
		copy[text.len] = '\0';
	}
	return copy;
}

void
grant_free(struct grant *grant)
{
	if (grant == NULL)
		return;
	free(grant->account);
	free(grant->iss);
	free(grant->sub);
	free(grant->jti);
	free(grant->sid);
	free(grant);
}

struct grant *
grant_new(const struct verdict *verdict)
{
	struct grant *grant = calloc(1, sizeof(*grant));

	if (grant == NULL)
		return NULL;
	grant->account = strdup(verdict->account);
	grant->iss = copy_bytes(verdict->id.iss);
	grant->sub = copy_bytes(verdict->id.sub);
	grant->jti = copy_bytes(verdict->id.jti);
	grant->sid = copy_bytes(verdict->id.sid);
	memcpy(grant->digest, verdict->digest, HASH_LEN);
	grant->has_digest = verdict->has_digest;
	grant->iat = verdict->id.iat;
	grant->exp = verdict->id.exp;
	grant->session_expiry = verdict->id.session_expiry;
	grant->leeway_sec = verdict->issuer->leeway_sec;
	grant->state_required = verdict->issuer->revocation_required;
	grant->proof = *verdict->proof;
	grant->is_free = !grant_binds(grant, verdict->service);
	if (grant->account != NULL && grant->iss != NULL &&
	    grant->sub != NULL && grant->jti != NULL && grant->sid != NULL)
		return grant;
	grant_free(grant);
	return NULL;
}

const char *
grant_name(size_t index)
{
	static const char *const names[] = {
		[VALUE_ISS] = "JWT_ISS", [VALUE_SUB] = "JWT_SUB",
		[VALUE_JTI] = "JWT_JTI", [VALUE_EXP] = "JWT_EXP"
	};

	if (index >= sizeof(names) / sizeof(names[0]))
		return NULL;
	return names[index];
}

const char *
grant_value(const struct grant *grant, size_t index,
    char number[GRANT_NUMBER_SIZE])
{
	switch (index) {
	case VALUE_ISS:
		return grant->iss;
	case VALUE_SUB:
		return grant->sub;
	case VALUE_JTI:
		return grant->jti;
	case VALUE_EXP:
		snprintf(number, GRANT_NUMBER_SIZE, "%lld",
		    (long long)grant->exp);
		return number;
	default:
		return NULL;
	}
}

/* The earlier of two ends; a negative one is that of a session without any. */
static int64_t
earlier(int64_t seconds, int64_t other)
{
	if (seconds < 0 || other < seconds)
		return other;
	return seconds;
}

/* Seconds from now until a time, and 0 if it has passed. */
static int64_t
seconds_until(int64_t when, int64_t now)
{
	if (when <= now)
		return 0;
	return when - now;
}

int64_t
grant_seconds(const struct grant *grant, const struct service *service,
    int64_t now)
{
	int64_t seconds = GRANT_NO_LIMIT;

	if (service->session_limit_sec > 0)
		seconds = service->session_limit_sec;
	if (service->session_until_exp)
		seconds = earlier(seconds, seconds_until(grant->exp, now));
	if (grant->session_expiry >= 0)
		seconds = earlier(seconds,
		    seconds_until(grant->session_expiry, now));
	return seconds;
}

bool
grant_binds(const struct grant *grant, const struct service *service)
{
	return service->session_limit_sec > 0 || service->session_until_exp ||
	    service->revoke_on_logout || grant->session_expiry >= 0;
}

struct state_token
grant_state_token(const struct grant *grant)
{
	size_t digest_len = grant->has_digest ? HASH_LEN : 0;

	return (struct state_token){ .iss = bytes_str(grant->iss),
		.sub = bytes_str(grant->sub),
		.jti = bytes_str(grant->jti),
		.sid = bytes_str(grant->sid),
		.digest = bytes_of(grant->digest, digest_len),
		.account = bytes_str(grant->account),
		.iat = grant->iat,
		.exp = grant->exp };
}

enum jwt_reason
grant_revoke(const struct grant *grant, const struct state_store *store)
{
	struct state_fact fact = { .until = state_keep_until(grant->exp) };
	struct state_token token = grant_state_token(grant);
	enum jwt_reason reason;

	if (token.jti.len == 0 && token.digest.len == 0)
		return JWT_CLAIM_INVALID;
	reason = state_token_id(&token, &fact.id);
	if (reason != JWT_OK)
		return reason;
	return store->put(store->ctx, &fact);
}
