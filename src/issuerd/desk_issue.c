/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the tokens of a turn, and the answer.  Nothing is decided here any
 * more, and nothing is written to the database yet: a token that cannot be
 * signed must not cost the client its refresh token.
 */
#include "core/base/json_write.h"
#include "issuerd/access.h"
#include "issuerd/desk_turn.h"
#include "issuerd/seal.h"

#define ANSWER_MAX ((size_t)1048576)	/* bytes: 50 tokens of TOKEN_MAX */

/* ---- tokens ------------------------------------------------------------- */

/* An access token does not outlive the login. */
static int64_t
exp_of(const struct desk_turn *turn, const struct desk_token *token)
{
	int64_t exp = turn->family.iat + (int64_t)token->grant->ttl_sec;
	int64_t ends = family_ends_at_last(&turn->family.family,
	    turn->desk->conf->refresh_ttl_sec);

	if (exp > ends)
		return ends;
	return exp;
}

static enum jwt_reason
make_token(struct desk_turn *turn, struct desk_token *token)
{
	const struct desk *desk = turn->desk;
	const struct family *family = &turn->family.family;
	struct access access = {
		.iss = desk->conf->iss, .grant = token->grant,
		.sub = turn->person->name, .key = &turn->person->key,
		.bearer = turn->bearer, .compact = turn->compact,
		.aud = token->audience, .jti = token->jti,
		.sid = family->sid, .auth_time = family->auth_time,
		.iat = turn->family.iat
	};
	enum jwt_reason reason;

	if (turn->account.exists)
		access.groups = &turn->account.groups;
	token->exp = exp_of(turn, token);
	access.exp = token->exp;
	reason = family_jti(desk->secret, family->id,
	    turn->family.generation, bytes_str(token->audience), token->jti);
	if (reason != JWT_OK)
		return reason;
	secret_clear(&token->text);
	return access_make(&access, desk->signer, &token->text);
}

static enum desk_result
refuse_length(struct desk_turn *turn)
{
	return desk_refuse_openly(turn, DESK_INVALID_REQUEST, "a compact token "
	    "would have more than 511 characters");
}

/* Encrypt it where the grant says so: then it leaves in no other form. */
static enum desk_result
seal(struct desk_turn *turn, struct desk_token *token)
{
	const struct issuer_encrypt *to = seal_find(token->grant,
	    token->audience);
	const char *fault;

	if (to == NULL)
		return DESK_OK;
	fault = seal_token(to, &token->text);
	if (fault != NULL)
		return desk_fail(turn, fault);
	if (turn->compact && token->text.len > ACCESS_COMPACT_MAX)
		return refuse_length(turn);
	return DESK_OK;
}

static enum desk_result
make_tokens(struct desk_turn *turn)
{
	enum desk_result result = DESK_OK;
	size_t i;

	for (i = 0; i < turn->count && result == DESK_OK; i++) {
		enum jwt_reason reason = make_token(turn, &turn->item[i]);

		if (reason == JWT_TOKEN_TOO_LONG && turn->compact)
			return refuse_length(turn);
		if (reason != JWT_OK)
			return desk_fail(turn, reason_text(reason));
		result = seal(turn, &turn->item[i]);
	}
	return result;
}

/* ---- the answer --------------------------------------------------------- */

static void
put_token(struct json_write *json, const struct desk_turn *turn,
    const struct desk_token *token)
{
	int64_t left_sec = token->exp - turn->desk->now;

	json_write_name(json, bytes_str("access_token"));
	json_write_string(json, secret_bytes(&token->text));
	json_write_name(json, bytes_str("expires_in"));
	json_write_integer(json, left_sec > 0 ? left_sec : 0);
}

static void
put_tokens(struct json_write *json, const struct desk_turn *turn)
{
	size_t i;

	json_write_name(json, bytes_str("tokens"));
	json_write_object(json);
	for (i = 0; i < turn->count; i++) {
		json_write_name(json, bytes_str(turn->item[i].audience));
		json_write_object(json);
		put_token(json, turn, &turn->item[i]);
		json_write_close(json);
	}
	json_write_close(json);
}

/* Seconds for which the refresh token is good if nobody uses it. */
static int64_t
login_left(const struct desk_turn *turn)
{
	const struct issuer_conf *conf = turn->desk->conf;
	const struct family_rules rules = {
		.ttl_sec = conf->refresh_ttl_sec,
		.idle_sec = conf->refresh_idle_sec
	};
	struct family after = turn->family.family;	/* a view */

	after.last_iat = turn->family.iat;
	return family_ends(&after, &rules) - turn->desk->now;
}

/* RFC 6749 section 5.1; the last member is as Keycloak has it. */
static enum jwt_reason
write_answer(const struct desk_turn *turn, struct secret *out)
{
	struct json_write json;

	json_write_start(&json, ANSWER_MAX);
	json_write_object(&json);
	if (turn->count == 1)
		put_token(&json, turn, &turn->item[0]);
	else
		put_tokens(&json, turn);
	json_write_member(&json, "token_type", "Bearer");
	json_write_member(&json, "refresh_token", turn->family.token);
	json_write_name(&json, bytes_str("refresh_expires_in"));
	json_write_integer(&json, login_left(turn));
	json_write_close(&json);
	return json_write_finish(&json, out);
}

enum desk_result
desk_issue(struct desk_turn *turn)
{
	enum desk_result result = DESK_TROUBLE;
	enum jwt_reason reason;

	if (turn->desk->signer == NULL)
		return desk_fail(turn, "no key signs");
	result = make_tokens(turn);
	if (result != DESK_OK)
		return result;
	secret_clear(&turn->answer->text);
	reason = write_answer(turn, &turn->answer->text);
	if (reason != JWT_OK)
		return desk_fail(turn, reason_text(reason));
	return DESK_OK;
}
