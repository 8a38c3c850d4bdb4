/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes a grant from a verdict or from the PAM environment, and writes it
 * there.
 *
 * The grant decides which token a logout revokes and how long a session lasts.
 * Other modules can write to the environment, so its values are parsed
 * strictly here, and src/pam/session.c decides when they are believed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/number.h"
#include "core/grant.h"

enum { VALUE_ISS, VALUE_SUB, VALUE_JTI, VALUE_EXP, VALUE_DIGEST };

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
		[VALUE_JTI] = "JWT_JTI", [VALUE_EXP] = "JWT_EXP",
		[VALUE_DIGEST] = "JWT_DIGEST"
	};

	if (index >= GRANT_NAMES)
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
	case VALUE_DIGEST:
		if (grant->jti[0] != '\0' || !grant->has_digest)
			return NULL;
		hash_hex(bytes_of(grant->digest, HASH_LEN), number);
		return number;
	default:
		return NULL;
	}
}

static bool
parse_exp(const char *text, int64_t *out)
{
	struct bytes digits = bytes_str(text);
	struct number_date date;

	if (!number_is_valid(digits) || number_date(digits, &date) != JWT_OK)
		return false;
	*out = date.floor_sec;
	return true;
}

struct grant *
grant_of_values(const char *const values[GRANT_NAMES])
{
	const char *jti = values[VALUE_JTI] == NULL ? "" : values[VALUE_JTI];
	struct grant *grant;

	if (values[VALUE_ISS] == NULL || values[VALUE_SUB] == NULL ||
	    values[VALUE_EXP] == NULL)
		return NULL;
	grant = calloc(1, sizeof(*grant));
	if (grant == NULL)
		return NULL;
	grant->iss = strdup(values[VALUE_ISS]);
	grant->sub = strdup(values[VALUE_SUB]);
	grant->jti = strdup(jti);
	grant->iat = -1;
	grant->session_expiry = -1;
	grant->has_digest = values[VALUE_DIGEST] != NULL &&
	    hash_of_hex(values[VALUE_DIGEST], grant->digest);
	if (grant->iss != NULL && grant->sub != NULL && grant->jti != NULL &&
	    parse_exp(values[VALUE_EXP], &grant->exp))
		return grant;
	grant_free(grant);
	return NULL;
}

static struct bytes
view(const char *text)
{
	if (text == NULL)
		return bytes_of(NULL, 0);
	return bytes_str(text);
}

struct state_token
grant_state_token(const struct grant *grant)
{
	size_t digest_len = grant->has_digest ? HASH_LEN : 0;

	return (struct state_token){ .iss = view(grant->iss),
		.sub = view(grant->sub),
		.jti = view(grant->jti),
		.sid = view(grant->sid),
		.digest = bytes_of(grant->digest, digest_len),
		.account = view(grant->account),
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
